use std::io::{self, Write};

use caps_core::diff::{Change, Difference};
use serde_json::{Value, json};

/// Long enough for any name; replies can be longer.
const LONGEST_VALUE: usize = 100;

pub(super) fn text(
    a: &str,
    b: &str,
    differences: &[Difference],
    out: &mut dyn Write,
) -> io::Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    writeln!(out, "--- {a}\n+++ {b}")?;
    for group in differences.chunk_by(|a, b| a.kind == b.kind) {
        writeln!(out, "\n{} ({})", group[0].kind.title(), group.len())?;
        for difference in group {
            let (sign, words) = line(difference, str::to_owned);
            writeln!(out, "  {sign} {words}")?;
        }
    }
    Ok(())
}

pub(super) fn markdown(
    a: &str,
    b: &str,
    differences: &[Difference],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "## {a} → {b}")?;
    if differences.is_empty() {
        return writeln!(out, "\nNo differences.");
    }
    for group in differences.chunk_by(|a, b| a.kind == b.kind) {
        writeln!(out, "\n### {} ({})\n", group[0].kind.title(), group.len())?;
        for difference in group {
            let (sign, words) = line(difference, |text| format!("`{text}`"));
            let word = match sign {
                '+' => "added",
                '-' => "removed",
                _ => "changed",
            };
            writeln!(out, "* {word}: {words}")?;
        }
    }
    Ok(())
}

/// A sign and the difference in words; names and values are put through `mark`.
fn line(difference: &Difference, mark: impl Fn(&str) -> String) -> (char, String) {
    let name = mark(&difference.name);
    let more = |detail: &str| match detail {
        "" => String::new(),
        detail => format!(" ({})", short(detail)),
    };
    let (sign, mut words) = match &difference.change {
        Change::Added { detail } => ('+', name + &more(detail)),
        Change::Removed { detail } => ('-', name + &more(detail)),
        Change::Changed { what, from, to } => {
            let what = if what.is_empty() { String::new() } else { format!(" {what}") };
            let [from, to] = [from, to].map(|value| mark(&short(value)));
            ('~', format!("{name}:{what} {from} -> {to}"))
        }
        _ => ('?', name),
    };
    if difference.host {
        words.push_str(" [host]");
    }
    (sign, words)
}

fn short(value: &str) -> String {
    if value.is_empty() {
        return "nothing".to_owned();
    }
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}

pub(super) fn value(a: &str, b: &str, differences: &[Difference]) -> Value {
    let list: Vec<Value> = differences
        .iter()
        .map(|difference| {
            let mut value = json!({
                "kind": difference.kind.name(),
                "name": difference.name,
                "host": difference.host,
            });
            match &difference.change {
                Change::Added { detail } => {
                    value["change"] = json!("added");
                    value["detail"] = json!(detail);
                }
                Change::Removed { detail } => {
                    value["change"] = json!("removed");
                    value["detail"] = json!(detail);
                }
                Change::Changed { what, from, to } => {
                    value["change"] = json!("changed");
                    value["what"] = json!(what);
                    value["from"] = json!(from);
                    value["to"] = json!(to);
                }
                _ => {}
            }
            value
        })
        .collect();
    json!({"a": a, "b": b, "differences": list})
}
