use super::devices::Devices;
use super::width::{Width, Widths};
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

    /// The width of an integer in the schema: of `member` in the entry `holder`.
    pub(crate) fn width(&self, holder: &str, member: &str) -> Option<Width> {
        self.widths.find(&self.schema, holder, member)
    }
}
