//! Limits of objects' properties and of parameters that no answer of QEMU reveals, because setters in
//! its code check them. `setters.txt` lists those measured with QEMU 7.2, 10.0 and 11.1 that depend
//! neither on the host nor on what exists in the machine: `NAMES KEYS SINCE RULE : QEMU's message`, where a
//! name is an object type or a command. In a name or key, `*` stands for anything; in a rule, for
//! what it matched in the key. [`Rule`] describes the rules.

mod given;
mod rule;

use std::sync::{LazyLock, OnceLock};

use super::qemu_order::sort_members;
use super::violation::ViolationKind;
use crate::hash::NameMap;
use crate::version::Version;

#[cfg(feature = "command-lines")]
pub(super) use given::written_properties;
pub(super) use given::{Given, properties};
use rule::{Row, Rule, When, base64_length, captured};

const TABLE: &str = include_str!("setters.txt");

/// A value outside of its limits, or a missing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    /// The key; that of a member of its value follows a dot.
    pub(crate) key: String,
    pub(super) kind: ViolationKind,
    pub(super) found: String,
    pub(super) expected: String,
    /// QEMU's message.
    pub(crate) qemu: String,
}

/// The table, by the names that its rows are about. A row is read when something asks for it.
struct Table {
    rows: Vec<(&'static str, OnceLock<Option<Row>>)>,
    exact: NameMap<&'static str, Vec<usize>>,
    /// Names with a `*`.
    patterns: Vec<(&'static str, Vec<usize>)>,
}

impl Table {
    fn get() -> &'static Self {
        static READ: LazyLock<Table> = LazyLock::new(Table::read);
        &READ
    }

    fn read() -> Self {
        let (mut exact, mut patterns) = (NameMap::<_, Vec<_>>::default(), NameMap::default());
        for (index, line) in TABLE.lines().enumerate() {
            let (names, _) = line.split_once(' ').unwrap_or((line, ""));
            for name in names.split('+') {
                let names = if name.contains('*') { &mut patterns } else { &mut exact };
                names.entry(name).or_default().push(index);
            }
        }
        let rows = TABLE.lines().map(|line| (line, OnceLock::new())).collect();
        Self { rows, exact, patterns: patterns.into_iter().collect() }
    }

    /// The rows about an object type or command, in the order of the table.
    fn rows_of(&self, of: &str) -> impl Iterator<Item = &Row> {
        let matching = self.patterns.iter().filter(|(name, _)| captured(name, of).is_some());
        let places = matching.map(|(_, places)| places).chain(self.exact.get(of));
        let mut places: Vec<usize> = places.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| {
            let (line, row) = &self.rows[place];
            row.get_or_init(|| Row::read(line)).as_ref()
        })
    }
}

/// Returns whether limits of this object type or command are known.
pub(super) fn are_known(of: &str) -> bool {
    Table::get().rows_of(of).next().is_some()
}

/// The values to set.
pub(super) struct Values<'o> {
    /// The object type, or the command.
    pub(super) of: &'o str,
    pub(super) version: Option<Version>,
    /// Members of a value come with the property's name and a dot before theirs.
    pub(super) properties: Vec<(String, Given)>,
}

impl Values<'_> {
    /// The breaches in about the order in which QEMU finds them: each property's own as it sets
    /// them, then those between properties.
    pub(super) fn breaches(mut self) -> Vec<Breach> {
        sort_members(&mut self.properties, |(key, _)| key);
        let version = self.version.map_or((0, 0), |version| (version.major(), version.minor()));
        let rows: Vec<&Row> =
            Table::get().rows_of(self.of).filter(|row| row.since <= version).collect();
        let mut breaches = Vec::new();
        for (key, value) in &self.properties {
            for row in rows.iter().filter(|row| row.star(key).is_some()) {
                let (kind, expected) = match row.rule {
                    Rule::Never => (ViolationKind::ReadOnly, String::new()),
                    rule => match rule.refuses(value) {
                        Some(expected) => (ViolationKind::Value, expected),
                        None => continue,
                    },
                };
                breaches.push(self.breach(row, key, (kind, value.describe(), expected)));
            }
        }
        for row in &rows {
            self.relations(row, &mut breaches);
        }
        breaches
    }

    fn breach(&self, row: &Row, key: &str, said: (ViolationKind, String, String)) -> Breach {
        let (kind, found, expected) = said;
        let value = self.get(key).map(Given::plain).unwrap_or_default();
        let leaf = key.rsplit('.').next().unwrap_or(key);
        let parameter = if self.version.is_some_and(|version| version.major() >= 11) {
            format!("Option {leaf}")
        } else {
            format!("Parameter '{}'", leaf.replace('-', "_"))
        };
        let qemu = row.message.replace("{parameter}", &parameter);
        let qemu = qemu.replace("{type}", self.of).replace("{key}", leaf);
        let length = base64_length(&value).to_string();
        let qemu = qemu.replace("{value}", &value).replace("{length}", &length);
        Breach { key: key.to_owned(), kind, found, expected, qemu }
    }

    /// Checks what a row requires of several properties.
    fn relations(&self, row: &Row, breaches: &mut Vec<Breach>) {
        let group = || row.keys.split('+');
        match row.rule {
            Rule::Some if group().all(|key| self.get(key).is_none()) => {
                let key = group().next().unwrap_or_default();
                let expected =
                    group().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ");
                let said = (ViolationKind::Missing, String::new(), expected);
                return breaches.push(self.breach(row, key, said));
            }
            Rule::One => {
                let given: Vec<&str> = group().filter(|key| self.get(key).is_some()).collect();
                if let [key, other, ..] = *given {
                    let found = format!("it excludes `{other}`");
                    let said = (ViolationKind::Conflict, found, String::new());
                    breaches.push(self.breach(row, key, said));
                }
                return;
            }
            Rule::Differ => {
                let values: Vec<_> =
                    group().filter_map(|key| Some((key, self.get(key)?))).collect();
                for (at, (key, value)) in values.iter().enumerate() {
                    if let Some((other, _)) = values[..at].iter().find(|(_, one)| one == value) {
                        let found = format!("the same value as `{other}`");
                        let said = (ViolationKind::Conflict, found, String::new());
                        breaches.push(self.breach(row, key, said));
                    }
                }
                return;
            }
            _ => {}
        }
        for (key, value) in &self.properties {
            let Some(star) = row.star(key) else { continue };
            if let Some(found) = self.conflict(row.rule, value, star) {
                let said = (ViolationKind::Conflict, found, String::new());
                breaches.push(self.breach(row, key, said));
            }
        }
    }

    /// What is wrong with a value in view of the other properties.
    fn conflict(&self, rule: Rule, value: &Given, star: &str) -> Option<String> {
        let named = |key: &str| key.replace('*', star);
        match rule {
            Rule::UpTo(key, default) => {
                let most = self.get(key).map_or(Some(default), Given::number)?;
                let is_above = value.number().is_some_and(|number| number > most);
                is_above.then(|| format!("it is above `{key}`, {most}"))
            }
            Rule::Least(key) => {
                let key = named(key);
                let least = self.get(&key).and_then(Given::number)?;
                let is_below = value.number().is_some_and(|number| number != 0 && number < least);
                is_below.then(|| format!("it is below `{key}`, {least}"))
            }
            Rule::Needs(when, keys) => {
                let applies = match when {
                    When::Set => value.is_set(),
                    When::Above(number) => value.number().is_some_and(|value| value > number),
                    When::Is(word) => value.text() == Some(word),
                };
                let keys: Vec<String> = keys.split('+').map(named).collect();
                let is_met = keys.iter().any(|key| self.get(key).is_some_and(Given::is_set));
                (applies && !is_met).then(|| format!("it needs `{}`", keys.join("` or `")))
            }
            Rule::Without(keys) => {
                let is_there = |key: &String| match key.split_once('=') {
                    Some((key, "off")) => self.get(key).is_some_and(Given::is_off),
                    Some((key, word)) => self.get(key).and_then(Given::text) == Some(word),
                    None => self.get(key).is_some_and(Given::is_set),
                };
                let other = keys.split('+').map(named).find(is_there)?;
                value.is_set().then(|| format!("it excludes `{other}`"))
            }
            _ => None,
        }
    }

    fn get(&self, key: &str) -> Option<&Given> {
        self.properties.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, Rule, TABLE, Values};
    use crate::version::Version;

    /// Objects, and the answers of QEMU 11.1.
    const CASES: &[(&str, &str, Option<&str>)] = &[
        (
            "throttle-group",
            r#"{"x-iops-total": -1}"#,
            Some("bps/iops/max values must be within [0, 1000000000000000]"),
        ),
        (
            "throttle-group",
            r#"{"limits": {"iops-total-max": 5}}"#,
            Some("bps_max/iops_max require corresponding bps/iops values"),
        ),
        ("throttle-group", r#"{"limits": {"iops-total": 1, "iops-total-max": 5}}"#, None),
        (
            "throttle-group",
            r#"{"x-bps-read": 5, "x-bps-read-max": 3}"#,
            Some("bps_max/iops_max cannot be lower than bps/iops"),
        ),
        (
            "throttle-group",
            r#"{"x-bps-read": 5, "x-bps-total": 3}"#,
            Some("bps/iops/max total values and read/write values cannot be used at the same time"),
        ),
        ("throttle-group", r#"{"x-bps-read": 5, "x-iops-total": 3}"#, None),
        (
            "throttle-group",
            r#"{"x-bps-read-max-length": 5}"#,
            Some("burst length set without burst rate"),
        ),
        ("throttle-group", r#"{"x-bps-read-max-length": 1}"#, None),
        ("throttle-group", r#"{"x-iops-size": 5, "x-iops-read": 1}"#, None),
        ("iothread", r#"{"poll-weight": 64}"#, Some("poll-weight value must be in range [0, 63]")),
        (
            "iothread",
            r#"{"poll-max-ns": -1}"#,
            Some("poll-max-ns value must be in range [0, 9223372036854775807]"),
        ),
        (
            "iothread",
            r#"{"thread-pool-min": 65}"#,
            Some("bad thread-pool-min/thread-pool-max values"),
        ),
        ("iothread", r#"{"thread-pool-min": 65, "thread-pool-max": 100}"#, None),
        (
            "memory-backend-ram",
            r#"{"size": 0}"#,
            Some("property 'size' of memory-backend-ram doesn't take value '0'"),
        ),
        (
            "memory-backend-ram",
            r#"{"size": 1, "host-nodes": [128], "policy": "bind"}"#,
            Some("Invalid host-nodes value: 128"),
        ),
        (
            "memory-backend-ram",
            r#"{"size": 1, "policy": "bind"}"#,
            Some("host-nodes must be set for policy bind"),
        ),
        ("memory-backend-ram", r#"{"size": 1, "policy": "bind", "host-nodes": [0]}"#, None),
        (
            "memory-backend-ram",
            r#"{"size": 1, "prealloc": true, "reserve": false}"#,
            Some("'prealloc=on' and 'reserve=off' are incompatible"),
        ),
        (
            "memory-backend-file",
            r#"{"size": 1, "mem-path": "x"}"#,
            Some("backend 'memory-backend-file' memory size must be multiple of 4 KiB"),
        ),
        (
            "memory-backend-file",
            r#"{"size": 4096, "mem-path": "x", "align": 12288}"#,
            Some("alignment 12288 must be a power of two"),
        ),
        (
            "cryptodev-backend",
            r#"{"throttle-bps": -1}"#,
            Some("bps/iops/max values must be within [0, 1000000000000000]"),
        ),
        (
            "filter-buffer",
            r#"{"status": "x", "interval": 1}"#,
            Some("Invalid value for netfilter status, should be 'on' or 'off'"),
        ),
        ("filter-buffer", r#"{"position": "id=f0", "interval": 1}"#, None),
        (
            "filter-redirector",
            r#"{"indev": "c0", "outdev": "c0"}"#,
            Some("'indev' and 'outdev' could not be same for filter redirector"),
        ),
        (
            "input-barrier",
            r#"{"width": "40000"}"#,
            Some("width property must be in the range [0..32767]"),
        ),
        ("secret", r#"{"data": "", "file": ""}"#, Some("'file' and 'data' are mutually exclusive")),
        ("secret", r#"{"data": ""}"#, None),
        ("secret_keyring", r#"{"serial": -1}"#, None),
        (
            "rng-builtin",
            r#"{"opened": true}"#,
            Some("Property 'rng-builtin.opened' is not writable"),
        ),
        ("migrate-set-parameters", r#"{"downtime-limit": 2000000}"#, None),
        (
            "migrate-set-parameters",
            r#"{"downtime-limit": 2000001}"#,
            Some("Option downtime-limit expects an integer in the range of 0 to (2000 * 1000) ms"),
        ),
        (
            "sev-snp-guest",
            r#"{"host-data": "/tmp"}"#,
            Some("parameter length of 3 not equal to 32"),
        ),
        ("thread-context", r#"{"cpu-affinity": []}"#, Some("CPU list is empty")),
    ];

    #[test]
    fn every_row_reads() {
        for line in TABLE.lines() {
            let row = Row::read(line).expect(line);
            assert!(!row.message.is_empty(), "{line}");
            if matches!(row.rule, Rule::Some | Rule::Differ) {
                assert!(!row.keys.contains('*'), "{line}");
            }
        }
        assert!(TABLE.lines().is_sorted_by_key(|line| line.split(' ').next()));
    }

    fn breached(of: &str, version: Version, json: &str) -> Vec<String> {
        let document = crate::json::Document::parse(json).expect("JSON");
        let properties = super::properties(document.root());
        let object = Values { of, version: Some(version), properties };
        object
            .breaches()
            .into_iter()
            .map(|breach| format!("{}: {}", breach.key, breach.qemu))
            .collect()
    }

    #[test]
    fn limits_are_those_of_qemu() {
        let new = Version::new(11, 1, 3).expect("a version");
        let old = Version::new(7, 2, 22).expect("a version");
        let none: [&str; 0] = [];
        for &(of, json, first) in CASES {
            let found = breached(of, new, json);
            let found = found.first().map(|text| text.split_once(": ").expect("a key").1);
            assert_eq!(found, first, "{of} {json}");
        }
        assert_eq!(breached("memory-backend-file", old, r#"{"size": 1, "mem-path": "x"}"#), none);
    }
}
