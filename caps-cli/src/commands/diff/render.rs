use std::io::{self, Write};

use caps_core::diff::{Change, Difference};
use caps_core::escape;
use serde_json::{Value, json};

use super::Args;
use super::pairs::Pairs;
use crate::color::Meaning;
use crate::output::{Out, line, pieces};
use crate::source::Source;

/// Enough for any name; whole replies are truncated.
const LONGEST_VALUE: usize = 100;

pub(super) fn text(a: &str, b: &str, differences: &[Difference], out: &mut Out) -> io::Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    pieces!(out, Heading "--- {a}")?;
    pieces!(out, Heading "+++ {b}")?;
    for group in differences.chunk_by(|a, b| a.kind == b.kind) {
        let (title, count) = (group[0].kind.title(), group.len());
        line!(out)?;
        pieces!(out, Heading "{title}", Plain " ({count})")?;
        for difference in group {
            let (sign, words) = line(difference, str::to_owned);
            out.pieces(&[(Meaning::of_sign(sign), format!("  {sign} {words}"))])?;
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
    line!(out, "## {} → {}", escape::markdown(a), escape::markdown(b))?;
    line!(out)?;
    if differences.is_empty() {
        line!(out, "No differences.")?;
        return line!(out);
    }
    for group in differences.chunk_by(|a, b| a.kind == b.kind) {
        line!(out, "### {} ({})", group[0].kind.title(), group.len())?;
        line!(out)?;
        for difference in group {
            let (sign, words) = line(difference, escape::markdown_code);
            let word = match sign {
                '+' => "added",
                '-' => "removed",
                _ => "changed",
            };
            line!(out, "* {word}: {words}")?;
        }
        line!(out)?;
    }
    Ok(())
}

/// A sign and a description of the difference; `mark` formats names and values.
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

/// The comparison of two directories.
pub(super) fn directories(args: &Args, pairs: &Pairs, compared: &[Value]) -> Value {
    json!({
        "a": args.a.display().to_string(),
        "b": args.b.display().to_string(),
        "pairs": compared,
        "only_in_a": names(&pairs.only_first),
        "only_in_b": names(&pairs.only_second),
    })
}

fn names(sources: &[Source]) -> Vec<&str> {
    sources.iter().map(|source| source.name.as_str()).collect()
}

pub(super) fn unpaired_text(pairs: &Pairs, out: &mut Out) -> io::Result<()> {
    for (sign, sources) in [('-', &pairs.only_first), ('+', &pairs.only_second)] {
        for name in names(sources) {
            out.pieces(&[(Meaning::of_sign(sign), format!("{sign} {name} (not compared)"))])?;
        }
    }
    Ok(())
}

pub(super) fn unpaired_markdown(pairs: &Pairs, out: &mut dyn Write) -> io::Result<()> {
    if !pairs.has_unpaired() {
        return Ok(());
    }
    line!(out, "## Not compared")?;
    line!(out)?;
    for (word, sources) in [("removed", &pairs.only_first), ("added", &pairs.only_second)] {
        for name in names(sources) {
            line!(out, "* {word}: {}", escape::markdown_code(name))?;
        }
    }
    Ok(())
}
