//! Which CPU features TCG lacks. A model that has such a feature works without it, unless `enforce` or the
//! target says otherwise.

use std::collections::HashMap;

use super::judge::Judge;
use super::knowledge::Knowledge;
use crate::command_line::scalar::boolean;
use crate::json::Node;
use crate::qmp::Command;
use crate::validate::Stage;

/// Beginnings of the names of features that only hypervisors have: TCG passes over them.
const HYPERVISOR: &[&str] = &["kvm", "hv-"];

/// What the session of a survey tells in which TCG is the accelerator.
#[derive(Debug, Default)]
pub(super) struct Tcg {
    /// The features of each model that are not available.
    missing: HashMap<String, Vec<String>>,
    /// The features of the model `max`: those that are on are available.
    max: HashMap<String, bool>,
}

impl Tcg {
    /// Reads the answers.
    pub(super) fn new(know: &Knowledge) -> Self {
        let answer = |command: &Command| know.survey.tcg_answer(command);
        let mut tcg = Self::default();
        let definitions = answer(&Command::new("query-cpu-definitions"));
        let definitions = definitions.as_ref().and_then(|reply| reply.result().ok());
        for model in definitions.into_iter().flat_map(Node::elements) {
            let names = model.get("unavailable-features").into_iter().flat_map(Node::elements);
            let names = names.filter_map(|name| Some(name.as_str()?.into_owned())).collect();
            if let Some(name) = model.get_str("name") {
                tcg.missing.insert(name.into_owned(), names);
            }
        }
        let max = r#"{"type":"static","model":{"name":"max"}}"#;
        let expansion = Command::new("query-cpu-model-expansion").with_arguments(max).ok();
        let expansion = expansion.and_then(|command| answer(&command));
        let properties = expansion
            .as_ref()
            .and_then(|reply| reply.result().ok()?.get("model")?.get("props"))
            .into_iter()
            .flat_map(Node::members);
        for (name, value) in properties {
            if let Some(on) = value.as_bool() {
                tcg.max.insert(name.replace('_', "-"), on);
            }
        }
        tcg
    }
}

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
