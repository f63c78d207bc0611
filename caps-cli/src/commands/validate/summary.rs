//! In which versions the commands are valid.

use std::io::{self, Write};
use std::ops::Range;

use caps_core::qapi::validate::Verdict;

use super::matrix::Matrix;

/// Prints a line for each command that does not work everywhere, and one for the whole set; by
/// architecture where there are several.
pub(super) fn print(out: &mut dyn Write, matrix: &Matrix) -> io::Result<()> {
    let groups = matrix.groups();
    let several = groups.len() > 1;
    for (arch, variant, columns) in groups {
        let prefix = if several { format!("{arch}{variant} ") } else { String::new() };
        for (row, item) in matrix.items.iter().enumerate() {
            let works = |column: usize| matrix.verdict(column, row) != Verdict::Invalid;
            if columns.clone().all(works) {
                continue;
            }
            let versions = span(matrix, columns.clone(), works);
            writeln!(out, "{prefix}{}: {}: {versions}", item.place(), item.title())?;
        }
        let works = |column: usize| {
            let reports = &matrix.columns[column].reports;
            reports.iter().all(|report| report.verdict() != Verdict::Invalid)
        };
        writeln!(out, "{prefix}whole set: {}", span(matrix, columns, works))?;
    }
    Ok(())
}

/// The versions of some columns in words: `9.0.0 and newer`.
fn span(matrix: &Matrix, columns: Range<usize>, works: impl Fn(usize) -> bool) -> String {
    let version = |column: usize| matrix.columns[column].id.version.to_string();
    let good: Vec<usize> = columns.clone().filter(|&column| works(column)).collect();
    let (Some(&first), Some(&last)) = (good.first(), good.last()) else {
        return "no version".to_owned();
    };
    let gapless = last - first + 1 == good.len();
    match (first == columns.start, last + 1 == columns.end) {
        (true, true) if gapless => format!("all versions, {} and newer", version(first)),
        (false, true) if gapless => format!("{} and newer", version(first)),
        (true, false) if gapless => format!("up to {}", version(last)),
        (false, false) if gapless && first == last => format!("only {}", version(first)),
        (false, false) if gapless => format!("{} to {}", version(first), version(last)),
        _ => {
            let versions: Vec<String> = good.into_iter().map(version).collect();
            format!("only {}", versions.join(", "))
        }
    }
}
