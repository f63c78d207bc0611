//! CPU features that TCG lacks. A model with such a feature works without it, unless `enforce` is given or the
//! target requires all features.

use super::judge::Judge;
use crate::command_line::scalar::boolean;
use crate::validate::Stage;

/// Beginnings of the names of features that only hypervisors have: TCG passes over them.
const HYPERVISOR: &[&str] = &["kvm", "hv-"];

impl Judge<'_> {
    /// Checks a model with its features where QEMU does not do without what TCG lacks.
    pub(super) fn check_tcg(&mut self, model: &str, features: &str) {
        if self.effective_accelerator() != "tcg" {
            return;
        }
        let enforces = |one: &str| matches!(one, "enforce" | "enforce=on" | "+enforce");
        let is_strict = match self.know.target.as_str() {
            "s390x" => true,
            "x86_64" | "i386" => features.split(',').any(enforces),
            _ => false,
        };
        if !is_strict {
            return;
        }
        let tcg = self.know.tcg();
        let Some(missing) = tcg.missing.get(model) else {
            self.unchecked("", format!("which features TCG lacks of `{model}` was not captured"));
            return;
        };
        let mut missing = missing.clone();
        for (name, on) in features.split(',').filter_map(switch) {
            let name = name.replace('_', "-");
            missing.retain(|one| *one != name);
            if on && tcg.max.get(&name) == Some(&false) {
                missing.push(name);
            }
        }
        missing.retain(|name| !HYPERVISOR.iter().any(|prefix| name.starts_with(prefix)));
        if missing.is_empty() {
            return;
        }
        let words = match self.know.target.as_str() {
            "s390x" => {
                let names = missing.join(" ");
                format!("Some features requested in the CPU model are not available: {names}")
            }
            _ => "TCG doesn't support requested features".to_owned(),
        };
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        self.conflict("", Stage::Value, &format!("TCG lacks {}", names.join(", ")), words);
    }
}

/// A feature that is switched on or off.
fn switch(feature: &str) -> Option<(&str, bool)> {
    if let Some(name) = feature.strip_prefix('+') {
        return Some((name, true));
    }
    if let Some(name) = feature.strip_prefix('-') {
        return Some((name, false));
    }
    match feature.split_once('=') {
        Some((name, value)) => Some((name, boolean(value)?)),
        None => (!feature.is_empty()).then_some((feature, true)),
    }
}
