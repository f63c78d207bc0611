//! The address space of a PC, which has to hold the memory that it can get.

use super::judge::Judge;
use crate::command_line::Argument;
use crate::command_line::scalar::{boolean, integer};
use crate::validate::Stage;

const GIB: u64 = 1 << 30;
/// The bits of an address without `phys-bits`.
const BITS: u32 = 40;
/// Where processors of AMD have a hole, which big memory is moved above.
const HOLE: u64 = 1012 * GIB;
/// The processors of AMD, by the beginnings of their names.
const AMD: &[&str] = &["qemu64", "max", "EPYC", "Opteron", "phenom", "athlon", "Dhyana"];

impl Judge<'_> {
    /// Checks that all memory that the machine can get has an address.
    pub(super) fn check_address_space(&mut self) {
        let name = self.machine.map_or("", |machine| machine.name.as_str());
        let (low, lowest, hole) = match name {
            _ if name.starts_with("pc-q35-") => (2816 * (GIB >> 10), 2 * GIB, 32 * GIB),
            _ if name.starts_with("pc-i440fx-") => (3584 * (GIB >> 10), 3 * GIB, 2 * GIB),
            _ => return,
        };
        let has_hole = self
            .options(&["global"])
            .iter()
            .any(|global| global.text().is_some_and(|text| text.contains("pci-hole64")));
        let Some(argument) = self.options(&["m"]).pop().filter(|_| !has_hole) else { return };
        let Some((ram, most, slots)) = self.memory().room() else { return };
        let Some((bits, is_amd)) = self.address_bits() else { return };
        let above = if ram >= low { ram - lowest } else { 0 };
        let base = (4 * GIB).saturating_add(above).checked_next_multiple_of(GIB);
        let room = (most - ram).saturating_add(slots.saturating_mul(GIB));
        let Some(end) = base.and_then(|base| base.checked_add(room)?.checked_add(hole)) else {
            return;
        };
        let is_moved = is_amd && end > HOLE && has_moved_memory(name);
        let end = if is_moved { end.saturating_add(1020 * GIB) } else { end };
        if end > 1 << bits {
            self.at(argument);
            let (limit, last) = ((1_u64 << bits) - 1, end - 1);
            let words =
                format!("Address space limit 0x{limit:x} < 0x{last:x} phys-bits too low ({bits})");
            let what = format!("memory up to 0x{last:x}, expected addresses of {bits} bits");
            self.conflict("maxmem", Stage::Value, &what, words);
        }
    }

    /// The bits of an address of the CPU, and whether it certainly is of AMD; `None` if the host decides.
    fn address_bits(&self) -> Option<(u32, bool)> {
        let text = self.options(&["cpu"]).pop().and_then(Argument::text);
        let text = text.as_deref().unwrap_or("qemu64");
        let mut words = text.split(',');
        let model = words.next().unwrap_or_default();
        let is_tcg = self.effective_accelerator() == "tcg";
        if self.know.target != "x86_64" || (!is_tcg && ["host", "max"].contains(&model)) {
            return None;
        }
        let mut bits = BITS;
        let mut is_amd = is_tcg && AMD.iter().any(|start| model.starts_with(start));
        for word in words {
            let (key, value) = word.split_once('=').unwrap_or((word, "on"));
            match key.replace('_', "-").trim_start_matches(['+', '-']) {
                "phys-bits" => bits = u32::try_from(integer(value)?).ok()?,
                // TCG has none of the host's.
                "host-phys-bits" if !is_tcg && boolean(value) != Some(false) => return None,
                "vendor" | "lm" => is_amd = false,
                _ => {}
            }
        }
        (32..=52).contains(&bits).then_some((bits, is_amd))
    }
}

/// Machines since 7.1 move big memory out of the hole.
fn has_moved_memory(machine: &str) -> bool {
    let version = machine.rsplit('-').next().unwrap_or_default();
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0_u32));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (7, 1)
}
