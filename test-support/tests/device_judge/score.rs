use std::collections::BTreeMap;

use caps_core::validate::{Report, Verdict, ViolationKind};
use serde_json::Value;

/// Messages that reject a name or a value.
const REFUSED: &[&str] = &[
    "Invalid parameter type",
    "does not accept value",
    "is missing",
    "expects",
    "not found",
    "is not writable",
    "doesn't take value",
    "has invalid value",
    "is unexpected",
    "is not a valid device model name",
    "Invalid qdev ID",
    "invalid object type",
    "timer value",
    "must be a power of 2",
    "Invalid parameter",
    "unsupported machine type",
    "CPU model",
    "Insufficient permission",
];
/// Messages about other obstacles: the machine, or what a property refers to.
const LATER: &[&str] = &[
    "dynamic sysbus device type",
    "audiodev",
    "DeviceNotFound",
    "Device '",
    "Bus '",
    "usb port",
    "chardev \"",
    "greater than 2",
];
const NOT_PLUGGABLE: &[&str] = &[
    "expects a pluggable device type",
    "does not support hotplugging",
    "can not be hotplugged",
    "is not hotpluggable",
];

/// The outcome of a command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Accepted,
    Refused,
    /// The device can't be added at all.
    NotPluggable,
    /// QEMU stopped at something other than names and values.
    Later,
    /// QEMU died.
    Died,
}

impl Outcome {
    /// Interprets an answer; one that complains about the sentinel found no other problem.
    pub(crate) fn of(answer: Option<&str>, sentinel: Option<&str>) -> Self {
        let Some(answer) = answer else { return Self::Died };
        let has = |words: &[&str]| words.iter().any(|words| answer.contains(words));
        if answer.is_empty() || sentinel.is_some_and(|sentinel| answer.contains(sentinel)) {
            Self::Accepted
        } else if has(NOT_PLUGGABLE) {
            Self::NotPluggable
        } else if has(LATER) || !has(REFUSED) {
            Self::Later
        } else {
            Self::Refused
        }
    }
}

/// Counts agreement.
pub(crate) struct Score {
    of: &'static str,
    counts: BTreeMap<(Outcome, &'static str), usize>,
    wrong: Vec<String>,
    unknown: Vec<String>,
}

impl Score {
    pub(crate) fn new(of: &'static str) -> Self {
        Self { of, counts: BTreeMap::new(), wrong: Vec::new(), unknown: Vec::new() }
    }

    pub(crate) fn add(&mut self, command: &Value, outcome: Outcome, report: &Report) {
        let verdict = report.verdict();
        let agrees = match (&outcome, verdict) {
            // A device detects missing properties on creation.
            (Outcome::Accepted, Verdict::Invalid) => {
                report.problems.iter().all(|problem| problem.kind == ViolationKind::Missing)
            }
            (Outcome::Refused | Outcome::NotPluggable, Verdict::Valid) => false,
            _ => true,
        };
        let told = || {
            let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
            let unchecked = report.unchecked.iter().map(|part| &part.reason);
            format!(
                "{command}: {outcome:?}, {verdict} {problems:?} {:?}",
                unchecked.collect::<Vec<_>>()
            )
        };
        if !agrees {
            self.wrong.push(told());
        } else if verdict == Verdict::Unknown {
            self.unknown.push(told());
        }
        *self.counts.entry((outcome, verdict.name())).or_default() += 1;
    }

    /// Prints the counts and every disagreement; fails if there are too many, or too few commands
    /// were decided.
    pub(crate) fn finish(self, least: usize) {
        let total: usize = self.counts.values().sum();
        let decided = |outcome: Outcome| {
            let of = self.counts.iter().filter(|((one, _), _)| *one == outcome);
            of.map(|(_, count)| count).sum::<usize>()
        };
        let (accepted, refused) = (decided(Outcome::Accepted), decided(Outcome::Refused));
        eprintln!(
            "{}: {total} commands, {accepted} accepted, {refused} refused, {} wrong, {} unknown\n{:?}",
            self.of,
            self.wrong.len(),
            self.unknown.len(),
            self.counts,
        );
        for line in self.wrong.iter().chain(&self.unknown) {
            eprintln!("  {line}");
        }
        assert!(accepted + refused >= least, "{}: {:?}", self.of, self.counts);
        assert!(accepted > 0 && refused > 0, "{}: {:?}", self.of, self.counts);
        assert!(200 * self.wrong.len() <= total, "{}: {:#?}", self.of, self.wrong);
        assert!(100 * self.unknown.len() <= total, "{}: {:#?}", self.of, self.unknown);
    }
}
