//! The verdicts on all commands in all captures.

use std::collections::BTreeSet;
use std::path::PathBuf;

use caps_core::Arch;
use caps_core::capture::{CaptureId, CaptureVariant};
use caps_core::validate::{Report, Verdict, Violation};

use super::item::Item;

/// Commands in rows, captures in columns.
pub(super) struct Matrix {
    pub(super) items: Vec<Item>,
    /// Sorted by architecture, variant and version.
    pub(super) columns: Vec<Column>,
}

/// A capture, with a report for each command.
pub(super) struct Column {
    pub(super) id: CaptureId,
    /// The file.
    pub(super) path: PathBuf,
    pub(super) reports: Vec<Report>,
}

/// A remark on a command, with the captures it applies to.
pub(super) struct Remark<'m> {
    pub(super) violation: &'m Violation,
    pub(super) subject: &'m str,
    pub(super) is_problem: bool,
    pub(super) captures: Vec<&'m CaptureId>,
}

impl Matrix {
    /// The command lines for architectures that no selected capture has.
    pub(super) fn without_capture(&self) -> Vec<&Item> {
        let has_capture =
            |item: &&Item| self.columns.iter().any(|column| item.is_for(column.id.arch));
        self.items.iter().filter(|item| !has_capture(item)).collect()
    }

    /// The architectures of command lines, for a message.
    pub(super) fn arches(items: &[&Item]) -> String {
        let arches: BTreeSet<_> = items.iter().filter_map(|item| item.arch()).collect();
        let names: Vec<String> = arches.iter().map(|arch| format!("`{arch}`")).collect();
        names.join(", ")
    }

    /// Returns whether the command applies to captures of this architecture.
    pub(super) fn applies(&self, column: usize, item: usize) -> bool {
        self.items[item].is_for(self.columns[column].id.arch)
    }

    pub(super) fn verdict(&self, column: usize, item: usize) -> Verdict {
        self.columns[column].reports[item].verdict()
    }

    /// Ranges of columns of one architecture and variant.
    pub(super) fn groups(&self) -> Vec<(Arch, &CaptureVariant, std::ops::Range<usize>)> {
        let mut groups: Vec<(Arch, &CaptureVariant, std::ops::Range<usize>)> = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let (arch, variant) = column.id.group();
            match groups.last_mut() {
                Some((a, v, range)) if *a == arch && *v == variant => range.end = index + 1,
                _ => groups.push((arch, variant, index..index + 1)),
            }
        }
        groups
    }

    /// The problems and warnings of a command, each with its captures, in order.
    pub(super) fn remarks(&self, item: usize) -> Vec<Remark<'_>> {
        let mut remarks: Vec<Remark<'_>> = Vec::new();
        for column in &self.columns {
            let report = &column.reports[item];
            let problems = report.problems.iter().map(|violation| (violation, true));
            let warnings = report.warnings.iter().map(|violation| (violation, false));
            for (violation, is_problem) in problems.chain(warnings) {
                let known = remarks
                    .iter_mut()
                    .find(|r| r.is_problem == is_problem && r.violation == violation);
                match known {
                    Some(remark) => remark.captures.push(&column.id),
                    None => remarks.push(Remark {
                        violation,
                        subject: &report.subject,
                        is_problem,
                        captures: vec![&column.id],
                    }),
                }
            }
        }
        remarks
    }

    /// The names of captures for a message; "all captures" if these are all.
    pub(super) fn names(&self, captures: &[&CaptureId]) -> String {
        if captures.len() == self.columns.len() && captures.len() > 1 {
            return "all captures".to_owned();
        }
        let names: Vec<String> = captures.iter().map(ToString::to_string).collect();
        names.join(", ")
    }
}
