use std::fmt;
use std::sync::Arc;

use super::allowed::Allowed;
use super::stage::Stage;
use crate::command_line::Removal;
use crate::json::{JsonType, Node};
use crate::names::closed_set;
use crate::nearest;

/// Messages truncate longer lists of allowed names; [`Violation::allowed`] is complete.
const NAMES_SHOWN: usize = 8;
/// Messages truncate longer strings.
const TEXT_SHOWN: usize = 48;

closed_set! {
    /// The kind of a [`Violation`], named as in the output of `qemu-caps validate --format json`.
    pub enum ViolationKind: "a kind of violation", {
        /// The JSON object as a whole is not a QMP command, event or reply.
        Envelope = "envelope",
        /// The command is not in the schema.
        UnknownCommand = "unknown-command",
        /// The event is not in the schema.
        UnknownEvent = "unknown-event",
        /// A required member is missing.
        Missing = "missing",
        /// A member is not in the schema.
        Unexpected = "unexpected",
        /// An object contains a key twice.
        DuplicateKey = "duplicate-key",
        /// A value has the wrong JSON type.
        Type = "type",
        /// A number is out of range.
        Range = "range",
        /// A string is not one of an enum's values, or does not have the required form.
        Value = "value",
        /// The device type does not exist or can't be instantiated.
        UnknownDevice = "unknown-device",
        /// The object type does not exist in this build.
        UnknownObject = "unknown-object",
        /// The QOM type does not exist.
        UnknownType = "unknown-type",
        /// Users can't create devices of this type, or can't add them to a running machine.
        NotPluggable = "not-pluggable",
        /// The device type or CPU model has no such property.
        UnknownProperty = "unknown-property",
        /// The property can't be set.
        ReadOnly = "read-only",
        /// The command, member or value is deprecated, which the policy denies.
        Deprecated = "deprecated",
        /// The command, member or value is unstable, which the policy denies.
        Unstable = "unstable",
        /// This QEMU tolerates something that is an error in newer ones.
        Tolerated = "tolerated",
        /// The schema itself is defective.
        Schema = "schema",
        /// The option does not exist in this QEMU or for this target.
        UnknownOption = "unknown-option",
        /// The machine type does not exist.
        UnknownMachine = "unknown-machine",
        /// The CPU model does not exist.
        UnknownCpu = "unknown-cpu",
        /// The accelerator does not exist.
        UnknownAccelerator = "unknown-accelerator",
        /// QEMU has the feature, but this build lacks it.
        NotBuilt = "not-built",
        /// A value is malformed as a whole: it is not JSON, or uses keys inconsistently.
        Form = "form",
        /// Options or keys contradict each other, or require something that is taken or missing.
        Conflict = "conflict",
        /// A name refers to nothing.
        Dangling = "dangling",
    }
}

impl ViolationKind {
    /// The kind as a sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Envelope => "The JSON object is not a QMP command, event or reply.",
            Self::UnknownCommand => "This QEMU has no such command.",
            Self::UnknownEvent => "This QEMU has no such event.",
            Self::Missing => "A mandatory member is missing.",
            Self::Unexpected => "This QEMU does not know the member.",
            Self::DuplicateKey => "An object has the same key twice.",
            Self::Type => "The value has the wrong JSON type.",
            Self::Range => "The number is out of range.",
            Self::Value => {
                "The string is not one of the values, or not of the form, that QEMU accepts."
            }
            Self::UnknownDevice => "This QEMU has no such device type, or can't create it.",
            Self::UnknownObject => "This QEMU has no such object type.",
            Self::UnknownType => "This QEMU has no such QOM type.",
            Self::NotPluggable => {
                "Users can't create devices of this type, or can't add them to a running machine."
            }
            Self::UnknownProperty => "The device type or CPU model has no such property.",
            Self::ReadOnly => "The property can't be set.",
            Self::Deprecated => "What is used is deprecated, which the policy denies.",
            Self::Unstable => "What is used is unstable, which the policy denies.",
            Self::Tolerated => "This QEMU tolerates what newer ones reject.",
            Self::Schema => "The QAPI schema itself is defective.",
            Self::UnknownOption => "This QEMU has no such option, or not for this target.",
            Self::UnknownMachine => "This QEMU has no such machine type.",
            Self::UnknownCpu => "This QEMU has no such CPU model.",
            Self::UnknownAccelerator => "This QEMU has no such accelerator.",
            Self::NotBuilt => "This build of QEMU lacks it.",
            Self::Form => "The value is malformed as a whole.",
            Self::Conflict => "Options contradict each other, or lack what they need.",
            Self::Dangling => "The name refers to nothing.",
        }
    }
}

/// A problem of a command, event or reply: its place, what was found and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The path within the JSON object, such as `arguments.file.aio` or
    /// `arguments.actions[0].type`; empty for the object itself. For a command line, the option and
    /// its key: `-device addr`.
    pub path: String,
    /// The kind.
    pub kind: ViolationKind,
    /// What was found: `string "off"`; empty if something is missing.
    pub found: String,
    /// What was expected: `bool`, `uint8 (0 to 255)`; empty if nothing is allowed.
    pub expected: String,
    /// All allowed names or values, if they can be listed.
    pub allowed: Arc<[String]>,
    /// The most similar allowed name.
    pub nearest: Option<String>,
    /// Further information, such as the version that changed the rule.
    pub note: Option<String>,
    /// The release that removed it from the command line, and what to use instead.
    pub removal: Option<Removal>,
    /// The position of the option in the command line.
    pub argument: Option<usize>,
    /// The step at which QEMU detects a defect of a command line.
    pub stage: Option<Stage>,
    /// QEMU's error message for a defect of a command line.
    pub qemu: Option<String>,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, kind: ViolationKind) -> Self {
        Self {
            path: path.into(),
            kind,
            found: String::new(),
            expected: String::new(),
            allowed: Arc::default(),
            nearest: None,
            note: None,
            removal: None,
            argument: None,
            stage: None,
            qemu: None,
        }
    }

    pub(crate) fn found(self, found: impl Into<String>) -> Self {
        Self { found: found.into(), ..self }
    }

    pub(crate) fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), ..self }
    }

    /// Sets the allowed names, and the one nearest to `name`.
    pub(crate) fn among<S: Into<String>>(
        self,
        name: &str,
        allowed: impl IntoIterator<Item = S>,
    ) -> Self {
        self.among_shared(name, allowed.into_iter().map(Into::into).collect())
    }

    /// As [`Violation::among`], without a copy of the names.
    pub(super) fn among_shared(mut self, name: &str, allowed: Arc<[String]>) -> Self {
        let nearest = nearest::nearest(name, allowed.iter().map(String::as_str));
        self.nearest = nearest.map(str::to_owned);
        self.allowed = allowed;
        self
    }

    /// As [`Violation::among`], with names that many problems share.
    pub(super) fn among_known(mut self, name: &str, allowed: &Allowed) -> Self {
        self.allowed = allowed.sorted().clone();
        self.nearest = allowed.nearest(name).map(str::to_owned);
        self
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// The path as QEMU prints it: without the leading `arguments.`.
    pub fn member(&self) -> &str {
        self.path.strip_prefix("arguments.").unwrap_or(&self.path)
    }

    /// The problem on one line, without the name of the command.
    pub fn message(&self) -> String {
        let (at, found, expected) = (self.member(), &self.found, &self.expected);
        let mut text = match self.kind {
            ViolationKind::Envelope | ViolationKind::Schema => {
                if expected.is_empty() {
                    found.clone()
                } else {
                    format!("expected {expected}, found {found}")
                }
            }
            ViolationKind::UnknownCommand => format!("the schema has no command {found}"),
            ViolationKind::UnknownEvent => format!("the schema has no event {found}"),
            ViolationKind::Missing => format!("`{at}` is missing, expected {expected}"),
            ViolationKind::Unexpected => {
                let mut text = format!("`{at}` is unexpected");
                if self.nearest.is_none() && !self.allowed.is_empty() {
                    text.push_str(", expected ");
                    text.push_str(&one_of(&self.allowed));
                } else if self.nearest.is_none() {
                    text.push_str(", no member is due here");
                }
                text
            }
            ViolationKind::DuplicateKey => format!("`{at}` is there twice"),
            ViolationKind::Type | ViolationKind::Range => {
                format!("`{at}` is {expected}, got {found}")
            }
            ViolationKind::Value if self.allowed.is_empty() => {
                format!("`{at}` is {expected}, got {found}")
            }
            ViolationKind::Value => {
                format!("`{at}` does not accept {found}, expected {}", one_of(&self.allowed))
            }
            ViolationKind::UnknownDevice => {
                format!("{found} is not {}", or(expected, "a device type of this QEMU"))
            }
            ViolationKind::UnknownObject => format!("this QEMU has no object type {found}"),
            ViolationKind::UnknownType => format!("this QEMU has no type {found}"),
            ViolationKind::NotPluggable => format!("{found} is not {expected}"),
            ViolationKind::UnknownProperty => format!("`{at}` is not a property of {expected}"),
            ViolationKind::ReadOnly => format!("`{at}` can't be set"),
            ViolationKind::Deprecated | ViolationKind::Unstable => {
                format!("{found} is {}", self.kind)
            }
            ViolationKind::UnknownOption => format!("this QEMU has no option {found}"),
            ViolationKind::UnknownMachine => format!("this QEMU has no machine type {found}"),
            ViolationKind::UnknownCpu => format!("this QEMU has no CPU model {found}"),
            ViolationKind::UnknownAccelerator => format!("this QEMU has no accelerator {found}"),
            ViolationKind::NotBuilt => format!("`{at}`: this build lacks {found}"),
            ViolationKind::Form if at.is_empty() => found.clone(),
            ViolationKind::Form | ViolationKind::Conflict => format!("`{at}`: {found}"),
            ViolationKind::Dangling => {
                let noun = ["the id of a ", "the name of a "]
                    .iter()
                    .find_map(|start| expected.strip_prefix(start));
                let others = match &self.nearest {
                    None if !self.allowed.is_empty() => {
                        format!(", expected {}", one_of(&self.allowed))
                    }
                    _ => String::new(),
                };
                format!("`{at}`: no {} is named {found}{others}", noun.unwrap_or("bus"))
            }
            ViolationKind::Tolerated => format!("`{at}` is {expected}, got {found}"),
        };
        match &self.removal {
            Some(removal) => {
                text.push_str(": ");
                text.push_str(&removal.to_string());
            }
            None => text.push_str(&nearest::hint(self.nearest.as_deref())),
        }
        if let Some(note) = &self.note {
            text.push_str(": ");
            text.push_str(note);
        }
        text
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.message())
    }
}

fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// Joins names for a message: `` `a`, `b` or `c` ``.
pub(crate) fn one_of(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES_SHOWN).map(|n| format!("`{n}`")).collect();
    if names.len() > shown.len() {
        return format!("{} or {} more", shown.join(", "), names.len() - shown.len());
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Describes a value for a message: its JSON type, and the value itself if it is short.
pub(crate) fn describe(node: Node<'_>) -> String {
    match node.kind() {
        JsonType::Null => "null".to_owned(),
        JsonType::Array => "an array".to_owned(),
        JsonType::Object => "an object".to_owned(),
        JsonType::Bool | JsonType::Integer | JsonType::Float => {
            format!("{} {}", node.kind(), node.compact())
        }
        JsonType::String => {
            let text = node.as_str().unwrap_or_default();
            let mut shown: String = text.chars().take(TEXT_SHOWN).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            format!("string {shown:?}")
        }
    }
}
