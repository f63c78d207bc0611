//! No input makes a tool panic or run out of stack.

use caps_core::diff::{Side, diff};
use caps_core::dump::{Part, dump};
use caps_core::edit::{Script, Subject};
use caps_core::qapi::{Query, Schema, explore};
use caps_core::replies::Conversation;

use crate::corpus::conversation;

/// A sample of everything that the tools read.
const EXCHANGES: &[(&str, &str)] = &[
    (r#"{"execute": "qmp_capabilities"}"#, r#"{"return": {}}"#),
    (
        r#"{"execute": "query-version"}"#,
        r#"{"return": {"qemu": {"major": 9, "minor": 2, "micro": 0}, "package": "x"}}"#,
    ),
    (
        r#"{"execute": "query-qmp-schema"}"#,
        r#"{"return": [
            {"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "[1]", "features": ["f"]},
            {"name": "E", "meta-type": "event", "arg-type": "2"},
            {"name": "1", "meta-type": "object", "tag": "t", "members": [
                {"name": "t", "type": "3"}, {"name": "m", "type": "4", "default": null, "features": ["f"]}],
             "variants": [{"case": "a", "type": "2"}]},
            {"name": "2", "meta-type": "object", "members": [{"name": "self", "type": "1"}]},
            {"name": "3", "meta-type": "enum", "values": ["a"], "members": [{"name": "a", "features": ["f"]}]},
            {"name": "4", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "[1]"}]},
            {"name": "[1]", "meta-type": "array", "element-type": "1"},
            {"name": "str", "meta-type": "builtin", "json-type": "string"}]}"#,
    ),
    (r#"{"execute": "query-kvm"}"#, r#"{"return": {"enabled": true, "present": true}}"#),
    (r#"{"execute": "qom-list-types"}"#, r#"{"return": [{"name": "nvme", "parent": "pci"}]}"#),
    (
        r#"{"execute": "device-list-properties", "arguments": {"typename": "nvme"}}"#,
        r#"{"return": [{"name": "a", "type": "list", "default-value": [1, 1.5, "é\n", null, {"k": true}]}]}"#,
    ),
    (
        r#"{"execute": "query-machines"}"#,
        r#"{"return": [{"name": "pc-9.2", "alias": "pc"}, {"name": "none", "deprecated": false}]}"#,
    ),
    (
        r#"{"execute": "query-cpu-definitions"}"#,
        r#"{"return": [{"name": "max", "unavailable-features": ["a", "b"]}]}"#,
    ),
    (
        r#"{"execute": "query-command-line-options"}"#,
        r#"{"return": [{"option": "machine", "parameters": [{"name": "hpet", "type": "boolean"}]}]}"#,
    ),
    (
        r#"{"execute": "query-cpu-model-expansion", "arguments": {"type": "full"}}"#,
        r#"{"return": {"model": {"name": "max", "props": {"avx": true}}}}"#,
    ),
    (r#"{"execute": "query-news"}"#, r#"{"return": {"news": [[[1]]]}}"#),
];

const SCRIPT: &str = r#"[
    {"action": "set", "command": "query-machines", "pointer": "/return/[name=none]/x", "value": 1},
    {"action": "remove", "command": "query-news", "pointer": "/return/news/0/*"},
    {"action": "remove", "command": "query-cpu-definitions", "pointer": "/return/*/name"},
    {"action": "set", "command": "qom-list-types", "pointer": "/return/-", "value": {}},
    {"action": "drop", "command": "query-kvm", "when": {"schema": "go/arg-type/m/+a"}}]"#;

/// Runs a conversation through every tool, ignoring the results.
fn exercise(original: &Conversation, text: &str, script: &Script) {
    let Ok(mutated) = Conversation::parse(text) else { return };
    let _ = dump(&mutated, Part::ALL, |_| {});
    let (a, b) = (Side::new(original), Side::new(&mutated));
    assert_eq!(diff(&a, &b).is_ok(), diff(&b, &a).is_ok());
    if let Ok(edited) = script.apply(&Subject::new(&mutated))
        && let Some(text) = edited.text
    {
        Conversation::parse(&text).expect("what an edit writes is a conversation");
    }
    let Ok(schema) = Schema::from_conversation(&mutated) else { return };
    for query in ["go/arg-type/+a/self/m", "go/ret-type/t/^a/$f", "E/arg-type/self/m/!string"] {
        let parsed: Query = query.parse().expect("a query");
        let _ = parsed.evaluate(&schema);
        let _ = explore::following(&schema, query);
        let _ = explore::list(&schema, query);
        let _ = explore::nearest([&schema], query);
        let _ = explore::features(&schema, query);
    }
}

#[test]
fn mutated_captures() {
    let original = conversation(EXCHANGES);
    let script = Script::from_json(SCRIPT).expect("a script");
    let bytes = original.text().as_bytes();
    let pieces: [&[u8]; 12] =
        [b"\"", b"{", b"}", b"[", b"]", b",", b"1", b"null", b"\"name\"", b"\"1\"", b"\"\"", b"\\"];
    // Xorshift: the same mutations in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % (below as u64)).expect("less than a usize")
    };
    for _ in 0..1500 {
        let mut mutated = bytes.to_vec();
        for _ in 0..=random(3) {
            let at = random(mutated.len());
            let end = (at + random(12)).min(mutated.len());
            let piece = match random(3) {
                0 => Vec::new(),
                1 => pieces[random(pieces.len())].to_vec(),
                // A piece from elsewhere keeps more of the syntax intact.
                _ => {
                    let from = random(bytes.len());
                    bytes[from..(from + random(40)).min(bytes.len())].to_vec()
                }
            };
            mutated.splice(at..end, piece);
        }
        exercise(&original, &String::from_utf8_lossy(&mutated), &script);
    }
}

#[test]
fn swapped_words() {
    // Mutations that leave the JSON intact and break what it means.
    let original = conversation(EXCHANGES);
    let script = Script::from_json(SCRIPT).expect("a script");
    let text = original.text();
    let words: std::collections::BTreeSet<&str> =
        text.split('"').skip(1).step_by(2).filter(|word| !word.is_empty()).collect();
    for from in &words {
        for to in words.iter().copied().chain([""]) {
            let mutated = text.replace(&format!("\"{from}\""), &format!("\"{to}\""));
            exercise(&original, &mutated, &script);
        }
        let mutated =
            text.replace(&format!("\"{from}\": "), &format!("\"{from}\": [{{}}], \"x\": "));
        exercise(&original, &mutated, &script);
    }
}

#[test]
fn deep_nesting() {
    let original = conversation(EXCHANGES);
    let script = Script::from_json(SCRIPT).expect("a script");
    for depth in [100, 1000, 1020, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for place in ["[[[1]]]", "\"x\"", "true", "\"boolean\"", "null"] {
            let text = original.text().replace(place, &nested);
            exercise(&original, &text, &script);
            // Formatting puts elements on separate lines; the compact form is a capture, too.
            let flat: Vec<(String, String)> = EXCHANGES
                .iter()
                .map(|(command, reply)| ((*command).to_owned(), reply.replace(place, &nested)))
                .collect();
            let flat: Vec<String> = flat.iter().map(|(c, r)| format!("{c}\n\n{r}\n")).collect();
            exercise(&original, &flat.join("\n"), &script);
        }
        let _ = Script::from_json(&SCRIPT.replace("{}", &nested));
        #[cfg(feature = "toml")]
        let _ = Script::from_toml(&format!("edit = {nested}"));
    }
}
