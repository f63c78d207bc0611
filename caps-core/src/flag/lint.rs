use std::fmt;

use super::{Flag, FlagState};
use crate::baseline::Baseline;

/// The flags of this project's last release, one name per line, in order.
pub const RELEASED: &str = include_str!("released.txt");

/// A row of the flag table breaks compatibility with the last release.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LintFinding {
    /// A released flag is missing, or another one has its position.
    Moved {
        /// The position, from 0.
        index: usize,
        /// The flag released at this position.
        released: String,
        /// The flag at this position in the table; `None` past the end.
        found: Option<String>,
    },
    /// A released flag is withdrawn; it can only be retired.
    WithdrawnAfterRelease(String),
    /// A flag that is live in no baseline still has rules.
    RulesOfTheDead(String),
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved { index, released, found } => {
                write!(f, "expected the released flag `{released}` at position {index}, found ")?;
                match found {
                    Some(found) => write!(f, "`{found}`"),
                    None => f.write_str("the end of the table"),
                }
            }
            Self::WithdrawnAfterRelease(name) => {
                write!(f, "the flag `{name}` was released: it can be retired, not withdrawn")
            }
            Self::RulesOfTheDead(name) => {
                write!(f, "the flag `{name}` is never live, expected it to have no rules")
            }
        }
    }
}

/// The parts of a table row that the lint examines.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    name: &'a str,
    withdrawn: bool,
    live: bool,
    rules: usize,
}

/// Compares the flag table with the list of the last release. Released flags keep their names and
/// positions and can only be retired; others can be withdrawn.
///
/// ```
/// use caps_core::flag::{RELEASED, lint};
///
/// assert_eq!(lint(RELEASED), []);
/// let longer = format!("{RELEASED}forgotten\n");
/// assert!(lint(&longer)[0].to_string().starts_with("expected the released flag `forgotten` at position"));
/// ```
pub fn lint(released: &str) -> Vec<LintFinding> {
    let rows: Vec<Row<'_>> = Flag::ALL
        .iter()
        .map(|flag| Row {
            name: flag.name(),
            withdrawn: flag.state(Baseline::NEWEST) == FlagState::Withdrawn,
            live: Baseline::ALL.iter().any(|&baseline| flag.is_live(baseline)),
            rules: flag.rules().len(),
        })
        .collect();
    lint_rows(&rows, released)
}

fn lint_rows(rows: &[Row<'_>], released: &str) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    // A withdrawn flag frees its position for the flag that follows.
    let mut kept = rows.iter().filter(|row| !row.withdrawn);
    for (index, name) in released.lines().enumerate() {
        if rows.iter().any(|row| row.withdrawn && row.name == name) {
            findings.push(LintFinding::WithdrawnAfterRelease(name.to_owned()));
            continue;
        }
        let found = kept.next().map(|row| row.name);
        if found != Some(name) {
            let found = found.map(str::to_owned);
            findings.push(LintFinding::Moved { index, released: name.to_owned(), found });
            // Every flag after this one is displaced as well.
            break;
        }
    }
    let dead = rows.iter().filter(|row| !row.live && row.rules > 0);
    findings.extend(dead.map(|row| LintFinding::RulesOfTheDead(row.name.to_owned())));
    findings
}

#[cfg(test)]
mod tests {
    use super::{Row, lint_rows};

    const LIVE: Row<'_> = Row { name: "", withdrawn: false, live: true, rules: 1 };
    const WITHDRAWN: Row<'_> = Row { name: "mte", withdrawn: true, live: false, rules: 0 };

    fn findings(rows: &[Row<'_>], released: &str) -> String {
        let found: Vec<_> = lint_rows(rows, released).iter().map(ToString::to_string).collect();
        found.join("\n")
    }

    #[test]
    fn what_was_released_stays_and_what_was_not_may_go() {
        let rows = |names: [&'static str; 3]| names.map(|name| Row { name, ..LIVE });
        assert_eq!(findings(&rows(["a", "b", "c"]), "a\nb\n"), "");
        assert_eq!(
            findings(&rows(["a", "c", "b"]), "a\nb\n"),
            "expected the released flag `b` at position 1, found `c`"
        );
        assert_eq!(
            findings(&rows(["a", "b", "c"]), "a\nb\nc\nd\n"),
            "expected the released flag `d` at position 3, found the end of the table"
        );
    }

    #[test]
    fn the_place_of_a_withdrawn_flag_is_free() {
        let rows = [Row { name: "a", ..LIVE }, WITHDRAWN, Row { name: "b", ..LIVE }];
        assert_eq!(findings(&rows, "a\nb\n"), "");
        assert_eq!(
            findings(&rows, "a\nmte\nb\n"),
            "the flag `mte` was released: it can be retired, not withdrawn"
        );
        let with_rules = [Row { rules: 1, ..WITHDRAWN }];
        assert_eq!(
            findings(&with_rules, ""),
            "the flag `mte` is never live, expected it to have no rules"
        );
    }
}
