//! QEMU's error messages for the first problem in a command.

use std::fmt;

use super::value::Dict;
use crate::json::{Document, Node};
use crate::qapi::{Entry, Member, MetaType};
use crate::qmp::{CommandError, ErrorClass};
use crate::validate::{
    Devices, Finding, NameOf, NoInteger, Path, Property, PropertyType, Validator, Voice, visit,
};
use crate::version::Version;

/// Checks the arguments of a command with the validator's rules.
///
/// # Errors
///
/// QEMU's error for the first problem.
pub(super) fn check(
    validator: &Validator,
    execute: &str,
    arguments: &Dict,
) -> Result<(), CommandError> {
    let target = validator.target();
    let Some(entry) = target.schema().entry(execute) else { return Ok(()) };
    // The client's input is valid by now and prints as valid JSON.
    let Ok(document) = Document::parse(arguments.to_json()) else { return Ok(()) };
    let mut refusal = Refusal { validator, error: None };
    let at = (Path::default(), false);
    visit(target, (execute, entry), document.root(), at, &mut refusal);
    refusal.error.map_or(Ok(()), Err)
}

/// Messages about properties of CPU models name the whole path since this release.
const WHOLE_PATHS_SINCE: Option<Version> = Version::new(9, 0, 0);

/// Properties of x86 CPUs that are signed in listings, but not in the messages of such releases.
const CPUID: [&str; 3] = ["family", "model", "stepping"];

struct Refusal<'s> {
    validator: &'s Validator,
    error: Option<CommandError>,
}

impl Voice for Refusal<'_> {
    fn say(&mut self, path: &Path<'_>, finding: Finding<'_>) {
        if self.error.is_none() {
            let class = match finding {
                Finding::Name { of: NameOf::Device | NameOf::Class, .. } => {
                    ErrorClass::DeviceNotFound
                }
                _ => ErrorClass::GenericError,
            };
            self.error = self.sentence(path, &finding).map(|desc| CommandError { class, desc });
        }
    }
}

impl Refusal<'_> {
    /// QEMU's message; `None` if QEMU accepts the finding.
    fn sentence(&self, path: &Path<'_>, finding: &Finding<'_>) -> Option<String> {
        // Some messages use only the last name; a missing one appears as C prints it.
        let leaf = path.leaf().unwrap_or("null");
        Some(match finding {
            Finding::Missing(_) => format!("Parameter '{path}' is missing"),
            Finding::Unexpected { .. } => format!("Parameter '{path}' is unexpected"),
            Finding::Type { expected, .. } if expected.meta_type() == Some(MetaType::Alternate) => {
                wrong_type(&leaf, &self.alternate_name(*expected))
            }
            Finding::Type { expected, .. } => wrong_type(path, json_type(*expected)),
            Finding::Integer { of, why, .. } => match (of.width(), why) {
                (Some(width), NoInteger::Range) => {
                    format!("Parameter '{leaf}' expects {}_t", width.name())
                }
                (Some(width), NoInteger::Type) if !width.is_signed() => {
                    format!("Parameter '{path}' expects uint64")
                }
                _ => wrong_type(path, "integer"),
            },
            Finding::Value { found, .. } => {
                let text = found.as_str().unwrap_or_default();
                format!("Parameter '{leaf}' does not accept value '{text}'")
            }
            Finding::Identifier { .. } => format!("Parameter '{leaf}' expects an identifier"),
            Finding::ObjectType { found } => {
                format!("invalid object type: {}", found.as_str().unwrap_or_default())
            }
            Finding::Name { of, found, .. } => {
                self.unknown_name(*of, leaf, &found.as_str().unwrap_or_default())
            }
            Finding::CpuProperty { model, .. } => match self.arch() {
                Some("arm" | "aarch64" | "loongarch64") => {
                    format!("Parameter '{}' is unexpected", self.of_cpu(path, leaf))
                }
                _ => format!("Property '{}.{leaf}' not found", self.cpu_type(model)),
            },
            Finding::Property { model, property, why, found } => {
                self.cpu_value(path, model, property, *why, *found)
            }
            Finding::Limit(breach) => breach.qemu.clone(),
            Finding::Feature { .. } | Finding::Unchecked(_) | Finding::Defect(_) => return None,
        })
    }

    /// QEMU's message for a value that a property of a CPU model does not accept.
    fn cpu_value(
        &self,
        path: &Path<'_>,
        model: &str,
        property: &Property,
        why: NoInteger,
        found: Node<'_>,
    ) -> String {
        let name = property.name.as_str();
        let whole = self.of_cpu(path, name);
        match (&property.property_type, why) {
            (PropertyType::ReadOnly, _) => {
                format!("Property '{}.{name}' is not writable", self.cpu_type(model))
            }
            (PropertyType::Integer(width), NoInteger::Range) => {
                format!("Parameter '{name}' expects {}_t", width.name())
            }
            (PropertyType::Enum(_), NoInteger::Range) => {
                let text = found.as_str().unwrap_or_default();
                format!("Parameter '{name}' does not accept value '{text}'")
            }
            (PropertyType::Integer(width), _) => {
                let is_of_cpuid = CPUID.contains(&name) && self.names_whole_paths();
                if width.is_signed() && !is_of_cpuid {
                    wrong_type(&whole, "integer")
                } else {
                    format!("Parameter '{whole}' expects uint64")
                }
            }
            (PropertyType::Bool, _) => wrong_type(&whole, "boolean"),
            _ => wrong_type(&whole, "string"),
        }
    }

    /// How QEMU names a property of a CPU model: older ones by its name alone.
    fn of_cpu(&self, path: &Path<'_>, name: &str) -> String {
        if self.names_whole_paths() { path.to_string() } else { name.to_owned() }
    }

    fn cpu_type<'n>(&'n self, model: &'n str) -> &'n str {
        self.validator.devices().and_then(|devices| devices.cpu_type(model)).unwrap_or(model)
    }

    fn unknown_name(&self, of: NameOf, member: &str, name: &str) -> String {
        match of {
            NameOf::Device => format!("Device '{name}' not found"),
            NameOf::ConcreteDevice => {
                format!("Parameter '{member}' expects a non-abstract device type")
            }
            NameOf::Class => format!("Class '{name}' not found"),
            NameOf::CpuModel => match self.arch() {
                Some("s390x") => format!("The CPU definition '{name}' is unknown."),
                Some("arm" | "aarch64") => {
                    format!("The CPU type '{name}' is not a recognized ARM CPU type")
                }
                Some("riscv32" | "riscv64") => {
                    format!("The CPU type '{name}' is not a known RISC-V CPU type")
                }
                _ => format!("CPU model '{name}' not found"),
            },
        }
    }

    fn arch(&self) -> Option<&str> {
        self.validator.devices().and_then(Devices::arch)
    }

    fn names_whole_paths(&self) -> bool {
        self.validator.devices().and_then(Devices::version) >= WHOLE_PATHS_SINCE
    }

    /// QEMU's name for an alternate. The schema hides it, but the few alternates differ in their
    /// branches.
    fn alternate_name(&self, entry: Entry<'_>) -> String {
        let (mut words, mut members) = (Vec::new(), Vec::new());
        for alternative in entry
            .members()
            .filter_map(Member::type_name)
            .filter_map(|type_name| self.validator.schema().entry(&type_name))
        {
            words.push(json_type(alternative));
            members.extend(alternative.members().filter_map(Member::name));
        }
        words.sort_unstable();
        let has = |name: &str| members.iter().any(|member| member == name);
        match *words {
            ["object", "string"] if has("driver") => "BlockdevRef".to_owned(),
            ["null", "object", "string"] if has("driver") => "BlockdevRefOrNull".to_owned(),
            ["object", "string"] if has("node") && has("name") => {
                "BlockDirtyBitmapOrStr".to_owned()
            }
            ["object", "string"] if has("template") => "Qcow2OverlapChecks".to_owned(),
            ["null", "string"] => "StrOrNull".to_owned(),
            ["array", "string"] => "BlockExportIothreads".to_owned(),
            _ => words.join(" or "),
        }
    }
}

/// QEMU's name for the JSON type of an entry.
fn json_type(entry: Entry<'_>) -> &'static str {
    match entry.meta_type() {
        Some(MetaType::Enum) => "string",
        Some(MetaType::Object) => "object",
        Some(MetaType::Array) => "array",
        Some(MetaType::Builtin) => match entry.json_type().as_deref() {
            Some("string") => "string",
            Some("int") => "integer",
            Some("number") => "number",
            Some("boolean") => "boolean",
            Some("null") => "null",
            Some("object") => "object",
            Some("array") => "array",
            _ => "value",
        },
        _ => "alternate",
    }
}

fn wrong_type(path: &dyn fmt::Display, expected: &str) -> String {
    format!("Invalid parameter type for '{path}', expected: {expected}")
}
