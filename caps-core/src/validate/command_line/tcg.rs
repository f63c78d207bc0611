use std::collections::HashMap;

use crate::json::Node;
use crate::qmp::Command;
use crate::survey::Survey;

/// What the session of a survey tells in which TCG is the accelerator.
#[derive(Debug, Default)]
pub(super) struct Tcg {
    /// The features of each model that are not available.
    pub(super) missing: HashMap<String, Vec<String>>,
    /// The features of the model `max`: those that are on are available.
    pub(super) max: HashMap<String, bool>,
}

impl Tcg {
    /// Reads the answers.
    pub(super) fn new(survey: &Survey) -> Self {
        let answer = |command: &Command| survey.tcg_answer(command);
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
