use super::devices::Devices;
use super::width::{NoInteger, Width, Widths, fits_all, integer};
use crate::json::Node;
use crate::qapi::Schema;

/// What was recorded about a QEMU, as far as validation needs it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    schema: Schema,
    devices: Option<Devices>,
    widths: Widths,
}

impl Target {
    pub(super) fn new(schema: Schema, devices: Option<Devices>) -> Self {
        Self { schema, devices, widths: Widths::default() }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn devices(&self) -> Option<&Devices> {
        self.devices.as_ref()
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
