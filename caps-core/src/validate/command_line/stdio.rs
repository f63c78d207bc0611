//! The terminal, which one character device can have at most.

use super::judge::Judge;
use crate::command_line::Argument;
use crate::validate::Stage;

/// Options whose value is the place of a character device.
const PORTS: &[&str] = &["serial", "parallel", "monitor", "qmp", "qmp-pretty", "gdb", "debugcon"];
/// Devices that stand in for the first serial port.
const CONSOLES: &[&str] = &["isa-serial", "sclpconsole", "sclplmconsole"];

impl Judge<'_> {
    /// Checks that one option at most uses the terminal. `-nographic` moves there what no option has moved
    /// elsewhere: the first serial port and the monitor.
    pub(super) fn check_stdio(&mut self) {
        let is_user = |argument: &Argument| match argument.name.as_str() {
            "chardev" => argument.type_name().as_deref() == Some("stdio"),
            name if PORTS.contains(&name) => {
                matches!(argument.text().as_deref(), Some("stdio" | "mon:stdio"))
            }
            _ => false,
        };
        let line = self.line;
        let users: Vec<&Argument> = line.arguments().iter().filter(|one| is_user(one)).collect();
        let Some(last) = users.last() else { return };
        if users.len() + usize::from(self.moves_to_terminal()) > 1 {
            self.at(last);
            let words = "cannot use stdio by multiple character devices";
            let what = "the terminal is in use by another option, such as -nographic";
            self.conflict("", Stage::Value, what, words);
        }
    }

    fn moves_to_terminal(&self) -> bool {
        let has = |names: &'static [&'static str]| !self.options(names).is_empty();
        if !has(&["nographic"]) || has(&["nodefaults"]) || self.machine.is_none() {
            return false;
        }
        let serial = self.options(&["serial"]);
        let is_console =
            |one: &&Argument| CONSOLES.contains(&one.type_name().unwrap_or_default().as_ref());
        let has_serial = !serial.is_empty() || self.options(&["device"]).iter().any(is_console);
        let has_monitor = has(&["monitor", "mon", "qmp", "qmp-pretty"])
            || serial.iter().any(|one| one.text().is_some_and(|text| text.starts_with("mon:")));
        !(has_serial && has_monitor)
    }
}
