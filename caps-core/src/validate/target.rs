use std::sync::OnceLock;

use super::allowed::Allowed;
use super::devices::Devices;
use super::width::{NoInteger, Width, Widths, fits_all, integer};
use crate::json::Node;
use crate::qapi::{Entry, MetaType, Schema};

/// What was recorded about a QEMU, as far as validation needs it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    schema: Schema,
    devices: Option<Devices>,
    widths: Widths,
    commands: OnceLock<Allowed>,
    events: OnceLock<Allowed>,
}

impl Target {
    pub(super) fn new(schema: Schema, devices: Option<Devices>) -> Self {
        Self {
            schema,
            devices,
            widths: Widths::default(),
            commands: OnceLock::new(),
            events: OnceLock::new(),
        }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn devices(&self) -> Option<&Devices> {
        self.devices.as_ref()
    }

    /// The name of the event, or else command, that is most similar to this one.
    pub(super) fn nearest_entry(&self, name: &str, kind: MetaType) -> Option<&str> {
        let names = if kind == MetaType::Event { &self.events } else { &self.commands };
        let names = names.get_or_init(|| {
            // The names of types are numbers, those of lists have brackets.
            let is_type = |name: &str| matches!(name.as_bytes(), [b'0'..=b'9' | b'[', ..]);
            let entries = self.schema.entries_of_names(|name| !is_type(name));
            Allowed::new(entries.filter(|one| one.meta_type() == Some(kind)).map(Entry::name))
        });
        names.nearest(name)
    }

    /// An integer in the schema: `member` in the entry `holder`.
    pub(super) fn integer<'t>(&'t self, holder: &'t str, member: &'t str) -> Integer<'t> {
        Integer { target: self, holder, member }
    }
}

/// An integer in the schema, whose width is looked for when it matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Integer<'t> {
    target: &'t Target,
    holder: &'t str,
    member: &'t str,
}

impl Integer<'_> {
    /// The width, if it is known; else 64 bits apply.
    pub(crate) fn width(self) -> Option<Width> {
        self.target.widths.find(&self.target.schema, self.holder, self.member)
    }

    /// Checks whether a JSON value is an integer that fits.
    pub(super) fn check(self, found: Node<'_>) -> Result<(), NoInteger> {
        let value = integer(found).ok_or(NoInteger::Type)?;
        // Most numbers are so small that the entry doesn't matter.
        if fits_all(self.member, value) {
            return Ok(());
        }
        self.width().unwrap_or(Width::UNKNOWN).check(value)
    }
}
