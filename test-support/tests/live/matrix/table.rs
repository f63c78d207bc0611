//! The counts of the fault matrix, as the tables of `docs/reliability.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use caps_core::testing::Golden;

use super::kinds::KINDS;

/// What came of a run in which QEMU misbehaved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result of an undisturbed run.
    Same,
    /// A result that differs.
    Different,
    Error,
}

/// How many cases had each outcome.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    same: usize,
    different: usize,
    errors: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Same => self.same += 1,
            Outcome::Different => self.different += 1,
            Outcome::Error => self.errors += 1,
        }
    }
}

/// Compares a table with the document, or writes it there.
pub(crate) fn check(title: &str, counts: &BTreeMap<&'static str, Counts>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reliability.md");
    let text = fs::read_to_string(&path).expect("the document");
    let begin = format!("<!-- {title}: written by a test -->\n");
    let (before, rest) = text.split_once(&begin).expect("the beginning of the table");
    let (_, after) = rest.split_once("<!-- end -->\n").expect("the end of the table");
    let table = of(counts);
    Golden::at(path).assert(&format!("{before}{begin}{table}<!-- end -->\n{after}"));
}

/// The table, as Markdown.
fn of(counts: &BTreeMap<&'static str, Counts>) -> String {
    let mut lines =
        vec!["| QEMU | cases | same result | other result | error | leftovers |".to_owned()];
    lines.push("|---|--:|--:|--:|--:|--:|".to_owned());
    let mut all = Counts::default();
    for kind in KINDS {
        let Some(counts) = counts.get(kind.name) else { continue };
        lines.push(row(kind.what, counts));
        all.same += counts.same;
        all.different += counts.different;
        all.errors += counts.errors;
    }
    lines.push(row("all", &all));
    lines.join("\n") + "\n"
}

/// What is left behind fails the test, so a finished one has found nothing.
fn row(what: &str, counts: &Counts) -> String {
    let Counts { same, different, errors } = counts;
    format!("| {what} | {} | {same} | {different} | {errors} | 0 |", same + different + errors)
}
