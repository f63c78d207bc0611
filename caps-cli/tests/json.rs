//! `docs/json.md` and the program's output agree.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{copies, data, run, text};

/// The fields of each section, with their types.
type Tables = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

fn documented() -> (String, Tables) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.md");
    let document = fs::read_to_string(path).expect("docs/json.md");
    let mut tables = Tables::new();
    let mut section = String::new();
    for line in document.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut section);
            tables.entry(section.clone()).or_default();
        }
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let (Some(field), Some(kind)) = (cells.next(), cells.next())
            && let Some(field) = field.strip_prefix('`').and_then(|field| field.strip_suffix('`'))
        {
            let types =
                kind.split(" or ").flat_map(|words| words.split(", ")).map(str::to_owned).collect();
            let known = tables.entry(section.clone()).or_default().insert(field.to_owned(), types);
            assert!(known.is_none(), "{section}: {field} stands there twice");
        }
    }
    (document, tables)
}

/// Records the fields of a value with their types.
fn collect(
    value: &Value,
    path: &str,
    fields: &BTreeMap<String, BTreeSet<String>>,
    seen: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    // The objects of a list have no row of their own.
    if !(path.is_empty() || (path.ends_with("[]") && kind == "object")) {
        seen.entry(path.to_owned()).or_default().insert(kind.to_owned());
    }
    match value {
        Value::Array(elements) => {
            for element in elements {
                collect(element, &format!("{path}[]"), fields, seen);
            }
        }
        Value::Object(members) => {
            let any = if path.is_empty() { "*".to_owned() } else { format!("{path}.*") };
            let separator = if path.is_empty() { "" } else { "." };
            for (key, member) in members {
                let named = format!("{path}{separator}{key}");
                let path = if fields.contains_key(&any) { any.clone() } else { named };
                collect(member, &path, fields, seen);
            }
        }
        _ => {}
    }
}

/// Files that make every field of every command appear.
struct Files {
    dir: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let dir = copies("_riscv64");
        let path = dir.path();
        for (name, text) in [
            (
                "commands.jsonl",
                "{\"source\": \"a client\", \"command\": {\"execute\": \"query-statuss\"}}\n\
                 {\"execute\": \"chardev-add\", \"arguments\": {\"id\": \"c\", \"backend\": {\"type\": \"socket\", \"data\": {\"addr\": {\"type\": \"unix\", \"data\": {\"path\": \"/c\"}}, \"reconnect\": 1}}}}\n\
                 {\"execute\": \"device_add\", \"arguments\": {\"driver\": \"nosuch-device\", \"id\": \"a\"}}\n\
                 {\"execute\": \"object-add\", \"arguments\": {\"qom-type\": \"memory-backend-ram\", \"id\": \"a\", \"size\": 1, \"merge\": \"x\"}}\n",
            ),
            ("good.jsonl", "{\"execute\": \"query-status\"}\n"),
            ("expect.toml", "[[expect]]\nline = 1\nexpect = \"fail\"\n"),
        ] {
            fs::write(path.join(name), text).expect("a file");
        }
        // A capture whose description is missing, one whose is right, one whose differs, one that has
        // none to derive; a description alone; text that no XML reader accepts; a schema that no query
        // can be asked of.
        let xml = |name: &str| path.join(format!("caps_{name}_riscv64.xml"));
        fs::copy(data().join("caps_10.0.13_riscv64.xml"), xml("10.0.13")).expect("a copy");
        fs::copy(data().join("caps_10.0.13_riscv64.xml"), xml("11.1.3")).expect("a copy");
        fs::copy(data().join("caps_10.0.13_riscv64.xml"), xml("13.0.0")).expect("a copy");
        let capture = fs::read_to_string(path.join("caps_7.2.22_riscv64.replies")).expect("it");
        fs::write(
            path.join("caps_7.2.22_riscv64+raw.replies"),
            capture.replacen("\"package\": \"", "\"package\": \"<&", 1),
        )
        .expect("a file");
        let poor = capture.replace("\"qom-list-types\"", "\"qom-list-tapes\"");
        fs::write(path.join("poor.replies"), poor).expect("a file");
        fs::create_dir(path.join("other")).expect("a directory");
        let loose = r#"{"execute": "query-qmp-schema"}

{"return": [{"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "1"}]}
"#;
        fs::write(path.join("other/caps_9.0.0_x86_64.replies"), loose).expect("a file");
        fs::write(path.join("other/broken.replies"), "{}").expect("a file");
        fs::create_dir(path.join("plain")).expect("a directory");
        let plain = path.join("plain/caps_11.1.3_riscv64.replies");
        fs::copy(path.join("caps_11.1.3_riscv64.replies"), plain).expect("a copy");
        fs::create_dir(path.join("gap")).expect("a directory");
        fs::create_dir(path.join("older")).expect("a directory");
        for (from, to) in [
            ("caps_7.2.22_riscv64", "older/caps_7.2.22_riscv64"),
            ("caps_7.2.22_riscv64", "older/caps_7.2.22_riscv64+old"),
            ("caps_7.2.22_riscv64", "gap/caps_7.2.22_riscv64"),
            ("caps_11.1.3_riscv64", "gap/caps_11.1.3_riscv64"),
            ("caps_7.2.22_riscv64", "gap/caps_12.0.0_riscv64"),
            ("caps_11.1.3_riscv64", "plain/caps_11.1.3_riscv64+new"),
        ] {
            let [from, to] = [from, to].map(|name| path.join(format!("{name}.replies")));
            fs::copy(from, to).expect("a copy");
        }
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_printed() {
    let (_, tables) = documented();
    let files = Files::new();
    let [dir, plain, older, gap, poor, good, other, commands, expect, odd] = [
        "",
        "plain",
        "older",
        "gap",
        "poor.replies",
        "good.jsonl",
        "other/caps_9.0.0_x86_64.replies",
        "commands.jsonl",
        "expect.toml",
        "other/broken.replies",
    ]
    .map(|name| files.path(name));
    let [dir, plain, older, gap, poor, good, other, commands, expect, odd] =
        [&dir, &plain, &older, &gap, &poor, &good, &other, &commands, &expect, &odd]
            .map(|path| text(path));
    let out = files.path("out");
    let other_dir = files.path("other");
    let other_dir = text(&other_dir);
    let lines = files.path("lines.jsonl");
    let line = r#"{"argv": ["-no-hpet", "-drive", "file=a,if=none,readonly"]}"#;
    fs::write(&lines, line).expect("a file");
    let x86 = "--arch=x86_64";
    let runs: &[(&str, &[&str])] = &[
        ("check", &["--data", plain, "check", "--xml"]),
        ("check", &["check", "--xml", dir, odd, other]),
        ("derive --dir", &["derive", plain, "--dir", text(&out)]),
        ("diff", &["diff", "7.2.22_x86_64", "11.1.3_x86_64"]),
        ("diff of directories", &["diff", older, plain]),
        ("domcaps", &["domcaps", "latest:x86_64"]),
        ("domcaps", &["domcaps", "latest:s390x"]),
        ("dump", &["dump", "--cpu-models", "latest:riscv64"]),
        ("edit", &["edit", "--drop", "query-machines", dir, "--dry-run", "--versions", ">=8"]),
        ("edit", &["edit", "--drop", "query-machines", plain, "--regenerate"]),
        (
            "explain",
            &[
                "explain",
                "--captures",
                "11.1.3_x86_64",
                "--format",
                "json",
                "--",
                "-drive",
                "if=none,x=1",
                "-S",
            ],
        ),
        ("flags", &["flags", "--all"]),
        ("flags --since", &["flags", "--since", "11.3"]),
        ("flags --lint", &["flags", "--lint"]),
        ("import", &["import", dir]),
        ("import", &["import", other_dir]),
        ("list", &["list", dir]),
        ("list", &["list", "--data", dir, odd]),
        ("plan", &["plan"]),
        ("plan --since", &["plan", "--since", "11.3"]),
        ("query", &["query", "chardev-add/arg-type/backend/+socket/data/reconnect"]),
        ("query", &["query", "chardev-add/arg-type/backend/+socket/data/reconnect", gap]),
        ("query", &["query", "query-accelerators"]),
        ("query", &["query", "query-tpm-modls"]),
        ("query", &["query", "go/arg-type/x", other]),
        ("query --list", &["query", "--list", "query-t"]),
        ("show", &["show", "latest:x86_64"]),
        ("show", &["show", "latest:s390x"]),
        ("show", &["show", "7.2.22_aarch64"]),
        ("validate", &["validate", commands, "--captures", poor]),
        ("validate", &["validate", text(&lines), x86]),
        ("validate --summary", &["validate", text(&lines), "--summary", x86]),
        ("validate --summary", &["validate", good, "--summary", x86]),
        ("validate", &["validate", commands, "--expect", expect, "--deny", "unstable", x86]),
        ("validate --summary", &["validate", commands, "--summary", x86]),
    ];
    let mut seen: BTreeMap<&str, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (section, arguments) in runs {
        let (_, out, errors) = run(arguments.iter().copied().chain(["--format", "json"]));
        let fields = tables.get(*section).unwrap_or_else(|| panic!("no section `{section}`"));
        let values = serde_json::Deserializer::from_str(&out).into_iter::<Value>();
        let mut count = 0;
        for value in values {
            let value = value.unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{out}"));
            collect(&value, "", fields, seen.entry(section).or_default());
            count += 1;
        }
        assert!(count > 0, "{arguments:?}: {errors}");
    }
    let problems = disagreements(&tables, &seen);
    assert!(problems.is_empty(), "{problems:#?}");
}

/// The differences between the output and the documentation.
fn disagreements(
    tables: &Tables,
    seen: &BTreeMap<&str, BTreeMap<String, BTreeSet<String>>>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (section, fields) in tables {
        let Some(seen) = seen.get(section.as_str()) else {
            let prose = ["derive", "Kinds of problems"].contains(&section.as_str());
            assert!(prose, "nothing prints what the section `{section}` documents");
            continue;
        };
        for field in seen.keys().chain(fields.keys()).collect::<BTreeSet<_>>() {
            let (printed, known) = (seen.get(field), fields.get(field));
            // Fields below one with several shapes are described in prose.
            let is_explained = fields.keys().any(|many| {
                let stem = many.strip_suffix('*').filter(|_| fields[many].len() > 2);
                stem.is_some_and(|stem| field.starts_with(stem) && field != many)
            });
            let agree = printed.zip(known).is_some_and(|(printed, known)| printed.is_subset(known));
            if !agree && !is_explained {
                problems
                    .push(format!("{section}: {field}: prints {printed:?}, documents {known:?}"));
            }
        }
    }
    problems
}

#[test]
fn every_command_that_prints_json_has_a_section() {
    let (document, tables) = documented();
    let (_, help, _) = run(["--help"]);
    let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let Some(name) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) else {
            continue;
        };
        let name = name.split(' ').next().expect("a name");
        let (_, help, _) = run([name, "--help"]);
        if help.contains("- json:") {
            assert!(tables.contains_key(name), "docs/json.md has no section `{name}`");
        }
    }
    assert!(document.contains("## Kinds of problems"));
}

#[test]
fn sarif_rules_have_texts_and_lead_to_the_documentation() {
    let (document, _) = documented();
    let files = Files::new();
    let commands = files.path("commands.jsonl");
    let (exit, out, errors) = run(["validate", text(&commands), "--format", "sarif"]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    let value: Value = serde_json::from_str(&out).expect("JSON");
    let rules = value["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.len() >= 3, "{out}");
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        let row = document.lines().find(|line| line.starts_with(&format!("| `{id}` |")));
        let description = rule["shortDescription"]["text"].as_str().expect("a text");
        assert!(row.is_some_and(|row| row.contains(description)), "{id}: {description}");
        for text in ["fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
        }
        let link = rule["helpUri"].as_str().expect("a link");
        assert!(link.ends_with("docs/json.md#kinds-of-problems"), "{link}");
    }
    let results = value["runs"][0]["results"].as_array().expect("results");
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
    }
}

#[test]
fn a_summary_has_json_and_rejects_other_formats() {
    let files = Files::new();
    let commands = files.path("commands.jsonl");
    let summary = ["validate", text(&commands), "--summary", "--arch", "x86_64", "--format"];
    let (exit, out, _) = run(summary.into_iter().chain(["json"]));
    assert_eq!(exit, 1);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    let reconnect = &value["groups"][0]["commands"][1];
    assert_eq!(reconnect["valid"], serde_json::json!(["7.2.22", "10.0.13"]));
    assert_eq!(reconnect["invalid"], serde_json::json!(["11.1.3"]));
    assert_eq!(reconnect["summary"], "up to 10.0.13");
    assert_eq!(value["groups"][0]["whole_set"]["valid"], serde_json::json!([]));
    for format in ["junit", "sarif"] {
        let (exit, _, errors) = run(summary.into_iter().chain([format]));
        assert_eq!((exit, errors.contains("`--summary` can't be printed")), (2, true), "{errors}");
    }
}
