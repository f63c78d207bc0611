//! The versions in which the commands are valid.

use std::io::{self, Write};
use std::ops::Range;

use caps_core::Version;
use caps_core::validate::{Report, Verdict, Violation};
use serde_json::{Value, json};

use super::item::{Item, Subject};
use super::matrix::Matrix;
use crate::output::line;

/// The versions of some columns in which something is valid.
struct Span {
    valid: Vec<Version>,
    invalid: Vec<Version>,
    words: String,
    /// Why a command line is not valid elsewhere: one sentence for each reason.
    reasons: Vec<String>,
}

/// Prints a line for each command that does not work everywhere, and one for the whole set; by
/// architecture where there are several.
pub(super) fn print(out: &mut dyn Write, matrix: &Matrix) -> io::Result<()> {
    let groups = matrix.groups();
    let several = groups.len() > 1;
    for (arch, variant, columns) in groups {
        let prefix = if several { format!("{arch}{variant} ") } else { String::new() };
        let is_told = |span: &Span| !span.invalid.is_empty() || !span.reasons.is_empty();
        for (item, span) in commands(matrix, &columns).filter(|(_, span)| is_told(span)) {
            let words = [&[span.words], span.reasons.as_slice()].concat().join("; ");
            line!(out, "{prefix}{}: {}: {words}", item.place(), item.title())?;
        }
        line!(out, "{prefix}whole set: {}", whole(matrix, columns).words)?;
    }
    Ok(())
}

/// The same for programs, with all commands.
pub(super) fn value(matrix: &Matrix, dirs: &[String]) -> Value {
    let groups: Vec<Value> = matrix
        .groups()
        .into_iter()
        .map(|(arch, variant, columns)| {
            let commands: Vec<Value> = commands(matrix, &columns)
                .map(|(item, span)| {
                    let mut value = span.value();
                    value["file"] = json!(item.file);
                    value["line"] = json!(item.line);
                    value["command"] = json!(item.command());
                    value["reasons"] = json!(span.reasons);
                    value
                })
                .collect();
            json!({
                "arch": arch.name(),
                "variant": variant.as_str(),
                "commands": commands,
                "whole_set": whole(matrix, columns).value(),
            })
        })
        .collect();
    json!({"dirs": dirs, "groups": groups})
}

fn commands<'m>(
    matrix: &'m Matrix,
    columns: &Range<usize>,
) -> impl Iterator<Item = (&'m Item, Span)> {
    let columns = columns.clone();
    let applies = {
        let columns = columns.clone();
        move |row: usize| columns.clone().any(|column| matrix.applies(column, row))
    };
    let items = matrix.items.iter().enumerate().filter(move |(row, _)| applies(*row));
    items.map(move |(row, item)| {
        // What could not be checked counts as working; the table shows it as `?`.
        let works = |column: usize| matrix.verdict(column, row) != Verdict::Invalid;
        let mut span = span(matrix, columns.clone(), works);
        span.reasons = reasons(matrix, columns.clone(), row);
        (item, span)
    })
}

fn whole(matrix: &Matrix, columns: Range<usize>) -> Span {
    span(matrix, columns, |column| {
        let reports = &matrix.columns[column].reports;
        reports.iter().all(|report| report.verdict() != Verdict::Invalid)
    })
}

fn span(matrix: &Matrix, columns: Range<usize>, works: impl Fn(usize) -> bool) -> Span {
    let version = |column: &usize| matrix.columns[*column].id.version;
    let (good, bad): (Vec<usize>, Vec<usize>) = columns.clone().partition(|&column| works(column));
    Span {
        words: words(matrix, columns, &good),
        valid: good.iter().map(version).collect(),
        invalid: bad.iter().map(version).collect(),
        reasons: Vec::new(),
    }
}

/// Why some columns refuse a command line, or what they leave open, each reason with their versions:
/// ``11.1.3 rejects `-no-hpet`: use `-machine hpet=off` ``.
fn reasons(matrix: &Matrix, columns: Range<usize>, row: usize) -> Vec<String> {
    let mut reasons: Vec<([&str; 2], String, Vec<Version>)> = Vec::new();
    for column in columns {
        let report = &matrix.columns[column].reports[row];
        let refused = report.problems.first().and_then(reason);
        let refused = refused.map(|reason| (["rejects", "reject"], reason));
        let found = refused.or_else(|| Some((["leaves open", "leave open"], open(report)?)));
        let is_line = matches!(matrix.items[row].subject, Subject::CommandLine { .. });
        let Some((verbs, reason)) = found.filter(|_| is_line) else { continue };
        let version = matrix.columns[column].id.version;
        match reasons.iter_mut().find(|(_, known, _)| *known == reason) {
            Some((_, _, versions)) => versions.push(version),
            None => reasons.push((verbs, reason, vec![version])),
        }
    }
    let sentence = |(verbs, reason, versions): ([&str; 2], String, Vec<Version>)| {
        let [one, several] = verbs;
        match versions.as_slice() {
            [version] => format!("{version} {one} {reason}"),
            [first, .., last] => format!("{first} to {last} {several} {reason}"),
            [] => reason,
        }
    };
    reasons.into_iter().map(sentence).collect()
}

/// The first part of a command line that was not checked, if nothing is wrong with the others.
fn open(report: &Report) -> Option<String> {
    let unchecked = report.unchecked.first()?;
    (report.verdict() == Verdict::Unknown)
        .then(|| format!("`{}`: {}", unchecked.path, unchecked.reason))
}

/// What is refused of a command line, and what to use instead.
fn reason(violation: &Violation) -> Option<String> {
    violation.argument?;
    let Some(removal) = &violation.removal else {
        return Some(format!("it: {}", violation.message()));
    };
    let what = match violation.path.split_once(' ') {
        Some((option, key)) if violation.found.trim_matches('`') == key => {
            format!("`{option} ...,{key}=`")
        }
        _ => violation.found.clone(),
    };
    let instead = match removal.instead {
        "" => String::new(),
        instead => {
            let each: Vec<String> = instead.split(" or ").map(|one| format!("`{one}`")).collect();
            format!(": use {}", each.join(" or "))
        }
    };
    Some(format!("{what}{instead}"))
}

/// Some columns out of a range in words: `9.0.0 and newer`.
fn words(matrix: &Matrix, columns: Range<usize>, good: &[usize]) -> String {
    let version = |column: usize| matrix.columns[column].id.version.to_string();
    let (Some(&first), Some(&last)) = (good.first(), good.last()) else {
        return "no version".to_owned();
    };
    // Columns are sorted by version, so a range is a contiguous run of them.
    let gapless = last - first + 1 == good.len();
    match (first == columns.start, last + 1 == columns.end) {
        (true, true) if gapless => format!("all versions, {} and newer", version(first)),
        (false, true) if gapless => format!("{} and newer", version(first)),
        (true, false) if gapless => format!("up to {}", version(last)),
        (false, false) if gapless && first == last => format!("only {}", version(first)),
        (false, false) if gapless => format!("{} to {}", version(first), version(last)),
        _ => {
            let versions: Vec<String> = good.iter().map(|&column| version(column)).collect();
            format!("only {}", versions.join(", "))
        }
    }
}

impl Span {
    fn value(&self) -> Value {
        let names = |versions: &[Version]| -> Vec<String> {
            versions.iter().map(ToString::to_string).collect()
        };
        json!({
            "valid": names(&self.valid),
            "invalid": names(&self.invalid),
            "summary": self.words,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::{Column, Matrix};
    use super::words;

    #[test]
    fn columns_are_put_in_words() {
        let versions = ["7.2.0", "8.0.0", "9.0.0", "10.0.0", "11.0.0", "12.0.0"];
        let column = |version: &&str| Column {
            id: format!("{version}_x86_64").parse().expect("a name"),
            path: "a file".into(),
            reports: Vec::new(),
        };
        let columns = versions.iter().map(column).collect();
        let matrix = Matrix { items: Vec::new(), columns };
        // The first column is one of another range.
        for (good, expected) in [
            (&[1, 2, 3, 4, 5][..], "all versions, 8.0.0 and newer"),
            (&[3, 4, 5], "10.0.0 and newer"),
            (&[5], "12.0.0 and newer"),
            (&[1, 2], "up to 9.0.0"),
            (&[1], "up to 8.0.0"),
            (&[3], "only 10.0.0"),
            (&[2, 3], "9.0.0 to 10.0.0"),
            (&[2, 3, 4], "9.0.0 to 11.0.0"),
            (&[], "no version"),
            (&[1, 3, 4, 5], "only 8.0.0, 10.0.0, 11.0.0, 12.0.0"),
            (&[2, 5], "only 9.0.0, 12.0.0"),
            (&[1, 3], "only 8.0.0, 10.0.0"),
            (&[2, 4], "only 9.0.0, 11.0.0"),
        ] {
            assert_eq!(words(&matrix, 1..6, good), expected, "{good:?}");
        }
    }
}
