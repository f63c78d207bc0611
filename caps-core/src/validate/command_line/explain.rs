use super::knowledge::Knowledge;
use crate::command_line::{Argument, CommandLine, Reader, Value};
use crate::survey::{Property, Survey};
use crate::validate::target::Target;

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
            _ => Vec::new(),
        };
        let implied = match argument.option.map(|option| option.reader) {
            Some(Reader::Keyval { implied, .. } | Reader::Opts { implied, .. }) => implied,
            _ if argument.name == "cpu" => "model",
            _ => "",
        };
        let subject = given.iter().find(|(key, _)| key == implied).map(|(_, value)| value.as_str());
        let meaning = |(key, value): &(String, String)| KeyExplanation {
            key: key.clone(),
            value: value.clone(),
            ..self.meaning(argument, subject.unwrap_or_default(), key)
        };
        given.iter().map(meaning).collect()
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
        if let Some(properties) = properties {
            let dashed = key.replace('_', "-");
            let listed = properties.listed().unwrap_or_default();
            let property = listed.iter().find(|one| one.name == key || one.name == dashed);
            return property.map(of_property).unwrap_or_default();
        }
        let group = match argument.option.map(|option| option.reader) {
            Some(Reader::Opts { group, .. }) => group,
            _ => "",
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
        KeyExplanation {
            type_name: self.member(argument, subject, key),
            ..KeyExplanation::default()
        }
    }

    /// The type of a member of the option's QAPI type.
    fn member(&self, argument: &Argument, subject: &str, key: &str) -> Option<String> {
        let command = match argument.name.as_str() {
            "netdev" | "nic" | "net" => "netdev_add",
            "object" => "object-add",
            "blockdev" => "blockdev-add",
            "numa" => "set-numa-node",
            _ => return None,
        };
        let schema = self.target.schema();
        let entry = schema.entry(&schema.entry(command)?.type_member("arg-type")?)?;
        let first = key.split('.').next()?;
        let member = entry.member(first).or_else(|| {
            let variant = entry.variants().find(|variant| variant.case == subject)?;
            schema.entry(&variant.type_name)?.member(first)
        })?;
        let of_type = schema.entry(&member.type_name()?)?;
        let values = of_type.values();
        Some(match of_type.json_type() {
            Some(json_type) => json_type.into_owned(),
            None if values.is_empty() => "object".to_owned(),
            None => values.join("|"),
        })
    }
}

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

fn of_property(property: &Property) -> KeyExplanation {
    KeyExplanation {
        type_name: Some(property.type_name.clone()),
        default: property.default.clone(),
        description: property.description.clone(),
        ..KeyExplanation::default()
    }
}
