use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::boards::Board;
use super::knowledge::{Knowledge, is_since};
use super::names::{Named, Space};
use super::rank::{EARLY, rank};
use crate::command_line::{Argument, CommandLine, Pairs, REMOVED_KEYS, Removal, RemovedKey, Value};
use crate::nearest::nearest;
use crate::survey::MachineType;
use crate::validate::allowed::Allowed;
use crate::validate::target::Target;
use crate::validate::{Policy, Report, Stage, Violation, ViolationKind};

/// The most names that all problems together list as allowed, so that reports stay proportional to
/// the command line.
const HINTS: usize = 500_000;

/// Checks a command line.
pub(super) struct Judge<'a> {
    pub(super) know: &'a Knowledge,
    pub(super) target: &'a Target,
    pub(super) line: &'a CommandLine,
    pub(super) policy: &'a Policy,
    pub(super) report: Report,
    problems: Vec<(usize, Violation)>,
    /// How many allowed names further problems can list.
    pub(super) hints: usize,
    /// The current option.
    pub(super) argument: usize,
    pub(super) option: String,
    pub(super) names: BTreeMap<(Space, String), Named>,
    pub(super) machine: Option<&'a MachineType>,
    pub(super) board: Option<Board>,
    /// What the machine allows, by key.
    pub(super) rules: OnceCell<HashMap<&'static str, &'static str>>,
    /// The accelerators to try, in order.
    pub(super) accelerators: Vec<String>,
    /// Whether names may be unknown because an option was not read.
    pub(super) blind: bool,
    pub(super) has_default_audio: bool,
    /// The options, sorted by name. Long command lines ask for those of a name often.
    by_name: OnceCell<Vec<&'a Argument>>,
    /// The keys of all `-machine`, with dashes; the last value counts.
    machine_values: OnceCell<HashMap<String, String>>,
    /// Where each group first has each id. Long command lines ask this often.
    first_ids: OnceCell<HashMap<(&'a str, &'a str), usize>>,
    /// Whether the line asks for a card of the board's choice, and whether for others.
    pub(super) wanted_cards: OnceCell<(bool, bool)>,
    /// The types of the devices on the line, without aliases.
    device_types: OnceCell<HashSet<String>>,
    /// The indexes of drives on the IDE of the board.
    pub(super) ide_drives: Vec<u64>,
    /// Whether QEMU performs the current check while it is still reading options.
    pub(super) early: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        (know, target): (&'a Knowledge, &'a Target),
        line: &'a CommandLine,
        policy: &'a Policy,
    ) -> Self {
        Self {
            know,
            target,
            line,
            policy,
            report: Report::default(),
            problems: Vec::new(),
            hints: HINTS,
            argument: 0,
            option: String::new(),
            names: BTreeMap::new(),
            machine: None,
            board: None,
            rules: OnceCell::new(),
            accelerators: Vec::new(),
            blind: false,
            has_default_audio: false,
            by_name: OnceCell::new(),
            machine_values: OnceCell::new(),
            first_ids: OnceCell::new(),
            wanted_cards: OnceCell::new(),
            device_types: OnceCell::new(),
            ide_drives: Vec::new(),
            early: false,
        }
    }

    /// Returns whether an option before `index` has this id.
    pub(super) fn has_before(&self, index: usize, group: &str, id: &str) -> bool {
        let first = self.first_ids.get_or_init(|| {
            let mut first = HashMap::new();
            for argument in self.line.arguments() {
                if let Some(id) = argument.pairs().and_then(|pairs| pairs.get("id")) {
                    first.entry((argument.name.as_ref(), id)).or_insert(argument.index);
                }
            }
            first
        });
        first.get(&(group, id)).is_some_and(|&first| first < index)
    }

    /// Returns whether the line has a device of this type, which is not an alias.
    pub(super) fn has_device(&self, name: &str) -> bool {
        let types = self.device_types.get_or_init(|| {
            let driver = |argument: &&Argument| match &argument.value {
                Value::Pairs(pairs) => pairs.get("driver").map(str::to_owned),
                Value::Json { document: Ok(document), .. } => {
                    document.root().get_str("driver").map(std::borrow::Cow::into_owned)
                }
                _ => None,
            };
            let devices = self.line.arguments().iter().filter(|argument| argument.name == "device");
            let known =
                |driver: String| self.know.device(&driver).map(|device| device.name.clone());
            devices.filter_map(|argument| driver(&argument)).filter_map(known).collect()
        });
        types.contains(name)
    }

    /// Returns all findings, in QEMU's order.
    pub(super) fn finish(mut self) -> Report {
        self.problems.sort_by_key(|(rank, violation)| (*rank, violation.argument));
        self.report.problems = self.problems.into_iter().map(|(_, violation)| violation).collect();
        self.report
    }

    /// Makes an option the current one.
    pub(super) fn at(&mut self, argument: &Argument) {
        self.argument = argument.index;
        self.option.clone_from(&argument.name);
    }

    /// The options with these names, in order.
    pub(super) fn options(&self, names: &'static [&'static str]) -> Vec<&'a Argument> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: Vec<&Argument> = self.line.arguments().iter().collect();
            by_name.sort_by(|a, b| a.name.cmp(&b.name));
            by_name
        });
        let mut found: Vec<&'a Argument> = Vec::new();
        for name in names {
            let start = by_name.partition_point(|argument| argument.name.as_str() < *name);
            found.extend(by_name[start..].iter().take_while(|argument| argument.name == *name));
        }
        if names.len() > 1 {
            found.sort_by_key(|argument| argument.index);
        }
        found
    }

    /// The value that counts of a key of the machine.
    pub(super) fn last_machine_value(&self, key: &str) -> Option<String> {
        let values = self.machine_values.get_or_init(|| {
            let machines = self.options(&["machine", "M"]).into_iter();
            let pairs = machines.filter_map(Argument::pairs).flat_map(Pairs::iter);
            pairs.map(|pair| (pair.key.replace('_', "-"), pair.value.clone())).collect()
        });
        values.get(key).cloned()
    }

    pub(super) fn path(&self, key: &str) -> String {
        let space = if key.is_empty() { "" } else { " " };
        format!("-{}{space}{key}", self.option)
    }

    /// Creates a problem of the current option.
    pub(super) fn violation(&self, key: &str, kind: ViolationKind, stage: Stage) -> Violation {
        let mut violation = Violation::new(self.path(key), kind);
        violation.argument = Some(self.argument);
        violation.stage = Some(stage);
        violation
    }

    pub(super) fn push(&mut self, mut violation: Violation) {
        if violation.removal.is_none() {
            violation.removal = self.removal(&violation);
        }
        let stage = violation.stage.unwrap_or(Stage::Value);
        let rank = if self.early { EARLY } else { rank(&self.option, stage) };
        self.problems.push((rank, violation));
    }

    /// Was what is not accepted removed at some time?
    fn removal(&self, violation: &Violation) -> Option<Removal> {
        use ViolationKind::{NotBuilt, Unexpected, UnknownDevice, UnknownProperty, Value};
        if !matches!(
            violation.kind,
            NotBuilt | Unexpected | UnknownDevice | UnknownProperty | Value
        ) {
            return None;
        }
        let key = violation.path.split_once(' ').map_or("", |(_, key)| key);
        // Few keys were removed: the type is looked up for those only.
        let option = self.option.as_str();
        REMOVED_KEYS.iter().find(|row| row.key == key && row.options.contains(&option))?;
        let argument = self.line.argument(self.argument)?;
        let of = argument.type_name().unwrap_or_default();
        let value = violation.found.trim_matches(['`', '"']);
        let row = RemovedKey::find(&self.option, &of, key, value)?;
        is_since(self.know.version, row.removal.release).then_some(row.removal)
    }

    /// Reports an invalid value.
    pub(super) fn wrong_value(
        &mut self,
        key: &str,
        value: &str,
        expected: &str,
        qemu: impl Into<String>,
    ) {
        let mut violation = self.violation(key, ViolationKind::Value, Stage::Value);
        violation.found = format!("{value:?}");
        expected.clone_into(&mut violation.expected);
        violation.qemu = Some(qemu.into());
        self.push(violation);
    }

    /// Reports a value, type or key outside a list.
    pub(super) fn not_among<'n>(
        &mut self,
        key: &str,
        value: &str,
        (kind, stage): (ViolationKind, Stage),
        allowed: impl IntoIterator<Item = &'n str>,
        qemu: impl Into<String>,
    ) {
        let violation = self.violation(key, kind, stage);
        self.not_among_names(violation, value, allowed, qemu);
    }

    /// As [`Judge::not_among`], with names that many problems share.
    pub(super) fn not_among_known(
        &mut self,
        key: &str,
        value: &str,
        (kind, stage): (ViolationKind, Stage),
        allowed: &Allowed,
        qemu: impl Into<String>,
    ) {
        let violation = self.violation(key, kind, stage);
        self.not_among_shared(violation, value, allowed, qemu);
    }

    fn not_among_names<'n>(
        &mut self,
        violation: Violation,
        value: &str,
        allowed: impl IntoIterator<Item = &'n str>,
        qemu: impl Into<String>,
    ) {
        let mut allowed: Vec<String> =
            allowed.into_iter().take(self.hints).map(str::to_owned).collect();
        self.hints -= allowed.len();
        let nearest = nearest(value, allowed.iter().map(String::as_str)).map(str::to_owned);
        allowed.sort_unstable();
        let mut violation = violation.found(format!("`{value}`"));
        violation.nearest = nearest;
        violation.allowed = allowed.into();
        violation.qemu = Some(qemu.into());
        self.push(violation);
    }

    fn not_among_shared(
        &mut self,
        violation: Violation,
        value: &str,
        allowed: &Allowed,
        qemu: impl Into<String>,
    ) {
        let Some(left) = self.hints.checked_sub(allowed.sorted().len()) else {
            return self.not_among_names(violation, value, allowed.names(), qemu);
        };
        self.hints = left;
        let mut violation = violation.found(format!("`{value}`")).among_known(value, allowed);
        violation.qemu = Some(qemu.into());
        self.push(violation);
    }

    /// Reports a key that is not a property of a type, or of a machine.
    pub(super) fn unknown_property(
        &mut self,
        of: &str,
        key: &str,
        properties: &Allowed,
        qemu: impl Into<String>,
    ) {
        let kind = ViolationKind::UnknownProperty;
        let violation = self.violation(key, kind, Stage::Value).expected(format!("`{of}`"));
        self.not_among_shared(violation, key, properties, qemu);
    }

    /// Adds the allowed names, and the nearest one.
    pub(super) fn hint<S: Into<String>>(
        &mut self,
        violation: Violation,
        name: &str,
        allowed: impl IntoIterator<Item = S>,
    ) -> Violation {
        let allowed: Vec<String> = allowed.into_iter().take(self.hints).map(Into::into).collect();
        self.hints -= allowed.len();
        violation.among(name, allowed)
    }

    pub(super) fn missing(&mut self, key: &str, expected: &str, qemu: impl Into<String>) {
        let mut violation = self.violation(key, ViolationKind::Missing, Stage::Value);
        expected.clone_into(&mut violation.expected);
        violation.qemu = Some(qemu.into());
        self.push(violation);
    }

    /// Reports contradictory options, or a name without a referent.
    pub(super) fn conflict(
        &mut self,
        key: &str,
        stage: Stage,
        what: &str,
        qemu: impl Into<String>,
    ) {
        let mut violation = self.violation(key, ViolationKind::Conflict, stage);
        what.clone_into(&mut violation.found);
        violation.qemu = Some(qemu.into());
        self.push(violation);
    }

    /// Reports a deprecated use.
    pub(super) fn deprecated(&mut self, key: &str, what: &str, note: &str) {
        use crate::validate::Level;
        let mut violation = self.violation(key, ViolationKind::Deprecated, Stage::Value);
        what.clone_into(&mut violation.found);
        violation.note = (!note.is_empty()).then(|| note.to_owned());
        let exception = self.policy.exception(&format!("-{}", self.option), key);
        match (self.policy.deprecated, exception) {
            (Level::Allow, _) => {}
            (Level::Deny, None) => self.push(violation),
            (_, Some(exception)) => {
                violation.note = Some(format!("allowed, {}", exception.reason()));
                self.report.warnings.push(violation);
            }
            (Level::Warn, None) => self.report.warnings.push(violation),
        }
    }

    pub(super) fn unchecked(&mut self, key: &str, reason: impl Into<String>) {
        let path = self.path(key);
        self.report.unchecked(&path, reason);
    }

    /// Reports something that depends on the host.
    pub(super) fn host(&mut self, key: &str, reason: impl Into<String>) {
        let path = self.path(key);
        self.report.host_dependent(&path, reason);
    }

    /// Runs a check that QEMU performs while it is still reading options.
    pub(super) fn early<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.early, true);
        let result = check(self);
        self.early = before;
        result
    }

    /// The accelerator that is used: the first one that this QEMU has.
    pub(super) fn effective_accelerator(&self) -> &str {
        let known = self.know.lists.get("accel");
        let has = |name: &&String| known.is_none_or(|known| known.contains(name));
        let first = self.accelerators.iter().find(has).or(self.accelerators.first());
        first.map_or("tcg", String::as_str)
    }

    /// The accelerator that will be used, as far as the options reveal it.
    pub(super) fn first_accelerator(&self) -> &str {
        self.accelerators.first().map_or("tcg", String::as_str)
    }

    pub(super) fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Does the type of a command's arguments have a variant for this value of the tag, such as the
    /// types of `netdev_add`?
    pub(super) fn has_case(&self, type_name: &str, tag: &str, case: &str) -> bool {
        let schema = self.target.schema();
        let tag = schema.entry(type_name).and_then(|entry| entry.shape().member_type(tag));
        let tag = tag.and_then(|name| schema.entry(name));
        tag.is_some_and(|tag| tag.position(case).is_some())
    }

    /// The type of a command's arguments.
    pub(super) fn argument_type(&self, command: &str) -> Option<String> {
        Some(self.target.schema().entry(command)?.type_member("arg-type")?.into_owned())
    }

    /// The type of what a command returns.
    pub(super) fn return_type(&self, command: &str) -> Option<String> {
        Some(self.target.schema().entry(command)?.type_member("ret-type")?.into_owned())
    }
}
