//! Character devices: `-chardev`, options that create one implicitly, and monitors.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::{Argument, Pairs};
use crate::validate::{Stage, ViolationKind};

/// Backends of other builds.
const ELSEWHERE: &[&str] =
    &["braille", "console", "dbus", "spicevmc", "spiceport", "tty", "parport", "hub"];
/// Required keys of backends, with QEMU's error messages.
const NEEDED: &[(&str, &str, &str)] = &[
    ("file", "path", "chardev: file: no filename given"),
    ("pipe", "path", "chardev: pipe: no device path given"),
    ("serial", "path", "chardev: serial/tty: no device path given"),
    ("tty", "path", "chardev: serial/tty: no device path given"),
    ("parallel", "path", "chardev: parallel: no device path given"),
    ("parport", "path", "chardev: parallel: no device path given"),
    ("udp", "port", "chardev: udp: remote port not specified"),
    ("mux", "chardev", "chardev: mux: no chardev given"),
    ("spicevmc", "name", "chardev: spice: no channel name given"),
    ("spiceport", "name", "chardev: spice port: no name given"),
];
/// Words and prefixes for the value of `-serial` and similar options.
const WORDS: &[&str] = &[
    "none", "null", "vc", "pty", "stdio", "msmouse", "wctablet", "braille", "testdev", "ringbuf",
    "mux", "con:", "tty",
];
const BEGINNINGS: &[&str] = &[
    "mon:",
    "chardev:",
    "vc:",
    "file:",
    "pipe:",
    "tcp:",
    "telnet:",
    "tn3270:",
    "websocket:",
    "udp:",
    "unix:",
    "/dev/",
    "COM",
    "pty:",
    "fd:",
];

/// The most parallel ports.
const PARALLEL: usize = 3;

impl Judge<'_> {
    pub(super) fn check_chardevs(&mut self) {
        for argument in self.options(&["chardev"]) {
            self.at(argument);
            if let Some(pairs) = argument.pairs() {
                self.check_chardev(pairs);
            }
        }
    }

    fn check_chardev(&mut self, pairs: &Pairs) {
        let Some(backend) = pairs.get("backend") else {
            self.missing("backend", "the name of a backend", "chardev: \"\" missing backend");
            return;
        };
        if backend == "help" {
            return;
        }
        self.warn_short_forms(pairs);
        self.check_group("chardev", pairs);
        if let Some(backends) = self.know.lists.get("chardev")
            && !backends.iter().any(|one| one == backend)
            && !(matches!(backend, "spicevmc" | "spiceport") && self.loads_spice("spice"))
        {
            let elsewhere = ELSEWHERE.contains(&backend);
            let stage = if elsewhere { Stage::Build } else { Stage::Type };
            let kind = if elsewhere { ViolationKind::NotBuilt } else { ViolationKind::Value };
            let words = format!("'{backend}' is not a valid char driver name");
            let names = backends.iter().map(String::as_str);
            self.not_among("backend", backend, (kind, stage), names, words);
        }
        match pairs.get("id") {
            None => self.missing("id", "an identifier", "chardev: no id specified"),
            Some(id) => {
                if self.check_id("id", id) {
                    let shared = pairs
                        .get("mux")
                        .is_some_and(|mux| matches!(mux, "on" | "yes" | "true" | "y"))
                        || backend == "hub";
                    self.name(
                        Space::Chardev,
                        id,
                        Named { kind: backend.to_owned(), shared, uses: 0 },
                    );
                }
            }
        }
        for (_, key, words) in
            NEEDED.iter().filter(|(of, key, _)| *of == backend && pairs.get(key).is_none())
        {
            self.missing(key, "a value", *words);
        }
        if let Some(size) = pairs.get("size").filter(|_| matches!(backend, "ringbuf" | "memory"))
            && crate::command_line::scalar::size(size, 1).is_ok_and(|size| !size.is_power_of_two())
        {
            let words = "size of ringbuf chardev must be power of two";
            self.wrong_value("size", size, "a power of two", words);
        }
        if backend == "socket" {
            self.check_socket(pairs);
        }
    }

    fn check_socket(&mut self, pairs: &Pairs) {
        let on = |key: &str| {
            pairs.get(key).is_some_and(|value| matches!(value, "on" | "yes" | "true" | "y"))
        };
        let has = |key: &str| pairs.get(key).is_some();
        if has("path") && has("host") || has("path") && has("fd") || has("host") && has("fd") {
            let words = "None or one of 'path', 'fd' or 'host' option required.";
            self.conflict(
                "path",
                Stage::Value,
                "only one of `path`, `host` and `fd` is allowed",
                words,
            );
        } else if !has("path") && !has("host") && !has("fd") && !has("port") {
            self.missing(
                "path",
                "one of `path`, `host` and `fd`",
                "chardev: socket: no port given",
            );
        } else if has("host") && !has("port") {
            self.missing("port", "a port", "chardev: socket: no port given");
        }
        if has("wait") && !on("server") {
            let words = "'wait' option is incompatible with socket in client connect mode";
            self.conflict(
                "wait",
                Stage::Value,
                "`wait` is for servers, not allowed without `server=on`",
                words,
            );
        }
        for key in ["reconnect", "reconnect-ms"] {
            let nonzero = pairs.get(key).is_some_and(|value| value != "0");
            if nonzero && on("server") {
                let words =
                    format!("'{key}' option is incompatible with socket in server listen mode");
                self.conflict(
                    key,
                    Stage::Value,
                    &format!("`{key}` is for clients, not allowed with `server=on`"),
                    words,
                );
            }
        }
        if on("telnet") && on("websocket") {
            let words = "'telnet' and 'websocket' are mutually exclusive";
            self.conflict(
                "telnet",
                Stage::Value,
                "`telnet` and `websocket` exclude each other",
                words,
            );
        }
        if let Some(creds) = pairs.get("tls-creds") {
            self.refer(Space::Object, "tls-creds", creds);
        }
    }

    pub(super) fn check_monitors(&mut self) {
        for argument in self.options(&["mon"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            self.warn_short_forms(pairs);
            self.check_group("mon", pairs);
            if self.know.is_since(11, 1) {
                self.deprecated("", "`-mon`", "use `-object` with `monitor-hmp` or `monitor-qmp`");
            }
            let mode = pairs.get("mode");
            if let Some(mode) = mode.filter(|mode| !["readline", "control"].contains(mode)) {
                let words = format!("unknown monitor mode \"{mode}\"");
                self.not_among(
                    "mode",
                    mode,
                    (ViolationKind::Value, Stage::Value),
                    ["readline", "control"],
                    words,
                );
            }
            let is_pretty = pairs.get("pretty").is_some_and(|value| value == "on");
            if is_pretty && mode != Some("control") {
                let words = "'pretty' is not compatible with HMP monitors";
                self.conflict("pretty", Stage::Value, "`pretty` needs `mode=control`", words);
            }
            match pairs.get("chardev") {
                Some(chardev) => self.refer(Space::Chardev, "chardev", chardev),
                None => {
                    self.missing("chardev", "the id of a chardev", "chardev \"(null)\" not found");
                }
            }
        }
    }

    /// Checks `-serial` and similar options.
    pub(super) fn check_ports(&mut self) {
        for argument in self.options(&[
            "serial",
            "parallel",
            "monitor",
            "qmp",
            "qmp-pretty",
            "gdb",
            "debugcon",
            "qtest",
        ]) {
            self.at(argument);
            let Some(text) = argument.text() else { continue };
            self.check_port(argument, text.trim_start_matches("mon:"));
        }
        let parallel = self.options(&["parallel"]).into_iter();
        let mut ports = parallel.filter(|argument| argument.text().is_some_and(|t| t != "none"));
        if let Some(fourth) = ports.nth(PARALLEL) {
            self.at(fourth);
            let what = format!("more than {PARALLEL} parallel ports");
            self.conflict("", Stage::Value, &what, "too many parallel ports");
        }
    }

    fn check_port(&mut self, argument: &Argument, text: &str) {
        if let Some(id) = text.strip_prefix("chardev:") {
            self.refer(Space::Chardev, "", id);
            return;
        }
        let first = text.split(',').next().unwrap_or_default();
        let is_qmp = matches!(argument.name.as_str(), "qmp" | "qmp-pretty");
        let known = (WORDS.contains(&first) && !(is_qmp && first == "none"))
            || BEGINNINGS.iter().any(|begin| text.starts_with(begin))
            || self
                .know
                .lists
                .get("chardev")
                .is_some_and(|list| list.iter().any(|one| one == first));
        if known {
            if let Some(address) =
                ["tcp:", "telnet:", "udp:"].iter().find_map(|p| text.strip_prefix(p))
                && !address.contains(':')
            {
                let words = format!("could not connect to '{text}'");
                self.wrong_value("", text, "an address such as `tcp:localhost:4444`", words);
            }
            return;
        }
        // A GDB server or monitor can also refer to a device.
        let words = format!("'{first}' is not a valid char driver");
        self.not_among(
            "",
            first,
            (ViolationKind::Value, Stage::Type),
            WORDS.iter().copied(),
            words,
        );
    }

    /// Checks the keys and values of a group listed by `query-command-line-options`.
    pub(super) fn check_group(&mut self, group: &'static str, pairs: &Pairs) {
        self.early(|judge| judge.check_keys(group, pairs));
    }

    fn check_keys(&mut self, group: &'static str, pairs: &Pairs) {
        use crate::command_line::scalar::{boolean, integer, size};
        let Some(groups) = &self.know.groups else {
            self.unchecked("", "the keys of the option were not captured");
            return;
        };
        let Some(keys) = groups.get(group).filter(|keys| !keys.is_empty()) else { return };
        for pair in pairs.iter() {
            let (name, value) = (pair.key.as_str(), pair.value.as_str());
            if name == "id" {
                continue;
            }
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                let words = format!("Invalid parameter '{name}'");
                let names = keys.iter().map(|key| key.name.as_str());
                self.not_among(name, name, (ViolationKind::Unexpected, Stage::Value), names, words);
                continue;
            };
            let good = match key.type_name.as_str() {
                "boolean" => boolean(value).is_some(),
                "number" => integer(value).is_some_and(|number| u64::try_from(number).is_ok()),
                "size" => size(value, 1).is_ok(),
                _ => true,
            };
            if !good {
                let (expected, words) = match key.type_name.as_str() {
                    "boolean" => {
                        ("`on` or `off`", format!("Parameter '{name}' expects 'on' or 'off'"))
                    }
                    "number" => ("a number", format!("Parameter '{name}' expects a number")),
                    _ => (
                        "a size such as `64k`",
                        format!("Parameter '{name}' expects a non-negative number below 2^64"),
                    ),
                };
                self.wrong_value(name, value, expected, words);
            }
        }
    }
}
