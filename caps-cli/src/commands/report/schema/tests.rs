use caps_core::replies::Conversation;
use serde_json::Value;

use super::*;

/// A schema with these entries.
fn schema(entries: &str) -> Schema {
    let text = format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": [{entries}]}}\n");
    let conversation = Conversation::parse(&text).expect("a conversation");
    Schema::from_conversation(&conversation).expect("a schema")
}

/// A command whose arguments have the type of this name.
fn command(name: &str, arguments: &str) -> String {
    format!(
        r#"{{"name": "{name}", "meta-type": "command", "arg-type": "{arguments}", "ret-type": "void"}}"#
    )
}

/// An object type with one member.
fn object(name: &str, member: &str, of: &str) -> String {
    format!(
        r#"{{"name": "{name}", "meta-type": "object", "members": [{{"name": "{member}", "type": "{of}"}}]}}"#
    )
}

const COMMON: &str = r#"{"name": "void", "meta-type": "object", "members": []},
    {"name": "str", "meta-type": "builtin", "json-type": "string"}"#;

/// The merged types: the path, the kind, for each capture whether it has the type, and the parts.
fn merged(entries: &[String]) -> Vec<(String, &'static str, Vec<bool>, Vec<String>)> {
    let mut schemas = Schemas::new(entries.len());
    for (capture, entries) in entries.iter().enumerate() {
        schemas.add(capture, schema(&format!("{entries}, {COMMON}")));
    }
    let mut store = Store::new(entries.len());
    let (_, types) = schemas.finish(&mut store);
    let lists = serde_json::to_value(store.finish()).expect("lists");
    let captures = |pattern: Id| -> Vec<bool> {
        let runs: Vec<u64> = lists["patterns"][pattern as usize]
            .as_array()
            .expect("a pattern")
            .iter()
            .filter_map(Value::as_u64)
            .collect();
        let cells = runs.chunks(2).flat_map(|run| (0..run[1]).map(|_| run[0]));
        cells.map(|cell| cell == u64::from(PRESENT)).collect()
    };
    let part = |row: &Row| match row {
        Row::Plain(name, _) | Row::WithGroup(name, ..) => name.clone(),
    };
    types
        .into_iter()
        .map(|one| (one.path, one.meta, captures(one.values), one.rows.iter().map(part).collect()))
        .collect()
}

#[test]
fn types_of_different_kinds_at_a_place_stay_apart() {
    let first = [
        command("go", "1"),
        object("1", "how", "2"),
        r#"{"name": "2", "meta-type": "enum", "members": [{"name": "up"}], "values": ["up"]}"#
            .to_owned(),
    ];
    let second = [command("go", "1"), object("1", "how", "2"), object("2", "far", "str")];
    let types = merged(&[first.join(","), second.join(",")]);
    let found: Vec<_> = types.iter().filter(|one| one.0 == "go/arg-type/how").collect();
    let names = |parts: &[&str]| parts.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let path = "go/arg-type/how".to_owned();
    assert_eq!(
        found,
        [
            &(path.clone(), "enum", vec![true, false], names(&["^up"])),
            &(path, "object", vec![false, true], names(&["far"])),
        ]
    );
}

#[test]
fn the_branches_of_an_alternate_are_named_by_their_json_types() {
    let entries = [
        command("go", "1"),
        object("1", "how", "2"),
        r#"{"name": "2", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "3"}, {"type": "4"}]}"#
            .to_owned(),
        object("3", "far", "str"),
        r#"{"name": "4", "meta-type": "array", "element-type": "str"}"#.to_owned(),
    ];
    let types = merged(&[entries.join(",")]);
    let alternate = types.iter().find(|one| one.1 == "alternate").expect("the alternate");
    assert_eq!(alternate.3, ["!array", "!object", "!string"]);
    let branch = types.iter().find(|one| one.3 == ["far"]).expect("its branch");
    assert_eq!(branch.0, alternate.0, "alternates have no step of their own in a path");
}

/// The first capture has one type for the arguments of all commands, the second one for each.
#[test]
fn a_type_corresponds_to_a_limited_number_of_merged_types() {
    let names: Vec<String> = (10..10 + 2 * MOST_PLACES).map(|n| format!("go{n}")).collect();
    let first: Vec<String> = names.iter().map(|name| command(name, "1")).collect();
    let second = names.iter().map(|name| command(name, &format!("of-{name}")));
    let objects = names.iter().map(|name| object(&format!("of-{name}"), "far", "str"));
    let second: Vec<String> = second.chain(objects).collect();
    let first = first.join(",") + "," + &object("1", "far", "str");
    let types = merged(&[first, second.join(",")]);
    let arguments: Vec<_> = types.iter().filter(|one| one.0.ends_with("/arg-type")).collect();
    assert_eq!(arguments.iter().filter(|one| one.2[1]).count(), names.len());
    assert_eq!(arguments.iter().filter(|one| one.2[0]).count(), MOST_PLACES);
}
