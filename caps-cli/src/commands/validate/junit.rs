//! Formatting the matrix as `JUnit` XML.

use std::io::{self, Write};

use caps_core::validate::{Verdict, Violation};

use super::expect::Surprises;
use super::matrix::Matrix;

/// A suite for each capture with a case for each command. What could not be checked is skipped, with
/// the reason.
pub(super) fn print(out: &mut dyn Write, matrix: &Matrix, surprises: &Surprises) -> io::Result<()> {
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"qemu-caps validate\">"
    )?;
    for (index, column) in matrix.columns.iter().enumerate() {
        let id = column.id.to_string();
        let failed = |row: &usize| surprises.fails(matrix, index, *row);
        let rows: Vec<usize> =
            (0..matrix.items.len()).filter(|row| matrix.applies(index, *row)).collect();
        let failures = rows.iter().filter(|row| failed(row)).count();
        let skipped = rows
            .iter()
            .filter(|row| !failed(row) && matrix.verdict(index, **row) == Verdict::Unknown)
            .count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
            escape(&id),
            rows.len()
        )?;
        for row in rows {
            let (item, report) = (&matrix.items[row], &column.reports[row]);
            write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                escape(&id),
                escape(&format!("{} {}", item.place(), item.title())),
                escape(&item.file),
                item.line
            )?;
            if surprises.fails(matrix, index, row) {
                let lines: Vec<String> = report.problems.iter().map(Violation::message).collect();
                let text = if lines.is_empty() {
                    "expected to fail, but it passes".to_owned()
                } else {
                    lines.join("\n")
                };
                let first = text.lines().next().unwrap_or_default();
                writeln!(
                    out,
                    ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                    escape(first),
                    escape(&text)
                )?;
            } else if report.verdict() == Verdict::Unknown {
                let reasons: Vec<&str> =
                    report.unchecked.iter().map(|part| part.reason.as_str()).collect();
                let reasons = escape(&reasons.join("; "));
                writeln!(out, ">\n      <skipped message=\"{reasons}\"/>\n    </testcase>")?;
            } else {
                writeln!(out, "/>")?;
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Text for an attribute or element; characters that XML does not have become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_is_escaped_for_xml() {
        assert_eq!(escape("a&<>\"\n\tz"), "a&amp;&lt;&gt;&quot;&#10;&#9;z");
        assert_eq!(
            escape("\u{1}\u{7f}\u{fffe}\u{ffff}\u{fffd}\u{e9}"),
            "\u{fffd}".repeat(5) + "\u{e9}"
        );
    }
}
