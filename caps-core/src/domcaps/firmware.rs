//! Firmware descriptors: which firmware fits which machine types.

#[expect(clippy::disallowed_methods, reason = "reads the directories of firmware descriptors")]
mod dirs;
mod test_host;

pub use dirs::FirmwareDirError;

use serde::Deserialize;
use thiserror::Error;

use crate::arch::Arch;

/// What a firmware descriptor says: a JSON file as `/usr/share/qemu/firmware/*.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Firmware {
    /// The file's name.
    pub file: String,
    /// What the firmware offers to guests: `bios`, `uefi`, ...
    pub interfaces: Vec<String>,
    /// Its features, such as `requires-smm`.
    pub features: Vec<String>,
    /// The machines it fits.
    pub targets: Vec<Target>,
    /// The image, where it is mapped as flash or memory.
    pub image: Option<String>,
    /// Is the image there?
    pub image_exists: bool,
}

/// Machines of an architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The architecture; `None` for one that libvirt does not know.
    pub arch: Option<Arch>,
    /// Patterns of machine types, with `*` for any characters and `?` for one.
    pub machines: Vec<String>,
}

/// A firmware descriptor can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the firmware descriptor `{file}` is skipped: {problem}")]
pub struct FirmwareError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub problem: String,
}

/// The interfaces that a descriptor can name.
const INTERFACES: [&str; 4] = ["bios", "openfirmware", "uboot", "uefi"];

/// The form of a descriptor; what else it has is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Descriptor {
    interface_types: Vec<String>,
    mapping: Mapping,
    targets: Vec<DescriptorTarget>,
    features: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "device", rename_all = "lowercase")]
enum Mapping {
    Flash { executable: File },
    Kernel {},
    Memory(File),
}

#[derive(Deserialize)]
struct File {
    filename: String,
}

#[derive(Deserialize)]
struct DescriptorTarget {
    architecture: String,
    machines: Vec<String>,
}

impl Firmware {
    /// Reads a descriptor. Whether its image exists is for the caller to say.
    ///
    /// # Errors
    ///
    /// When it is not the JSON of a descriptor.
    pub fn parse(file: &str, json: &str) -> Result<Self, FirmwareError> {
        let failed = |problem: String| FirmwareError { file: file.to_owned(), problem };
        // Serde would take a list of the members, too.
        if !json.trim_start().starts_with('{') {
            return Err(failed("expected a JSON object".to_owned()));
        }
        let descriptor: Descriptor =
            serde_json::from_str(json).map_err(|error| failed(error.to_string()))?;
        let unknown = |name: &&String| !INTERFACES.contains(&name.as_str());
        if let Some(name) = descriptor.interface_types.iter().find(unknown) {
            let known = INTERFACES.join("`, `");
            return Err(failed(format!("the interface type `{name}`, expected one of `{known}`")));
        }
        Ok(Self {
            file: file.to_owned(),
            interfaces: descriptor.interface_types,
            features: descriptor.features,
            targets: descriptor
                .targets
                .into_iter()
                .map(|target| Target {
                    arch: Arch::from_qemu_target(&target.architecture),
                    machines: target.machines,
                })
                .collect(),
            image: match descriptor.mapping {
                Mapping::Flash { executable: File { filename } }
                | Mapping::Memory(File { filename }) => Some(filename),
                Mapping::Kernel {} => None,
            },
            image_exists: false,
        })
    }

    /// Does it fit a machine type of an architecture?
    pub fn applies_to(&self, arch: Arch, machine: &str) -> bool {
        self.targets
            .iter()
            .filter(|target| target.arch == Some(arch))
            .any(|target| target.machines.iter().any(|pattern| fits(pattern, machine)))
    }

    /// Does it name this feature?
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }

    /// Does it name this interface?
    pub fn has_interface(&self, name: &str) -> bool {
        self.interfaces.iter().any(|interface| interface == name)
    }
}

/// Does a pattern fit a whole name? Each star is tried once, so that no pattern takes long.
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
