//! The tables of demands, measured on QEMU 7.2, 10.0 and 11.1. Types are separated by `|`; `*` matches the
//! rest of a name.

/// Device types, the keys of which one has to be set, and QEMU's error message. Types are separated by
/// `|`; `*` matches the rest of a name.
pub(super) const NEEDED: &[(&str, &str, &str)] = &[
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
/// Device types, a key, its limits where they are narrower than the property's type, and QEMU's error
/// message.
pub(super) const LIMITS: &[(&str, &str, i128, i128, &str)] = &[
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
    ("loader", "data-len", 1, 8, "data-len cannot be greater then 8 bytes"),
];
/// Device types, a key whose value is a power of two, its limits, and QEMU's error message.
pub(super) const POWERS: &[(&str, &str, i128, i128, &str)] = &[
    ("virtio-blk*", "queue-size", 4, 1024, "invalid queue-size property, must be a power of 2"),
    ("virtio-net*", "rx_queue_size", 256, 1024, "Invalid rx_queue_size, must be a power of 2"),
    ("virtio-net*", "tx_queue_size", 256, 1024, "Invalid tx_queue_size, must be a power of 2"),
];
/// Device types, a key with a list of values, and QEMU's error message.
pub(super) const WORDS: &[(&str, &str, &[&str], &str)] = &[
    ("virtio-net*", "duplex", &["half", "full"], "'duplex' must be 'half' or 'full'"),
    ("ccid-card-emulated", "backend", &["nss-emulated", "certificates"], "backend must be one of:"),
];
/// Device types of which a machine has one at most, and QEMU's error message.
pub(super) const ALONE: &[(&str, &str)] = &[
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
pub(super) const MACHINES: &[(&str, &str, &str)] = &[
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
