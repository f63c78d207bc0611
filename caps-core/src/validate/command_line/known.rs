//! The existence of options and their arguments.

use super::judge::Judge;
use super::knowledge::is_since;
use crate::command_line::{Argument, Reader, Value};
use crate::validate::{Stage, Violation, ViolationKind};

impl Judge<'_> {
    /// Checks that all options exist.
    pub(super) fn check_options(&mut self) {
        let line = self.line;
        for argument in line.arguments() {
            self.at(argument);
            self.check_exists(argument);
            if matches!(argument.value, Value::Missing) {
                let name = argument.spelling();
                let mut violation = self.violation("", ViolationKind::Missing, Stage::Option);
                "an argument".clone_into(&mut violation.expected);
                violation.qemu = Some(format!("{name}: requires an argument"));
                self.push(violation);
            }
        }
    }

    fn check_exists(&mut self, argument: &Argument) {
        if argument.is_image() {
            return;
        }
        let spelling = || argument.spelling();
        let invalid = || format!("{}: invalid option", argument.spelling());
        let Some(option) = argument.option else {
            let kind = (ViolationKind::UnknownOption, Stage::Option);
            return self.not_among_known(
                "",
                &spelling(),
                kind,
                self.know.option_names(),
                invalid(),
            );
        };
        let name = option.name;
        let version = self.know.version;
        let exists = match &self.know.options {
            Some(options) => options.contains_key(name) || option.undocumented,
            None => {
                !option.removed.is_some_and(|removal| is_since(version, removal.release))
                    && (option.since.is_empty() || is_since(version, option.since))
            }
        };
        // Newer QEMUs emulate Xen on x86 without its accelerator.
        let emulates = self.know.is_x86() && self.know.is_since(8, 0);
        if name.starts_with("xen-") && exists && !emulates {
            if self.know.lists.get("accel").is_some_and(|list| !list.iter().any(|a| a == "xen")) {
                let spelling = spelling();
                let words = format!("{spelling}: Option not supported for this target");
                self.refuse_option(&spelling, "this build has no Xen", words);
            }
            return;
        }
        if exists {
            if let Reader::Opts { group, .. } = option.reader
                && self.know.groups.as_ref().is_some_and(|groups| !groups.contains_key(group))
                && !self.loads_spice(group)
            {
                let spelling = spelling();
                let words = format!("{spelling}: There is no option group '{group}'");
                self.early(|judge| judge.refuse_option(&spelling, "this build lacks it", words));
            }
            if self.know.options.is_none() && option.targeted {
                self.unchecked("", format!("whether this target has {} was not asked", spelling()));
            }
            return;
        }
        let spelling = spelling();
        let removal = option.removed.filter(|removal| is_since(version, removal.release));
        if let Some(removal) = removal {
            let mut violation = self.unknown_option(&spelling, invalid());
            violation.removal = Some(removal);
            return self.push(violation);
        }
        if !option.since.is_empty() && !is_since(version, option.since) {
            return self.refuse_option(
                &spelling,
                &format!("new in QEMU {}", option.since),
                invalid(),
            );
        }
        let words = format!("{spelling}: Option not supported for this target");
        self.early(|judge| judge.refuse_option(&spelling, "this target does not have it", words));
    }

    /// SPICE can be a module that is loaded on demand; its displays are listed even so.
    pub(super) fn loads_spice(&self, group: &str) -> bool {
        let displays = self.know.lists.get("display");
        group == "spice" && displays.is_some_and(|list| list.iter().any(|one| one == "spice-app"))
    }

    fn refuse_option(&mut self, spelling: &str, note: &str, words: String) {
        let mut violation = self.unknown_option(spelling, words);
        violation.note = Some(note.to_owned());
        self.push(violation);
    }

    fn unknown_option(&self, spelling: &str, words: String) -> Violation {
        let mut violation = self.violation("", ViolationKind::UnknownOption, Stage::Option);
        violation.found = format!("`{spelling}`");
        violation.qemu = Some(words);
        violation
    }
}
