//! The tables of demands, measured on QEMU 7.2, 10.0 and 11.1. Types are separated by `|`; `*` matches the
//! rest of a name.

use std::sync::LazyLock;

use crate::validate::by_type::ByType;

type Table<R> = LazyLock<ByType<R>>;
type Limit = (&'static str, &'static str, i128, i128, &'static str);
type Words = (&'static str, &'static str, &'static [&'static str], &'static str);

/// Device types, a key, its limits where they are narrower than the property's type, and QEMU's error
/// message.
pub(super) static LIMITS: Table<Limit> = LazyLock::new(|| ByType::new(LIMIT_ROWS, |row| row.0));
const LIMIT_ROWS: &[Limit] = &[
    (
        "virtio-rng*",
        "max-bytes",
        0,
        i64::MAX as i128,
        "'max-bytes' parameter must be non-negative, and less than 2^63",
    ),
    ("virtio-rng*", "period", 1, MOST, "'period' parameter expects a positive integer"),
    ("virtio-gpu-pci|virtio-vga", "max_outputs", 0, 16, "invalid max_outputs > 16"),
    ("virtio-serial*", "max_ports", 1, 511, "maximum ports supported: 511"),
    ("virtio-scsi*", "num_queues", 1, 1021, "Invalid number of queues"),
    ("virtio-scsi*", "virtqueue_size", 3, MOST, "invalid virtqueue_size property, must be > 2"),
    ("virtio-net*", "speed", 0, i32::MAX as i128, "'speed' must be between 0 and INT_MAX"),
    ("virtio-blk*", "num-queues", 1, MOST, "num-queues property must be larger than 0"),
    ("virtio-blk*", "queue-size", 3, 1024, "invalid queue-size property, must be > 2"),
    ("vhost-vsock*", "guest-cid", 3, MOST, "guest-cid property must be greater than 2"),
    ("isa-serial", "index", 0, 3, "Max. supported number of ISA serial ports is 4."),
    ("isa-parallel", "index", 0, 2, "Max. supported number of parallel ports is 3."),
    (
        "pci-bridge|pci-bridge-seat",
        "chassis_nr",
        1,
        MOST,
        "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.",
    ),
    (
        "pxb",
        "bus_nr",
        1,
        MOST,
        "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.",
    ),
    ("nvme", "max_ioqpairs", 1, 65535, "max_ioqpairs must be between 1 and 65535"),
    ("nvme", "msix_qsize", 1, 2048, "msix_qsize must be between 1 and 2048"),
    ("hda-micro|hda-duplex|hda-output", "cad", 0, 14, "HDA audio codec address is full"),
    ("nvdimm", "label-size", 128 << 10, MOST, "is required at least 0x20000"),
    ("loader", "data-len", 1, 8, "data-len cannot be greater then 8 bytes"),
];
/// Device types, a key whose value is a power of two, its limits, and QEMU's error message.
pub(super) static POWERS: Table<Limit> = LazyLock::new(|| ByType::new(POWER_ROWS, |row| row.0));
const POWER_ROWS: &[Limit] = &[
    ("virtio-blk*", "queue-size", 4, 1024, "invalid queue-size property, must be a power of 2"),
    ("virtio-net*", "rx_queue_size", 256, 1024, "Invalid rx_queue_size, must be a power of 2"),
    ("virtio-net*", "tx_queue_size", 256, 1024, "Invalid tx_queue_size, must be a power of 2"),
];
/// Device types, a key with a list of values, and QEMU's error message.
pub(super) static WORDS: Table<Words> = LazyLock::new(|| ByType::new(WORD_ROWS, |row| row.0));
const WORD_ROWS: &[Words] = &[
    ("virtio-net*", "duplex", &["half", "full"], "'duplex' must be 'half' or 'full'"),
    ("intel-iommu", "aw-bits", &["39", "48", "57"], "Supported values for aw-bits are: 39, 48"),
    ("ccid-card-emulated", "backend", &["nss-emulated", "certificates"], "backend must be one of:"),
];
/// Device types of which a machine has one at most, and QEMU's error message.
pub(super) static ALONE: Table<(&str, &str)> =
    LazyLock::new(|| ByType::new(ALONE_ROWS, |row| row.0));
const ALONE_ROWS: &[(&str, &str)] = &[
    ("virtio-balloon*", "Only one balloon device is supported"),
    ("vmcoreinfo", "at most one vmcoreinfo device is permitted"),
    ("vmgenid", "at most one vmgenid device is permitted"),
    ("pvpanic", "duplicate fw_cfg file name: etc/pvpanic-port"),
    (
        "intel-iommu|amd-iommu|virtio-iommu-pci",
        "QEMU does not support multiple vIOMMUs for x86 yet.",
    ),
    ("sclpconsole", "Multiple VT220 operator consoles are not supported"),
];
/// Device types, the machines that can have them, or with `!` those that can't, and QEMU's error message
/// elsewhere.
pub(super) static MACHINES: Table<(&str, &str, &str)> =
    LazyLock::new(|| ByType::new(MACHINE_ROWS, |row| row.0));
const MACHINE_ROWS: &[(&str, &str, &str)] = &[
    ("intel-iommu|amd-iommu", "pc-q35-*", DYNAMIC),
    ("vmbus-bridge", "pc-*", DYNAMIC),
    ("eTSEC", "ppce500", DYNAMIC),
    ("pnv-phb", "powernv*", DYNAMIC),
    ("uefi-vars-x64", "pc-*", DYNAMIC),
    ("uefi-vars-sysbus", "!pc-*|microvm|pseries-*|s390-ccw-virtio-*", DYNAMIC),
    ("vfio-platform|vfio-amd-xgbe|vfio-calxeda-xgmac", "!virt|pseries-*", DYNAMIC),
    (
        "virtio-iommu-pci",
        "!microvm|s390-ccw-virtio-*",
        "Check your machine implements a hotplug handler for the virtio-iommu-pci device",
    ),
    ("gus|sb16|cs4231a|isa-fdc", "!microvm", "ISA controller does not support DMA"),
    ("virtio-iommu-device", "", "VIRTIO-IOMMU is not attached to any PCI bus!"),
];
pub(super) const DYNAMIC: &str =
    "Parameter 'driver' expects a dynamic sysbus device type for the machine";
/// A device type that is useless without another one, and QEMU's error message.
pub(super) const COMPANIONS: &[(&str, &str, &str)] =
    &[("hv-syndbg", "vmbus-bridge", "hv-syndbg device requires vmbus-bridge device")];
/// No limit.
pub(super) const MOST: i128 = i128::MAX;
