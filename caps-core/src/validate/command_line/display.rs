//! Displays.

use super::judge::Judge;
use crate::validate::{Stage, ViolationKind};

impl Judge<'_> {
    pub(super) fn check_displays(&mut self) {
        for argument in self.options(&["display"]) {
            self.at(argument);
            let text = argument.text().unwrap_or_default();
            let first = text.split([',', ':', '=']).next().unwrap_or_default();
            // Some forms of VNC and SDL have their own readers.
            if first == "help" {
                continue;
            }
            if first == "vnc" {
                if self.know.groups.as_ref().is_some_and(|groups| !groups.contains_key("vnc")) {
                    let words = "VNC support is disabled";
                    self.conflict("type", Stage::Build, "VNC, which this build lacks", words);
                }
                continue;
            }
            let Some(value) = self.keyval(argument) else { continue };
            let kind = value.get("type").unwrap_or_default();
            let type_name = self.return_type("query-display-options");
            // Every build accepts it.
            if kind == "default" {
                continue;
            }
            if self.check_built("display", &kind, type_name.as_deref(), "type") {
                self.check_type(type_name, &value, "type");
            }
        }
    }

    /// Checks for a type that the schema has but the build lacks.
    fn check_built(
        &mut self,
        list: &'static str,
        kind: &str,
        schema: Option<&str>,
        tag: &str,
    ) -> bool {
        let Some(listed) = self.know.lists.get(list) else { return true };
        let in_schema = match schema {
            Some(type_name) => self.has_case(type_name, tag, kind),
            None => false,
        };
        if listed.iter().any(|one| one == kind) || !in_schema {
            return true;
        }
        let words = match list {
            "display" => format!("Display '{kind}' is not available."),
            _ => format!("Parameter '{tag}' does not accept value '{kind}'"),
        };
        let stage = Stage::Build;
        let names = listed.iter().map(String::as_str);
        self.not_among(tag, kind, (ViolationKind::NotBuilt, stage), names, words);
        false
    }
}
