//! Domain capabilities: what a QEMU offers to guests with one machine type, as libvirt describes it
//! in the `<domainCapabilities>` document.
//!
//! [`DomainCapabilities::new`] makes a document from [`crate::Capabilities`], a [`Request`] and a
//! [`Host`]. [`DomainCapabilities::has`] answers questions about it, [`DomainCapabilities::to_xml`]
//! formats it byte for byte as libvirt does, and [`DomainCapabilities::parse`] reads it back.
//!
//! ```
//! use caps_core::caps::MachineType;
//! use caps_core::domcaps::{DomainCapabilities, DomainType, Host, Request};
//! use caps_core::{Arch, Capabilities};
//!
//! let mut caps = Capabilities::new(Arch::X86_64);
//! caps.tcg.machines.push(MachineType::new("pc-q35-11.1"));
//! let host = Host::of_test(&"11.1.3_x86_64".parse()?);
//! let request = Request::new(DomainType::Qemu).machine("pc-q35-11.1");
//! let document = DomainCapabilities::new(&caps, &request, &host)?;
//! assert!(document.to_xml().contains("<machine>pc-q35-11.1</machine>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod common;
mod condition;
mod cpu;
mod cpu_map;
mod decode;
#[cfg(feature = "tools")]
mod diff;
mod document;
mod domain_type;
mod features;
mod firmware;
mod host;
mod make;
mod modes;
mod parts;
mod read;
mod request;
mod rule;
mod table;
mod test_document;
mod write;

pub use crate::accel::DomainType;
pub use common::common_models;
pub use cpu_map::{CpuMap, FeatureSet, Ppc64Model, X86Model};
pub use decode::{DecodeError, host_model_problem};
pub use document::{DomainCapabilities, Os};
pub use features::{Features, HyperVDefaults, HyperVSupport, SevLimits};
#[cfg(feature = "host")]
pub use firmware::FirmwareDirError;
pub use firmware::{Firmware, FirmwareError, Target};
#[cfg(feature = "host")]
pub use host::HostError;
pub use host::{Host, NativeCpu, SevIds, TpmVersions, Vfio};
pub use modes::{CpuFeature, CpuModes, CustomModel, HostModel, Policy};
pub use parts::{Enumeration, Group, Toggle, Value};
pub use request::{DomcapsError, Options, Request, baseline_of};
pub use table::*;
pub use test_document::TestDocument;
