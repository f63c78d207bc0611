use super::knowledge::Knowledge;
use super::typed::branch;
use crate::command_line::{Argument, CommandLine, Pairs, Reader, Removal, RemovedKey, Value};
use crate::qapi::MetaType;
use crate::survey::Survey;
use crate::validate::target::Target;
use crate::validate::{Property, PropertyType};

/// The meaning of a command-line argument to a QEMU.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The position of the option in the command line.
    pub argument: usize,
    /// The option with its value, as written.
    pub text: String,
    /// The purpose of the option; `None` if no QEMU has it.
    pub about: Option<&'static str>,
    /// Whether this QEMU has the option; `None` if that was not captured.
    pub is_known: Option<bool>,
    /// The removal from QEMU, if some release removed the option.
    pub removed: Option<Removal>,
    /// The keys in the value.
    pub keys: Vec<KeyExplanation>,
}

/// The meaning of a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyExplanation {
    /// The key.
    pub key: String,
    /// The value given.
    pub value: String,
    /// The type of the values; `None` if this QEMU lacks the key or it was not captured.
    pub type_name: Option<String>,
    /// The default value.
    pub default: Option<String>,
    /// QEMU's description.
    pub description: Option<String>,
    /// The removal from QEMU, if some release removed the key.
    pub removed: Option<Removal>,
}

impl KeyExplanation {
    /// The values of the type, in words, such as `on or off` for `bool`.
    pub fn values(&self) -> Option<String> {
        let type_name = self.type_name.as_deref()?;
        let description = self.description.as_deref().unwrap_or_default();
        if let Some(of) = type_name.strip_prefix("link<").and_then(|of| of.strip_suffix('>')) {
            return Some(format!("the id of a {of}"));
        }
        if type_name.contains('|') {
            return Some(format!("one of {}", type_name.replace('|', ", ")));
        }
        let property = Property::new("", &self.key, type_name, description);
        Some(match (&property.property_type, type_name) {
            (PropertyType::Bool, _) | (_, "boolean") => "on or off".to_owned(),
            (PropertyType::Enum(values), _) => format!("one of {}", values.join(", ")),
            (PropertyType::Size, _) => "a size, as in 64k".to_owned(),
            (PropertyType::BlockSize, _) => "a power of two between 512 and 2M".to_owned(),
            (PropertyType::PciAddress, _) => "a PCI address, as in 06.0".to_owned(),
            (PropertyType::MacAddress, _) => "an Ethernet address".to_owned(),
            (PropertyType::Uuid { .. }, _) => "a UUID".to_owned(),
            (PropertyType::Integer(width), _) => width.describe(),
            (_, "str" | "string") => "text".to_owned(),
            (_, "number" | "int") => "a number".to_owned(),
            (_, "list") => "a list: repeat the key".to_owned(),
            (_, "object") => format!("members, as in {}.MEMBER=VALUE", self.key),
            _ => type_name.to_owned(),
        })
    }
}

/// Explains each argument.
pub(crate) fn explain(know: &Knowledge, target: &Target, line: &CommandLine) -> Vec<Explanation> {
    let explainer = Explainer { know, target };
    line.arguments().iter().map(|argument| explainer.argument(argument)).collect()
}

struct Explainer<'a> {
    know: &'a Knowledge,
    target: &'a Target,
}

impl Explainer<'_> {
    fn argument(&self, argument: &Argument) -> Explanation {
        let options = self.know.options.as_ref();
        let undocumented = argument.option.is_some_and(|option| option.undocumented);
        Explanation {
            argument: argument.index,
            text: argument.to_string(),
            about: argument.option.map(|option| option.about),
            is_known: options.map(|known| known.contains_key(&argument.name) || undocumented),
            removed: argument.option.and_then(|option| option.removed),
            keys: self.keys(argument),
        }
    }

    fn keys(&self, argument: &Argument) -> Vec<KeyExplanation> {
        let given: Vec<(String, String)> = match &argument.value {
            Value::Pairs(pairs) => {
                pairs.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect()
            }
            Value::Json { document: Ok(document), .. } => {
                let members = document.root().members();
                members
                    .map(|(key, node)| {
                        let text = node.as_str().map_or_else(|| node.compact(), Into::into);
                        (key.into_owned(), text)
                    })
                    .collect()
            }
            Value::Text(text) if argument.name == "cpu" => features(text),
            Value::Text(text) if argument.name == "boot" => {
                let pairs = Pairs::parse(text, "order");
                pairs.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect()
            }
            _ => Vec::new(),
        };
        let implied = match argument.option.map(|option| option.reader) {
            Some(Reader::Keyval { implied, .. } | Reader::Opts { implied, .. }) => implied,
            _ => "model",
        };
        let subject = given.iter().find(|(key, _)| key == implied).map(|(_, value)| value.as_str());
        let subject = subject.unwrap_or_default();
        let meaning = |(key, value): &(String, String)| {
            let known = if key == implied { self.subject(argument, value) } else { None };
            let removed = RemovedKey::find(&argument.name, subject, key, value);
            KeyExplanation {
                key: key.clone(),
                value: value.clone(),
                removed: removed.map(|row| row.removal),
                ..known.unwrap_or_else(|| self.meaning(argument, subject, key))
            }
        };
        given.iter().map(meaning).collect()
    }

    /// The key that selects what the others belong to.
    fn subject(&self, argument: &Argument, name: &str) -> Option<KeyExplanation> {
        let (type_name, description) = match argument.name.as_str() {
            "device" => {
                let device = self.know.device(name)?;
                let words = [
                    device.description.clone(),
                    device.category.clone(),
                    device.bus.as_ref().map(|bus| format!("plugs into a bus of type {bus}")),
                    (device.name != name).then(|| format!("short for {}", device.name)),
                ];
                let words: Vec<String> = words.into_iter().flatten().collect();
                ("the name of a device type", words.join("; "))
            }
            "machine" | "M" => {
                let machine = self.know.machine(name)?;
                let alias = (machine.name != name).then(|| format!("short for {}", machine.name));
                ("the name of a machine type", alias.unwrap_or_default())
            }
            "cpu" => {
                let known = self.know.cpus.as_ref().is_some_and(|cpus| cpus.contains(name));
                let type_name = self.know.survey.cpu_type(name).filter(|_| known)?;
                ("the name of a CPU model", format!("the type {type_name}"))
            }
            "accel" => {
                let listed = self.know.lists.get("accel")?;
                listed.iter().find(|one| *one == name)?;
                ("the name of an accelerator", String::new())
            }
            "chardev" | "audiodev" | "display" | "fsdev" | "tpmdev" => {
                let listed = self.know.lists.get(argument.name.as_str());
                if listed.is_some_and(|listed| !listed.iter().any(|one| one == name)) {
                    return None;
                }
                ("the name of a backend", String::new())
            }
            _ => return None,
        };
        Some(KeyExplanation {
            type_name: Some(type_name.to_owned()),
            description: (!description.is_empty()).then_some(description),
            ..KeyExplanation::default()
        })
    }

    /// Looks up a key: a property of a type, a key of a group, or a member in the schema.
    fn meaning(&self, argument: &Argument, subject: &str, key: &str) -> KeyExplanation {
        let survey: &Survey = &self.know.survey;
        let properties = match argument.name.as_str() {
            "device" => {
                self.know.device(subject).map(|device| survey.device_properties(&device.name))
            }
            "machine" | "M" => Some(survey.machine_properties(subject)),
            "accel" => Some(survey.accelerator_properties(subject)),
            "cpu" => Some(survey.cpu_properties(subject)),
            _ => None,
        };
        let own = OWN.iter().find(|(options, name, ..)| {
            *name == key && (options.is_empty() || options.contains(&argument.name.as_str()))
        });
        let own = own.map(|(_, _, type_name, description)| KeyExplanation {
            type_name: Some((*type_name).to_owned()),
            description: Some((*description).to_owned()),
            ..KeyExplanation::default()
        });
        if let Some(properties) = properties {
            let dashed = key.replace('_', "-");
            let listed = properties.listed().unwrap_or_default();
            let property = listed.iter().find(|one| one.name == key || one.name == dashed);
            return property.map(of_property).or(own).unwrap_or_default();
        }
        let group = match argument.option.map(|option| option.reader) {
            Some(Reader::Opts { group, .. }) => group,
            _ => match argument.name.as_str() {
                "boot" => "boot-opts",
                "smp" => "smp-opts",
                _ => "",
            },
        };
        let keys = self.know.groups.as_ref().and_then(|groups| groups.get(group));
        if let Some(parameter) = keys.and_then(|keys| keys.iter().find(|one| one.name == key)) {
            return KeyExplanation {
                type_name: Some(parameter.type_name.clone()),
                default: parameter.default.clone(),
                description: parameter.help.clone(),
                ..KeyExplanation::default()
            };
        }
        own.unwrap_or_else(|| KeyExplanation {
            type_name: self.member(argument, subject, key),
            ..KeyExplanation::default()
        })
    }

    /// The type of a member of the option's QAPI type.
    fn member(&self, argument: &Argument, subject: &str, key: &str) -> Option<String> {
        let schema = self.target.schema();
        let of = |command: &str, role: &str| {
            Some(schema.entry(command)?.type_member(role)?.into_owned())
        };
        let type_name = match argument.name.as_str() {
            "netdev" | "nic" | "net" => of("netdev_add", "arg-type"),
            "object" => of("object-add", "arg-type"),
            "blockdev" => of("blockdev-add", "arg-type"),
            "numa" => of("set-numa-node", "arg-type"),
            "display" => of("query-display-options", "ret-type"),
            "audiodev" => {
                let list = of("query-audiodevs", "ret-type")?;
                Some(schema.entry(&list)?.type_member("element-type")?.into_owned())
            }
            _ => None,
        };
        let mut entry = schema.entry(&type_name?)?;
        // Of `file.driver` as much as was walked, with a dot.
        let mut walked = String::new();
        for name in key.split('.') {
            let object = branch(schema, Some(entry), MetaType::Object)?;
            let case = if walked.is_empty() {
                Some(subject)
            } else {
                let tag = object.tag().map(|tag| format!("{walked}{tag}"));
                tag.and_then(|tag| argument.pairs()?.get(&tag))
            };
            let member = object.member(name).or_else(|| {
                let variant =
                    object.variants().find(|variant| Some(variant.case.as_ref()) == case)?;
                schema.entry(&variant.type_name)?.member(name)
            })?;
            entry = schema.entry(&member.type_name()?)?;
            walked.push_str(name);
            walked.push('.');
        }
        Some(match entry.meta_type() {
            Some(MetaType::Enum) => entry.values().join("|"),
            Some(MetaType::Array) => "list".to_owned(),
            _ => entry.json_type().map_or_else(|| "object".to_owned(), Into::into),
        })
    }
}

/// Keys that no QEMU describes: the options that have them (none stands for all), the type, and the
/// purpose.
const OWN: &[(&[&str], &str, &str, &str)] = &[
    (&["device"], "bus", "string", "the bus to plug it into"),
    (&["machine", "M"], "accel", "string", "the accelerators to try, separated by colons"),
    (&["machine", "M"], "kernel-irqchip", "on|off|split", "the interrupt controller of KVM"),
    (&["machine", "M"], "kernel_irqchip", "on|off|split", "the interrupt controller of KVM"),
    (&[], "id", "string", "the name by which other options refer to it"),
];

/// The model and features in the value of `-cpu`.
fn features(text: &str) -> Vec<(String, String)> {
    let mut words = text.split(',').filter(|word| !word.is_empty());
    let model = words.next().map(|model| ("model".to_owned(), model.to_owned()));
    let feature = |word: &str| match (word.strip_prefix('+'), word.strip_prefix('-')) {
        (Some(name), _) => (name.to_owned(), "on".to_owned()),
        (_, Some(name)) => (name.to_owned(), "off".to_owned()),
        _ => {
            let (name, value) = word.split_once('=').unwrap_or((word, "on"));
            (name.to_owned(), value.to_owned())
        }
    };
    model.into_iter().chain(words.map(feature)).collect()
}

fn of_property(property: &crate::survey::Property) -> KeyExplanation {
    KeyExplanation {
        type_name: Some(property.type_name.clone()),
        default: property.default.clone(),
        description: property.description.clone(),
        ..KeyExplanation::default()
    }
}
