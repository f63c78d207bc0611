//! Devices: the types that a QEMU has, the properties that were captured of them, and what
//! `device_add`, `-device` and `object-add` make of their arguments.
//!
//! The schema declares `device_add` with the driver, the bus and an id only; everything else is a
//! property of the device type, which `device-list-properties` tells.

mod check;
mod lenient;
mod property;
mod types;

pub(crate) use check::check;
pub use property::{Property, PropertyType};
pub use types::{Devices, Strictness};
