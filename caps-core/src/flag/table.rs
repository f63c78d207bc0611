//! Every capability flag of libvirt 11.3.0: one row each, in libvirt's order.
//!
//! A row is a line of documentation, the name in Rust, the name in XML files, its state, and what
//! shows it. Append new flags at the end; never remove or reorder rows that a release has carried.

use super::rule::{
    Rule, accel, arch_in, both_queries, command, cpu, device, device_default_false, implied_by,
    machine, migration, object, option, option_parameter, qom_type, query, taken_back_by,
    tpm_model, tpm_type,
};
use super::{State, flags};
use crate::accel::Accel;
use crate::arch::Arch;

flags! {
    /// Retired.
    VncColon = "vnc-colon", retired;
    /// Retired.
    NoReboot = "no-reboot", retired;
    /// Retired.
    Drive = "drive", retired;
    /// Retired.
    DriveBoot = "drive-boot", retired;
    /// Retired.
    Name = "name", retired;
    /// Retired.
    Uuid = "uuid", retired;
    /// Retired.
    Domid = "domid", retired;
    /// Retired.
    VnetHdr = "vnet-hdr", retired;
    /// Retired.
    MigrateKvmStdio = "migrate-kvm-stdio", retired;
    /// Retired.
    MigrateQemuTcp = "migrate-qemu-tcp", retired;
    /// Retired.
    MigrateQemuExec = "migrate-qemu-exec", retired;
    /// Retired.
    DriveCacheV2 = "drive-cache-v2", retired;
    /// TODO-DOC
    Kvm = "kvm", live [accel(Accel::Kvm)];
    /// Retired.
    DriveFormat = "drive-format", retired;
    /// Retired.
    Vga = "vga", retired;
    /// Retired.
    Qemu010 = "0.10", retired;
    /// Retired.
    Pcidevice = "pci-device", retired;
    /// Retired.
    MemPath = "mem-path", retired;
    /// Retired.
    DriveSerial = "drive-serial", retired;
    /// Retired.
    XenDomid = "xen-domid", retired;
    /// Retired.
    MigrateQemuUnix = "migrate-qemu-unix", retired;
    /// Retired.
    Chardev = "chardev", retired;
    /// Retired.
    EnableKvm = "enable-kvm", retired;
    /// Retired.
    MonitorJson = "monitor-json", retired;
    /// Retired.
    Balloon = "balloon", retired;
    /// Retired.
    Device = "device", retired;
    /// TODO-DOC
    Sdl = "sdl", live [query("query-display-options/ret-type/+sdl")];
    /// Retired.
    SmpTopology = "smp-topology", retired;
    /// Retired.
    Netdev = "netdev", retired;
    /// Retired.
    Rtc = "rtc", retired;
    /// Retired.
    VhostNet = "vhost-net", retired;
    /// Retired.
    RtcTdHack = "rtc-td-hack", retired;
    /// Retired.
    NoHpet = "no-hpet", retired;
    /// Retired.
    NoKvmPit = "no-kvm-pit", retired;
    /// Retired.
    Tdf = "tdf", retired;
    /// Retired.
    PciConfigfd = "pci-configfd", retired;
    /// Retired.
    Nodefconfig = "nodefconfig", retired;
    /// Retired.
    BootMenu = "boot-menu", retired;
    /// Retired.
    Fsdev = "fsdev", retired;
    /// Retired.
    Nesting = "nesting", retired;
    /// Retired.
    NameProcess = "name-process", retired;
    /// Retired.
    DriveReadonly = "drive-readonly", retired;
    /// Retired.
    SmbiosType = "smbios-type", retired;
    /// Retired.
    VgaQxl = "vga-qxl", retired;
    /// TODO-DOC
    Spice = "spice", live [option("spice")];
    /// Retired.
    VgaNone = "vga-none", retired;
    /// Retired.
    MigrateQemuFd = "migrate-qemu-fd", retired;
    /// Retired.
    Bootindex = "boot-index", retired;
    /// TODO-DOC
    HdaDuplex = "hda-duplex", live [qom_type("hda-duplex")];
    /// Retired.
    DriveAio = "drive-aio", retired;
    /// Retired.
    PciMultibus = "pci-multibus", retired;
    /// Retired.
    PciBootindex = "pci-bootindex", retired;
    /// TODO-DOC
    CcidEmulated = "ccid-emulated", live [qom_type("ccid-card-emulated")];
    /// TODO-DOC
    CcidPassthru = "ccid-passthru", live [qom_type("ccid-card-passthru")];
    /// Retired.
    ChardevSpicevmc = "chardev-spicevmc", retired;
    /// Retired.
    DeviceSpicevmc = "device-spicevmc", retired;
    /// Retired.
    VirtioTxAlg = "virtio-tx-alg", retired;
    /// Retired.
    DeviceQxlVga = "device-qxl-vga", retired;
    /// Retired.
    PciMultifunction = "pci-multifunction", retired;
    /// Retired.
    VirtioIoeventfd = "virtio-blk-pci.ioeventfd", retired;
    /// Retired.
    Sga = "sga", retired;
    /// Retired.
    VirtioBlkEventIdx = "virtio-blk-pci.event_idx", retired;
    /// Retired.
    VirtioNetEventIdx = "virtio-net-pci.event_idx", retired;
    /// Retired.
    DriveCacheDirectsync = "cache-directsync", retired;
    /// TODO-DOC
    Piix3UsbUhci = "piix3-usb-uhci", live [qom_type("piix3-usb-uhci")];
    /// TODO-DOC
    Piix4UsbUhci = "piix4-usb-uhci", live [qom_type("piix4-usb-uhci")];
    /// TODO-DOC
    UsbEhci = "usb-ehci", live [qom_type("usb-ehci")];
    /// TODO-DOC
    Ich9UsbEhci1 = "ich9-usb-ehci1", live [qom_type("ich9-usb-ehci1")];
    /// TODO-DOC
    Vt82c686bUsbUhci = "vt82c686b-usb-uhci", live [qom_type("vt82c686b-usb-uhci")];
    /// TODO-DOC
    PciOhci = "pci-ohci", live [qom_type("pci-ohci")];
    /// TODO-DOC
    UsbRedir = "usb-redir", live [qom_type("usb-redir")];
    /// TODO-DOC
    UsbHub = "usb-hub", live [qom_type("usb-hub")];
    /// Retired.
    NoShutdown = "no-shutdown", retired;
    /// Retired.
    DriveCacheUnsafe = "cache-unsafe", retired;
    /// Retired.
    PciRombar = "rombar", retired;
    /// TODO-DOC
    Ich9Ahci = "ich9-ahci", live [qom_type("ich9-ahci")];
    /// Retired.
    NoAcpi = "no-acpi", retired;
    /// Retired.
    FsdevReadonly = "fsdev-readonly", retired;
    /// TODO-DOC
    VirtioBlkScsi = "virtio-blk-pci.scsi", live [
        device("virtio-blk-pci", "scsi"),
        device("virtio-blk-ccw", "scsi"),
    ];
    /// Retired.
    VirtioBlkSgIo = "blk-sg-io", retired;
    /// Retired.
    DriveCopyOnRead = "drive-copy-on-read", retired;
    /// Retired.
    CpuHost = "cpu-host", retired;
    /// Retired.
    FsdevWriteout = "fsdev-writeout", retired;
    /// Retired.
    DriveIotune = "drive-iotune", retired;
    /// Retired.
    Wakeup = "system_wakeup", retired;
    /// TODO-DOC
    ScsiDiskChannel = "scsi-disk.channel", live [device("scsi-hd", "channel")];
    /// TODO-DOC
    ScsiBlock = "scsi-block", live [qom_type("scsi-block")];
    /// Retired.
    Transaction = "transaction", retired;
    /// Retired.
    BlockjobSync = "block-job-sync", retired;
    /// Retired.
    BlockjobAsync = "block-job-async", retired;
    /// Retired.
    ScsiCd = "scsi-cd", retired;
    /// Retired.
    IdeCd = "ide-cd", retired;
    /// Retired.
    NoUserConfig = "no-user-config", retired;
    /// TODO-DOC
    HdaMicro = "hda-micro", live [qom_type("hda-micro")];
    /// Retired.
    DumpGuestMemory = "dump-guest-memory", retired;
    /// TODO-DOC
    NecUsbXhci = "nec-usb-xhci", live [qom_type("nec-usb-xhci")];
    /// Retired.
    VirtioS390 = "virtio-s390", retired;
    /// Retired.
    BalloonEvent = "balloon-event", retired;
    /// Retired.
    NetdevBridge = "bridge", retired;
    /// TODO-DOC
    ScsiLsi = "lsi", live [qom_type("lsi53c895a")];
    /// TODO-DOC
    VirtioScsi = "virtio-scsi-pci", live [
        qom_type("virtio-scsi-pci"),
        qom_type("virtio-scsi-ccw"),
        qom_type("virtio-scsi-device"),
    ];
    /// Retired.
    Blockio = "blockio", retired;
    /// Retired.
    PiixDisableS3 = "disable-s3", retired;
    /// Retired.
    PiixDisableS4 = "disable-s4", retired;
    /// TODO-DOC
    UsbRedirFilter = "usb-redir.filter", live [device("usb-redir", "filter")];
    /// Retired.
    IdeDriveWwn = "ide-drive.wwn", retired;
    /// Retired.
    ScsiDiskWwn = "scsi-disk.wwn", retired;
    /// TODO-DOC
    SeccompSandbox = "seccomp-sandbox", live [option("sandbox")];
    /// Retired.
    RebootTimeout = "reboot-timeout", retired;
    /// Retired.
    DumpGuestCore = "dump-guest-core", retired;
    /// Retired.
    SeamlessMigration = "seamless-migration", retired;
    /// Retired.
    BlockCommit = "block-commit", retired;
    /// TODO-DOC
    Vnc = "vnc", live [command("query-vnc")];
    /// Retired.
    DriveMirror = "drive-mirror", retired;
    /// Retired.
    UsbRedirBootindex = "usb-redir.bootindex", retired;
    /// Retired.
    UsbHostBootindex = "usb-host.bootindex", retired;
    /// Retired.
    DiskSnapshot = "blockdev-snapshot-sync", retired;
    /// TODO-DOC
    DeviceQxl = "qxl", live [qom_type("qxl")];
    /// TODO-DOC
    DeviceVga = "VGA", live [qom_type("VGA")];
    /// TODO-DOC
    DeviceCirrusVga = "cirrus-vga", live [qom_type("cirrus-vga")];
    /// TODO-DOC
    DeviceVmwareSvga = "vmware-svga", live [qom_type("vmware-svga")];
    /// Retired.
    DeviceVideoPrimary = "device-video-primary", retired;
    /// TODO-DOC
    DeviceSclpconsole = "s390-sclp", live [qom_type("sclpconsole")];
    /// TODO-DOC
    DeviceUsbSerial = "usb-serial", live [qom_type("usb-serial")];
    /// Retired.
    DeviceUsbNet = "usb-net", retired;
    /// Retired.
    AddFd = "add-fd", retired;
    /// Retired.
    NbdServer = "nbd-server", retired;
    /// TODO-DOC
    DeviceVirtioRng = "virtio-rng", live [
        qom_type("virtio-rng-pci"),
        qom_type("virtio-rng-ccw"),
        qom_type("virtio-rng-device"),
    ];
    /// TODO-DOC
    ObjectRngRandom = "rng-random", live [qom_type("rng-random")];
    /// TODO-DOC
    ObjectRngEgd = "rng-egd", live [qom_type("rng-egd")];
    /// TODO-DOC
    VirtioCcw = "virtio-ccw", live [qom_type("virtio-blk-ccw")];
    /// Retired.
    Dtb = "dtb", retired;
    /// TODO-DOC
    ScsiMegasas = "megasas", live [qom_type("megasas")];
    /// Retired.
    Ipv6Migration = "ipv6-migration", retired;
    /// Retired.
    MachineOpt = "machine-opt", retired;
    /// Retired.
    MachineUsbOpt = "machine-usb-opt", retired;
    /// TODO-DOC
    DeviceTpmPassthrough = "tpm-passthrough", live [tpm_type("passthrough")];
    /// TODO-DOC
    DeviceTpmTis = "tpm-tis", live [tpm_model("tpm-tis")];
    /// TODO-DOC
    DeviceNvram = "nvram", live [qom_type("spapr-nvram")];
    /// TODO-DOC
    DevicePciBridge = "pci-bridge", live [qom_type("pci-bridge")];
    /// TODO-DOC
    DeviceVfioPci = "vfio-pci", live [qom_type("vfio-pci")];
    /// Retired.
    VfioPciBootindex = "vfio-pci.bootindex", retired;
    /// Retired.
    DeviceScsiGeneric = "scsi-generic", retired;
    /// Retired.
    DeviceScsiGenericBootindex = "scsi-generic.bootindex", retired;
    /// Retired.
    MemMerge = "mem-merge", retired;
    /// Retired.
    VncWebsocket = "vnc-websocket", retired;
    /// Retired.
    DriveDiscard = "drive-discard", retired;
    /// Retired.
    RealtimeMlock = "mlock", retired;
    /// Retired.
    VncSharePolicy = "vnc-share-policy", retired;
    /// Retired.
    DeviceDelEvent = "device-del-event", retired;
    /// TODO-DOC
    DeviceDmiToPciBridge = "dmi-to-pci-bridge", live [qom_type("i82801b11-bridge")];
    /// Retired.
    I440fxPciHole64Size = "i440fx-pci-hole64-size", retired;
    /// Retired.
    Q35PciHole64Size = "q35-pci-hole64-size", retired;
    /// TODO-DOC
    DeviceUsbStorage = "usb-storage", live [qom_type("usb-storage")];
    /// Retired.
    UsbStorageRemovable = "usb-storage.removable", retired;
    /// TODO-DOC
    DeviceVirtioMmio = "virtio-mmio", live [qom_type("virtio-mmio")];
    /// TODO-DOC
    DeviceIch9IntelHda = "ich9-intel-hda", live [qom_type("ich9-intel-hda")];
    /// TODO-DOC
    KvmPitTickPolicy = "kvm-pit-lost-tick-policy", live [device("kvm-pit", "lost_tick_policy")];
    /// Retired.
    BootStrict = "boot-strict", retired;
    /// TODO-DOC
    DevicePanic = "pvpanic", live [qom_type("pvpanic")];
    /// Retired.
    EnableFips = "enable-fips", retired;
    /// Retired.
    SpiceFileXferDisable = "spice-file-xfer-disable", retired;
    /// Retired.
    ChardevSpiceport = "spiceport", retired;
    /// TODO-DOC
    DeviceUsbKbd = "usb-kbd", live [qom_type("usb-kbd")];
    /// Retired.
    HostPciMultidomain = "host-pci-multidomain", retired;
    /// Retired.
    MsgTimestamp = "msg-timestamp", retired;
    /// Retired.
    ActiveCommit = "active-commit", retired;
    /// Retired.
    ChangeBackingFile = "change-backing-file", retired;
    /// Retired.
    ObjectMemoryRam = "memory-backend-ram", retired;
    /// Retired.
    Numa = "numa", retired;
    /// Retired.
    ObjectMemoryFile = "memory-backend-file", retired;
    /// TODO-DOC
    ObjectUsbAudio = "usb-audio", live [qom_type("usb-audio")];
    /// TODO-DOC
    RtcResetReinjection = "rtc-reset-reinjection", live [command("rtc-reset-reinjection")];
    /// Retired.
    SplashTimeout = "splash-timeout", retired;
    /// Retired.
    ObjectIothread = "iothread", retired;
    /// TODO-DOC
    MigrateRdma = "migrate-rdma", live [migration("rdma-pin-all")];
    /// Retired.
    DeviceIvshmem = "ivshmem", retired;
    /// Retired.
    DriveIotuneMax = "drive-iotune-max", retired;
    /// TODO-DOC
    VgaVgamem = "VGA.vgamem_mb", live [device("VGA", "vgamem_mb")];
    /// TODO-DOC
    VmwareSvgaVgamem = "vmware-svga.vgamem_mb", live [device("vmware-svga", "vgamem_mb")];
    /// TODO-DOC
    QxlVgamem = "qxl.vgamem_mb", live [device("qxl", "vgamem_mb")];
    /// Retired.
    QxlVgaVgamem = "qxl-vga.vgamem_mb", retired;
    /// TODO-DOC
    DevicePcDimm = "pc-dimm", live [qom_type("pc-dimm")];
    /// TODO-DOC
    MachineVmportOpt = "machine-vmport-opt", live [qom_type("vmport")];
    /// Retired.
    AesKeyWrap = "aes-key-wrap", retired;
    /// Retired.
    DeaKeyWrap = "dea-key-wrap", retired;
    /// TODO-DOC
    DevicePciSerial = "pci-serial", live [qom_type("pci-serial")];
    /// Retired.
    CpuAarch64Off = "aarch64-off", retired;
    /// Retired.
    VhostuserMultiqueue = "vhost-user-multiqueue", retired;
    /// Retired.
    MigrationEvent = "migration-event", retired;
    /// Retired.
    ObjectGpex = "gpex-pcihost", retired;
    /// TODO-DOC
    DeviceIoh3420 = "ioh3420", live [qom_type("ioh3420")];
    /// TODO-DOC
    DeviceX3130Upstream = "x3130-upstream", live [qom_type("x3130-upstream")];
    /// TODO-DOC
    DeviceXio3130Downstream = "xio3130-downstream", live [qom_type("xio3130-downstream")];
    /// TODO-DOC
    DeviceRtl8139 = "rtl8139", live [qom_type("rtl8139")];
    /// TODO-DOC
    DeviceE1000 = "e1000", live [qom_type("e1000")];
    /// TODO-DOC
    DeviceVirtioNet = "virtio-net", live [
        qom_type("virtio-net-pci"),
        qom_type("virtio-net-ccw"),
        qom_type("virtio-net-device"),
    ];
    /// Retired.
    MachVirtGicVersion = "gic-version", retired;
    /// Retired.
    IncomingDefer = "incoming-defer", retired;
    /// TODO-DOC
    DeviceVirtioGpu = "virtio-gpu", live [
        qom_type("virtio-gpu-pci"),
        qom_type("virtio-gpu-device"),
    ];
    /// TODO-DOC
    VirtioGpuVirgl = "virtio-gpu.virgl", live [
        device("virtio-gpu-pci", "virgl"),
        device("virtio-gpu-device", "virgl"),
        device("virtio-gpu-ccw", "virgl"),
    ];
    /// TODO-DOC
    VirtioKeyboard = "virtio-keyboard", live [
        qom_type("virtio-keyboard-device"),
        qom_type("virtio-keyboard-pci"),
    ];
    /// TODO-DOC
    VirtioMouse = "virtio-mouse", live [
        qom_type("virtio-mouse-device"),
        qom_type("virtio-mouse-pci"),
    ];
    /// TODO-DOC
    VirtioTablet = "virtio-tablet", live [
        qom_type("virtio-tablet-device"),
        qom_type("virtio-tablet-pci"),
    ];
    /// TODO-DOC
    VirtioInputHost = "virtio-input-host", live [
        qom_type("virtio-input-host-device"),
        qom_type("virtio-input-host-pci"),
    ];
    /// Retired.
    ChardevFileAppend = "chardev-file-append", retired;
    /// Retired.
    Ich9DisableS3 = "ich9-disable-s3", retired;
    /// Retired.
    Ich9DisableS4 = "ich9-disable-s4", retired;
    /// Retired.
    VserportChange = "vserport-change-event", retired;
    /// TODO-DOC
    VirtioBalloonAutodeflate = "virtio-balloon-pci.deflate-on-oom", live [
        device("virtio-balloon-pci", "deflate-on-oom"),
        device("virtio-balloon-ccw", "deflate-on-oom"),
        device("virtio-balloon-device", "deflate-on-oom"),
    ];
    /// TODO-DOC
    ScsiMptsas1068 = "mptsas1068", live [qom_type("mptsas1068")];
    /// TODO-DOC
    SpiceGl = "spice-gl", live [option_parameter("spice", "gl")];
    /// TODO-DOC
    QxlVram64 = "qxl.vram64_size_mb", live [device("qxl", "vram64_size_mb")];
    /// Retired.
    QxlVgaVram64 = "qxl-vga.vram64_size_mb", retired;
    /// Retired.
    ChardevLogfile = "chardev-logfile", retired;
    /// Retired.
    NameDebugThreads = "debug-threads", retired;
    /// Retired.
    ObjectSecret = "secret", retired;
    /// TODO-DOC
    DevicePxb = "pxb", live [qom_type("pxb")];
    /// TODO-DOC
    DevicePxbPcie = "pxb-pcie", live [qom_type("pxb-pcie")];
    /// Retired.
    DeviceTrayMoved = "device-tray-moved-event", retired;
    /// Retired.
    NecUsbXhciPorts = "nec-usb-xhci-ports", retired;
    /// Retired.
    VirtioScsiIothread = "virtio-scsi-pci.iothread", retired;
    /// Retired.
    NameGuest = "name-guest", retired;
    /// Retired.
    QxlMaxOutputs = "qxl.max_outputs", retired;
    /// Retired.
    QxlVgaMaxOutputs = "qxl-vga.max_outputs", retired;
    /// Retired.
    SpiceUnix = "spice-unix", retired;
    /// Retired.
    DriveDetectZeroes = "drive-detect-zeroes", retired;
    /// Retired.
    ObjectTlsCredsX509 = "tls-creds-x509", retired;
    /// Retired.
    Display = "display", retired;
    /// TODO-DOC
    DeviceIntelIommu = "intel-iommu", live [qom_type("intel-iommu")];
    /// Retired.
    MachineSmmOpt = "smm", retired;
    /// Retired.
    VirtioPciDisableLegacy = "virtio-pci-disable-legacy", retired;
    /// Retired.
    QueryHotpluggableCpus = "query-hotpluggable-cpus", retired;
    /// Retired.
    VirtioNetRxQueueSize = "virtio-net.rx_queue_size", retired;
    /// Retired.
    MachineIommu = "machine-iommu", retired;
    /// TODO-DOC
    DeviceVirtioVga = "virtio-vga", live [qom_type("virtio-vga")];
    /// Retired.
    DriveIotuneMaxLength = "drive-iotune-max-length", retired;
    /// TODO-DOC
    DeviceIvshmemPlain = "ivshmem-plain", live [qom_type("ivshmem-plain")];
    /// TODO-DOC
    DeviceIvshmemDoorbell = "ivshmem-doorbell", live [qom_type("ivshmem-doorbell")];
    /// Retired.
    QueryQmpSchema = "query-qmp-schema", retired;
    /// Retired.
    GlusterDebugLevel = "gluster.debug_level", retired;
    /// TODO-DOC
    DeviceVhostScsi = "vhost-scsi", live [qom_type("vhost-scsi")];
    /// Retired.
    DriveIotuneGroup = "drive-iotune-group", retired;
    /// TODO-DOC
    QueryCpuModelExpansion = "query-cpu-model-expansion", live [
        command("query-cpu-model-expansion"),
    ];
    /// Retired.
    VirtioNetHostMtu = "virtio-net.host_mtu", retired;
    /// TODO-DOC
    SpiceRendernode = "spice-rendernode", live [option_parameter("spice", "rendernode")];
    /// TODO-DOC
    DeviceNvdimm = "nvdimm", live [qom_type("nvdimm")];
    /// TODO-DOC
    DevicePcieRootPort = "pcie-root-port", live [qom_type("pcie-root-port")];
    /// TODO-DOC
    QueryCpuDefinitions = "query-cpu-definitions", live [command("query-cpu-definitions")];
    /// Retired.
    BlockWriteThreshold = "block-write-threshold", retired;
    /// Retired.
    QueryNamedBlockNodes = "query-named-block-nodes", retired;
    /// Retired.
    CpuCache = "cpu-cache", retired;
    /// TODO-DOC
    DeviceQemuXhci = "qemu-xhci", live [qom_type("qemu-xhci")];
    /// Retired.
    MachineKernelIrqchip = "kernel-irqchip", retired;
    /// Retired.
    MachineKernelIrqchipSplit = "kernel-irqchip.split", retired;
    /// TODO-DOC
    IntelIommuIntremap = "intel-iommu.intremap", live [device("intel-iommu", "intremap")];
    /// TODO-DOC
    IntelIommuCachingMode = "intel-iommu.caching-mode", live [
        device("intel-iommu", "caching-mode"),
    ];
    /// TODO-DOC
    IntelIommuEim = "intel-iommu.eim", live [device("intel-iommu", "eim")];
    /// TODO-DOC
    IntelIommuDeviceIotlb = "intel-iommu.device-iotlb", live [
        device("intel-iommu", "device-iotlb"),
    ];
    /// Retired.
    VirtioPciIommuPlatform = "virtio.iommu_platform", retired;
    /// Retired.
    VirtioPciAts = "virtio.ats", retired;
    /// Retired.
    Loadparm = "loadparm", retired;
    /// TODO-DOC
    DeviceSpaprPciHostBridge = "spapr-pci-host-bridge", live [qom_type("spapr-pci-host-bridge")];
    /// TODO-DOC
    SpaprPciHostBridgeNumaNode = "spapr-pci-host-bridge.numa_node", live [
        device("spapr-pci-host-bridge", "numa_node"),
    ];
    /// Retired.
    VncMultiServers = "vnc-multi-servers", retired;
    /// Retired.
    VirtioNetTxQueueSize = "virtio-net.tx_queue_size", retired;
    /// TODO-DOC
    ChardevReconnect = "chardev-reconnect", live [
        query("chardev-add/arg-type/backend/+socket/data/reconnect"),
    ];
    /// Retired.
    VirtioGpuMaxOutputs = "virtio-gpu.max_outputs", retired;
    /// Retired.
    Vxhs = "vxhs", retired;
    /// Retired.
    VirtioBlkNumQueues = "virtio-blk.num-queues", retired;
    /// Retired.
    MachinePseriesResizeHpt = "machine.pseries.resize-hpt", retired;
    /// TODO-DOC
    DeviceVmcoreinfo = "vmcoreinfo", live [qom_type("vmcoreinfo")];
    /// TODO-DOC
    DeviceSpaprVty = "spapr-vty", live [qom_type("spapr-vty")];
    /// TODO-DOC
    DeviceSclplmconsole = "sclplmconsole", live [qom_type("sclplmconsole")];
    /// Retired.
    NumaDist = "numa.dist", retired;
    /// Retired.
    DiskShareRw = "disk-share-rw", retired;
    /// Retired.
    IscsiPasswordSecret = "iscsi.password-secret", retired;
    /// TODO-DOC
    DeviceIsaSerial = "isa-serial", live [qom_type("isa-serial")];
    /// TODO-DOC
    DevicePl011 = "pl011", live [qom_type("pl011")];
    /// Retired.
    MachinePseriesMaxCpuCompat = "machine.pseries.max-cpu-compat", retired;
    /// Retired.
    DumpCompleted = "dump-completed", retired;
    /// TODO-DOC
    DeviceVirtioGpuCcw = "virtio-gpu-ccw", live [qom_type("virtio-gpu-ccw")];
    /// TODO-DOC
    DeviceVirtioKeyboardCcw = "virtio-keyboard-ccw", live [qom_type("virtio-keyboard-ccw")];
    /// TODO-DOC
    DeviceVirtioMouseCcw = "virtio-mouse-ccw", live [qom_type("virtio-mouse-ccw")];
    /// TODO-DOC
    DeviceVirtioTabletCcw = "virtio-tablet-ccw", live [qom_type("virtio-tablet-ccw")];
    /// Retired.
    Qcow2Luks = "qcow2-luks", retired;
    /// TODO-DOC
    DevicePciePciBridge = "pcie-pci-bridge", live [qom_type("pcie-pci-bridge")];
    /// Retired.
    SeccompBlacklist = "seccomp-blacklist", retired;
    /// Retired.
    QueryCpusFast = "query-cpus-fast", retired;
    /// Retired.
    DiskWriteCache = "disk-write-cache", retired;
    /// TODO-DOC
    NbdTls = "nbd-tls", live [query("nbd-server-start/arg-type/tls-creds")];
    /// TODO-DOC
    DeviceTpmCrb = "tpm-crb", live [tpm_model("tpm-crb")];
    /// TODO-DOC
    PrManagerHelper = "pr-manager-helper", live [qom_type("pr-manager-helper")];
    /// Retired.
    QomListProperties = "qom-list-properties", retired;
    /// Retired.
    ObjectMemoryFileDiscard = "memory-backend-file.discard-data", retired;
    /// Retired.
    Ccw = "virtual-css-bridge", retired;
    /// Retired.
    CcwCssidUnrestricted = "virtual-css-bridge.cssid-unrestricted", retired;
    /// TODO-DOC
    DeviceVfioCcw = "vfio-ccw", live [qom_type("vfio-ccw")];
    /// Retired.
    SdlGl = "sdl-gl", retired;
    /// TODO-DOC
    ScreendumpDevice = "screendump_device", live [query("screendump/arg-type/device")];
    /// TODO-DOC
    HdaOutput = "hda-output", live [qom_type("hda-output")];
    /// Retired.
    BlockdevDel = "blockdev-del", retired;
    /// TODO-DOC
    DeviceVmgenid = "vmgenid", live [qom_type("vmgenid")];
    /// TODO-DOC
    DeviceVhostVsock = "vhost-vsock", live [qom_type("vhost-vsock-device")];
    /// Retired.
    ChardevFdPassCommandline = "chardev-fd-pass", retired;
    /// TODO-DOC
    DeviceTpmEmulator = "tpm-emulator", live [tpm_type("emulator")];
    /// TODO-DOC
    DeviceMch = "mch", live [qom_type("mch")];
    /// TODO-DOC
    MchExtendedTsegMbytes = "mch.extended-tseg-mbytes", live [
        device("mch", "extended-tseg-mbytes"),
    ];
    /// TODO-DOC
    SevGuest = "sev-guest", live [qom_type("sev-guest"), taken_back_by("query-sev-capabilities")];
    /// Retired.
    MachinePseriesCapHptMaxPageSize = "machine.pseries.cap-hpt-max-page-size", retired;
    /// Retired.
    MachinePseriesCapHtm = "machine.pseries.cap-htm", retired;
    /// Retired.
    UsbStorageWerror = "usb-storage.werror", retired;
    /// TODO-DOC
    EglHeadless = "egl-headless", live [query("query-display-options/ret-type/+egl-headless")];
    /// Retired.
    VfioPciDisplay = "vfio-pci.display", retired;
    /// Retired.
    Blockdev = "blockdev", retired;
    /// TODO-DOC
    DeviceVfioAp = "vfio-ap", live [qom_type("vfio-ap")];
    /// TODO-DOC
    DeviceZpci = "zpci", live [qom_type("zpci")];
    /// TODO-DOC
    ObjectMemoryMemfd = "memory-backend-memfd", live [qom_type("memory-backend-memfd")];
    /// TODO-DOC
    ObjectMemoryMemfdHugetlb = "memory-backend-memfd.hugetlb", live [
        object("memory-backend-memfd", "hugetlb"),
    ];
    /// Retired.
    IothreadPolling = "iothread.poll-max-ns", retired;
    /// Retired.
    MachinePseriesCapNestedHv = "machine.pseries.cap-nested-hv", retired;
    /// TODO-DOC
    EglHeadlessRendernode = "egl-headless.rendernode", live [
        query("query-display-options/ret-type/+egl-headless/rendernode"),
    ];
    /// Retired.
    ObjectMemoryFileAlign = "memory-backend-file.align", retired;
    /// TODO-DOC
    ObjectMemoryFilePmem = "memory-backend-file.pmem", live [object("memory-backend-file", "pmem")];
    /// TODO-DOC
    DeviceNvdimmUnarmed = "nvdimm.unarmed", live [device("nvdimm", "unarmed")];
    /// Retired.
    ScsiDiskDeviceId = "scsi-disk.device_id", retired;
    /// TODO-DOC
    VirtioPciTransitional = "virtio-pci-non-transitional", live [
        qom_type("virtio-blk-pci-transitional"),
        qom_type("virtio-blk-pci-non-transitional"),
        qom_type("virtio-net-pci-transitional"),
        qom_type("virtio-net-pci-non-transitional"),
        qom_type("vhost-scsi-pci-transitional"),
        qom_type("vhost-scsi-pci-non-transitional"),
        qom_type("virtio-rng-pci-transitional"),
        qom_type("virtio-rng-pci-non-transitional"),
        qom_type("virtio-9p-pci-transitional"),
        qom_type("virtio-9p-pci-non-transitional"),
        qom_type("virtio-balloon-pci-transitional"),
        qom_type("virtio-balloon-pci-non-transitional"),
        qom_type("vhost-vsock-pci-transitional"),
        qom_type("vhost-vsock-pci-non-transitional"),
        qom_type("virtio-scsi-pci-transitional"),
        qom_type("virtio-scsi-pci-non-transitional"),
        qom_type("virtio-serial-pci-transitional"),
        qom_type("virtio-serial-pci-non-transitional"),
    ];
    /// Retired.
    Overcommit = "overcommit", retired;
    /// Retired.
    QueryCurrentMachine = "query-current-machine", retired;
    /// TODO-DOC
    MachineVirtIommu = "machine.virt.iommu", live [machine("virt", "iommu")];
    /// Retired.
    BitmapMerge = "bitmap-merge", retired;
    /// Retired.
    NbdBitmap = "nbd-bitmap", retired;
    /// TODO-DOC
    X86MaxCpu = "x86-max-cpu", live [qom_type("max-x86_64-cpu")];
    /// TODO-DOC
    CpuUnavailableFeatures = "cpu-unavailable-features", live [
        object("max-x86_64-cpu", "unavailable-features"),
        object("max-arm-cpu", "unavailable-features"),
    ];
    /// TODO-DOC
    CanonicalCpuFeatures = "canonical-cpu-features", live [
        implied_by(Flag::CpuUnavailableFeatures),
    ];
    /// TODO-DOC
    DeviceBochsDisplay = "bochs-display", live [qom_type("bochs-display")];
    /// TODO-DOC
    MigrationFileDropCache = "migration-file-drop-cache", live [
        query("blockdev-add/arg-type/+file/drop-cache"),
    ];
    /// TODO-DOC
    DbusVmstate = "dbus-vmstate", live [qom_type("dbus-vmstate")];
    /// TODO-DOC
    DeviceVhostUserGpu = "vhost-user-gpu", live [qom_type("vhost-user-gpu")];
    /// TODO-DOC
    DeviceVhostUserVga = "vhost-user-vga", live [qom_type("vhost-user-vga")];
    /// Retired.
    IncrementalBackup = "incremental-backup", retired;
    /// TODO-DOC
    QueryCpuModelBaseline = "query-cpu-model-baseline", live [command("query-cpu-model-baseline")];
    /// TODO-DOC
    QueryCpuModelComparison = "query-cpu-model-comparison", live [
        command("query-cpu-model-comparison"),
    ];
    /// TODO-DOC
    DeviceRamfb = "ramfb", live [qom_type("ramfb")];
    /// Retired.
    MachinePseriesCapCcfAssist = "machine.pseries.cap-ccf-assist", retired;
    /// TODO-DOC
    ArmMaxCpu = "arm-max-cpu", live [qom_type("max-arm-cpu")];
    /// Retired.
    BlockFileAutoReadonlyDynamic = "blockdev-file-dynamic-auto-read-only", retired;
    /// Retired.
    SavevmMonitorNodes = "savevm-monitor-nodes", retired;
    /// TODO-DOC
    DriveNvme = "drive-nvme", live [query("blockdev-add/arg-type/+nvme")];
    /// TODO-DOC
    SmpDies = "smp-dies", live [query("query-hotpluggable-cpus/ret-type/props/die-id")];
    /// TODO-DOC
    DeviceI8042 = "i8042", live [qom_type("i8042")];
    /// TODO-DOC
    ObjectRngBuiltin = "rng-builtin", live [qom_type("rng-builtin")];
    /// Retired.
    VirtioNetFailover = "virtio-net.failover", retired;
    /// TODO-DOC
    DeviceTpmSpapr = "tpm-spapr", live [qom_type("tpm-spapr"), tpm_model("tpm-spapr")];
    /// TODO-DOC
    CpuKvmNoAdjvtime = "cpu.kvm-no-adjvtime", live [
        object("max-x86_64-cpu", "kvm-no-adjvtime"),
        object("max-arm-cpu", "kvm-no-adjvtime"),
    ];
    /// TODO-DOC
    DeviceVhostUserFs = "vhost-user-fs", live [qom_type("vhost-user-fs-device")];
    /// Retired.
    QmpQueryNamedBlockNodesFlat = "query-named-block-nodes.flat", retired;
    /// Retired.
    BlockdevSnapshotAllowWriteOnly = "blockdev-snapshot.allow-write-only-overlay", retired;
    /// Retired.
    BlockdevReopen = "blockdev-reopen", retired;
    /// Retired.
    StorageWerror = "storage.werror", retired;
    /// TODO-DOC
    FsdevMultidevs = "fsdev.multidevs", live [option_parameter("fsdev", "multidevs")];
    /// Retired.
    VirtioPackedQueues = "virtio.packed", retired;
    /// TODO-DOC
    PcieRootPortHotplug = "pcie-root-port.hotplug", live [device("pcie-root-port", "hotplug")];
    /// TODO-DOC
    AioIoUring = "aio.io_uring", live [query("blockdev-add/arg-type/+file/aio/^io_uring")];
    /// Retired.
    MachinePseriesCapCfpc = "machine.pseries.cap-cfpc", retired;
    /// Retired.
    MachinePseriesCapSbbc = "machine.pseries.cap-sbbc", retired;
    /// Retired.
    MachinePseriesCapIbs = "machine.pseries.cap-ibs", retired;
    /// TODO-DOC
    Tcg = "tcg", live [qom_type("tcg-accel")];
    /// TODO-DOC
    VirtioBlkScsiDefaultDisabled = "virtio-blk-pci.scsi.default.disabled", live [
        device_default_false("virtio-blk-pci", "scsi"),
        device_default_false("virtio-blk-ccw", "scsi"),
    ];
    /// TODO-DOC
    ScsiPvscsi = "pvscsi", live [qom_type("pvscsi")];
    /// TODO-DOC
    CpuMigratable = "cpu.migratable", live [
        object("max-x86_64-cpu", "migratable"),
        object("max-arm-cpu", "migratable"),
    ];
    /// Retired.
    QueryCpuModelExpansionMigratable = "query-cpu-model-expansion.migratable", retired;
    /// Retired.
    FwCfg = "fw_cfg", retired;
    /// Retired.
    MigrationParamBandwidth = "migration-param.bandwidth", retired;
    /// Retired.
    MigrationParamDowntime = "migration-param.downtime", retired;
    /// Retired.
    MigrationParamXbzrleCacheSize = "migration-param.xbzrle-cache-size", retired;
    /// TODO-DOC
    IntelIommuAwBits = "intel-iommu.aw-bits", live [device("intel-iommu", "aw-bits")];
    /// TODO-DOC
    DeviceSpaprTpmProxy = "spapr-tpm-proxy", live [qom_type("spapr-tpm-proxy")];
    /// TODO-DOC
    NumaHmat = "numa.hmat", live [query("set-numa-node/arg-type/+hmat-lb")];
    /// Retired.
    BlockdevHostdevScsi = "blockdev-hostdev-scsi", retired;
    /// TODO-DOC
    UsbHostHostdevice = "usb-host.hostdevice", live [device("usb-host", "hostdevice")];
    /// TODO-DOC
    VirtioBalloonFreePageReporting = "virtio-balloon.free-page-reporting", live [
        device("virtio-balloon-pci", "free-page-reporting"),
        device("virtio-balloon-ccw", "free-page-reporting"),
        device("virtio-balloon-device", "free-page-reporting"),
    ];
    /// Retired.
    BlockExportAdd = "block-export-add", retired;
    /// TODO-DOC
    NetdevVhostVdpa = "netdev.vhost-vdpa", live [query("netdev_add/arg-type/+vhost-vdpa")];
    /// Retired.
    FsdevCreatemode = "fsdev.createmode", retired;
    /// TODO-DOC
    ScsiNcr53c90 = "ncr53c90", live [arch_in(&[Arch::Sparc, Arch::M68k, Arch::Mips])];
    /// TODO-DOC
    ScsiDc390 = "dc390", live [qom_type("dc390")];
    /// TODO-DOC
    ScsiAm53c974 = "am53c974", live [qom_type("am53c974")];
    /// TODO-DOC
    DeviceVirtioPmemPci = "virtio-pmem-pci", live [qom_type("virtio-pmem-pci")];
    /// TODO-DOC
    VhostUserFsBootindex = "vhost-user-fs.bootindex", live [
        device("vhost-user-fs-device", "bootindex"),
    ];
    /// TODO-DOC
    DeviceVhostUserBlk = "vhost-user-blk", live [qom_type("vhost-user-blk")];
    /// TODO-DOC
    CpuMax = "cpu-max", live [cpu("max")];
    /// TODO-DOC
    XUseCanonicalPathForRamblockId = "memory-backend-file.x-use-canonical-path-for-ramblock-id", live [
        object("memory-backend-file", "x-use-canonical-path-for-ramblock-id"),
    ];
    /// Retired.
    VncOpts = "vnc-opts", retired;
    /// Retired.
    MigrationParamBlockBitmapMapping = "migration-param.block-bitmap-mapping", retired;
    /// TODO-DOC
    VncPowerControl = "vnc-power-control", live [option_parameter("vnc", "power-control")];
    /// Retired.
    Audiodev = "audiodev", retired;
    /// Retired.
    BlockdevBackup = "blockdev-backup", retired;
    /// Retired.
    ObjectJson = "object.qapified", retired;
    /// TODO-DOC
    RotationRate = "rotation-rate", live [device("scsi-hd", "rotation_rate")];
    /// Retired.
    CompatDeprecated = "compat-deprecated", retired;
    /// TODO-DOC
    AcpiIndex = "acpi-index", live [
        device("virtio-blk-pci", "acpi-index"),
        device("virtio-net-pci", "acpi-index"),
        device("virtio-scsi-pci", "acpi-index"),
        device("virtio-blk-ccw", "acpi-index"),
        device("virtio-net-ccw", "acpi-index"),
        device("virtio-scsi-ccw", "acpi-index"),
        device("virtio-gpu-pci", "acpi-index"),
        device("virtio-gpu-device", "acpi-index"),
        device("virtio-balloon-pci", "acpi-index"),
        device("virtio-balloon-ccw", "acpi-index"),
        device("virtio-balloon-device", "acpi-index"),
        device("virtio-gpu-ccw", "acpi-index"),
    ];
    /// TODO-DOC
    InputLinux = "input-linux", live [qom_type("input-linux")];
    /// TODO-DOC
    VirtioGpuGlPci = "virtio-gpu-gl-pci", live [qom_type("virtio-gpu-gl-pci")];
    /// TODO-DOC
    VirtioVgaGl = "virtio-vga-gl", live [qom_type("virtio-vga-gl")];
    /// TODO-DOC
    MachineConfidentalGuestSupport = "confidential-guest-support", live [
        machine("none", "confidential-guest-support"),
    ];
    /// Retired.
    QueryDisplayOptions = "query-display-options", retired;
    /// TODO-DOC
    S390PvGuest = "s390-pv-guest", live [qom_type("s390-pv-guest")];
    /// TODO-DOC
    SetAction = "set-action", live [command("set-action")];
    /// TODO-DOC
    VirtioBlkQueueSize = "virtio-blk.queue-size", live [
        device("virtio-blk-pci", "queue-size"),
        device("virtio-blk-ccw", "queue-size"),
    ];
    /// TODO-DOC
    DeviceVirtioMemPci = "virtio-mem-pci", live [qom_type("virtio-mem-pci")];
    /// TODO-DOC
    MemoryBackendReserve = "memory-backend-file.reserve", live [
        object("memory-backend-file", "reserve"),
    ];
    /// TODO-DOC
    Piix4AcpiRootPciHotplug = "piix4.acpi-root-pci-hotplug", live [
        device("PIIX4_PM", "acpi-root-pci-hotplug"),
    ];
    /// TODO-DOC
    NetdevJson = "netdev.json", live [query("netdev_add/arg-type/type/^dgram")];
    /// TODO-DOC
    ChardevJson = "chardev.json", live [];
    /// Retired.
    DeviceJsonBrokenHotplug = "device.json", retired;
    /// TODO-DOC
    QueryDirtyRate = "query-dirty-rate", live [command("query-dirty-rate")];
    /// TODO-DOC
    RbdEncryption = "rbd-encryption", live [query("blockdev-add/arg-type/+rbd/encrypt")];
    /// TODO-DOC
    SevGuestKernelHashes = "sev-guest-kernel-hashes", live [
        query("object-add/arg-type/+sev-guest/kernel-hashes"),
    ];
    /// TODO-DOC
    SevInjectLaunchSecret = "sev-inject-launch-secret", live [command("sev-inject-launch-secret")];
    /// TODO-DOC
    DeviceJson = "device.json+hotplug", live [query("device_add/$json-cli-hotplug")];
    /// TODO-DOC
    Hvf = "hvf", live [accel(Accel::Hvf)];
    /// TODO-DOC
    DeviceVirtioMemPciPrealloc = "virtio-mem-pci.prealloc", live [
        device("virtio-mem-pci", "prealloc"),
    ];
    /// TODO-DOC
    CalcDirtyRate = "calc-dirty-rate", live [command("calc-dirty-rate")];
    /// TODO-DOC
    DirtyrateMode = "dirtyrate-param.mode", live [query("calc-dirty-rate/arg-type/mode")];
    /// TODO-DOC
    BlockdevNbdTlsHostname = "blockdev.nbd.tls-hostname", live [
        query("blockdev-add/arg-type/+nbd/tls-hostname"),
    ];
    /// TODO-DOC
    MemoryBackendPreallocThreads = "memory-backend-file.prealloc-threads", live [
        object("memory-backend-file", "prealloc-threads"),
    ];
    /// TODO-DOC
    DeviceVirtioIommuPci = "virtio-iommu-pci", live [qom_type("virtio-iommu-pci")];
    /// TODO-DOC
    VirtioIommuBootBypass = "virtio-iommu.boot-bypass", live [
        device("virtio-iommu-pci", "boot-bypass"),
    ];
    /// TODO-DOC
    VirtioNetRss = "virtio-net.rss", live [
        device("virtio-net-pci", "rss"),
        device("virtio-net-ccw", "rss"),
    ];
    /// TODO-DOC
    ChardevQemuVdagent = "chardev.qemu-vdagent", live [
        query("chardev-add/arg-type/backend/+qemu-vdagent"),
    ];
    /// TODO-DOC
    DisplayDbus = "display-dbus", live [query("query-display-options/ret-type/+dbus")];
    /// TODO-DOC
    IothreadThreadPoolMax = "iothread.thread-pool-max", live [
        query("object-add/arg-type/+iothread/thread-pool-max"),
    ];
    /// TODO-DOC
    UsbHostGuestsResetsAll = "usb-host.guest-resets-all", live [
        device("usb-host", "guest-resets-all"),
    ];
    /// TODO-DOC
    MigrationBlockedReasons = "migration.blocked-reasons", live [
        query("query-migrate/ret-type/blocked-reasons"),
    ];
    /// TODO-DOC
    QueryStats = "query-stats", live [command("query-stats")];
    /// TODO-DOC
    QueryStatsSchemas = "query-stats-schemas", live [command("query-stats-schemas")];
    /// TODO-DOC
    SgxEpc = "sgx-epc", live [qom_type("sgx-epc"), taken_back_by("query-sgx-capabilities")];
    /// TODO-DOC
    ThreadContext = "thread-context", live [qom_type("thread-context")];
    /// TODO-DOC
    ScreenshotFormatPng = "screenshot-format-png", live [query("screendump/arg-type/format/^png")];
    /// TODO-DOC
    MachineHpet = "machine-hpet", live [option_parameter("machine", "hpet")];
    /// TODO-DOC
    NetdevStream = "netdev.stream", live [query("netdev_add/arg-type/+stream")];
    /// TODO-DOC
    DeviceVirtioCrypto = "virtio-crypto", live [
        qom_type("virtio-crypto-pci"),
        qom_type("virtio-crypto-device"),
    ];
    /// TODO-DOC
    ObjectCryptoLkcf = "cryptodev-backend-lkcf", live [qom_type("cryptodev-backend-lkcf")];
    /// TODO-DOC
    DevicePanicPci = "pvpanic-pci", live [qom_type("pvpanic-pci")];
    /// TODO-DOC
    NetdevStreamReconnect = "netdev.stream.reconnect", live [
        query("netdev_add/arg-type/+stream/reconnect"),
    ];
    /// TODO-DOC
    VirtioGpuBlob = "virtio-gpu.blob", live [
        device("virtio-gpu-pci", "blob"),
        device("virtio-gpu-device", "blob"),
        device("virtio-gpu-ccw", "blob"),
    ];
    /// TODO-DOC
    RbdEncryptionLayering = "rbd-encryption-layering", live [
        query("blockdev-add/arg-type/+rbd/encrypt/parent"),
    ];
    /// TODO-DOC
    RbdEncryptionLuksAny = "rbd-encryption-luks-any", live [
        query("blockdev-add/arg-type/+rbd/encrypt/format/^luks-any"),
    ];
    /// TODO-DOC
    Qcow2DiscardNoUnref = "qcow2-discard-no-unref", live [
        query("blockdev-add/arg-type/+qcow2/discard-no-unref"),
    ];
    /// TODO-DOC
    RunWithAsyncTeardown = "run-with.async-teardown", live [
        option_parameter("run-with", "async-teardown"),
    ];
    /// TODO-DOC
    DeviceVirtioBlkVhostVdpa = "virtio-blk-vhost-vdpa", live [
        query("blockdev-add/arg-type/+virtio-blk-vhost-vdpa/$fdset"),
    ];
    /// TODO-DOC
    VirtioBlkIothreadMapping = "virtio-blk.iothread-mapping", live [
        device("virtio-blk-pci", "iothread-vq-mapping"),
        device("virtio-blk-ccw", "iothread-vq-mapping"),
    ];
    /// TODO-DOC
    SmpClusters = "smp-clusters", live [query("query-hotpluggable-cpus/ret-type/props/cluster-id")];
    /// TODO-DOC
    DeviceVirtioMemPciDynamicMemslots = "virtio-mem-pci.dynamic-memslots", live [
        device("virtio-mem-pci", "dynamic-memslots"),
    ];
    /// TODO-DOC
    BlockjobBackingMaskProtocol = "blockjob.backing-mask-protocol", live [
        both_queries("block-commit/arg-type/backing-mask-protocol", "block-stream/arg-type/backing-mask-protocol"),
    ];
    /// TODO-DOC
    DisplayReload = "display-reload", live [command("display-reload")];
    /// TODO-DOC
    DeviceUsbMtp = "usb-mtp", live [qom_type("usb-mtp")];
    /// TODO-DOC
    MachineVirtRas = "machine.virt.ras", live [machine("virt", "ras")];
    /// TODO-DOC
    DeviceVirtioSound = "virtio-sound", live [
        qom_type("virtio-sound-pci"),
        qom_type("virtio-sound-device"),
    ];
    /// TODO-DOC
    SevSnpGuest = "sev-snp-guest", live [
        qom_type("sev-snp-guest"),
        taken_back_by("query-sev-capabilities"),
    ];
    /// TODO-DOC
    NetdevUser = "netdev.user", live [query("netdev_add/arg-type/+user")];
    /// TODO-DOC
    DeviceAcpiErst = "acpi-erst", live [qom_type("acpi-erst")];
    /// TODO-DOC
    IntelIommuDmaTranslation = "intel-iommu.dma-translation", live [
        device("intel-iommu", "dma-translation"),
    ];
    /// TODO-DOC
    MachineI8042Opt = "machine-i8042-opt", live [machine("generic-pc", "i8042")];
    /// Retired.
    SnapshotInternalQmp = "snapshot-internal-qmp", retired;
    /// TODO-DOC
    ChardevReconnectMiliseconds = "chardev-reconnect-miliseconds", live [
        query("chardev-add/arg-type/backend/+socket/data/reconnect-ms"),
    ];
    /// TODO-DOC
    VirtioCcwDeviceLoadparm = "virtio-ccw.loadparm", live [device("virtio-blk-ccw", "loadparm")];
    /// TODO-DOC
    NetdevStreamReconnectMiliseconds = "netdev-stream-reconnect-miliseconds", live [
        query("netdev_add/arg-type/+stream/reconnect-ms"),
    ];
    /// TODO-DOC
    QueryCpuModelExpansionDeprecatedProps = "query-cpu-model-expansion.deprecated-props", live [
        query("query-cpu-model-expansion/ret-type/deprecated-props"),
    ];
    /// TODO-DOC
    MigrateIncomingExitOnError = "migrate-incoming.exit-on-error", live [
        query("migrate-incoming/arg-type/exit-on-error"),
    ];
    /// TODO-DOC
    MachineVirtAia = "machine.virt.aia", live [machine("virt", "aia")];
    /// TODO-DOC
    DeviceVirtioMemCcw = "virtio-mem-ccw", live [qom_type("virtio-mem-ccw")];
    /// TODO-DOC
    BlockdevSetActive = "blockdev-set-active", live [command("blockdev-set-active")];
    /// TODO-DOC
    MachineShim = "shim", live [machine("none", "shim")];
    /// TODO-DOC
    VirtioScsiIothreadMapping = "virtio-scsi.iothread-mapping", live [
        device("virtio-scsi-pci", "iothread-vq-mapping"),
        device("virtio-scsi-ccw", "iothread-vq-mapping"),
    ];
}
