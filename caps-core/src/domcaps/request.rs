use thiserror::Error;

use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::CaptureId;
use crate::flag::Flag;
use crate::nearest::{hint, nearest};

/// A request for a document of domain capabilities.
///
/// A request is taken literally, as in libvirt's test: a machine type that the QEMU lacks appears
/// as it is, and a domain type that it lacks has neither vCPUs nor CPU models.
/// [`Request::resolved`] checks the request as `virsh` does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The domain type.
    pub domain_type: DomainType,
    /// The machine type, by name or alias; `None` for QEMU's first.
    pub machine: Option<String>,
    /// Another architecture that the QEMU runs in addition to the capture's.
    pub arch: Option<Arch>,
    /// The path of the binary, if it differs from that in the capabilities.
    pub emulator: Option<String>,
    /// Disable deprecated CPU features in the host model.
    pub disable_deprecated_features: bool,
    /// The libvirt release.
    pub baseline: Baseline,
}

/// The options of `virsh domcapabilities`, each with a default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The domain type; `None` for the first available of kvm, hvf and qemu.
    pub domain_type: Option<DomainType>,
    /// The machine type; `None` for the first of the domain type.
    pub machine: Option<String>,
    /// The architecture; `None` for the QEMU's.
    pub arch: Option<Arch>,
}

/// The request has no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DomcapsError {
    /// The QEMU does not support the domain type.
    #[error("this QEMU has no `{domain_type}`, expected {}", list(.available))]
    DomainType {
        /// The domain type.
        domain_type: DomainType,
        /// The available domain types.
        available: Vec<DomainType>,
    },
    /// The QEMU lacks the machine type.
    #[error("this QEMU has no machine type `{machine}` for `{domain_type}` domains{}", hint(.nearest.as_deref()))]
    Machine {
        /// The machine type.
        machine: String,
        /// The domain type.
        domain_type: DomainType,
        /// The most similar machine type.
        nearest: Option<String>,
    },
    /// The QEMU runs another architecture.
    #[error("this QEMU runs guests of {arch}, found a request for {asked}")]
    Arch {
        /// The requested architecture.
        asked: Arch,
        /// The architecture of the QEMU.
        arch: Arch,
    },
    /// `/dev/kvm` can't be opened, so the maximum number of vCPUs is unknown.
    #[error("`/dev/kvm` can't be used, expected it for `kvm` domains")]
    NoKvm,
    /// The document depends on the host's own CPU, which was not detected.
    #[error("the host model of {arch} guests is the CPU of the host itself, which is not known")]
    HostCpu {
        /// The architecture of the guest.
        arch: Arch,
    },
}

fn list(types: &[DomainType]) -> String {
    let names: Vec<String> = types.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}

impl Request {
    /// Requests a document for QEMU's first machine type.
    pub fn new(domain_type: DomainType) -> Self {
        Self {
            domain_type,
            machine: None,
            arch: None,
            emulator: None,
            disable_deprecated_features: false,
            baseline: Baseline::Libvirt11_3,
        }
    }

    /// Sets the machine type, by name or alias.
    #[must_use]
    pub fn machine(mut self, machine: impl Into<String>) -> Self {
        self.machine = Some(machine.into());
        self
    }

    /// Sets the libvirt release that determines the format.
    #[must_use]
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        self
    }

    /// Disables deprecated CPU features in the host model.
    #[must_use]
    pub fn disable_deprecated_features(mut self, disable: bool) -> Self {
        self.disable_deprecated_features = disable;
        self
    }

    /// Sets another architecture that the QEMU can run; `None` changes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the QEMU does not run it.
    pub fn arch(self, caps: &Capabilities, arch: Option<Arch>) -> Result<Self, DomcapsError> {
        match arch {
            Some(asked) if !also_runs(caps.arch, asked) => {
                Err(DomcapsError::Arch { asked, arch: caps.arch })
            }
            Some(_) => Ok(Self { arch, ..self }),
            None => Ok(self),
        }
    }

    /// Takes the path and architecture from the name of a capture, as libvirt's test does.
    #[must_use]
    pub fn for_capture(mut self, id: &CaptureId) -> Self {
        self.arch = Some(id.arch);
        self.emulator = Some(format!("/usr/bin/qemu-system-{}", id.arch));
        self
    }

    /// The request that `virsh domcapabilities` makes from these options: with defaults filled in
    /// and checked against the QEMU.
    ///
    /// # Errors
    ///
    /// Fails if the QEMU lacks the domain type or the machine type, or runs another architecture.
    pub fn resolved(caps: &Capabilities, options: &Options) -> Result<Self, DomcapsError> {
        let available: Vec<DomainType> = DomainType::ALL
            .iter()
            .copied()
            .filter(|kind| !kind.is_accelerated() || caps.has(Flag::of_accel(kind.accel())))
            .collect();
        // The type `qemu` is always available.
        let domain_type = options.domain_type.unwrap_or(available[0]);
        let Some(slot) = domain_type.slot(caps) else {
            return Err(DomcapsError::DomainType { domain_type, available });
        };
        let request = Self::new(domain_type).arch(caps, options.arch)?;
        let machines = &slot.machines;
        let machine = match &options.machine {
            None => machines.first(),
            Some(asked) => Some(
                machines
                    .iter()
                    .find(|machine| machine.alias.as_ref() == Some(asked))
                    .or_else(|| machines.iter().find(|machine| machine.name == *asked))
                    .ok_or_else(|| {
                        let names = machines
                            .iter()
                            .flat_map(|m| m.alias.as_deref().into_iter().chain([m.name.as_str()]));
                        DomcapsError::Machine {
                            machine: asked.clone(),
                            domain_type,
                            nearest: nearest(asked, names).map(str::to_owned),
                        }
                    })?,
            ),
        };
        Ok(Self { machine: machine.map(|m| m.name.clone()), ..request })
    }
}

/// Infers the libvirt release from the flags of capabilities: the newest of those that lack the
/// fewest of the flags. 11.3 sets some flags for every QEMU that later releases have retired.
pub fn baseline_of(caps: &Capabilities) -> Baseline {
    let foreign = |baseline: &Baseline| {
        caps.flags.iter().filter(|flag: &Flag| !flag.is_live(*baseline)).count()
    };
    Baseline::ALL.iter().rev().copied().min_by_key(foreign).unwrap_or(Baseline::NEWEST)
}

/// Returns whether a QEMU for `arch` can also run guests of `asked`.
fn also_runs(arch: Arch, asked: Arch) -> bool {
    arch == asked
        || matches!(
            (arch, asked),
            (Arch::X86_64, Arch::I686)
                | (Arch::Aarch64, Arch::Armv7l)
                | (Arch::Armv7l, Arch::Armv6l)
                | (Arch::Ppc64, Arch::Ppc64le)
        )
}
