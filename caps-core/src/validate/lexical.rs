use super::path::Path;
use super::report::Report;
use super::violation::{Violation, ViolationKind};
use crate::hash::NameSet;
use crate::json::{JsonType, Node};

/// Larger objects are searched for repeated keys with a set instead of pairwise comparison.
const COMPARED: usize = 16;

/// Checks for what this crate's JSON reader accepts and QEMU's parser rejects: repeated keys, `NaN`
/// and infinities.
pub(super) fn check<'a>(node: Node<'a>, path: &mut Path<'a>, report: &mut Report) {
    match node.kind() {
        JsonType::Float if !node.text().ends_with(|c: char| c.is_ascii_digit()) => {
            let violation = Violation::new(path.to_string(), ViolationKind::Type)
                .found(node.text())
                .expected("a number that JSON has");
            report.problems.push(violation);
        }
        JsonType::Array => {
            for (index, element) in node.elements().enumerate() {
                path.push_element(index);
                check(element, path, report);
                path.pop();
            }
        }
        JsonType::Object => {
            for name in repeated(node) {
                let violation = Violation::new(path.to(&name), ViolationKind::DuplicateKey);
                report.problems.push(violation);
            }
            for (name, value) in node.members() {
                if matches!(value.kind(), JsonType::Object | JsonType::Array | JsonType::Float) {
                    path.push(name);
                    check(value, path, report);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}

/// The names that are there again, in text order.
fn repeated(node: Node<'_>) -> Vec<String> {
    let names = || node.members().map(|(name, _)| name);
    let mut seen = NameSet::default();
    let is_large = names().nth(COMPARED).is_some();
    let again = names().enumerate().filter(|(at, name)| {
        if is_large {
            !seen.insert(name.clone())
        } else {
            names().take(*at).any(|one| one == *name)
        }
    });
    again.map(|(_, name)| name.into_owned()).collect()
}
