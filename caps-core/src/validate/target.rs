use std::sync::OnceLock;

use super::devices::Devices;
use super::width::Widths;
use crate::qapi::Schema;

/// What a QEMU was recorded to say of itself, as far as commands are checked against it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    schema: Schema,
    devices: Option<Devices>,
    /// Found when they are first asked for.
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

    /// The widths of the schema's integers.
    pub(crate) fn widths(&self) -> &Widths {
        self.widths.get_or_init(|| Widths::of(&self.schema))
    }
}
