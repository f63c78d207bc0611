//! The rows of the report that differ between two captures, compared with a golden file.

use std::fmt::Write as _;
use std::path::Path;

use caps_core::testing::Golden;
use serde_json::Value;

use crate::{Document, SURVEYS};

impl Document {
    /// The list at a member, or nothing.
    fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
        value[member].as_array().map_or(&[], Vec::as_slice)
    }

    /// Replaces the number of a type by its path.
    fn with_path(&self, record: &Value) -> Value {
        let mut record = record.clone();
        if let Some(number) = record["type"].as_u64() {
            let number = usize::try_from(number).expect("small");
            record["type"] = self.0["types"][number]["path"].clone();
        }
        record
    }

    /// The rows whose cells differ, one per line.
    fn differing(&self, title: &str, rows: &[Value], text: &mut String) {
        for row in rows {
            let cells = self.cells(&row[1]);
            if cells.iter().any(|cell| *cell != cells[0]) {
                let cells: Vec<String> =
                    cells.iter().map(|cell| self.with_path(cell).to_string()).collect();
                writeln!(text, "{title} {}: {}", row[0], cells.join(" | ")).expect("a string");
            }
        }
    }

    /// The names of the parts that only some of the captures have, after those captures.
    fn one_sided_parts(&self, title: &str, rows: &[Value], text: &mut String) {
        let mut parts = String::new();
        for row in rows {
            let marks: String = self
                .cells(&row[1])
                .iter()
                .map(|cell| match cell {
                    Value::Null => '-',
                    Value::Bool(false) => '?',
                    _ => '+',
                })
                .collect();
            if marks.contains(['-', '?']) {
                write!(parts, " {marks}{}", row[0].as_str().expect("a name")).expect("a string");
            }
        }
        if !parts.is_empty() {
            writeln!(text, "{title}:{parts}").expect("a string");
        }
    }
}

#[test]
fn rows_that_differ_are_those_of_the_golden_file() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/suite");
    let guests = suite.join("guests.args").display().to_string();
    let commands = suite.join("commands.jsonl").display().to_string();
    let document = Document::of(&[
        "--data",
        SURVEYS,
        "--commands",
        &guests,
        "--commands",
        &commands,
        "10.0.13_s390x",
        "11.1.3_s390x",
    ]);
    let mut text = String::new();
    for capture in Document::list(&document.0, "captures") {
        writeln!(text, "{capture}").expect("a string");
    }
    for kind in Document::list(&document.0, "kinds") {
        let title = kind["kind"].as_str().expect("a name");
        let baseline = kind["baseline"].as_str().unwrap_or_default();
        let rows = Document::list(kind, "rows");
        writeln!(text, "# {title} {baseline}: {} rows", rows.len()).expect("a string");
        document.differing(title, rows, &mut text);
        if title == "validation" {
            writeln!(text, "{}", kind["about"]).expect("a string");
        } else if let Some((name, about)) = kind["about"].as_object().and_then(|a| a.iter().next())
        {
            writeln!(text, "{name}: {about}").expect("a string");
        }
        // The parts of commands and events are in the table of types.
        if !matches!(title, "command" | "event") {
            for row in rows.iter().filter(|row| row[2].is_u64()) {
                let number = usize::try_from(row[2].as_u64().expect("a group")).expect("small");
                let group = &document.0["groups"][number];
                let title = format!("{title} {}", row[0].as_str().expect("a name"));
                let rows = group.as_array().map_or(&[][..], Vec::as_slice);
                document.one_sided_parts(&title, rows, &mut text);
            }
        }
    }
    for one in Document::list(&document.0, "types") {
        let [path, meta] = ["path", "meta"].map(|member| one[member].as_str().expect("a name"));
        let values: Vec<String> =
            document.cells(&one["values"]).iter().map(ToString::to_string).collect();
        let title = format!("{meta} {path}");
        if values.windows(2).any(|pair| pair[0] != pair[1]) {
            writeln!(text, "{title}: {}", values.join(" | ")).expect("a string");
        } else {
            document.differing(&title, Document::list(one, "rows"), &mut text);
        }
    }
    let suite = suite.display().to_string();
    let text = text.replace(&suite, "SUITE").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    Golden::at(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report.txt")).assert(&text);
}
