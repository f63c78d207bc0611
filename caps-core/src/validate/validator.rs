use serde_core::Serialize;
use thiserror::Error;

use super::command::Context;
use super::devices::{DeviceAnswers, Devices};
use super::policy::Policy;
use super::report::{Report, Violations};
use super::target::Target;
use super::violation::{Violation, ViolationKind};
use crate::capture::CaptureId;
use crate::json::{Document, Node};
use crate::names::closed_set;
use crate::qapi::{Schema, SchemaError};
use crate::replies::{Conversation, RepliesError};

#[cfg(feature = "command-lines")]
mod command_lines;

closed_set! {
    /// A command-line option that accepts JSON, which is checked like the equivalent QMP command.
    pub enum JsonOption: "an option that accepts JSON", {
        /// `-blockdev`
        Blockdev = "-blockdev",
        /// `-chardev`
        Chardev = "-chardev",
        /// `-device`
        Device = "-device",
        /// `-netdev`
        Netdev = "-netdev",
        /// `-object`
        Object = "-object",
    }
}

impl JsonOption {
    /// The QMP command with the same arguments.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Blockdev => "blockdev-add",
            Self::Chardev => "chardev-add",
            Self::Device => "device_add",
            Self::Netdev => "netdev_add",
            Self::Object => "object-add",
        }
    }
}

/// The capture lacks what validation needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValidatorError {
    /// The capture has no usable schema.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A reply about types or devices is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
}

/// Validates commands against a recorded QEMU: its schema, its QOM types, the properties of its
/// devices, and its version.
///
/// ```
/// use caps_core::replies::Conversation;
/// use caps_core::validate::Validator;
///
/// # let schema = "[{\"name\":\"stop\",\"meta-type\":\"command\",\"arg-type\":\"0\",\"ret-type\":\"0\"},\
/// #                {\"name\":\"0\",\"meta-type\":\"object\",\"members\":[]}]";
/// # let text = format!("{{\"execute\":\"query-qmp-schema\"}}\n\n{{\"return\":{schema}}}\n");
/// let validator = Validator::from_conversation(&Conversation::parse(&text)?)?;
/// let command = serde_json::json!({"execute": "stop", "arguments": {"now": true}});
/// let error = validator.validate(&command).expect_err("`stop` takes nothing");
/// assert_eq!(error.to_string(), "stop: `now` is unexpected, no member is due here");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Validator {
    target: Target,
    label: Option<String>,
    #[cfg(feature = "command-lines")]
    command_lines: command_lines::CommandLines,
}

/// What commands are checked with.
#[derive(Debug)]
pub(crate) struct Extract {
    pub(crate) schema: Schema,
    pub(crate) devices: DeviceAnswers,
}

impl Validator {
    /// Creates a validator from a conversation.
    ///
    /// # Errors
    ///
    /// Fails if the conversation has no schema or a required reply is malformed.
    pub fn from_conversation(conversation: &Conversation) -> Result<Self, ValidatorError> {
        let schema = Schema::from_conversation(conversation)?;
        let devices = Devices::from_conversation(conversation)?;
        Ok(Self {
            target: Target::new(schema, Some(devices)),
            label: None,
            #[cfg(feature = "command-lines")]
            command_lines: command_lines::CommandLines::of(conversation),
        })
    }

    /// What was extracted from the conversation.
    pub(crate) fn extract(&self) -> Option<Extract> {
        let devices = self.devices()?.answers();
        Some(Extract { schema: self.schema().clone(), devices })
    }

    /// Restores a validator that was created from the conversation in a file.
    pub(crate) fn from_extract(
        extract: Extract,
        #[cfg_attr(
            not(feature = "command-lines"),
            expect(unused_variables, reason = "only command lines are checked with more")
        )]
        file: &[u8],
    ) -> Self {
        let devices = Devices::from_answers(extract.devices);
        Self {
            target: Target::new(extract.schema, Some(devices)),
            label: None,
            #[cfg(feature = "command-lines")]
            command_lines: command_lines::CommandLines::of_file(file),
        }
    }

    /// Creates a validator from a schema alone, which can't check what depends on devices.
    pub fn from_schema(schema: Schema) -> Self {
        Self {
            target: Target::new(schema, None),
            label: None,
            #[cfg(feature = "command-lines")]
            command_lines: command_lines::CommandLines::default(),
        }
    }

    /// Sets the capture's name for messages: `caps_10.0.0_x86_64`.
    #[must_use]
    pub fn named(self, id: &CaptureId) -> Self {
        Self { label: Some(id.file_stem()), ..self }
    }

    /// The capture's name, if it was set.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        self.target.schema()
    }

    /// The device types and their properties; `None` if the validator was created from a schema
    /// alone.
    pub fn devices(&self) -> Option<&Devices> {
        self.target.devices()
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Validates a command, given as any value that serializes to an object with `execute` and
    /// `arguments`.
    ///
    /// ```
    /// # use caps_core::json::Document;
    /// # use caps_core::qapi::Schema;
    /// # use caps_core::validate::Validator;
    /// # let reply = r#"[{"name": "cpu-add", "meta-type": "command", "arg-type": "0", "ret-type": "1"},
    /// #   {"name": "0", "meta-type": "object", "members": [{"name": "id", "type": "int"}]},
    /// #   {"name": "1", "meta-type": "object", "members": []},
    /// #   {"name": "int", "meta-type": "builtin", "json-type": "int"}]"#;
    /// # let validator = Validator::from_schema(Schema::from_document(Document::parse(reply)?)?);
    /// let command = serde_json::json!({"execute": "cpu-add", "arguments": {"id": "2"}});
    /// let error = validator.validate(&command).expect_err("an id is a number");
    /// assert_eq!(error.to_string(), "cpu-add: `id` is an integer, got string \"2\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails with all problems of the command. Parts that could not be checked don't count;
    /// [`Validator::check`] reports them.
    pub fn validate<C: Serialize + ?Sized>(&self, command: &C) -> Result<(), Violations> {
        let report = serialized(command, |node| self.check(node, &Policy::default()));
        report.into_result(self.label())
    }

    /// Checks a QMP command.
    pub fn check(&self, command: Node<'_>, policy: &Policy) -> Report {
        self.context(policy).command(command)
    }

    /// Checks the JSON argument of a command-line option. Paths start with `arguments`, as for QMP
    /// commands.
    pub fn check_option(&self, option: JsonOption, value: Node<'_>, policy: &Policy) -> Report {
        self.context(policy).option(option.command(), value)
    }

    /// Checks an event: an object with `event` and `data`.
    pub fn check_event(&self, event: Node<'_>, policy: &Policy) -> Report {
        self.context(policy).event(event)
    }

    /// Checks the reply to a command: an object with `return`. An error reply is always accepted.
    pub fn check_reply(&self, execute: &str, reply: Node<'_>, policy: &Policy) -> Report {
        self.context(policy).returned(execute, reply)
    }

    fn context<'a>(&'a self, policy: &'a Policy) -> Context<'a> {
        Context { target: &self.target, policy }
    }
}

fn serialized<C: Serialize + ?Sized>(command: &C, check: impl Fn(Node<'_>) -> Report) -> Report {
    let text = serde_json::to_string(command).map_err(|error| error.to_string());
    let document = text.and_then(|text| Document::parse(text).map_err(|error| error.to_string()));
    match document {
        Ok(document) => check(document.root()),
        Err(error) => {
            let mut report = Report::default();
            report.problems.push(
                Violation::new("", ViolationKind::Envelope)
                    .found(format!("a value that is not JSON ({error})"))
                    .expected("a QMP command, an object with `execute`"),
            );
            report
        }
    }
}
