use std::sync::OnceLock;

use super::devices::Devices;
use super::width::Widths;
use crate::qapi::Schema;

/// What was recorded about a QEMU, as far as validation needs it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    schema: Schema,
    devices: Option<Devices>,
    /// Computed on first use.
    widths: OnceLock<Widths>,
}

impl Target {
    pub(super) fn new(schema: Schema, devices: Option<Devices>) -> Self {
        Self { schema, devices, widths: OnceLock::new() }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn devices(&self) -> Option<&Devices> {
        self.devices.as_ref()
    }

    /// The widths of the integers in the schema.
    pub(crate) fn widths(&self) -> &Widths {
        self.widths.get_or_init(|| Widths::of(&self.schema))
    }
}
