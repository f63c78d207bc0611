use thiserror::Error;

use super::domain_type::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::CaptureId;
use crate::flag::Flag;
use crate::nearest::{hint, nearest};

/// What a document of domain capabilities is asked for.
///
/// A request is taken literally: a machine type that the QEMU lacks is written as it stands, and a domain
/// type that it lacks has neither vCPUs nor CPU models, as in libvirt's test. [`Request::resolved`] asks as
/// `virsh` does instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// What runs the domain.
    pub domain_type: DomainType,
    /// The machine type, by name or alias; `None` for the QEMU's first one.
    pub machine: Option<String>,
    /// The architecture, where it is another one than the capture's that the QEMU runs, too.
    pub arch: Option<Arch>,
    /// The path of the binary, where it is not the one of the capabilities.
    pub emulator: Option<String>,
    /// Leave deprecated CPU features out of the host model.
    pub disable_deprecated_features: bool,
    /// The libvirt release.
    pub baseline: Baseline,
}

/// What `virsh domcapabilities` is given: all of it may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What runs the domain; `None` for the first of kvm, hvf and qemu that there is.
    pub domain_type: Option<DomainType>,
    /// The machine type; `None` for the first of the domain type.
    pub machine: Option<String>,
    /// The architecture; `None` for the QEMU's.
    pub arch: Option<Arch>,
}

/// There is no document of domain capabilities for a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DomcapsError {
    /// The QEMU can't run such domains.
    #[error("this QEMU has no `{domain_type}`, expected {}", list(.available))]
    DomainType {
        /// The domain type.
        domain_type: DomainType,
        /// Those that it has.
        available: Vec<DomainType>,
    },
    /// The QEMU does not have the machine type.
    #[error("this QEMU has no machine type `{machine}` for `{domain_type}` domains{}", hint(.nearest.as_deref()))]
    Machine {
        /// The machine type.
        machine: String,
        /// The domain type.
        domain_type: DomainType,
        /// The machine type that it has with the most similar name.
        nearest: Option<String>,
    },
    /// The QEMU runs guests of another architecture.
    #[error("this QEMU runs guests of {arch}, found a request for {asked}")]
    Arch {
        /// The architecture of the request.
        asked: Arch,
        /// That of the QEMU.
        arch: Arch,
    },
    /// `/dev/kvm` can't be opened, so nobody knows how many vCPUs a guest may have.
    #[error("`/dev/kvm` can't be used, expected it for `kvm` domains")]
    NoKvm,
    /// The document depends on the CPU of the host itself, which was not read.
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
    /// A request for domains of a type, of the QEMU's first machine type.
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

    /// For this machine type, by name or alias.
    #[must_use]
    pub fn machine(mut self, machine: impl Into<String>) -> Self {
        self.machine = Some(machine.into());
        self
    }

    /// As this libvirt release writes it.
    #[must_use]
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        self
    }

    /// With deprecated CPU features disabled in the host model.
    #[must_use]
    pub fn disable_deprecated_features(mut self, disable: bool) -> Self {
        self.disable_deprecated_features = disable;
        self
    }

    /// For another architecture that the QEMU runs, too; `None` changes nothing.
    ///
    /// # Errors
    ///
    /// When the QEMU does not run it.
    pub fn arch(self, caps: &Capabilities, arch: Option<Arch>) -> Result<Self, DomcapsError> {
        match arch {
            Some(asked) if !also_runs(caps.arch, asked) => {
                Err(DomcapsError::Arch { asked, arch: caps.arch })
            }
            Some(_) => Ok(Self { arch, ..self }),
            None => Ok(self),
        }
    }

    /// As libvirt's test asks, which takes path and architecture from the capture's file name.
    #[must_use]
    pub fn for_capture(mut self, id: &CaptureId) -> Self {
        self.arch = Some(id.arch);
        self.emulator = Some(format!("/usr/bin/qemu-system-{}", id.arch));
        self
    }

    /// The request that `virsh domcapabilities` makes of these options: with defaults filled in, and
    /// checked against what the QEMU has.
    ///
    /// # Errors
    ///
    /// When the QEMU lacks the domain type or the machine type, or runs another architecture.
    pub fn resolved(caps: &Capabilities, options: &Options) -> Result<Self, DomcapsError> {
        let available: Vec<DomainType> = DomainType::ALL
            .iter()
            .copied()
            .filter(|kind| !kind.is_accelerated() || caps.has(Flag::of_accel(kind.accel())))
            .collect();
        // Domains of the type `qemu` are always in the list.
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

/// The release of libvirt that capabilities are of, as their flags tell: the oldest one where they have a flag
/// that no newer one sets, and none that it does not know itself. It sets some of those for every QEMU.
pub fn baseline_of(caps: &Capabilities) -> Baseline {
    let oldest = Baseline::ALL[0];
    let has_flag_of = |release, other| {
        caps.flags.iter().any(|flag: Flag| flag.is_live(release) && !flag.is_live(other))
    };
    let is_oldest = has_flag_of(oldest, Baseline::NEWEST) && !has_flag_of(Baseline::NEWEST, oldest);
    if is_oldest { oldest } else { Baseline::NEWEST }
}

/// Does a QEMU for `arch` run guests of `asked`?
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
