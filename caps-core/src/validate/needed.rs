//! The keys that device types need, which no answer of QEMU reveals: it finds them missing when it creates the
//! device. Measured on QEMU 7.2, 10.0 and 11.1.

use std::sync::LazyLock;

use super::by_type::ByType;

/// The keys of which a device type needs one, the first being the usual one, with QEMU's error message.
pub(super) fn needs_of(device: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    static TABLE: LazyLock<ByType<(&str, &str, &str)>> =
        LazyLock::new(|| ByType::new(NEEDED, |row| row.0));
    TABLE.of(device).map(|(_, keys, words)| (*keys, *words))
}

/// The keys that are missing before the device is created, as far as the form of a command goes.
pub(super) fn parameters_of(device: &str) -> impl Iterator<Item = &'static str> {
    let is_parameter = |words: &str| words.starts_with("Parameter ");
    needs_of(device).filter(move |(_, words)| is_parameter(words)).map(|(keys, _)| keys)
}

/// Device types, the keys of which one has to be set, and QEMU's error message. Types and keys are separated
/// by `|`; `*` matches the rest of a name.
const NEEDED: &[(&str, &str, &str)] = &[
    ("virtio-blk*", "drive", "drive property not set"),
    ("scsi-hd|scsi-block|scsi-generic|ide-hd|usb-storage", "drive", "drive property not set"),
    ("ide-cf", "drive", "No drive specified"),
    ("nvme-ns", "drive", "block backend not configured"),
    ("usb-redir", "chardev", "Parameter 'chardev' is missing"),
    ("usb-serial|usb-braille", "chardev", "Property chardev is required"),
    ("isa-parallel", "chardev", "Can't create parallel device, empty char device"),
    ("isa-debugcon", "chardev", "Can't create debugcon device, empty char device"),
    ("spapr-vty", "chardev", "chardev property not set"),
    ("ipmi-bmc-extern", "chardev", "IPMI external bmc requires chardev attribute"),
    ("vhost-user-blk*", "chardev", "vhost-user-blk: chardev is mandatory"),
    ("vhost-user-fs*|vhost-user-vsock*|vhost-user-rng*", "chardev", "missing chardev"),
    ("vhost-user-fs*", "tag", "missing tag property"),
    ("vhost-user-gpu*|vhost-user-vga", "chardev", "Failed to set msg fds."),
    ("nvme", "serial", "serial property not set"),
    ("virtio-9p*", "mount_tag", "fsdev with id needs mount_tag arguments"),
    ("virtio-9p*", "fsdev", "9pfs device couldn't find fsdev with the id = NULL"),
    ("pc-dimm|nvdimm|acpi-erst|virtio-mem", "memdev", "'memdev' property is not set"),
    ("virtio-mem-pci*|virtio-mem-ccw", "memdev", "'memdev' property must be set"),
    ("virtio-pmem*", "memdev", "virtio-pmem memdev not set"),
    ("ivshmem-plain", "memdev", "You must specify a 'memdev'"),
    (
        "cxl-type3",
        "memdev|persistent-memdev|volatile-memdev|volatile-dc-memdev",
        "at least one memdev property must be set",
    ),
    ("ivshmem-doorbell", "chardev", "You must specify a 'chardev'"),
    ("tpm-tis|tpm-tis-device|tpm-spapr", "tpmdev", "'tpmdev' property is required"),
    ("tpm-crb", "tpmdev", "tpm_crb: 'tpmdev' property is required"),
    ("vhost-vsock*", "guest-cid", "guest-cid property must be greater than 2"),
    ("virtio-crypto*", "cryptodev", "'cryptodev' parameter expects a valid object"),
    ("usb-mtp", "rootdir", "usb-mtp: rootdir must be configured and be an absolute path"),
    ("ccid-card-emulated", "backend", "backend must be one of:"),
    ("isa-ipmi-*|pci-ipmi-*|smbus-ipmi", "bmc", "IPMI device requires a bmc attribute to be set"),
    (
        "pci-bridge|pci-bridge-seat",
        "chassis_nr",
        "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.",
    ),
    (
        "pxb",
        "bus_nr",
        "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.",
    ),
    ("kvaser_pci", "canbus", "can_sja_connect_to_bus failed"),
    ("mioe3680_pci|pcm3680_pci", "canbus0", "can_sja_connect_to_bus failed"),
    ("mioe3680_pci|pcm3680_pci", "canbus1", "can_sja_connect_to_bus failed"),
    ("ctucan_pci", "canbus0", "ctucan_connect_to_bus failed"),
    ("ctucan_pci", "canbus1", "ctucan_connect_to_bus failed"),
    ("cxl-switch-mailbox-cci", "target", "Target not set"),
    ("vfio-pci|vfio-pci-nohotplug", "host|sysfsdev|fd", "No provided host device"),
    ("vfio-ccw", "sysfsdev|fd", "No host device provided"),
    ("vmmouse", "i8042", "'i8042' link is not set"),
    ("led", "color", "property 'color' not specified"),
    ("spapr-pci-host-bridge", "index", "\"index\" for PAPR PHB is mandatory"),
    ("spapr-rng", "rng|use-kvm", "spapr-rng needs an RNG backend!"),
    ("spapr-tpm-proxy", "host-path", "must specify 'host-path' option for device"),
    ("zpci", "target", "target must be defined"),
    ("x-pci-proxy-dev", "fd", "fd parameter not specified"),
    ("vfio-user-pci", "socket", "No socket specified"),
    ("sp-mem", "memdev", "'memdev' property is required"),
    ("aspeed-otp", "size", "aspeed.otp: 'size' property must be set"),
    ("arm-smmuv3", "primary-bus", "SMMU is not attached to any PCI bus!"),
    ("loader", "file|data|addr|cpu-num", "please include valid arguments"),
];
