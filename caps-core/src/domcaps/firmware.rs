//! Firmware descriptors, which list the machine types that a firmware supports.

#[cfg(feature = "host")]
mod descriptor;
#[cfg(feature = "host")]
#[expect(clippy::disallowed_methods, reason = "reads firmware descriptors")]
mod dirs;
mod test_host;

#[cfg(feature = "host")]
pub use dirs::FirmwareDirError;

use thiserror::Error;

use crate::arch::Arch;

/// A firmware descriptor: the content of a JSON file such as those in `/usr/share/qemu/firmware`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Firmware {
    /// The name of the file.
    pub file: String,
    /// The firmware interfaces: `bios`, `uefi`, ...
    pub interfaces: Vec<String>,
    /// The features, such as `requires-smm`.
    pub features: Vec<String>,
    /// The supported machines.
    pub targets: Vec<Target>,
    /// The image, if it is mapped as flash or memory.
    pub image: Option<String>,
    /// Whether the image exists.
    pub image_exists: bool,
}

/// Supported machines of an architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The architecture; `None` if libvirt does not know it.
    pub arch: Option<Arch>,
    /// Patterns for machine types: `*` matches any characters, `?` a single one.
    pub machines: Vec<String>,
}

/// The firmware descriptor is unusable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the firmware descriptor `{file}` is skipped: {problem}")]
pub struct FirmwareError {
    /// The file.
    pub file: String,
    /// The problem.
    pub problem: String,
}

impl Firmware {
    /// Returns whether the firmware supports a machine type.
    pub fn applies_to(&self, arch: Arch, machine: &str) -> bool {
        self.targets
            .iter()
            .filter(|target| target.arch == Some(arch))
            .any(|target| target.machines.iter().any(|pattern| fits(pattern, machine)))
    }

    /// Returns whether the descriptor lists this feature.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }

    /// Returns whether the descriptor lists this interface.
    pub fn has_interface(&self, name: &str) -> bool {
        self.interfaces.iter().any(|interface| interface == name)
    }
}

/// Matches a whole name against a pattern. Each star is tried once, so that no pattern takes long.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&c) if c == '?' || c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}
