use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use caps_core::capture::Seen;
use caps_core::qapi::MetaType;
use caps_core::{Version, escape};
use serde_json::{Value, json};

use super::{Found, Report};
use crate::color::{Meaning, Piece};
use crate::output::{Out, line, pieces};
use crate::table::{Column, Table};

pub(super) fn text(reports: &[Report<'_>], out: &mut Out) -> io::Result<()> {
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            line!(out)?;
        }
        let (query, count) = (report.query, report.found.len());
        pieces!(out, Heading "{query}")?;
        if let Some(nearest) = &report.nearest {
            line!(out, "  nearest: {nearest}")?;
        }
        if !report.holds() {
            pieces!(out, Removed "  not seen in any of {count} captures")?;
            continue;
        }
        for seen in &report.seen {
            line!(out, "  {}{}: {}", seen.arch, seen.variant, sentence(seen))?;
        }
        line!(out)?;
        table(report, str::to_owned).matrix("  ", out)?;
    }
    Ok(())
}

pub(super) fn markdown(reports: &[Report<'_>], out: &mut dyn Write) -> io::Result<()> {
    for report in reports {
        line!(out, "### {}", escape::markdown_code(report.query.as_str()))?;
        line!(out)?;
        if let Some(nearest) = &report.nearest {
            line!(out, "Nearest: {}", escape::markdown_code(nearest))?;
            line!(out)?;
        }
        if !report.holds() {
            line!(out, "Not seen in any of {} captures.", report.found.len())?;
            line!(out)?;
            continue;
        }
        for seen in &report.seen {
            let variant = escape::markdown(seen.variant.as_str());
            line!(out, "* {}{variant}: {}", seen.arch, sentence(seen))?;
        }
        line!(out)?;
        table(report, |cell| escape::markdown(cell).into_owned()).markdown(out)?;
        line!(out)?;
    }
    Ok(())
}

/// One row for each architecture and variant, one column for each version; `mark` escapes a cell.
fn table(report: &Report<'_>, mark: impl Fn(&str) -> String) -> Table {
    let versions: BTreeSet<Version> =
        report.found.iter().map(|(asked, _)| asked.id.version).collect();
    let mut rows: BTreeMap<String, BTreeMap<Version, (Meaning, &'static str)>> = BTreeMap::new();
    for (asked, found) in &report.found {
        let group = format!("{}{}", asked.id.arch, escape::line(asked.id.variant.as_str()));
        rows.entry(group).or_default().insert(asked.id.version, cell(found));
    }
    let header = versions.iter().map(ToString::to_string);
    let mut table = Table::new(vec![Column::Left(0); versions.len() + 1]);
    table.push_plain(std::iter::once(String::new()).chain(header));
    for (group, cells) in rows {
        let cells = versions.iter().map(|version| cells.get(version).copied().unwrap_or_default());
        let row = std::iter::once((Meaning::Plain, group.as_str())).chain(cells);
        table.push(row.map(|(meaning, cell)| -> Piece { (meaning, mark(cell)) }));
    }
    table
}

fn cell(found: &Found) -> (Meaning, &'static str) {
    let has = |features: &[String], name: &str| features.iter().any(|feature| feature == name);
    match found {
        Found::Holds { features, .. } if has(features, "deprecated") => {
            (Meaning::Warning, "deprecated")
        }
        Found::Holds { features, .. } if has(features, "unstable") => {
            (Meaning::Warning, "unstable")
        }
        Found::Holds { .. } => (Meaning::Good, "yes"),
        Found::Absent => (Meaning::Removed, "no"),
        Found::Error(_) => (Meaning::Bad, "error"),
    }
}

fn sentence(seen: &Seen) -> String {
    let (Some(first), Some(last)) = (seen.first, seen.last) else { return "not seen".to_owned() };
    let not_in = |version: Option<Version>| {
        version.map(|version| format!(" (not in {version})")).unwrap_or_default()
    };
    let gaps: Vec<String> = seen.gaps.iter().map(ToString::to_string).collect();
    let gaps = match gaps.as_slice() {
        [] => String::new(),
        gaps => format!(", between them not in {}", gaps.join(", ")),
    };
    let (before, after) = (not_in(seen.absent_before), not_in(seen.absent_after));
    format!("first seen {first}{before}, last seen {last}{after}{gaps}")
}

pub(super) fn value(report: &Report<'_>) -> Value {
    let version = |version: Option<Version>| version.map(|version| version.to_string());
    let seen: Vec<Value> = report
        .seen
        .iter()
        .map(|seen| {
            json!({
                "arch": seen.arch.name(),
                "variant": seen.variant.as_str(),
                "first": version(seen.first),
                "last": version(seen.last),
                "absent_before": version(seen.absent_before),
                "absent_after": version(seen.absent_after),
                "gaps": seen.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    let captures: Vec<Value> = report
        .found
        .iter()
        .map(|(asked, found)| {
            let (outcome, meta_type, features, error) = match found {
                Found::Holds { meta_type, features } => {
                    ("holds", meta_type.map(MetaType::name), features.as_slice(), None)
                }
                Found::Absent => ("absent", None, [].as_slice(), None),
                Found::Error(error) => ("error", None, [].as_slice(), Some(error)),
            };
            json!({
                "capture": asked.source.name,
                "version": asked.id.version.to_string(),
                "arch": asked.id.arch.name(),
                "variant": asked.id.variant.as_str(),
                "outcome": outcome,
                "meta_type": meta_type,
                "features": features,
                "error": error,
            })
        })
        .collect();
    json!({
        "query": report.query.as_str(),
        "holds": report.holds(),
        "nearest": report.nearest,
        "seen": seen,
        "captures": captures,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_warn_of_what_may_change() {
        let holds = |features: &[&str]| Found::Holds {
            meta_type: None,
            features: features.iter().map(|&name| name.to_owned()).collect(),
        };
        for (found, expected) in [
            (holds(&[]), (Meaning::Good, "yes")),
            (holds(&["json-cli"]), (Meaning::Good, "yes")),
            (holds(&["unstable"]), (Meaning::Warning, "unstable")),
            (holds(&["deprecated"]), (Meaning::Warning, "deprecated")),
            (holds(&["unstable", "deprecated"]), (Meaning::Warning, "deprecated")),
            (Found::Absent, (Meaning::Removed, "no")),
            (Found::Error("why".to_owned()), (Meaning::Bad, "error")),
        ] {
            assert_eq!(cell(&found), expected);
        }
    }
}
