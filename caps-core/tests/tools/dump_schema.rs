//! Reading the schema for a dump.

use caps_core::dump::{DumpError, Part, dump, dump_blocks};
use caps_core::replies::Conversation;

use crate::corpus::conversation;
use crate::dump::lines;

/// The lines of a reply with a schema, whose text is not changed.
fn lines_of_reply(reply: &str) -> Result<Vec<String>, DumpError> {
    let text = format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{reply}\n");
    let (conversation, mut lines) = (Conversation::parse(&text)?, Vec::new());
    dump(&conversation, Part::LIBVIRT, |line| lines.push(line.to_owned()))?;
    Ok(lines)
}

#[test]
fn a_schema_is_dumped_exactly_if_it_is_covered() {
    // What is put in the place of `@` somewhere in a schema, and the error if there is one.
    let rows = [
        (r#""features": ["a", "b"]"#, ""),
        (r#""features": []"#, ""),
        (r#""features": 1, "features": ["a"]"#, ""),
        (r#""features": [1], "features": ["a"]"#, ""),
        (r#""f\u0065atures": ["\u0061"]"#, ""),
        (r#""features": ["a"], "features": [1]"#, "expected `features` to be a JSON string"),
        (r#""features": ["a", 1]"#, "expected `features` to be a JSON string, found a JSON number"),
        (r#""features": [["a"]]"#, "expected `features` to be a JSON string, found a JSON array"),
        (r#""features": {"a": "b"}"#, "expected `features` to be a JSON array, found a JSON obj"),
        (r#""features": null"#, "expected `features` to be a JSON array, found a JSON null"),
        (r#""feature": ["a"]"#, "unknown key `feature`"),
        (r#""x": 1, "y": {"members": [1]}"#, "unknown keys `x`, `y`"),
        (r#""x": {"return": [1]}, "x": []"#, "unknown keys `x`, `x`"),
    ];
    let object = r#"{"name": "0", "meta-type": "object", "members": []}"#;
    let builtin = r#"{"name": "str", "meta-type": "builtin", "json-type": "string"}"#;
    let places = [
        r#"{"name": "a", "meta-type": "command", "arg-type": "0", "ret-type": "0", @}"#,
        r#"{@, "name": "a", "meta-type": "event", "arg-type": "0"}"#,
        r#"{"name": "1", @, "meta-type": "object", "members": []}"#,
        r#"{"members": [{"name": "m", "type": "str", @}], "name": "1", "meta-type": "object"}"#,
        r#"{"name": "1", "meta-type": "enum", "members": [{"name": "x"}, {@, "name": "v"}]}"#,
    ];
    for place in places {
        for (text, problem) in rows {
            let entries = [object, &place.replace('@', text), builtin].join(",");
            let found = lines_of_reply(&format!(r#"{{"return": [{entries}]}}"#))
                .map_err(|error| error.to_string());
            match found {
                Ok(_) => assert_eq!(problem, "", "{entries}"),
                Err(error) => assert!(!problem.is_empty() && error.contains(problem), "{error}"),
            }
        }
    }
    for (entry, problem) in [
        ("1", "a schema entry without name: expected an object, found a JSON number"),
        (r#"[{"name": "1"}]"#, "expected an object, found a JSON array"),
        (r#"{"meta-type": "object", "members": []}"#, "expected the key `name`"),
        (r#"{"name": "1", "members": []}"#, "expected the string `meta-type`"),
        (r#"{"name": "1", "meta-type": ["object"]}"#, "expected the string `meta-type`"),
        (r#"{"name": "1", "meta-type": "object"}"#, "expected the key `members`"),
        (r#"{"name": "1", "meta-type": "object", "members": [1]}"#, "members: expected an object"),
        (r#"{"name": "1", "meta-type": "object", "members": [{"name": "m"}]}"#, "the key `type`"),
        (r#"{"name": "1", "meta-type": "object", "members": {"name": "m"}}"#, "a JSON array"),
        (r#"{"name": "1", "meta-type": "alternate", "members": [{"name": "m"}]}"#, "key `type`"),
        (r#"{"name": "1", "meta-type": "object", "members": [1], "members": []}"#, ""),
        (
            r#"{"name": "1", "meta-type": "object", "members": [
                {"name": "m", "type": "0", "case": "a"}, {"name": "n", "type": "0", "case": "b"}]}"#,
            "members: unknown key `case`",
        ),
        (
            r#"{"name": "1", "meta-type": "object", "members": [
                {"name": "m", "type": "0", "default": {"x": 1}, "default": null}]}"#,
            "",
        ),
        (
            r#"{"name": "1", "meta-type": "object", "members": [
                {"name": "m", "type": "0", "default": ["f", 1], "default": null}]}"#,
            "",
        ),
        (r#"{"name": "1", "meta-type": "object", "members": [{}], "members": []}"#, ""),
        (r#"{"name": "1", "meta-type": "enum", "values": [1, [{"x": 1}], {"name": 1}]}"#, ""),
        (
            r#"{"name": "1", "meta-type": "array", "element-type": "0", "element-type": 1}"#,
            "string",
        ),
        (r#"{"name": "1", "meta-type": "event", "meta-type": "array", "element-type": "0"}"#, ""),
    ] {
        let found = lines_of_reply(&format!(r#"{{"return": [{object}, {entry}]}}"#))
            .map_err(|error| error.to_string());
        match found {
            Ok(_) => assert_eq!(problem, "", "{entry}"),
            Err(error) => assert!(!problem.is_empty() && error.contains(problem), "{error}"),
        }
    }
}

#[test]
fn of_repeated_keys_the_last_counts() {
    let lines = lines_of_reply(
        r#"{"return": [{"name": "stop", "meta-type": "event", "arg-type": "1", "arg-type": "2"},
           {"name": "2", "features": ["f", "g"], "features": ["h"], "meta-type": "object",
            "members": [{"name": "x", "type": "str"}, {"name": "y", "type": "str"}],
            "variants": [{"case": "a", "type": "3"}],
            "members": [{"name": "z", "name": "m", "features": ["k"], "type": "1", "type": "str",
                         "features": ["l"]}],
            "variants": [{"case": "b", "type": "3"}]},
           {"name": "3", "meta-type": "object", "members": []},
           {"name": "4", "name": "str", "meta-type": "builtin", "json-type": "string"}]}"#,
    );
    let expected = ["", "/arg-type/$h", "/arg-type/m", "/arg-type/m/$l", "/arg-type/m/!str"];
    let expected = expected.into_iter().chain(["/arg-type/+b"]);
    let expected: Vec<String> = expected.map(|path| format!("(qmp) stop{path}")).collect();
    assert_eq!(lines.expect("a schema"), expected);
    let reply = r#"{"return": [{"name": "gone", "meta-type": "event", "arg-type": "0"}, 1], "id": [{"name": 2}], "return": [
        {"name": "go", "meta-type": "event", "arg-type": "0"},
        {"name": "0", "meta-type": "object", "members": []}]}"#;
    let found = lines_of_reply(reply).expect("a schema");
    assert_eq!(found, ["(qmp) go"]);
    // What is beside the schema is none of it, whatever it looks like.
    let reply = r#"{"id": {"x": [{"name": 2}]}, "return": [
        {"name": "0", "meta-type": "object", "members": []},
        {"name": "go", "meta-type": "event", "arg-type": "0"}], "id": [{"name": 2}, [{}], {"x": {}}]}"#;
    let found = lines_of_reply(reply).expect("a schema");
    assert_eq!(found, ["(qmp) go"]);
    for (reply, problem) in [
        (r#"{"return": {}}"#, "line 3: the schema: expected an array"),
        (r#"{"return": 7}"#, "line 3: the schema: expected an array"),
        (r#"{"return": {"name": 1}}"#, "line 3: the schema: expected an array"),
        (
            r#"{"return": [], "error": {"class": "A", "desc": "b"}}"#,
            "with `return` or `error`, found a reply",
        ),
        (
            r#"{"error": {"class": "GenericError", "desc": "gone"}}"#,
            "line 3: the reply to `query-qmp-schema` is not a schema",
        ),
    ] {
        let error = lines_of_reply(reply).expect_err(reply).to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn blocks_are_the_lines_with_a_prefix() {
    let values: Vec<String> = (0..5000).map(|n| format!(r#"{{"name": "value-{n}"}}"#)).collect();
    let entries = format!(
        r#"{{"name": "stop", "meta-type": "event", "arg-type": "0"}},
           {{"name": "0", "meta-type": "object", "members": [{{"name": "{}", "type": "1"}},
                                                             {{"name": "short", "type": "1"}}]}},
           {{"name": "1", "meta-type": "enum", "members": [{}]}}"#,
        "long".repeat(30_000),
        values[..9].join(", ")
    );
    let all = entries.replace("long", "l")
        + ","
        + &format!(
            r#"{{"name": "2", "meta-type": "event", "arg-type": "3"}},
           {{"name": "3", "meta-type": "object", "members": [{{"name": "m", "type": "4"}}]}},
           {{"name": "4", "meta-type": "enum", "members": [{}]}}"#,
            values.join(", ")
        );
    for entries in [entries, all] {
        let reply = format!(r#"{{"return": [{entries}]}}"#);
        let exchanges = [(r#"{"execute": "query-qmp-schema"}"#, &*reply)];
        let lines = lines(&exchanges, Part::LIBVIRT).expect("a schema");
        let (mut text, mut blocks) = (Vec::new(), 0);
        let found = dump_blocks(&conversation(&exchanges), Part::LIBVIRT, "10.0.0: ", |block| {
            assert!(block.is_empty() || block.ends_with(b"\n"));
            text.extend_from_slice(block);
            blocks += 1;
        });
        assert_eq!(found, Ok(true));
        assert!(blocks > 2, "{blocks}");
        let expected: String = lines.iter().flat_map(|line| ["10.0.0: ", line, "\n"]).collect();
        assert!(text == expected.as_bytes());
    }
}

/// Each type contains the next one twice, so that there are 2 to the power of 20 paths.
#[test]
fn paths_are_bounded_and_errors_name_where_they_end() {
    let types: Vec<String> = (0..20)
        .map(|number| {
            let next = number + 1;
            format!(
                r#"{{"name": "{number}", "meta-type": "object", "members": [
                    {{"name": "a", "type": "{next}"}}, {{"name": "b", "type": "{next}"}}]}}"#
            )
        })
        .collect();
    let schema = |last: &str| {
        let event = r#"{"name": "stop", "meta-type": "event", "arg-type": "0"}"#;
        format!(r#"{{"return": [{event}, {}, {last}]}}"#, types.join(","))
    };
    let last = r#"{"name": "20", "meta-type": "object", "members": []}"#;
    match lines_of_reply(&schema(last)).expect_err("too many paths") {
        DumpError::TooMany { line: 3, limit: 500_000, path, .. } => {
            assert!(path.starts_with("stop/arg-type/a/"), "{path}");
        }
        error => panic!("{error}"),
    }
    let last = r#"{"name": "20", "meta-type": "array", "element-type": "gone"}"#;
    match lines_of_reply(&schema(last)).expect_err("a type is missing") {
        DumpError::NoType { line: 3, name, path, .. } => {
            assert_eq!((&*name, path), ("gone", format!("stop/arg-type{}", "/a".repeat(20))));
        }
        error => panic!("{error}"),
    }
}
