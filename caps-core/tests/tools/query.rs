use caps_core::capture::Seen;
use caps_core::json::Document;
use caps_core::qapi::{Match, ParseQueryError, Query, QueryError, Schema, explore};

use crate::corpus::{captures, conversations};

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Found, with the meta-type of the entry reached.
    Entry(String),
    /// Found by a test, which reaches no entry.
    Test,
    No,
    Error(String),
}

fn ask(schema: &Schema, query: &str) -> Outcome {
    match query.parse::<Query>().map(|query| query.evaluate(schema)) {
        Ok(Ok(Match::Found(Some(entry)))) => {
            Outcome::Entry(entry.node().get_str("meta-type").unwrap_or_default().into_owned())
        }
        Ok(Ok(Match::Found(None))) => Outcome::Test,
        Ok(Ok(Match::NotFound)) => Outcome::No,
        Ok(Err(error)) => Outcome::Error(error.to_string()),
        Err(error) => Outcome::Error(error.to_string()),
    }
}

fn entry(meta_type: &str) -> Outcome {
    Outcome::Entry(meta_type.to_owned())
}

fn error(text: &str) -> Outcome {
    Outcome::Error(text.to_owned())
}

fn schema(entries: &str) -> Schema {
    let document = Document::parse(format!("[{entries}]")).expect(entries);
    Schema::from_document(document).expect(entries)
}

#[test]
fn conformance_queries_of_the_newest_x86_64() {
    let Some(captures) = captures("queries of 10.0.0 x86_64") else { return };
    let conversations = conversations(&captures);
    let Some((_, conversation)) =
        conversations.iter().find(|(id, _)| id.to_string() == "10.0.0_x86_64")
    else {
        panic!("no 10.0.0_x86_64 in {}", captures.dir().display());
    };
    let schema = Schema::from_conversation(conversation).expect("a schema");
    let no_followers = "nothing may follow the test `^debug` but one `$feature`";
    for (query, expected) in [
        ("blockdev-add", entry("command")),
        ("RTC_CHANGE", entry("event")),
        ("screendump/arg-type/device", entry("builtin")),
        ("block-commit/arg-type/*top", entry("builtin")),
        ("block-commit/arg-type/*device", Outcome::No),
        ("blockdev-add/arg-type/+file/filename", entry("builtin")),
        ("blockdev-add/arg-type/+file/aio/^io_uring", Outcome::Test),
        ("query-status/ret-type/status/^debug", Outcome::Test),
        ("query-status/ret-type/status/^debug/test", error(no_followers)),
        ("query-qmp-schema/ret-type", entry("array")),
        ("query-qmp-schema/ret-type/name/!string", Outcome::Test),
        ("query-qmp-schema/ret-type/name/!number", Outcome::No),
        ("blockdev-add/arg-type/+qcow2/backing", entry("alternate")),
        ("blockdev-add/arg-type/+qcow2/backing/!null", Outcome::Test),
        ("blockdev-add/arg-type/+qcow2/backing/+file/filename", entry("builtin")),
        ("device_add/$json-cli-hotplug", Outcome::Test),
        ("device_add/$nonexistent", Outcome::No),
        ("blockdev-add/arg-type/+virtio-blk-vhost-vdpa/$fdset", Outcome::Test),
        ("nonexistent", Outcome::No),
        ("screendump/arg-type/nonexistent", Outcome::No),
        ("blockdev-add/arg-type/+nonexistent", Outcome::No),
        ("query-status/ret-type/status/^nonexistentdebug", Outcome::No),
        ("blockdev-add/+file", Outcome::No),
        ("blockdev-add/arg-type/ driver", entry("enum")),
    ] {
        assert_eq!(ask(&schema, query), expected, "{query}");
    }
}

const SMALL: &str = r#"
    {"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "[1]",
     "features": ["deprecated", 7, "late"]},
    {"name": "1", "meta-type": "object", "features": ["typed"],
     "members": [{"name": "must", "type": "str"}, {"name": "may", "type": "3", "default": null,
                  "features": ["unstable"]},
                 {"name": "_odd", "type": "str", "features": ["unstable"]}, {"name": "lost", "type": "nowhere"},
                 {"name": "either", "type": "5"}, {"name": "old", "type": "4"},
                 {"name": "new", "type": "8"}, {"name": "strange", "type": "9"}],
     "variants": [{"case": "on", "type": "2"}]},
    {"name": "2", "meta-type": "object", "members": [{"name": "again", "type": "1"}]},
    {"name": "3", "meta-type": "enum",
     "members": [{"name": "a", "features": ["deprecated"]}, {"name": "b"}, {"nameless": 1}]},
    {"name": "4", "meta-type": "enum", "values": ["x", "y"]},
    {"name": "5", "meta-type": "alternate",
     "members": [{"no": "type"}, {"type": "str"}, {"type": "[1]"}, {"type": "nowhere"}]},
    {"name": "[1]", "meta-type": "array", "element-type": "1"},
    {"name": "[loop]", "meta-type": "array", "element-type": "[loop]"},
    {"name": "8", "meta-type": "builtin"},
    {"name": "9", "meta-type": "future"},
    {"name": "round", "meta-type": "command", "arg-type": "[loop]"},
    {"name": "alt", "meta-type": "alternate"},
    {"name": "alternative", "meta-type": "command", "arg-type": "alt"},
    {"name": "empty", "meta-type": "enum"},
    {"name": "bare", "meta-type": "command", "arg-type": "empty", "ret-type": "[]"},
    {"name": "[]", "meta-type": "array"},
    {"name": "nothing"},
    {"name": "str", "meta-type": "builtin", "json-type": "string"}"#;

#[test]
fn every_operator_on_every_kind_of_entry() {
    let schema = schema(SMALL);
    for (query, expected) in [
        // Commands.
        ("go/$deprecated", Outcome::Test),
        ("go/$late", error("schema entry `go` has no proper `features`")),
        ("go/^x", Outcome::No),
        ("go/!x", Outcome::No),
        ("go/+on", Outcome::No),
        ("go/*must", Outcome::No),
        ("go/*arg-type", Outcome::No),
        ("go/+ret-type", Outcome::No),
        ("go/arg-type", entry("object")),
        ("go/ arg-type", entry("object")),
        ("go/no-type", Outcome::No),
        // Any string member of the entry names a type.
        ("go/meta-type", error("the schema has no type `command`")),
        // Objects.
        ("go/arg-type/$typed", Outcome::Test),
        ("go/arg-type/$other", Outcome::No),
        ("go/arg-type/must", entry("builtin")),
        ("go/arg-type/*must", Outcome::No),
        ("go/arg-type/*may", entry("enum")),
        ("go/arg-type/*nonexistent", Outcome::No),
        ("go/arg-type/ _odd/!string", Outcome::Test),
        ("go/arg-type/^must", Outcome::No),
        ("go/arg-type/!string", Outcome::No),
        ("go/arg-type/+on/again/+on/again/must", entry("builtin")),
        ("go/arg-type/lost", error("the schema has no type `nowhere`")),
        // Arrays.
        ("go/ret-type", entry("array")),
        ("go/ret-type/must/!string", Outcome::Test),
        ("bare/ret-type/x", error("schema entry `[]` has no proper `element-type`")),
        ("round/arg-type", entry("array")),
        ("round/arg-type/x", error("the types of the schema form a loop")),
        // Enums.
        ("go/arg-type/may/^a", Outcome::Test),
        ("go/arg-type/may/^a/$deprecated", Outcome::Test),
        ("go/arg-type/may/^b/$deprecated", Outcome::No),
        ("go/arg-type/may/^c", error("schema entry `3` has no proper `members`")),
        ("go/arg-type/may/a", Outcome::No),
        ("go/arg-type/may/$unstable", Outcome::No),
        ("go/arg-type/old/^x", Outcome::Test),
        ("go/arg-type/old/^z", Outcome::No),
        ("go/arg-type/old/^x/$deprecated", Outcome::No),
        ("bare/arg-type/^x", error("schema entry `empty` has no proper `members`")),
        // Builtins.
        ("go/arg-type/must/!string", Outcome::Test),
        ("go/arg-type/must/!str", Outcome::No),
        ("go/arg-type/must/x", Outcome::No),
        ("go/arg-type/new/!string", error("schema entry `8` has no proper `json-type`")),
        // Alternates: the first answer other than "not found" counts, be it an error.
        ("go/arg-type/either", entry("alternate")),
        ("go/arg-type/either/!string", Outcome::Test),
        ("go/arg-type/either/must/!string", Outcome::Test),
        ("go/arg-type/either/nonexistent", error("the schema has no type `nowhere`")),
        ("alternative/arg-type/x", error("schema entry `alt` has no proper `members`")),
        // Unknown meta-types, and none.
        ("go/arg-type/strange", entry("future")),
        ("go/arg-type/strange/x", Outcome::No),
        ("nothing", entry("")),
        ("nothing/x", error("schema entry `nothing` has no proper `meta-type`")),
    ] {
        assert_eq!(ask(&schema, query), expected, "{query}");
    }
}

#[test]
fn what_is_no_query_is_refused_when_it_is_read() {
    for (text, expected) in [
        ("", ParseQueryError::Empty(1)),
        ("/arg-type", ParseQueryError::Empty(1)),
        ("go//arg-type", ParseQueryError::Empty(2)),
        ("go/arg-type/", ParseQueryError::Empty(3)),
        ("go/arg-type/+", ParseQueryError::Empty(3)),
        ("go/%name", ParseQueryError::Operator("%name".to_owned())),
        ("go/arg-type/0x/y", ParseQueryError::Operator("0x".to_owned())),
        ("go/é", ParseQueryError::Operator("é".to_owned())),
        ("go/$f/x", ParseQueryError::AfterTest { test: "$f".to_owned() }),
        ("go/!t/x", ParseQueryError::AfterTest { test: "!t".to_owned() }),
        ("go/^v/^w", ParseQueryError::AfterTest { test: "^v".to_owned() }),
        ("go/^v/$f/x", ParseQueryError::AfterTest { test: "^v".to_owned() }),
    ] {
        assert_eq!(text.parse::<Query>(), Err(expected), "{text}");
    }
    assert_eq!(
        "go/%name".parse::<Query>().expect_err("an operator").to_string(),
        "component `%name` begins with an unknown operator, expected one of `^`, `!`, `$`, `+` and \
         `*`, or a blank before a name that begins with no letter"
    );
}

#[test]
fn recursive_types_end() {
    // Within the limit, a query can walk a recursive type as deep as it likes.
    let schema = schema(SMALL);
    let deep = format!("go/arg-type{}", "/+on/again".repeat(499));
    assert_eq!(ask(&schema, &deep), entry("object"));
    let deeper = format!("go/arg-type{}", "/+on/again".repeat(500));
    assert_eq!(ask(&schema, &deeper), error("the types of the schema form a loop"));

    // Alternates that keep forking terminate, too.
    let forks: Vec<String> = (0..100)
        .map(|n| {
            let next = n + 1;
            format!(
                r#"{{"name": "{n}", "meta-type": "alternate",
                     "members": [{{"type": "{next}"}}, {{"type": "{next}"}}]}},"#
            )
        })
        .collect();
    let forked = self::schema(&format!(
        r#"{} {{"name": "100", "meta-type": "enum", "values": []}},
           {{"name": "go", "meta-type": "command", "arg-type": "0"}}"#,
        forks.concat()
    ));
    let query: Query = "go/arg-type/x".parse().expect("a query");
    assert_eq!(query.evaluate(&forked).expect_err("too many walks"), QueryError::Loop);
}

#[test]
fn what_may_follow_is_listed() {
    let schema = schema(SMALL);
    let following = |query| explore::following(&schema, query).into_iter().collect::<Vec<_>>();
    assert_eq!(following(""), ["alternative", "bare", "go", "round"]);
    assert_eq!(following("go"), ["$deprecated", "$late", "arg-type", "ret-type"]);
    assert_eq!(
        following("go/ret-type"),
        [
            " _odd", "$typed", "*may", "+on", "either", "lost", "may", "must", "new", "old",
            "strange"
        ]
    );
    assert_eq!(following("go/arg-type/may"), ["^a", "^b"]);
    assert_eq!(following("go/arg-type/may/^a"), ["$deprecated"]);
    assert_eq!(following("go/arg-type/old"), ["^x", "^y"]);
    assert_eq!(following("go/arg-type/must"), ["!string"]);
    assert!(following("go/arg-type/either").contains(&"!string".to_owned()));
    assert!(following("go/arg-type/either").contains(&"+on".to_owned()));
    assert!(following("round/arg-type").is_empty());
    assert!(following("nonexistent").is_empty());

    assert_eq!(explore::list(&schema, "b"), ["bare"]);
    assert_eq!(explore::list(&schema, "bare"), ["bare/arg-type", "bare/ret-type"]);
    assert_eq!(explore::list(&schema, "go/arg-type/m"), ["go/arg-type/may", "go/arg-type/must"]);
    assert_eq!(
        explore::list(&schema, "go/arg-type/may/"),
        ["go/arg-type/may/^a", "go/arg-type/may/^b"]
    );
}

#[test]
fn a_query_that_holds_nowhere_has_a_nearest_one() {
    let schema = schema(SMALL);
    for (query, expected) in [
        ("goo", Some("go")),
        ("go/arg-typ/must", Some("go/arg-type/must")),
        ("go/arg-type/mst", Some("go/arg-type/must")),
        ("go/arg-type/on/again", Some("go/arg-type/+on/again")),
        ("go/arg-type/_odd/!string", Some("go/arg-type/ _odd/!string")),
        ("go/arg-type/*must", Some("go/arg-type/must")),
        ("go/arg-type/old/x", Some("go/arg-type/old/^x")),
        ("go/arg-type/must/!strin", Some("go/arg-type/must/!string")),
        ("zzz", None),
    ] {
        assert_eq!(explore::nearest([&schema], query).as_deref(), expected, "{query}");
    }
}

#[test]
fn features_of_what_a_query_names() {
    let schema = schema(SMALL);
    for (query, expected) in [
        ("go/arg-type/may", &["unstable"][..]),
        ("go/arg-type/*may", &["unstable"]),
        ("go/ret-type/may", &["unstable"]),
        ("go/arg-type/may/^a", &["deprecated"]),
        ("go/arg-type/must", &[]),
        ("go/arg-type/ _odd", &["unstable"]),
        ("go/arg-type/_odd", &[]),
        ("go", &["deprecated", "late"]),
        ("nonexistent/arg-type", &[]),
    ] {
        assert_eq!(explore::features(&schema, query), expected, "{query}");
    }
}

#[test]
fn conformance_breaks_of_the_past_are_seen_at_their_versions() {
    let Some(captures) = captures("queries of breaks") else { return };
    // The boundaries are those between these captures, regardless of others.
    let known = ["6.2.0", "7.2.0", "8.1.0", "9.2.0", "10.0.0"].map(|v| format!("{v}_x86_64"));
    let schemas: Vec<_> = conversations(&captures)
        .into_iter()
        .filter(|(id, _)| known.contains(&id.to_string()))
        .map(|(id, conversation)| (id, Schema::from_conversation(&conversation).expect("a schema")))
        .collect();
    assert_eq!(schemas.len(), known.len(), "captures of {known:?}");
    let reconnect = "chardev-add/arg-type/backend/+socket/data/reconnect";
    for (query, first, before) in [
        ("migrate/arg-type/uri", Some("6.2.0"), None),
        ("migrate/arg-type/*uri", Some("9.2.0"), Some("8.1.0")),
        ("migrate/arg-type/channels", Some("9.2.0"), Some("8.1.0")),
        ("screendump/arg-type/format", Some("7.2.0"), Some("6.2.0")),
        ("netdev_add/arg-type/+vhost-vdpa/vhostfd", Some("7.2.0"), Some("6.2.0")),
        ("object-add/arg-type/+iommufd", Some("9.2.0"), Some("8.1.0")),
        ("query-cpus", None, None),
        ("cpu-add", None, None),
        (reconnect, Some("6.2.0"), None),
    ] {
        let parsed: Query = query.parse().expect(query);
        let seen = Seen::sum_up(schemas.iter().map(|(id, schema)| (id, schema.holds(&parsed))));
        let seen = seen.iter().find(|seen| seen.arch.name() == "x86_64").expect("x86_64");
        let version = |text: Option<&str>| text.map(|text| text.parse().expect(text));
        assert_eq!(seen.first, version(first), "{query}");
        assert_eq!(seen.absent_before, version(before), "{query}");
        assert!(seen.gaps.is_empty(), "{query}");
    }
    for (id, schema) in &schemas {
        let deprecated = explore::features(schema, reconnect).contains(&"deprecated".to_owned());
        let expected = id.version >= "9.2.0".parse().expect("a version");
        assert_eq!(deprecated, expected, "{id}");
    }
}
