use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use caps_core::Version;
use caps_core::qapi::{MetaType, Seen};
use serde_json::{Value, json};

use super::{Found, Report};

pub(super) fn text(reports: &[Report<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", report.query)?;
        if let Some(nearest) = &report.nearest {
            writeln!(out, "  nearest: {nearest}")?;
        }
        if !report.holds() {
            writeln!(out, "  not seen in any of {} captures", report.found.len())?;
            continue;
        }
        for seen in &report.seen {
            writeln!(out, "  {}{}: {}", seen.arch, seen.variant, sentence(seen))?;
        }
        writeln!(out)?;
        let table = table(report);
        let width = |column: usize| table.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..table.first().map_or(0, Vec::len)).map(width).collect();
        for row in &table {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(out, "  {}", cells.join("  ").trim_end())?;
        }
    }
    Ok(())
}

pub(super) fn markdown(reports: &[Report<'_>], out: &mut dyn Write) -> io::Result<()> {
    for report in reports {
        writeln!(out, "### `{}`\n", report.query)?;
        if let Some(nearest) = &report.nearest {
            writeln!(out, "Nearest: `{nearest}`\n")?;
        }
        if !report.holds() {
            writeln!(out, "Not seen in any of {} captures.\n", report.found.len())?;
            continue;
        }
        for seen in &report.seen {
            writeln!(out, "* {}{}: {}", seen.arch, seen.variant, sentence(seen))?;
        }
        writeln!(out)?;
        for (index, row) in table(report).iter().enumerate() {
            writeln!(out, "| {} |", row.join(" | "))?;
            if index == 0 {
                writeln!(out, "|{}", " --- |".repeat(row.len()))?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// One row for each architecture and variant, one column for each version.
fn table(report: &Report<'_>) -> Vec<Vec<String>> {
    let versions: BTreeSet<Version> =
        report.found.iter().map(|(asked, _)| asked.id.version).collect();
    let mut rows: BTreeMap<String, BTreeMap<Version, &'static str>> = BTreeMap::new();
    for (asked, found) in &report.found {
        let group = format!("{}{}", asked.id.arch, asked.id.variant);
        rows.entry(group).or_default().insert(asked.id.version, cell(found));
    }
    let header = versions.iter().map(ToString::to_string);
    let mut table = vec![std::iter::once(String::new()).chain(header).collect::<Vec<_>>()];
    for (group, cells) in rows {
        let cells = versions.iter().map(|version| cells.get(version).copied().unwrap_or(""));
        table.push(std::iter::once(group).chain(cells.map(str::to_owned)).collect());
    }
    table
}

fn cell(found: &Found) -> &'static str {
    match found {
        Found::Holds { features, .. } if features.iter().any(|f| f == "deprecated") => "deprecated",
        Found::Holds { features, .. } if features.iter().any(|f| f == "unstable") => "unstable",
        Found::Holds { .. } => "yes",
        Found::Absent => "no",
        Found::Error(_) => "error",
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
                "capture": asked.name,
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
