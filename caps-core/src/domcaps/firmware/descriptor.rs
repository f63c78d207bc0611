use serde::Deserialize;

use super::{Firmware, FirmwareError, Target};
use crate::arch::Arch;

/// The interfaces that a descriptor can name.
const INTERFACES: [&str; 4] = ["bios", "openfirmware", "uboot", "uefi"];

/// The structure of a descriptor; other members are ignored.
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
    /// Parses a descriptor. The caller determines whether the image exists.
    ///
    /// # Errors
    ///
    /// Fails if the text is not the JSON of a descriptor.
    pub fn parse(file: &str, json: &str) -> Result<Self, FirmwareError> {
        let failed = |problem: String| FirmwareError { file: file.to_owned(), problem };
        // Serde would also accept an array of the members.
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
}
