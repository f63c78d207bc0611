use super::device::typed;
use super::devices::Devices;
use super::finding::{Finding, NameOf, Voice};
use super::path::Path;
use super::property::{Property, PropertyType};
use super::width::NoInteger;
use crate::json::{JsonType, Node};
use crate::nearest::nearest;

/// Properties that only the x86 CPU types `max` and `host` have.
const OF_MAX_ONLY: &[&str] = &["host-cache-info", "migratable"];
/// Except for [`OF_MAX_ONLY`], every x86 CPU type has the same properties as this one.
const X86_MAX: &str = "max-x86_64-cpu";

/// Checks the names that QEMU looks up when it runs a command.
pub(super) fn check<'a>(
    devices: &'a Devices,
    execute: &str,
    arguments: Node<'a>,
    path: &mut Path<'a>,
    voice: &mut dyn Voice,
) {
    let mut lookup = Lookup { devices, path, voice };
    match execute {
        "device-list-properties" => lookup.at("typename", arguments, Lookup::device_type),
        "qom-list-properties" => lookup.at("typename", arguments, Lookup::class),
        "query-cpu-model-expansion" => lookup.at("model", arguments, Lookup::cpu_model),
        "query-cpu-model-comparison" | "query-cpu-model-baseline" => {
            lookup.at("modela", arguments, Lookup::cpu_model);
            lookup.at("modelb", arguments, Lookup::cpu_model);
        }
        _ => {}
    }
}

struct Lookup<'l, 'a> {
    devices: &'a Devices,
    path: &'l mut Path<'a>,
    voice: &'l mut dyn Voice,
}

impl<'a> Lookup<'_, 'a> {
    fn at(&mut self, name: &'static str, node: Node<'a>, check: fn(&mut Self, Node<'a>)) {
        if let Some(node) = node.get(name) {
            self.path.push(name);
            check(self, node);
            self.path.pop();
        }
    }

    fn device_type(&mut self, found: Node<'a>) {
        let Some(name) = found.as_str() else { return };
        let is_abstract = self.devices.is_abstract(&name);
        if !self.devices.lacks_type(&name) {
            if !self.devices.knows_types() {
                self.unchecked("the types were not captured");
            } else if self.devices.is_no_device(&name) {
                self.name(NameOf::ConcreteDevice, found, None);
            }
        } else if is_abstract {
            self.name(NameOf::ConcreteDevice, found, None);
        } else {
            let nearest = self.devices.nearest_device(&name).map(str::to_owned);
            self.name(NameOf::Device, found, nearest);
        }
    }

    fn class(&mut self, found: Node<'a>) {
        let Some(name) = found.as_str() else { return };
        match self.devices.has_class(&name) {
            Some(true) => {}
            Some(false) => {
                self.name(NameOf::Class, found, nearest_of(&name, self.devices.type_names()));
            }
            None => self.unchecked("not all abstract types were captured"),
        }
    }

    fn cpu_model(&mut self, node: Node<'a>) {
        let Some(found) = node.get("name") else { return };
        let Some(name) = found.as_str() else { return };
        self.path.push("name");
        let known = match self.devices.cpu_models() {
            None => {
                self.unchecked("the CPU models were not captured");
                false
            }
            Some(mut models) => {
                models.any(|model| model == name) || {
                    let models = self.devices.cpu_models().into_iter().flatten();
                    let nearest = nearest_of(&name, models);
                    self.name(NameOf::CpuModel, found, nearest);
                    false
                }
            }
        };
        self.path.pop();
        let props = node.get("props").filter(|props| props.kind() == JsonType::Object);
        if let Some(props) = props.filter(|_| known) {
            self.path.push("props");
            for (property, value) in props.members() {
                self.path.push(property.clone());
                self.cpu_property(&name, &property, value);
                self.path.pop();
            }
            self.path.pop();
        }
    }

    fn cpu_property(&mut self, model: &str, name: &str, found: Node<'a>) {
        let type_name = self.devices.cpu_type(model).unwrap_or_default();
        let x86 = matches!(self.devices.arch(), Some("x86_64" | "i386"));
        let of_max = ["max", "host"].contains(&model);
        let own = self.devices.object_properties(type_name);
        let properties = match own {
            Some(properties) => properties,
            // Captures list the properties of one type only.
            None if x86 => match self.devices.object_properties(X86_MAX) {
                Some(properties) => properties,
                None => return self.unchecked("the properties of CPU models were not captured"),
            },
            None => return self.unchecked("the properties of this CPU model were not captured"),
        };
        let is_own = own.is_some() || of_max || !OF_MAX_ONLY.contains(&name);
        let Some(property) = properties.iter().find(|one| one.name == name && is_own) else {
            let names = properties.iter().map(|property| property.name.as_str());
            let nearest = nearest_of(name, names);
            return self.say(Finding::CpuProperty { model, found, nearest });
        };
        self.cpu_value(model, property, found, x86);
    }

    fn cpu_value(&mut self, model: &str, property: &Property, found: Node<'a>, x86: bool) {
        match &property.property_type {
            PropertyType::Other => {
                let reason = format!("`{}` is of a type that is not known", property.name);
                self.unchecked(&reason);
            }
            PropertyType::ReadOnly => {
                self.say(Finding::Property { model, property, why: NoInteger::Type, found });
            }
            property_type => match typed(property_type, found) {
                Err(why) => self.say(Finding::Property { model, property, why, found }),
                // Other targets accept only some of their properties.
                Ok(()) if !x86 && self.devices.arch() != Some("s390x") => {
                    self.unchecked("whether an expansion takes this property is not known");
                }
                Ok(()) => {}
            },
        }
    }

    fn name(&mut self, of: NameOf, found: Node<'a>, nearest: Option<String>) {
        self.say(Finding::Name { of, found, nearest });
    }

    fn unchecked(&mut self, reason: &str) {
        self.say(Finding::Unchecked(reason.to_owned()));
    }

    fn say(&mut self, finding: Finding<'_>) {
        self.voice.say(self.path, finding);
    }
}

fn nearest_of<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    nearest(name, names).map(str::to_owned)
}
