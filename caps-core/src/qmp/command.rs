use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "json")]
use serde_core::{Serialize, Serializer, ser::Error as _};

use crate::json::{self, JsonError};

/// A QMP command: its name and arguments, without an id.
///
/// ```
/// use caps_core::qmp::Command;
///
/// let command = Command::new("device-list-properties").with_arguments(r#"{"typename": "vfio-pci"}"#)?;
/// assert_eq!(
///     command.to_json(Some("libvirt-7")),
///     r#"{"execute":"device-list-properties","arguments":{"typename":"vfio-pci"},"id":"libvirt-7"}"#,
/// );
/// # Ok::<(), caps_core::json::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Command {
    execute: Cow<'static, str>,
    /// Compact JSON.
    arguments: Option<String>,
}

impl Command {
    /// Creates a command without arguments.
    pub fn new(execute: impl Into<Cow<'static, str>>) -> Self {
        Self { execute: execute.into(), arguments: None }
    }

    /// Sets the arguments to a JSON object.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a JSON object.
    pub fn with_arguments(self, json: &str) -> Result<Self, JsonError> {
        let compact = json::compact(json)?;
        if !compact.starts_with('{') {
            return Err(JsonError::not_an_object());
        }
        Ok(Self { arguments: Some(compact), ..self })
    }

    /// Sets the arguments to an object with string values.
    #[must_use]
    pub fn with_strings(self, arguments: &[(&str, &str)]) -> Self {
        let mut text = String::from("{");
        for (index, (key, value)) in arguments.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            for part in [comma, &json::quote(key), ":", &json::quote(value)] {
                text.push_str(part);
            }
        }
        Self { arguments: Some(text + "}"), ..self }
    }

    /// The command's name.
    pub fn execute(&self) -> &str {
        &self.execute
    }

    /// The arguments as compact JSON; `None` without a member `arguments`.
    pub fn arguments(&self) -> Option<&str> {
        self.arguments.as_deref()
    }

    /// The compact JSON to send; the id comes last, as libvirt sends it.
    pub fn to_json(&self, id: Option<&str>) -> String {
        let mut text = format!("{{\"execute\":{}", json::quote(&self.execute));
        if let Some(arguments) = &self.arguments {
            text.push_str(",\"arguments\":");
            text.push_str(arguments);
        }
        if let Some(id) = id {
            text.push_str(",\"id\":");
            text.push_str(&json::quote(id));
        }
        text.push('}');
        text
    }
}

impl fmt::Display for Command {
    /// Formats the name, followed by the arguments if there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.arguments {
            Some(arguments) => f.pad(&format!("{} {arguments}", self.execute)),
            None => f.pad(&self.execute),
        }
    }
}

#[cfg(feature = "json")]
impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::Document::parse(self.to_json(None)).map_err(S::Error::custom)?.serialize(serializer)
    }
}
