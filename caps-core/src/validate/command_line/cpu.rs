//! CPU models and their features.

use super::judge::Judge;
use super::property::check_text;
use crate::command_line::Argument;
use crate::command_line::scalar::integer;
use crate::validate::{Stage, ViolationKind};

/// Alternative names of properties on x86.
const X86_SUGAR: &[&str] = &["tsc-freq"];

/// Targets that take the name of the type for that of the model.
const TYPES_TOO: &[&str] = &["loongarch64", "alpha"];

/// CPU models without x2APIC, which more than 255 CPUs need.
const OLD_APIC: &[&str] = &["qemu64", "qemu32", "kvm64", "kvm32", "486", "pentium3", "Penryn"];

impl Judge<'_> {
    /// Checks that many CPUs of x86 can be told apart.
    fn check_x2apic(&mut self) {
        let Some(smp) = self.options(&["smp"]).pop().filter(|_| self.know.is_x86()) else { return };
        let cpus = smp.pairs().and_then(|pairs| pairs.get("cpus")).and_then(integer);
        if !self.know.is_since(9, 0) || cpus.is_none_or(|cpus| cpus < 256) {
            return;
        }
        let text = self.options(&["cpu"]).pop().and_then(Argument::text);
        let text = text.as_deref().unwrap_or("qemu64");
        let model = text.split(',').next().unwrap_or_default();
        if OLD_APIC.contains(&model)
            && !text.contains("x2apic")
            && self.effective_accelerator() == "tcg"
        {
            self.at(smp);
            let words = "APIC ID 255 requires x2APIC feature in CPU";
            let what = format!("more than 255 CPUs of the model `{model}`, which has no x2APIC");
            self.conflict("cpus", Stage::Value, &what, words);
        }
    }

    pub(super) fn check_cpu(&mut self) {
        self.check_x2apic();
        for argument in self.options(&["cpu"]) {
            self.at(argument);
            let Some(text) = argument.text() else { continue };
            let (model, features) = text.split_once(',').unwrap_or((&text, ""));
            if model == "help" || model == "?" {
                continue;
            }
            if !self.check_model(model) {
                continue;
            }
            let model = self.spelled(model);
            self.check_board_model(&model);
            let Some(type_name) = self.know.survey.cpu_type(&model) else {
                if !features.is_empty() {
                    self.unchecked(
                        "",
                        format!("the type of the CPU model `{model}` was not captured"),
                    );
                }
                continue;
            };
            self.check_tcg(&model, features);
            self.check_extensions(&model, &type_name, features);
            for feature in features.split(',') {
                // Like QEMU's strtok, skip empty words.
                if !feature.is_empty() {
                    self.check_feature(&type_name, feature);
                }
            }
        }
    }

    /// On ppc64, case is irrelevant.
    fn spelled(&self, model: &str) -> String {
        let cpus = self.know.cpus.iter().flatten();
        let same = cpus.filter(|name| *name == model).chain(
            self.know
                .cpus
                .iter()
                .flatten()
                .filter(|name| self.know.target == "ppc64" && name.eq_ignore_ascii_case(model)),
        );
        same.min().cloned().unwrap_or_else(|| model.to_owned())
    }

    fn check_model(&mut self, model: &str) -> bool {
        let know = self.know;
        let Some(cpus) = &know.cpus else {
            self.unchecked("", "the CPU models were not captured");
            return false;
        };
        let ignores_case = know.target == "ppc64";
        let known = cpus.contains(model)
            || know.survey.cpu_type(model).is_some()
            || (ignores_case && cpus.iter().any(|name| name.eq_ignore_ascii_case(model)))
            || (ignores_case && ["max", "host"].contains(&model))
            || (TYPES_TOO.contains(&know.target.as_str()) && know.is_a(model, "cpu"));
        if known {
            if model == "host" && self.first_accelerator() == "tcg" && know.is_x86() {
                let words = "CPU model 'host' requires KVM or HVF";
                self.conflict("", Stage::Value, "the CPU model `host` without KVM", words);
            }
            return true;
        }
        if model == "host" {
            // Without its accelerator, a build does not list the host's model.
            self.host("", "the CPU model `host` needs an accelerator");
            return false;
        }
        let words = format!("unable to find CPU model '{model}'");
        let kind = (ViolationKind::UnknownCpu, Stage::Type);
        self.not_among_known("", model, kind, know.cpu_names(), words);
        false
    }

    fn check_feature(&mut self, type_name: &str, feature: &str) {
        let Some(properties) = self.know.type_properties(type_name) else {
            self.unchecked("", format!("the properties of `{type_name}` were not captured"));
            return;
        };
        let is_x86 = self.know.is_x86();
        let sign = feature.strip_prefix(['+', '-']);
        let (name, value) = match (sign, feature.split_once('=')) {
            (Some(name), _) if is_x86 => {
                (name, if feature.starts_with('+') { "on" } else { "off" })
            }
            (_, Some((name, value))) => (name, value),
            (_, None) if is_x86 => (feature, "on"),
            (_, None) => {
                let words = format!("Expected key=value format, found {feature}.");
                return self.wrong_value(feature, feature, "`feature=on` or `feature=off`", words);
            }
        };
        let property = properties.get(name).or_else(|| {
            // On x86, underscores and dashes are equivalent.
            let dashed = name.replace('_', "-");
            let found = properties.get(&dashed).or_else(|| properties.get(&name.replace('-', "_")));
            found.filter(|_| is_x86)
        });
        let Some(property) = property else {
            if is_x86 && X86_SUGAR.contains(&name) {
                return;
            }
            let words = format!("Property '{type_name}.{name}' not found");
            return self.unknown_property(type_name, name, properties.names(), words);
        };
        check_text(self, name, property, value);
        if is_x86 {
            self.check_cpuid(&property.name.clone(), value);
        }
    }

    /// Checks the limits of CPUID.
    fn check_cpuid(&mut self, name: &str, value: &str) {
        let most = match name {
            "family" => 270,
            "model" => 255,
            "stepping" => 15,
            "vendor" if value.len() != 12 => {
                let words = format!("Property '.vendor' doesn't take value '{value}'");
                return self.wrong_value(name, value, "twelve characters", words);
            }
            _ => return,
        };
        if let Some(number) = integer(value).filter(|number| !(0..=most).contains(number)) {
            let words = if self.know.is_since(9, 2) {
                format!("parameter '{name}' can be at most {most}")
            } else {
                format!(
                    "Property .{name} doesn't take value {number} (minimum: 0, maximum: {most})"
                )
            };
            self.wrong_value(name, value, &format!("at most {most}"), words);
        }
    }
}
