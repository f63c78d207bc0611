//! Every capability flag of every baseline: one row each, in libvirt's order.
//!
//! A row is a line of documentation, the name in Rust, the name in XML files, its state, and what
//! shows it. The state is `live`, `live since` a baseline (unknown before), `live until` a baseline
//! (retired from then on), `retired`, or `withdrawn` (no release carried it). A rule belongs to all
//! baselines in which the flag is live, unless it says `.since(..)` or `.until(..)`. Append new flags at
//! the end; never remove or reorder rows that a release has carried.

/// Passes every row to a macro.
macro_rules! rows {
    ($to:ident) => {
        $to! {
            /// `-vnc` takes its display as `host:display`, not as a bare port number.
            VncColon = "vnc-colon", retired;
            /// The option `-no-reboot` exists: a reboot of the guest ends QEMU.
            NoReboot = "no-reboot", retired;
            /// The option `-drive` exists, which describes a disk better than `-hda` and its kind can.
            Drive = "drive", retired;
            /// `-drive` has `boot=on`, which marks the disk to boot from.
            DriveBoot = "drive-boot", retired;
            /// The option `-name` exists, so a running QEMU can be identified by its guest's name.
            Name = "name", retired;
            /// The option `-uuid` exists: the guest sees the UUID that the management layer gave it.
            Uuid = "uuid", retired;
            /// The option `-domid` exists, which gives the Xen domain id to Xenner.
            Domid = "domid", retired;
            /// TAP networks take `vnet_hdr`: guest and host can leave checksums to each other.
            VnetHdr = "vnet-hdr", retired;
            /// Migration can write to standard output (`stdio`), as early KVM did.
            MigrateKvmStdio = "migrate-kvm-stdio", retired;
            /// Migration can go to a TCP address (`tcp:`).
            MigrateQemuTcp = "migrate-qemu-tcp", retired;
            /// Migration can go through the pipe of a command (`exec:`), used for saving to files.
            MigrateQemuExec = "migrate-qemu-exec", retired;
            /// `-drive` names its cache modes (`writeback`, `none`, ...) instead of on and off.
            DriveCacheV2 = "drive-cache-v2", retired;
            /// Hardware acceleration by Linux' KVM works on this host.
            Kvm = "kvm", live [accel(Accel::Kvm)];
            /// `-drive` takes `format`: it isn't guessed from bytes that the guest could have written.
            DriveFormat = "drive-format", retired;
            /// The option `-vga` exists, which chooses the graphics card.
            Vga = "vga", retired;
            /// QEMU is version 0.10 or later, for differences that nothing else shows.
            Qemu010 = "0.10", retired;
            /// The option `-pcidevice` exists: the host's PCI devices can be assigned to the guest.
            Pcidevice = "pci-device", retired;
            /// The option `-mem-path` exists: guest memory can be put on huge pages.
            MemPath = "mem-path", retired;
            /// `-drive` takes `serial`, by which a guest recognises its disks.
            DriveSerial = "drive-serial", retired;
            /// The option `-xen-domid` exists, which gives the Xen domain id.
            XenDomid = "xen-domid", retired;
            /// Migration can go to a UNIX socket (`unix:`).
            MigrateQemuUnix = "migrate-qemu-unix", retired;
            /// The option `-chardev` exists: character backends are apart from their devices.
            Chardev = "chardev", retired;
            /// The option `-enable-kvm` exists: KVM must be asked for instead of switched off.
            EnableKvm = "enable-kvm", retired;
            /// The monitor can speak QMP, in JSON, and not only the dialect for people.
            MonitorJson = "monitor-json", retired;
            /// The option `-balloon` exists, by which a guest can be made to give memory back.
            Balloon = "balloon", retired;
            /// The option `-device` exists: every device can be placed and configured.
            Device = "device", retired;
            /// QEMU can show the guest in a window of its own by SDL.
            Sdl = "sdl", live [query("query-display-options/ret-type/+sdl")];
            /// `-smp` takes sockets, cores and threads, so the guest's CPU topology can be chosen.
            SmpTopology = "smp-topology", retired;
            /// The option `-netdev` exists: network backends are apart from network cards.
            Netdev = "netdev", retired;
            /// The option `-rtc` exists, which sets base, source and drift policy of the clock.
            Rtc = "rtc", retired;
            /// TAP networks can be accelerated by the kernel's vhost (`vhost=on`, `vhostfd`).
            VhostNet = "vhost-net", retired;
            /// The option `-rtc-td-hack` exists, an early cure for clocks of guests that drift.
            RtcTdHack = "rtc-td-hack", retired;
            /// The option `-no-hpet` exists, which leaves out a PC's HPET timer.
            NoHpet = "no-hpet", retired;
            /// The option `-no-kvm-pit-reinjection` exists: lost ticks of the PIT can be dropped.
            NoKvmPit = "no-kvm-pit", retired;
            /// The option `-tdf` exists, which makes up for time that guests lost.
            Tdf = "tdf", retired;
            /// Assigned PCI devices take `configfd`, an open file of the configuration space.
            PciConfigfd = "pci-configfd", retired;
            /// The option `-nodefconfig` exists: QEMU can be kept from reading any configuration.
            Nodefconfig = "nodefconfig", retired;
            /// `-boot` takes `menu`, so a user can choose the boot device while the guest starts.
            BootMenu = "boot-menu", retired;
            /// The option `-fsdev` exists: directories of the host can be shared by 9p.
            Fsdev = "fsdev", retired;
            /// The option `-enable-nesting` exists: guests may run guests of their own.
            Nesting = "nesting", retired;
            /// `-name` takes `process`, which names the process that the host's tools show.
            NameProcess = "name-process", retired;
            /// `-drive` takes `readonly`, so a disk can be kept from being written.
            DriveReadonly = "drive-readonly", retired;
            /// The option `-smbios` takes `type`: the guest can be shown chosen SMBIOS fields.
            SmbiosType = "smbios-type", retired;
            /// `-vga` knows `qxl`, the graphics card made for SPICE.
            VgaQxl = "vga-qxl", retired;
            /// QEMU has a SPICE server.
            Spice = "spice", live [option("spice")];
            /// `-vga none` leaves out the default graphics card.
            VgaNone = "vga-none", retired;
            /// Migration can use a file descriptor that was passed in (`fd:`).
            MigrateQemuFd = "migrate-qemu-fd", retired;
            /// Disks and network cards have `bootindex`, which gives the exact boot order.
            Bootindex = "boot-index", retired;
            /// The sound codec `hda-duplex` exists, which plays and records.
            HdaDuplex = "hda-duplex", live [qom_type("hda-duplex")];
            /// `-drive` takes `aio`, the choice between threads and native asynchronous I/O.
            DriveAio = "drive-aio", retired;
            /// PCI buses are numbered, the first being `pci.0`, since there can be several.
            PciMultibus = "pci-multibus", retired;
            /// Assigned PCI devices have `bootindex`, so the guest can boot from them.
            PciBootindex = "pci-bootindex", retired;
            /// A smart card can be emulated from certificates of the host (`ccid-card-emulated`).
            CcidEmulated = "ccid-emulated", live [qom_type("ccid-card-emulated")];
            /// A smart card elsewhere can be used through a character device (`ccid-card-passthru`).
            CcidPassthru = "ccid-passthru", live [qom_type("ccid-card-passthru")];
            /// `-chardev` knows `spicevmc`, the channel to the SPICE agent in the guest.
            ChardevSpicevmc = "chardev-spicevmc", retired;
            /// The agent's channel to SPICE is a device (`-device spicevmc`), an early form.
            DeviceSpicevmc = "device-spicevmc", retired;
            /// `virtio-net` devices take `tx`, the choice between timer and bottom half for sending.
            VirtioTxAlg = "virtio-tx-alg", retired;
            /// The QXL card that can be the primary one is a device of its own, `qxl-vga`.
            DeviceQxlVga = "device-qxl-vga", retired;
            /// PCI devices take `multifunction`, so that several can share a slot.
            PciMultifunction = "pci-multifunction", retired;
            /// Virtio PCI devices take `ioeventfd`: requests need not interrupt the virtual CPU.
            VirtioIoeventfd = "virtio-blk-pci.ioeventfd", retired;
            /// The device `sga` exists: the firmware's screen output can go to a serial port.
            Sga = "sga", retired;
            /// `virtio-blk` devices take `event_idx`, which spares interrupts and notifications.
            VirtioBlkEventIdx = "virtio-blk-pci.event_idx", retired;
            /// `virtio-net` devices take `event_idx`, which spares interrupts and notifications.
            VirtioNetEventIdx = "virtio-net-pci.event_idx", retired;
            /// The disk cache mode `directsync` exists: no host cache, and each write is flushed.
            DriveCacheDirectsync = "cache-directsync", retired;
            /// The USB 1.1 controller of the PIIX3 chipset exists, the `pc` machine's usual one.
            Piix3UsbUhci = "piix3-usb-uhci", live [qom_type("piix3-usb-uhci")];
            /// The USB 1.1 controller of the PIIX4 chipset exists.
            Piix4UsbUhci = "piix4-usb-uhci", live [qom_type("piix4-usb-uhci")];
            /// A plain USB 2.0 controller exists.
            UsbEhci = "usb-ehci", live [qom_type("usb-ehci")];
            /// The USB 2.0 controller of the ICH9 chipset exists, with companions for slow devices.
            Ich9UsbEhci1 = "ich9-usb-ehci1", live [qom_type("ich9-usb-ehci1")];
            /// The USB 1.1 controller of VIA's VT82C686B exists.
            Vt82c686bUsbUhci = "vt82c686b-usb-uhci", live [qom_type("vt82c686b-usb-uhci")];
            /// A USB 1.1 controller of type OHCI exists, which machines other than PCs prefer.
            PciOhci = "pci-ohci", live [qom_type("pci-ohci")];
            /// USB devices of another host, such as a SPICE client, can be redirected to the guest.
            UsbRedir = "usb-redir", live [qom_type("usb-redir")];
            /// A USB hub exists, for when a controller's ports run out.
            UsbHub = "usb-hub", live [qom_type("usb-hub")];
            /// The option `-no-shutdown` exists: QEMU stays to be asked after the guest powered off.
            NoShutdown = "no-shutdown", retired;
            /// The disk cache mode `unsafe` exists, which ignores flushes to be fast.
            DriveCacheUnsafe = "cache-unsafe", retired;
            /// PCI devices take `rombar`, so a guest can be kept from seeing their option ROMs.
            PciRombar = "rombar", retired;
            /// A SATA controller exists, the one of the ICH9 chipset.
            Ich9Ahci = "ich9-ahci", live [qom_type("ich9-ahci")];
            /// The option `-no-acpi` exists: a guest can run without ACPI.
            NoAcpi = "no-acpi", retired;
            /// `-fsdev` takes `readonly`, so a shared directory is kept from being written.
            FsdevReadonly = "fsdev-readonly", retired;
            /// `virtio-blk` devices have the property `scsi`, which lets SCSI commands through.
            VirtioBlkScsi = "virtio-blk-pci.scsi", live [
                device("virtio-blk-pci", "scsi"),
                device("virtio-blk-ccw", "scsi"),
            ];
            /// `virtio-blk` devices can pass SCSI commands on to a disk of the host (`SG_IO`).
            VirtioBlkSgIo = "blk-sg-io", retired;
            /// `-drive` takes `copy-on-read`: what was read from a backing file is kept.
            DriveCopyOnRead = "drive-copy-on-read", retired;
            /// `-cpu host` gives the guest all that the host's CPU has.
            CpuHost = "cpu-host", retired;
            /// `-fsdev` takes `writeout`: shared directories are written through to the disk.
            FsdevWriteout = "fsdev-writeout", retired;
            /// `-drive` can limit a disk's bytes and operations per second.
            DriveIotune = "drive-iotune", retired;
            /// The command `system_wakeup` exists, which wakes a guest that sleeps in S3.
            Wakeup = "system_wakeup", retired;
            /// SCSI disks have the property `channel`, so the whole SCSI address can be chosen.
            ScsiDiskChannel = "scsi-disk.channel", live [device("scsi-hd", "channel")];
            /// The device `scsi-block` exists: a SCSI disk of the host is passed through.
            ScsiBlock = "scsi-block", live [qom_type("scsi-block")];
            /// The command `transaction` exists: several disks can be snapshotted at one moment.
            Transaction = "transaction", retired;
            /// Block jobs exist whose cancellation answers when it is done (`block_job_cancel`).
            BlockjobSync = "block-job-sync", retired;
            /// Block jobs report their cancellation by an event (`block-job-cancel`).
            BlockjobAsync = "block-job-async", retired;
            /// The device `scsi-cd` exists, apart from the device for SCSI hard disks.
            ScsiCd = "scsi-cd", retired;
            /// The device `ide-cd` exists, apart from the device for IDE hard disks.
            IdeCd = "ide-cd", retired;
            /// The option `-no-user-config` exists: users' files can't change how QEMU is set up.
            NoUserConfig = "no-user-config", retired;
            /// The sound codec `hda-micro` exists, which has a speaker and a microphone.
            HdaMicro = "hda-micro", live [qom_type("hda-micro")];
            /// The command `dump-guest-memory` exists: a guest's memory can be saved for a debugger.
            DumpGuestMemory = "dump-guest-memory", retired;
            /// A USB 3.0 controller exists that appears as NEC's.
            NecUsbXhci = "nec-usb-xhci", live [qom_type("nec-usb-xhci")];
            /// Virtio devices exist for s390 guests on the bus that CCW replaced (`virtio-blk-s390`).
            VirtioS390 = "virtio-s390", retired;
            /// The event `BALLOON_CHANGE` exists, so the balloon's size need not be polled.
            BalloonEvent = "balloon-event", retired;
            /// `-netdev` knows `bridge`: a helper program plugs unprivileged guests into a bridge.
            NetdevBridge = "bridge", retired;
            /// The SCSI controller `lsi53c895a` exists, known to old guests.
            ScsiLsi = "lsi", live [qom_type("lsi53c895a")];
            /// A `virtio-scsi` controller exists, for many disks and the whole SCSI command set.
            VirtioScsi = "virtio-scsi-pci", live [
                qom_type("virtio-scsi-pci"),
                qom_type("virtio-scsi-ccw"),
                qom_type("virtio-scsi-device"),
            ];
            /// Disks take logical and physical block sizes, so guests can align what they write.
            Blockio = "blockio", retired;
            /// The PIIX4 chipset takes `disable_s3`: suspending to memory can be kept from the guest.
            PiixDisableS3 = "disable-s3", retired;
            /// The PIIX4 chipset takes `disable_s4`: suspending to disk can be kept from the guest.
            PiixDisableS4 = "disable-s4", retired;
            /// `usb-redir` devices have the property `filter`, rules for what may be redirected.
            UsbRedirFilter = "usb-redir.filter", live [device("usb-redir", "filter")];
            /// IDE disks take `wwn`, a world wide name that guests identify them by.
            IdeDriveWwn = "ide-drive.wwn", retired;
            /// SCSI disks take `wwn`, a world wide name that guests identify them by.
            ScsiDiskWwn = "scsi-disk.wwn", retired;
            /// QEMU can give up system calls that it doesn't need (`-sandbox`).
            SeccompSandbox = "seccomp-sandbox", live [option("sandbox")];
            /// `-boot` takes `reboot-timeout`: a guest that found nothing to boot tries again.
            RebootTimeout = "reboot-timeout", retired;
            /// `-machine` takes `dump-guest-core`: core dumps of QEMU can leave out guest memory.
            DumpGuestCore = "dump-guest-core", retired;
            /// `-spice` takes `seamless-migration`: a client moves along without losing its session.
            SeamlessMigration = "seamless-migration", retired;
            /// The command `block-commit` exists: an overlay can be merged into its backing file.
            BlockCommit = "block-commit", retired;
            /// QEMU has a VNC server.
            Vnc = "vnc", live [command("query-vnc")];
            /// The command `drive-mirror` exists: a disk can be copied while the guest writes to it.
            DriveMirror = "drive-mirror", retired;
            /// `usb-redir` devices take `bootindex`: the guest can boot from a redirected device.
            UsbRedirBootindex = "usb-redir.bootindex", retired;
            /// `usb-host` devices take `bootindex`: the guest can boot from a USB device of the host.
            UsbHostBootindex = "usb-host.bootindex", retired;
            /// The command `blockdev-snapshot-sync` exists: overlays can be made while the guest runs.
            DiskSnapshot = "blockdev-snapshot-sync", retired;
            /// The graphics card `qxl` exists, made for SPICE.
            DeviceQxl = "qxl", live [qom_type("qxl")];
            /// The standard graphics card of PCI machines exists.
            DeviceVga = "VGA", live [qom_type("VGA")];
            /// The graphics card `cirrus-vga` exists, known to very old guests.
            DeviceCirrusVga = "cirrus-vga", live [qom_type("cirrus-vga")];
            /// The graphics card `vmware-svga` exists, for guests that come from that hypervisor.
            DeviceVmwareSvga = "vmware-svga", live [qom_type("vmware-svga")];
            /// The primary graphics card can be given by `-device`, so it can be configured.
            DeviceVideoPrimary = "device-video-primary", retired;
            /// The s390 full-screen console `sclpconsole` exists.
            DeviceSclpconsole = "s390-sclp", live [qom_type("sclpconsole")];
            /// The device `usb-serial` exists, an adapter from USB to a serial port.
            DeviceUsbSerial = "usb-serial", live [qom_type("usb-serial")];
            /// The device `usb-net` exists, a network card at USB.
            DeviceUsbNet = "usb-net", retired;
            /// Open files can be passed to QEMU in sets (`add-fd`), so it need not open paths itself.
            AddFd = "add-fd", retired;
            /// QEMU has an NBD server (`nbd-server-start`), used to copy disks to another host.
            NbdServer = "nbd-server", retired;
            /// A `virtio-rng` device exists, which gives the guest random numbers.
            DeviceVirtioRng = "virtio-rng", live [
                qom_type("virtio-rng-pci"),
                qom_type("virtio-rng-ccw"),
                qom_type("virtio-rng-device"),
            ];
            /// Random numbers for the guest can come from a file such as `/dev/urandom`.
            ObjectRngRandom = "rng-random", live [qom_type("rng-random")];
            /// Random numbers for the guest can come from a daemon that speaks the EGD protocol.
            ObjectRngEgd = "rng-egd", live [qom_type("rng-egd")];
            /// Virtio devices can be attached to the channel subsystem of s390.
            VirtioCcw = "virtio-ccw", live [qom_type("virtio-blk-ccw")];
            /// The option `-dtb` exists: a guest can be given a device tree.
            Dtb = "dtb", retired;
            /// The SCSI controller `megasas` exists, a RAID adapter by LSI.
            ScsiMegasas = "megasas", live [qom_type("megasas")];
            /// Incoming migration can listen on IPv6 addresses.
            Ipv6Migration = "ipv6-migration", retired;
            /// The option `-machine` exists, which takes properties besides the machine type.
            MachineOpt = "machine-opt", retired;
            /// `-machine` takes `usb`, so a machine can omit its default USB controller.
            MachineUsbOpt = "machine-usb-opt", retired;
            /// The host's TPM can be handed to the guest.
            DeviceTpmPassthrough = "tpm-passthrough", live [
                tpm_type("passthrough").until(Baseline::Libvirt12_8),
                qom_type("tpm-passthrough").since(Baseline::Libvirt12_8),
            ];
            /// The TPM model `tpm-tis` exists, the interface of TPM 1.2 that TPM 2.0 kept.
            DeviceTpmTis = "tpm-tis", live [
                tpm_model("tpm-tis").until(Baseline::Libvirt12_8),
                qom_type("tpm-tis").since(Baseline::Libvirt12_8),
                qom_type("tpm-tis-device").since(Baseline::Libvirt12_8),
                qom_type("tpm-tis-i2c").since(Baseline::Libvirt12_8),
            ];
            /// The NVRAM of `pseries` guests is a device, so its content can be kept in a file.
            DeviceNvram = "nvram", live [qom_type("spapr-nvram")];
            /// A bridge exists that adds a bus of conventional PCI slots.
            DevicePciBridge = "pci-bridge", live [qom_type("pci-bridge")];
            /// The host's PCI devices can be assigned to the guest by VFIO.
            DeviceVfioPci = "vfio-pci", live [qom_type("vfio-pci")];
            /// `vfio-pci` devices take `bootindex`: the guest can boot from an assigned device.
            VfioPciBootindex = "vfio-pci.bootindex", retired;
            /// The device `scsi-generic` exists: any SCSI device of the host is passed through.
            DeviceScsiGeneric = "scsi-generic", retired;
            /// `scsi-generic` devices take `bootindex`: the guest can boot from them.
            DeviceScsiGenericBootindex = "scsi-generic.bootindex", retired;
            /// `-machine` takes `mem-merge`: guest memory can be kept out of the host's page merging.
            MemMerge = "mem-merge", retired;
            /// `-vnc` takes `websocket`, so that browsers can connect.
            VncWebsocket = "vnc-websocket", retired;
            /// `-drive` takes `discard`: blocks that a guest gives up can be freed on the host.
            DriveDiscard = "drive-discard", retired;
            /// `-realtime` takes `mlock`, which keeps all guest memory from being swapped out.
            RealtimeMlock = "mlock", retired;
            /// `-vnc` takes `share`, the policy for several clients at once.
            VncSharePolicy = "vnc-share-policy", retired;
            /// The event `DEVICE_DELETED` exists: it reports when an unplugged device is gone.
            DeviceDelEvent = "device-del-event", retired;
            /// Intel's bridge from PCI Express to conventional PCI exists (`i82801b11-bridge`).
            DeviceDmiToPciBridge = "dmi-to-pci-bridge", live [qom_type("i82801b11-bridge")];
            /// The size of the 64-bit PCI window of `pc` machines can be chosen.
            I440fxPciHole64Size = "i440fx-pci-hole64-size", retired;
            /// The size of the 64-bit PCI window of `q35` machines can be chosen.
            Q35PciHole64Size = "q35-pci-hole64-size", retired;
            /// The device `usb-storage` exists, a disk at USB.
            DeviceUsbStorage = "usb-storage", live [qom_type("usb-storage")];
            /// `usb-storage` devices take `removable`, which guests treat like a memory stick.
            UsbStorageRemovable = "usb-storage.removable", retired;
            /// Virtio devices can be reached without PCI, by memory alone.
            DeviceVirtioMmio = "virtio-mmio", live [qom_type("virtio-mmio")];
            /// The sound controller of the ICH9 chipset exists, natural to `q35`.
            DeviceIch9IntelHda = "ich9-intel-hda", live [qom_type("ich9-intel-hda")];
            /// KVM's PIT has the property `lost_tick_policy`: missed ticks are dropped or made up for.
            KvmPitTickPolicy = "kvm-pit-lost-tick-policy", live [device("kvm-pit", "lost_tick_policy")];
            /// `-boot` takes `strict`: nothing is booted but what was given an index.
            BootStrict = "boot-strict", retired;
            /// The ISA device `pvpanic` exists, with which a guest reports a panic.
            DevicePanic = "pvpanic", live [qom_type("pvpanic")];
            /// The option `-enable-fips` exists: what FIPS 140-2 forbids is refused.
            EnableFips = "enable-fips", retired;
            /// `-spice` takes `disable-agent-file-xfer`: clients can be kept from sending files.
            SpiceFileXferDisable = "spice-file-xfer-disable", retired;
            /// `-chardev` knows `spiceport`, a named channel between SPICE clients and the guest.
            ChardevSpiceport = "spiceport", retired;
            /// The device `usb-kbd` exists, a keyboard at USB.
            DeviceUsbKbd = "usb-kbd", live [qom_type("usb-kbd")];
            /// Assigned PCI devices may be in any PCI domain of the host, not only in 0.
            HostPciMultidomain = "host-pci-multidomain", retired;
            /// `-msg` takes `timestamp`, so messages in QEMU's log say when they were written.
            MsgTimestamp = "msg-timestamp", retired;
            /// `block-commit` can commit the topmost overlay, to which the guest still writes.
            ActiveCommit = "active-commit", retired;
            /// The command `change-backing-file` exists, which rewrites the name in an image.
            ChangeBackingFile = "change-backing-file", retired;
            /// The object `memory-backend-ram` exists: memory can be bound to nodes of the host.
            ObjectMemoryRam = "memory-backend-ram", retired;
            /// `-numa` can give one node several ranges of CPUs.
            Numa = "numa", retired;
            /// The object `memory-backend-file` exists: guest memory can be a file, as on huge pages.
            ObjectMemoryFile = "memory-backend-file", retired;
            /// The device `usb-audio` exists, a sound card at USB.
            ObjectUsbAudio = "usb-audio", live [qom_type("usb-audio")];
            /// Ticks that the guest's clock missed can be forgotten, for when its time is set anew.
            RtcResetReinjection = "rtc-reset-reinjection", live [command("rtc-reset-reinjection")];
            /// `-boot` takes `splash-time`, the time for which the firmware shows its picture.
            SplashTimeout = "splash-timeout", retired;
            /// The object `iothread` exists: disks can be served by threads of their own.
            ObjectIothread = "iothread", retired;
            /// Guests can be migrated over RDMA.
            MigrateRdma = "migrate-rdma", live until Libvirt12_8 [migration("rdma-pin-all")];
            /// The device `ivshmem` exists, shared memory with or without interrupts, in one type.
            DeviceIvshmem = "ivshmem", retired;
            /// `-drive` can let a limited disk exceed its limits in bursts (`bps_max`, ...).
            DriveIotuneMax = "drive-iotune-max", retired;
            /// The size of the video memory of `VGA` can be chosen.
            VgaVgamem = "VGA.vgamem_mb", live [device("VGA", "vgamem_mb")];
            /// The size of the video memory of `vmware-svga` can be chosen.
            VmwareSvgaVgamem = "vmware-svga.vgamem_mb", live [device("vmware-svga", "vgamem_mb")];
            /// The size of the part of `qxl` memory that is a plain framebuffer can be chosen.
            QxlVgamem = "qxl.vgamem_mb", live [device("qxl", "vgamem_mb")];
            /// The size of the part of `qxl-vga` memory that is a plain framebuffer can be chosen.
            QxlVgaVgamem = "qxl-vga.vgamem_mb", retired;
            /// Memory modules can be plugged in while the guest runs.
            DevicePcDimm = "pc-dimm", live [qom_type("pc-dimm")];
            /// PCs have the I/O port of `vmware` guests, which `-machine vmport=off` takes away.
            MachineVmportOpt = "machine-vmport-opt", live [qom_type("vmport")];
            /// `-machine` takes `aes-key-wrap`, protection of AES keys on s390.
            AesKeyWrap = "aes-key-wrap", retired;
            /// `-machine` takes `dea-key-wrap`, protection of DEA keys on s390.
            DeaKeyWrap = "dea-key-wrap", retired;
            /// The device `pci-serial` exists, a serial port where there is no ISA bus.
            DevicePciSerial = "pci-serial", live [qom_type("pci-serial")];
            /// `-cpu` takes `aarch64=off`: a 32-bit guest can run on a 64-bit Arm host by KVM.
            CpuAarch64Off = "aarch64-off", retired;
            /// Networks of type `vhost-user` can have several queues.
            VhostuserMultiqueue = "vhost-user-multiqueue", retired;
            /// The event `MIGRATION` exists, so a migration's state need not be polled.
            MigrationEvent = "migration-event", retired;
            /// The generic PCI Express host bridge exists, which gives Arm's `virt` machine PCI.
            ObjectGpex = "gpex-pcihost", retired;
            /// A PCI Express root port exists that appears as Intel's.
            DeviceIoh3420 = "ioh3420", live [qom_type("ioh3420")];
            /// The upstream port of a PCI Express switch exists.
            DeviceX3130Upstream = "x3130-upstream", live [qom_type("x3130-upstream")];
            /// The downstream port of a PCI Express switch exists.
            DeviceXio3130Downstream = "xio3130-downstream", live [qom_type("xio3130-downstream")];
            /// The network card `rtl8139` exists, known to very old guests.
            DeviceRtl8139 = "rtl8139", live [qom_type("rtl8139")];
            /// The network card `e1000` exists, Intel's, known to most guests without extra drivers.
            DeviceE1000 = "e1000", live [qom_type("e1000")];
            /// A `virtio-net` network card exists, the fastest for guests with the driver.
            DeviceVirtioNet = "virtio-net", live [
                qom_type("virtio-net-pci"),
                qom_type("virtio-net-ccw"),
                qom_type("virtio-net-device"),
            ];
            /// The `virt` machine of Arm takes `gic-version`, the kind of interrupt controller.
            MachVirtGicVersion = "gic-version", retired;
            /// `-incoming defer` exists: migration can be configured by QMP before it comes in.
            IncomingDefer = "incoming-defer", retired;
            /// A `virtio-gpu` graphics card without VGA compatibility exists.
            DeviceVirtioGpu = "virtio-gpu", live [
                qom_type("virtio-gpu-pci"),
                qom_type("virtio-gpu-device"),
            ];
            /// `virtio-gpu` devices have the property `virgl`: the host renders 3D for the guest.
            VirtioGpuVirgl = "virtio-gpu.virgl", live [
                device("virtio-gpu-pci", "virgl"),
                device("virtio-gpu-device", "virgl"),
                device("virtio-gpu-ccw", "virgl"),
            ];
            /// A keyboard exists that is a virtio device.
            VirtioKeyboard = "virtio-keyboard", live [
                qom_type("virtio-keyboard-device"),
                qom_type("virtio-keyboard-pci"),
            ];
            /// A mouse exists that is a virtio device.
            VirtioMouse = "virtio-mouse", live [
                qom_type("virtio-mouse-device"),
                qom_type("virtio-mouse-pci"),
            ];
            /// A tablet, with absolute positions, exists that is a virtio device.
            VirtioTablet = "virtio-tablet", live [
                qom_type("virtio-tablet-device"),
                qom_type("virtio-tablet-pci"),
            ];
            /// An input device of the host can be handed to the guest by virtio.
            VirtioInputHost = "virtio-input-host", live [
                qom_type("virtio-input-host-device"),
                qom_type("virtio-input-host-pci"),
            ];
            /// `-chardev file` takes `append`: a log is not lost when the guest starts again.
            ChardevFileAppend = "chardev-file-append", retired;
            /// The ICH9 chipset takes `disable_s3`: suspending to memory can be kept from the guest.
            Ich9DisableS3 = "ich9-disable-s3", retired;
            /// The ICH9 chipset takes `disable_s4`: suspending to disk can be kept from the guest.
            Ich9DisableS4 = "ich9-disable-s4", retired;
            /// The event `VSERPORT_CHANGE` exists: it reports when an agent opens its virtio port.
            VserportChange = "vserport-change-event", retired;
            /// `virtio-balloon` devices have `deflate-on-oom`: memory returns before a guest runs out.
            VirtioBalloonAutodeflate = "virtio-balloon-pci.deflate-on-oom", live [
                device("virtio-balloon-pci", "deflate-on-oom"),
                device("virtio-balloon-ccw", "deflate-on-oom"),
                device("virtio-balloon-device", "deflate-on-oom"),
            ];
            /// The SCSI controller `mptsas1068` exists, LSI's Fusion for SAS.
            ScsiMptsas1068 = "mptsas1068", live [qom_type("mptsas1068")];
            /// `-spice` takes `gl`: local clients are shown what the host's GPU renders, uncopied.
            SpiceGl = "spice-gl", live [option_parameter("spice", "gl")];
            /// The size of the 64-bit video memory of `qxl` can be chosen.
            QxlVram64 = "qxl.vram64_size_mb", live [device("qxl", "vram64_size_mb")];
            /// The size of the 64-bit video memory of `qxl-vga` can be chosen.
            QxlVgaVram64 = "qxl-vga.vram64_size_mb", retired;
            /// `-chardev` takes `logfile`: what a device writes is logged as well.
            ChardevLogfile = "chardev-logfile", retired;
            /// `-name` takes `debug-threads`: each thread has a name that the host's tools show.
            NameDebugThreads = "debug-threads", retired;
            /// The object `secret` exists: passwords need not be on the command line.
            ObjectSecret = "secret", retired;
            /// A PCI expander exists: `pc` guests can have root buses that belong to NUMA nodes.
            DevicePxb = "pxb", live [qom_type("pxb")];
            /// A PCI Express expander exists: guests can have root buses that belong to NUMA nodes.
            DevicePxbPcie = "pxb-pcie", live [qom_type("pxb-pcie")];
            /// The event `DEVICE_TRAY_MOVED` exists: it reports when a guest ejects a disc.
            DeviceTrayMoved = "device-tray-moved-event", retired;
            /// The controller `nec-usb-xhci` takes its number of ports (`p2`, `p3`).
            NecUsbXhciPorts = "nec-usb-xhci-ports", retired;
            /// `virtio-scsi` controllers take `iothread`, a thread of their own.
            VirtioScsiIothread = "virtio-scsi-pci.iothread", retired;
            /// `-name` takes `guest` as a key, so the name may contain what looks like a key.
            NameGuest = "name-guest", retired;
            /// `qxl` devices take `max_outputs`, the number of monitors a guest may have.
            QxlMaxOutputs = "qxl.max_outputs", retired;
            /// `qxl-vga` devices take `max_outputs`, the number of monitors a guest may have.
            QxlVgaMaxOutputs = "qxl-vga.max_outputs", retired;
            /// `-spice` takes `unix`: SPICE clients can connect by a UNIX socket.
            SpiceUnix = "spice-unix", retired;
            /// `-drive` takes `detect-zeroes`: written zeroes can be turned into holes.
            DriveDetectZeroes = "drive-detect-zeroes", retired;
            /// The object `tls-creds-x509` exists: connections can be encrypted with certificates.
            ObjectTlsCredsX509 = "tls-creds-x509", retired;
            /// The option `-display` exists, which chooses how the guest's screen is shown.
            Display = "display", retired;
            /// An IOMMU like Intel's VT-d exists for PCs.
            DeviceIntelIommu = "intel-iommu", live [qom_type("intel-iommu")];
            /// `-machine` takes `smm`, System Management Mode, which Secure Boot relies on.
            MachineSmmOpt = "smm", retired;
            /// Virtio PCI devices take `disable-legacy` and `disable-modern`, to choose the version.
            VirtioPciDisableLegacy = "virtio-pci-disable-legacy", retired;
            /// The command `query-hotpluggable-cpus` exists: CPUs are plugged like other devices.
            QueryHotpluggableCpus = "query-hotpluggable-cpus", retired;
            /// `virtio-net` devices take `rx_queue_size`: longer queues drop fewer packets.
            VirtioNetRxQueueSize = "virtio-net.rx_queue_size", retired;
            /// `-machine` takes `iommu`, the older way to have an IOMMU in a PC.
            MachineIommu = "machine-iommu", retired;
            /// A `virtio-gpu` graphics card with VGA compatibility exists.
            DeviceVirtioVga = "virtio-vga", live [qom_type("virtio-vga")];
            /// `-drive` can limit how long a disk's bursts last (`bps_max_length`, ...).
            DriveIotuneMaxLength = "drive-iotune-max-length", retired;
            /// The device `ivshmem-plain` exists: guests share memory, without interrupts.
            DeviceIvshmemPlain = "ivshmem-plain", live [qom_type("ivshmem-plain")];
            /// The device `ivshmem-doorbell` exists: guests share memory and interrupt each other.
            DeviceIvshmemDoorbell = "ivshmem-doorbell", live [qom_type("ivshmem-doorbell")];
            /// The command `query-qmp-schema` exists: QEMU describes everything that QMP supports.
            QueryQmpSchema = "query-qmp-schema", retired;
            /// Disks by Gluster take `debug`, the level at which its library logs.
            GlusterDebugLevel = "gluster.debug_level", retired;
            /// The device `vhost-scsi` exists: the host's kernel serves SCSI disks to the guest.
            DeviceVhostScsi = "vhost-scsi", live [qom_type("vhost-scsi")];
            /// `-drive` can let several disks share their limits (`group`).
            DriveIotuneGroup = "drive-iotune-group", retired;
            /// QEMU reports the features of a CPU model, including the host's own.
            QueryCpuModelExpansion = "query-cpu-model-expansion", live [
                command("query-cpu-model-expansion"),
            ];
            /// `virtio-net` devices take `host_mtu`, which the guest sets as its MTU.
            VirtioNetHostMtu = "virtio-net.host_mtu", retired;
            /// `-spice` takes `rendernode`, the host's GPU that renders for the guest.
            SpiceRendernode = "spice-rendernode", live [option_parameter("spice", "rendernode")];
            /// The device `nvdimm` exists, persistent memory for the guest.
            DeviceNvdimm = "nvdimm", live [qom_type("nvdimm")];
            /// A PCI Express root port exists that is no imitation of hardware.
            DevicePcieRootPort = "pcie-root-port", live [qom_type("pcie-root-port")];
            /// QEMU lists the CPU models that it knows.
            QueryCpuDefinitions = "query-cpu-definitions", live [command("query-cpu-definitions")];
            /// An event reports when a disk's writes pass a threshold (`block-set-write-threshold`).
            BlockWriteThreshold = "block-write-threshold", retired;
            /// The command `query-named-block-nodes` exists: QEMU lists all block nodes, used or not.
            QueryNamedBlockNodes = "query-named-block-nodes", retired;
            /// CPUs take `l3-cache` and `host-cache-info`, by which the guest sees caches.
            CpuCache = "cpu-cache", retired;
            /// A USB 3.0 controller exists that is no imitation of hardware.
            DeviceQemuXhci = "qemu-xhci", live [qom_type("qemu-xhci")];
            /// `-machine` takes `kernel_irqchip`: KVM or QEMU emulates the interrupt controller.
            MachineKernelIrqchip = "kernel-irqchip", retired;
            /// `kernel_irqchip=split` exists: KVM and QEMU share interrupt controllers between them.
            MachineKernelIrqchipSplit = "kernel-irqchip.split", retired;
            /// `intel-iommu` can remap interrupts.
            IntelIommuIntremap = "intel-iommu.intremap", live [device("intel-iommu", "intremap")];
            /// `intel-iommu` has `caching-mode`, which VFIO devices need behind it.
            IntelIommuCachingMode = "intel-iommu.caching-mode", live [
                device("intel-iommu", "caching-mode"),
            ];
            /// `intel-iommu` has the extended interrupt mode, which more than 255 CPUs need.
            IntelIommuEim = "intel-iommu.eim", live [device("intel-iommu", "eim")];
            /// `intel-iommu` lets devices cache translations, as vhost does.
            IntelIommuDeviceIotlb = "intel-iommu.device-iotlb", live [
                device("intel-iommu", "device-iotlb"),
            ];
            /// Virtio devices take `iommu_platform`: they go through the guest's IOMMU.
            VirtioPciIommuPlatform = "virtio.iommu_platform", retired;
            /// Virtio PCI devices take `ats`: they can cache translations of the IOMMU.
            VirtioPciAts = "virtio.ats", retired;
            /// `-machine` takes `loadparm`, the boot entry that an s390 guest loads.
            Loadparm = "loadparm", retired;
            /// The host bridge of `pseries` is a device, so guests can have several.
            DeviceSpaprPciHostBridge = "spapr-pci-host-bridge", live [qom_type("spapr-pci-host-bridge")];
            /// A host bridge of `pseries` can belong to a NUMA node.
            SpaprPciHostBridgeNumaNode = "spapr-pci-host-bridge.numa_node", live [
                device("spapr-pci-host-bridge", "numa_node"),
            ];
            /// A VNC server can listen on several addresses, given as `vnc`.
            VncMultiServers = "vnc-multi-servers", retired;
            /// `virtio-net` devices take `tx_queue_size`, the length of their sending queues.
            VirtioNetTxQueueSize = "virtio-net.tx_queue_size", retired;
            /// Character sockets take `reconnect`, the seconds until a lost connection is retried.
            ChardevReconnect = "chardev-reconnect", live until Libvirt12_8 [
                query("chardev-add/arg-type/backend/+socket/data/reconnect"),
            ];
            /// `virtio-gpu` devices take `max_outputs`, the number of monitors a guest may have.
            VirtioGpuMaxOutputs = "virtio-gpu.max_outputs", retired;
            /// The block driver `vxhs` exists, disks on Veritas' storage.
            Vxhs = "vxhs", retired;
            /// `virtio-blk` devices take `num-queues`, so several CPUs can do I/O at once.
            VirtioBlkNumQueues = "virtio-blk.num-queues", retired;
            /// The `pseries` machine takes `resize-hpt`: its page table may grow with the memory.
            MachinePseriesResizeHpt = "machine.pseries.resize-hpt", retired;
            /// The device `vmcoreinfo` exists: guests say where a dump finds their kernel's data.
            DeviceVmcoreinfo = "vmcoreinfo", live [qom_type("vmcoreinfo")];
            /// The device `spapr-vty` exists, the console of `pseries` guests.
            DeviceSpaprVty = "spapr-vty", live [qom_type("spapr-vty")];
            /// The s390 line-mode console `sclplmconsole` exists.
            DeviceSclplmconsole = "sclplmconsole", live [qom_type("sclplmconsole")];
            /// `-numa` takes distances between nodes (`dist`).
            NumaDist = "numa.dist", retired;
            /// Disks take `share-rw`: several users may write to one image.
            DiskShareRw = "disk-share-rw", retired;
            /// The block driver `iscsi` takes `password-secret`, a password not in plain sight.
            IscsiPasswordSecret = "iscsi.password-secret", retired;
            /// The device `isa-serial` exists, the serial port of PCs.
            DeviceIsaSerial = "isa-serial", live [qom_type("isa-serial")];
            /// The device `pl011` exists, the serial port of Arm machines.
            DevicePl011 = "pl011", live [qom_type("pl011")];
            /// The `pseries` machine takes `max-cpu-compat`, the newest POWER that guests see.
            MachinePseriesMaxCpuCompat = "machine.pseries.max-cpu-compat", retired;
            /// The event `DUMP_COMPLETED` exists: a memory dump can run in the background.
            DumpCompleted = "dump-completed", retired;
            /// A `virtio-gpu` graphics card exists for s390.
            DeviceVirtioGpuCcw = "virtio-gpu-ccw", live [qom_type("virtio-gpu-ccw")];
            /// A keyboard exists that is a virtio device, for s390.
            DeviceVirtioKeyboardCcw = "virtio-keyboard-ccw", live [qom_type("virtio-keyboard-ccw")];
            /// A mouse exists that is a virtio device, for s390.
            DeviceVirtioMouseCcw = "virtio-mouse-ccw", live [qom_type("virtio-mouse-ccw")];
            /// A tablet, with absolute positions, exists that is a virtio device, for s390.
            DeviceVirtioTabletCcw = "virtio-tablet-ccw", live [qom_type("virtio-tablet-ccw")];
            /// Images of format `qcow2` can be encrypted by LUKS.
            Qcow2Luks = "qcow2-luks", retired;
            /// A bridge from PCI Express to conventional PCI exists that imitates no hardware.
            DevicePciePciBridge = "pcie-pci-bridge", live [qom_type("pcie-pci-bridge")];
            /// `-sandbox` takes groups of system calls to deny (`spawn`, `elevateprivileges`, ...).
            SeccompBlacklist = "seccomp-blacklist", retired;
            /// The command `query-cpus-fast` exists: CPUs are listed without stopping them.
            QueryCpusFast = "query-cpus-fast", retired;
            /// Disks take `write-cache`: what the guest sees is apart from the host's cache mode.
            DiskWriteCache = "disk-write-cache", retired;
            /// QEMU's NBD server can encrypt by TLS, as copying disks to another host should be.
            NbdTls = "nbd-tls", live [query("nbd-server-start/arg-type/tls-creds")];
            /// The TPM model `tpm-crb` exists, the interface made for TPM 2.0.
            DeviceTpmCrb = "tpm-crb", live [
                tpm_model("tpm-crb").until(Baseline::Libvirt12_8),
                qom_type("tpm-crb").since(Baseline::Libvirt12_8),
            ];
            /// A privileged helper program can manage persistent reservations of SCSI disks.
            PrManagerHelper = "pr-manager-helper", live [qom_type("pr-manager-helper")];
            /// The command `qom-list-properties` exists: properties of types can be asked for.
            QomListProperties = "qom-list-properties", retired;
            /// Memory in files takes `discard-data`: it is not written back when QEMU ends.
            ObjectMemoryFileDiscard = "memory-backend-file.discard-data", retired;
            /// Guests can have s390 channel devices, that is, a virtual channel subsystem.
            Ccw = "virtual-css-bridge", retired;
            /// On s390, virtual and assigned devices may be in any channel subsystem.
            CcwCssidUnrestricted = "virtual-css-bridge.cssid-unrestricted", retired;
            /// The host's s390 channel devices can be assigned to the guest.
            DeviceVfioCcw = "vfio-ccw", live [qom_type("vfio-ccw")];
            /// `-display sdl` takes `gl`: the window can be rendered by OpenGL.
            SdlGl = "sdl-gl", retired;
            /// Screenshots can be taken of any of several graphics cards.
            ScreendumpDevice = "screendump_device", live [query("screendump/arg-type/device")];
            /// The sound codec `hda-output` exists, which only plays.
            HdaOutput = "hda-output", live [qom_type("hda-output")];
            /// The command `blockdev-del` exists: block nodes can be removed while the guest runs.
            BlockdevDel = "blockdev-del", retired;
            /// The device `vmgenid` exists, by which a guest learns that it was cloned or set back.
            DeviceVmgenid = "vmgenid", live [qom_type("vmgenid")];
            /// The device `vhost-vsock` exists: host and guest talk by sockets without a network.
            DeviceVhostVsock = "vhost-vsock", live [qom_type("vhost-vsock-device")];
            /// UNIX sockets can be opened beforehand and passed to `-chardev`, so none waits for QEMU.
            ChardevFdPassCommandline = "chardev-fd-pass", retired;
            /// A TPM can be emulated by a program such as `swtpm`.
            DeviceTpmEmulator = "tpm-emulator", live [
                tpm_type("emulator").until(Baseline::Libvirt12_8),
                qom_type("tpm-emulator").since(Baseline::Libvirt12_8),
            ];
            /// The north bridge of the `q35` machine exists, which has settings of its own.
            DeviceMch = "mch", live [qom_type("mch")];
            /// Firmware on `q35` can have more SMM memory, which many CPUs or much memory need.
            MchExtendedTsegMbytes = "mch.extended-tseg-mbytes", live [
                device("mch", "extended-tseg-mbytes"),
            ];
            /// Guests can be encrypted by AMD's SEV on this host.
            SevGuest = "sev-guest", live [qom_type("sev-guest"), taken_back_by(HostCheck::Sev)];
            /// The `pseries` machine takes `cap-hpt-max-page-size`, the largest page guests may use.
            MachinePseriesCapHptMaxPageSize = "machine.pseries.cap-hpt-max-page-size", retired;
            /// The `pseries` machine takes `cap-htm`, hardware transactional memory.
            MachinePseriesCapHtm = "machine.pseries.cap-htm", retired;
            /// `usb-storage` devices take `werror`, the action after a failed write.
            UsbStorageWerror = "usb-storage.werror", retired;
            /// Guests can be given OpenGL on a host without a screen (`-display egl-headless`).
            EglHeadless = "egl-headless", live [query("query-display-options/ret-type/+egl-headless")];
            /// `vfio-pci` devices take `display`: the screen of a mediated GPU can be shown.
            VfioPciDisplay = "vfio-pci.display", retired;
            /// The block layer is ready for `-blockdev` in all its uses, in place of `-drive`.
            Blockdev = "blockdev", retired;
            /// The host's s390 crypto adapters can be assigned to the guest.
            DeviceVfioAp = "vfio-ap", live [qom_type("vfio-ap")];
            /// The device `zpci` exists, which gives s390 PCI functions their identifiers.
            DeviceZpci = "zpci", live [qom_type("zpci")];
            /// The object `memory-backend-memfd` exists: shared memory without a file system.
            ObjectMemoryMemfd = "memory-backend-memfd", live [qom_type("memory-backend-memfd")];
            /// Shared memory without a file system can be on huge pages.
            ObjectMemoryMemfdHugetlb = "memory-backend-memfd.hugetlb", live [
                object("memory-backend-memfd", "hugetlb"),
            ];
            /// The object `iothread` takes `poll-max-ns`: it may poll a while before it sleeps.
            IothreadPolling = "iothread.poll-max-ns", retired;
            /// The `pseries` machine takes `cap-nested-hv`: guests may run guests of their own.
            MachinePseriesCapNestedHv = "machine.pseries.cap-nested-hv", retired;
            /// `-display egl-headless` takes `rendernode`, the host's GPU that renders.
            EglHeadlessRendernode = "egl-headless.rendernode", live [
                query("query-display-options/ret-type/+egl-headless/rendernode"),
            ];
            /// Memory in files takes `align`, which some persistent memory of the host needs.
            ObjectMemoryFileAlign = "memory-backend-file.align", retired;
            /// Memory in files takes `pmem`: QEMU writes to persistent memory as it must be done.
            ObjectMemoryFilePmem = "memory-backend-file.pmem", live [object("memory-backend-file", "pmem")];
            /// `nvdimm` devices take `unarmed`: guests see that writes won't last.
            DeviceNvdimmUnarmed = "nvdimm.unarmed", live [device("nvdimm", "unarmed")];
            /// SCSI disks take `device_id`, by which a guest identifies them (VPD page 0x83).
            ScsiDiskDeviceId = "scsi-disk.device_id", retired;
            /// Virtio PCI devices can be chosen with or without the legacy version by their types.
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
            /// The option `-overcommit` exists: memory can be locked, idle CPUs left to the guest.
            Overcommit = "overcommit", retired;
            /// The command `query-current-machine` exists: it reports whether the guest can be woken.
            QueryCurrentMachine = "query-current-machine", retired;
            /// The `virt` machine of Arm takes `iommu`, which gives it an SMMU.
            MachineVirtIommu = "machine.virt.iommu", live [machine("virt", "iommu")];
            /// Bitmaps of changed blocks can be merged in a transaction.
            BitmapMerge = "bitmap-merge", retired;
            /// QEMU's NBD server can show a bitmap of changed blocks, for incremental backups.
            NbdBitmap = "nbd-bitmap", retired;
            /// The type of the x86 CPU `max` exists, to be asked for the properties of CPUs.
            X86MaxCpu = "x86-max-cpu", live [qom_type("max-x86_64-cpu")];
            /// CPUs have `unavailable-features`, a list of what the host could not give.
            CpuUnavailableFeatures = "cpu-unavailable-features", live [
                object("max-x86_64-cpu", "unavailable-features"),
                object("max-arm-cpu", "unavailable-features"),
            ];
            /// CPU features have one spelling each, so names need no translation.
            CanonicalCpuFeatures = "canonical-cpu-features", live [
                implied_by(Flag::CpuUnavailableFeatures),
            ];
            /// The graphics card `bochs-display` exists, a framebuffer without the legacy of VGA.
            DeviceBochsDisplay = "bochs-display", live [qom_type("bochs-display")];
            /// Image files take `drop-cache`: guests can migrate regardless of the disks' cache modes.
            MigrationFileDropCache = "migration-file-drop-cache", live [
                query("blockdev-add/arg-type/+file/drop-cache"),
            ];
            /// The object `dbus-vmstate` exists: helper programs' states migrate with the guest.
            DbusVmstate = "dbus-vmstate", live [qom_type("dbus-vmstate")];
            /// A `virtio-gpu` graphics card exists that another process renders for.
            DeviceVhostUserGpu = "vhost-user-gpu", live [qom_type("vhost-user-gpu")];
            /// A `virtio-gpu` card with VGA compatibility exists that another process renders for.
            DeviceVhostUserVga = "vhost-user-vga", live [qom_type("vhost-user-vga")];
            /// All that incremental backups need works, including disks that are snapshotted.
            IncrementalBackup = "incremental-backup", retired;
            /// QEMU computes a CPU model that two given ones have in common (s390).
            QueryCpuModelBaseline = "query-cpu-model-baseline", live [command("query-cpu-model-baseline")];
            /// QEMU reports whether one CPU model includes another (s390).
            QueryCpuModelComparison = "query-cpu-model-comparison", live [
                command("query-cpu-model-comparison"),
            ];
            /// The device `ramfb` exists, a framebuffer in guest memory for the time of booting.
            DeviceRamfb = "ramfb", live [qom_type("ramfb")];
            /// The `pseries` machine takes `cap-ccf-assist`, a help against Spectre's second variant.
            MachinePseriesCapCcfAssist = "machine.pseries.cap-ccf-assist", retired;
            /// The type of the Arm CPU `max` exists, to be asked for the properties of CPUs.
            ArmMaxCpu = "arm-max-cpu", live [qom_type("max-arm-cpu")];
            /// With `auto-read-only`, image files are opened for writing only while written to.
            BlockFileAutoReadonlyDynamic = "blockdev-file-dynamic-auto-read-only", retired;
            /// Snapshots with memory include the disks that `-blockdev` made.
            SavevmMonitorNodes = "savevm-monitor-nodes", retired;
            /// The block driver `nvme` exists: a disk is driven by QEMU, past the host's kernel.
            DriveNvme = "drive-nvme", live [query("blockdev-add/arg-type/+nvme")];
            /// The guest's CPU topology can have dies.
            SmpDies = "smp-dies", live [query("query-hotpluggable-cpus/ret-type/props/die-id")];
            /// The PS/2 controller of PCs exists.
            DeviceI8042 = "i8042", live [qom_type("i8042")];
            /// Random numbers for the guest can come from QEMU, without a file.
            ObjectRngBuiltin = "rng-builtin", live [qom_type("rng-builtin")];
            /// `virtio-net` devices take `failover`: they stand in for an assigned card in migration.
            VirtioNetFailover = "virtio-net.failover", retired;
            /// The TPM model `tpm-spapr` exists, for `pseries` guests.
            DeviceTpmSpapr = "tpm-spapr", live [
                qom_type("tpm-spapr"),
                tpm_model("tpm-spapr").until(Baseline::Libvirt12_8),
            ];
            /// CPUs of Arm take `kvm-no-adjvtime`: their time passes on while the guest is stopped.
            CpuKvmNoAdjvtime = "cpu.kvm-no-adjvtime", live [
                object("max-x86_64-cpu", "kvm-no-adjvtime"),
                object("max-arm-cpu", "kvm-no-adjvtime"),
            ];
            /// The device `vhost-user-fs` exists: directories of the host are shared by `virtiofsd`.
            DeviceVhostUserFs = "vhost-user-fs", live [qom_type("vhost-user-fs-device")];
            /// `query-named-block-nodes` takes `flat`, which leaves out the nodes below each node.
            QmpQueryNamedBlockNodesFlat = "query-named-block-nodes.flat", retired;
            /// `blockdev-snapshot` has the feature `allow-write-only-overlay`, used to copy disks.
            BlockdevSnapshotAllowWriteOnly = "blockdev-snapshot.allow-write-only-overlay", retired;
            /// The command `blockdev-reopen` exists: options of block nodes can be changed.
            BlockdevReopen = "blockdev-reopen", retired;
            /// Disks take `werror` and `rerror` themselves, so they need not be at the backend.
            StorageWerror = "storage.werror", retired;
            /// `-fsdev` takes `multidevs`: a share across several file systems has unique inodes.
            FsdevMultidevs = "fsdev.multidevs", live [option_parameter("fsdev", "multidevs")];
            /// Virtio devices take `packed`, a faster form of their queues.
            VirtioPackedQueues = "virtio.packed", retired;
            /// Root ports take `hotplug`: guests can be kept from ejecting the device.
            PcieRootPortHotplug = "pcie-root-port.hotplug", live [device("pcie-root-port", "hotplug")];
            /// Image files can be read and written by `io_uring`.
            AioIoUring = "aio.io_uring", live [query("blockdev-add/arg-type/+file/aio/^io_uring")];
            /// The `pseries` machine takes `cap-cfpc`, a help against Meltdown.
            MachinePseriesCapCfpc = "machine.pseries.cap-cfpc", retired;
            /// The `pseries` machine takes `cap-sbbc`, a help against Spectre's first variant.
            MachinePseriesCapSbbc = "machine.pseries.cap-sbbc", retired;
            /// The `pseries` machine takes `cap-ibs`, a help against Spectre's second variant.
            MachinePseriesCapIbs = "machine.pseries.cap-ibs", retired;
            /// QEMU can emulate the guest's CPU without help of the host's (TCG).
            Tcg = "tcg", live [qom_type("tcg-accel"), accel(Accel::Tcg).since(Baseline::Libvirt12_8)];
            /// SCSI commands don't reach `virtio-blk` devices unless asked for (`scsi` is off).
            VirtioBlkScsiDefaultDisabled = "virtio-blk-pci.scsi.default.disabled", live [
                device_default_false("virtio-blk-pci", "scsi"),
                device_default_false("virtio-blk-ccw", "scsi"),
            ];
            /// The paravirtual SCSI controller `pvscsi` exists, for guests that come from `vmware`.
            ScsiPvscsi = "pvscsi", live [qom_type("pvscsi")];
            /// CPUs take `migratable`: features that can't be migrated are left out.
            CpuMigratable = "cpu.migratable", live [
                object("max-x86_64-cpu", "migratable"),
                object("max-arm-cpu", "migratable"),
            ];
            /// `query-cpu-model-expansion` can distinguish features that can't be migrated.
            QueryCpuModelExpansionMigratable = "query-cpu-model-expansion.migratable", retired;
            /// The option `-fw_cfg` exists: the guest's firmware can be handed data.
            FwCfg = "fw_cfg", retired;
            /// A migration's bandwidth is a migration parameter, without a command of its own.
            MigrationParamBandwidth = "migration-param.bandwidth", retired;
            /// A migration's downtime limit is a migration parameter, without a command of its own.
            MigrationParamDowntime = "migration-param.downtime", retired;
            /// The size of the XBZRLE cache is a migration parameter, without a command of its own.
            MigrationParamXbzrleCacheSize = "migration-param.xbzrle-cache-size", retired;
            /// `intel-iommu` takes `aw-bits`, its address width, which guests with much memory need.
            IntelIommuAwBits = "intel-iommu.aw-bits", live [device("intel-iommu", "aw-bits")];
            /// The device `spapr-tpm-proxy` exists: secure `pseries` guests reach the host's TPM.
            DeviceSpaprTpmProxy = "spapr-tpm-proxy", live [qom_type("spapr-tpm-proxy")];
            /// The guest can see latencies and bandwidths between its NUMA nodes (ACPI HMAT).
            NumaHmat = "numa.hmat", live [query("set-numa-node/arg-type/+hmat-lb")];
            /// SCSI devices of the host can be passed through by `-blockdev`, in place of `-drive`.
            BlockdevHostdevScsi = "blockdev-hostdev-scsi", retired;
            /// `usb-host` devices take `hostdevice`, a path, so QEMU need not search the host's buses.
            UsbHostHostdevice = "usb-host.hostdevice", live [device("usb-host", "hostdevice")];
            /// `virtio-balloon` takes `free-page-reporting`: memory left free returns to the host.
            VirtioBalloonFreePageReporting = "virtio-balloon.free-page-reporting", live [
                device("virtio-balloon-pci", "free-page-reporting"),
                device("virtio-balloon-ccw", "free-page-reporting"),
                device("virtio-balloon-device", "free-page-reporting"),
            ];
            /// The command `block-export-add` exists, which exports disks by NBD and more.
            BlockExportAdd = "block-export-add", retired;
            /// Networks of type `vhost-vdpa` exist: a card in the host moves the virtio packets.
            NetdevVhostVdpa = "netdev.vhost-vdpa", live [query("netdev_add/arg-type/+vhost-vdpa")];
            /// `-fsdev` takes `fmode` and `dmode`, the modes of new files and directories.
            FsdevCreatemode = "fsdev.createmode", retired;
            /// Machines of this architecture have a SCSI controller of the NCR 53C9x built in.
            ScsiNcr53c90 = "ncr53c90", live [arch_in(&[Arch::Sparc, Arch::M68k, Arch::Mips])];
            /// The SCSI controller `dc390` exists, Tekram's card with AMD's chip.
            ScsiDc390 = "dc390", live [qom_type("dc390")];
            /// The SCSI controller `am53c974` exists, AMD's chip for PCI.
            ScsiAm53c974 = "am53c974", live [qom_type("am53c974")];
            /// The device `virtio-pmem-pci` exists: a host's file is persistent memory to the guest.
            DeviceVirtioPmemPci = "virtio-pmem-pci", live [qom_type("virtio-pmem-pci")];
            /// `vhost-user-fs` devices have `bootindex`, so the guest can boot from them.
            VhostUserFsBootindex = "vhost-user-fs.bootindex", live [
                device("vhost-user-fs-device", "bootindex"),
            ];
            /// The device `vhost-user-blk` exists, a disk that another process serves.
            DeviceVhostUserBlk = "vhost-user-blk", live [qom_type("vhost-user-blk")];
            /// There is a CPU model `max`, which has all that the accelerator can give.
            CpuMax = "cpu-max", live [cpu("max")];
            /// How memory in files is named in migrations can be chosen, to suit older machine types.
            XUseCanonicalPathForRamblockId = "memory-backend-file.x-use-canonical-path-for-ramblock-id", live [
                object("memory-backend-file", "x-use-canonical-path-for-ramblock-id"),
            ];
            /// `-vnc` is parsed like other options, so that on and off are written out.
            VncOpts = "vnc-opts", retired;
            /// Bitmaps of changed blocks can be given other names while they are migrated.
            MigrationParamBlockBitmapMapping = "migration-param.block-bitmap-mapping", retired;
            /// `-vnc` takes `power-control`: clients may switch off or reset the guest.
            VncPowerControl = "vnc-power-control", live [option_parameter("vnc", "power-control")];
            /// The option `-audiodev` exists: sound backends are configured without the environment.
            Audiodev = "audiodev", retired;
            /// The command `blockdev-backup` exists: changed blocks can be copied to another node.
            BlockdevBackup = "blockdev-backup", retired;
            /// `-object` takes JSON, checked by the QAPI schema.
            ObjectJson = "object.qapified", retired;
            /// Disks have `rotation_rate`, which lets a guest distinguish solid-state from spinning ones.
            RotationRate = "rotation-rate", live [device("scsi-hd", "rotation_rate")];
            /// The option `-compat` exists: the use of deprecated parts can be made an error in tests.
            CompatDeprecated = "compat-deprecated", retired;
            /// PCI devices have `acpi-index`, which gives a network card a stable name in the guest.
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
            /// A keyboard or mouse of the host can be handed to the guest (`input-linux`).
            InputLinux = "input-linux", live [qom_type("input-linux")];
            /// The graphics card `virtio-gpu-gl-pci` exists, apart from the one without 3D.
            VirtioGpuGlPci = "virtio-gpu-gl-pci", live [qom_type("virtio-gpu-gl-pci")];
            /// The graphics card `virtio-vga-gl` exists, apart from the one without 3D.
            VirtioVgaGl = "virtio-vga-gl", live [qom_type("virtio-vga-gl")];
            /// Machines take `confidential-guest-support`, the object that hides memory from the host.
            MachineConfidentalGuestSupport = "confidential-guest-support", live [
                machine("none", "confidential-guest-support"),
            ];
            /// The command `query-display-options` exists, whose types show which displays there are.
            QueryDisplayOptions = "query-display-options", retired;
            /// Guests can be protected by s390's Secure Execution.
            S390PvGuest = "s390-pv-guest", live [qom_type("s390-pv-guest")];
            /// What follows a shutdown, reboot, panic or watchdog can be changed while the guest runs.
            SetAction = "set-action", live until Libvirt12_8 [command("set-action")];
            /// `virtio-blk` devices have the property `queue-size`: more requests can be under way.
            VirtioBlkQueueSize = "virtio-blk.queue-size", live [
                device("virtio-blk-pci", "queue-size"),
                device("virtio-blk-ccw", "queue-size"),
            ];
            /// The device `virtio-mem-pci` exists: a guest's memory grows and shrinks in small steps.
            DeviceVirtioMemPci = "virtio-mem-pci", live [qom_type("virtio-mem-pci")];
            /// Guest memory takes `reserve`: no swap space is set aside, good for sparse memory.
            MemoryBackendReserve = "memory-backend-file.reserve", live [
                object("memory-backend-file", "reserve"),
            ];
            /// ACPI hotplug on the root bus of `pc` machines can be switched off.
            Piix4AcpiRootPciHotplug = "piix4.acpi-root-pci-hotplug", live [
                device("PIIX4_PM", "acpi-root-pci-hotplug"),
            ];
            /// `-netdev` takes JSON, checked by the QAPI schema.
            NetdevJson = "netdev.json", live [query("netdev_add/arg-type/type/^dgram")];
            /// `-chardev` takes JSON; reserved, as no answer of QEMU shows it.
            ChardevJson = "chardev.json", live [];
            /// `-device` takes JSON, but devices made so can't be unplugged.
            DeviceJsonBrokenHotplug = "device.json", retired;
            /// QEMU can measure and report how fast the guest writes to its memory.
            QueryDirtyRate = "query-dirty-rate", live [command("query-dirty-rate")];
            /// Images on Ceph can be encrypted by Ceph's own library.
            RbdEncryption = "rbd-encryption", live [query("blockdev-add/arg-type/+rbd/encrypt")];
            /// Kernel and command line can be part of what SEV attests (`kernel-hashes`).
            SevGuestKernelHashes = "sev-guest-kernel-hashes", live [
                query("object-add/arg-type/+sev-guest/kernel-hashes"),
            ];
            /// Secrets can be handed to an SEV guest once it is attested.
            SevInjectLaunchSecret = "sev-inject-launch-secret", live [command("sev-inject-launch-secret")];
            /// `-device` takes JSON, and devices made so can be unplugged.
            DeviceJson = "device.json+hotplug", live [query("device_add/$json-cli-hotplug")];
            /// Hardware acceleration by macOS' Hypervisor framework works on this host.
            Hvf = "hvf", live [accel(Accel::Hvf)];
            /// `virtio-mem-pci` devices take `prealloc`: memory is had for sure before guests use it.
            DeviceVirtioMemPciPrealloc = "virtio-mem-pci.prealloc", live [
                device("virtio-mem-pci", "prealloc"),
                device("virtio-mem-ccw", "prealloc").since(Baseline::Libvirt12_8),
            ];
            /// How fast the guest writes to its memory can be measured, to foresee a migration's time.
            CalcDirtyRate = "calc-dirty-rate", live [command("calc-dirty-rate")];
            /// `calc-dirty-rate` takes `mode`: pages are sampled, or a bitmap or dirty rings are read.
            DirtyrateMode = "dirtyrate-param.mode", live [query("calc-dirty-rate/arg-type/mode")];
            /// NBD clients take `tls-hostname`, the name in the certificate when it is not the host's.
            BlockdevNbdTlsHostname = "blockdev.nbd.tls-hostname", live [
                query("blockdev-add/arg-type/+nbd/tls-hostname"),
            ];
            /// Guest memory takes `prealloc-threads`: several threads allocate it, which saves time.
            MemoryBackendPreallocThreads = "memory-backend-file.prealloc-threads", live [
                object("memory-backend-file", "prealloc-threads"),
            ];
            /// The device `virtio-iommu-pci` exists, an IOMMU that imitates no hardware.
            DeviceVirtioIommuPci = "virtio-iommu-pci", live [qom_type("virtio-iommu-pci")];
            /// `virtio-iommu` takes `boot-bypass`: firmware without a driver for it can still boot.
            VirtioIommuBootBypass = "virtio-iommu.boot-bypass", live [
                device("virtio-iommu-pci", "boot-bypass"),
            ];
            /// `virtio-net` devices take `rss`: packets are spread over queues as the guest wants.
            VirtioNetRss = "virtio-net.rss", live [
                device("virtio-net-pci", "rss"),
                device("virtio-net-ccw", "rss"),
            ];
            /// QEMU itself can speak to the SPICE agent, for copy and paste without SPICE.
            ChardevQemuVdagent = "chardev.qemu-vdagent", live [
                query("chardev-add/arg-type/backend/+qemu-vdagent"),
            ];
            /// Screen, input and sound can be offered on D-Bus (`-display dbus`).
            DisplayDbus = "display-dbus", live [query("query-display-options/ret-type/+dbus")];
            /// The object `iothread` takes limits for the number of its worker threads.
            IothreadThreadPoolMax = "iothread.thread-pool-max", live [
                query("object-add/arg-type/+iothread/thread-pool-max"),
            ];
            /// `usb-host` devices take `guest-resets-all`: each reset by the guest reaches the device.
            UsbHostGuestsResetsAll = "usb-host.guest-resets-all", live [
                device("usb-host", "guest-resets-all"),
            ];
            /// QEMU reports in advance why a guest can't be migrated.
            MigrationBlockedReasons = "migration.blocked-reasons", live [
                query("query-migrate/ret-type/blocked-reasons"),
            ];
            /// Statistics of virtual machine and CPUs can be asked for, such as KVM's counters.
            QueryStats = "query-stats", live [command("query-stats")];
            /// QEMU lists the statistics of `query-stats` with their units.
            QueryStatsSchemas = "query-stats-schemas", live [command("query-stats-schemas")];
            /// Guests can have SGX enclaves on this host.
            SgxEpc = "sgx-epc", live [qom_type("sgx-epc"), taken_back_by(HostCheck::Sgx)];
            /// The threads that allocate guest memory can be placed on chosen CPUs of the host.
            ThreadContext = "thread-context", live [qom_type("thread-context")];
            /// Screenshots can be PNG files.
            ScreenshotFormatPng = "screenshot-format-png", live [query("screendump/arg-type/format/^png")];
            /// `-machine` takes `hpet`, so a PC can omit the HPET timer.
            MachineHpet = "machine-hpet", live [option_parameter("machine", "hpet")];
            /// Networks of type `stream` exist: sockets lead to a program such as `passt`.
            NetdevStream = "netdev.stream", live [query("netdev_add/arg-type/+stream")];
            /// A `virtio-crypto` device exists, by which guests have the host encrypt.
            DeviceVirtioCrypto = "virtio-crypto", live [
                qom_type("virtio-crypto-pci"),
                qom_type("virtio-crypto-device"),
            ];
            /// The guest's encryption can be done by the host's kernel (`cryptodev-backend-lkcf`).
            ObjectCryptoLkcf = "cryptodev-backend-lkcf", live [qom_type("cryptodev-backend-lkcf")];
            /// The PCI device `pvpanic-pci` exists: guests without ISA can report a panic.
            DevicePanicPci = "pvpanic-pci", live [qom_type("pvpanic-pci")];
            /// Networks of type `stream` take `reconnect`, the seconds until they are retried.
            NetdevStreamReconnect = "netdev.stream.reconnect", live [
                query("netdev_add/arg-type/+stream/reconnect"),
            ];
            /// `virtio-gpu` devices take `blob`: guest memory is shown without being copied.
            VirtioGpuBlob = "virtio-gpu.blob", live [
                device("virtio-gpu-pci", "blob"),
                device("virtio-gpu-device", "blob"),
                device("virtio-gpu-ccw", "blob"),
            ];
            /// Encrypted images on Ceph can be based on images that have other keys.
            RbdEncryptionLayering = "rbd-encryption-layering", live [
                query("blockdev-add/arg-type/+rbd/encrypt/parent"),
            ];
            /// The version of LUKS of an encrypted image on Ceph need not be known.
            RbdEncryptionLuksAny = "rbd-encryption-luks-any", live [
                query("blockdev-add/arg-type/+rbd/encrypt/format/^luks-any"),
            ];
            /// `qcow2` images take `discard-no-unref`: discarded blocks don't fragment them.
            Qcow2DiscardNoUnref = "qcow2-discard-no-unref", live [
                query("blockdev-add/arg-type/+qcow2/discard-no-unref"),
            ];
            /// QEMU can end at once while much guest memory is freed behind it.
            RunWithAsyncTeardown = "run-with.async-teardown", live [
                option_parameter("run-with", "async-teardown"),
            ];
            /// The driver `virtio-blk-vhost-vdpa` for vDPA disks takes files that are passed in.
            DeviceVirtioBlkVhostVdpa = "virtio-blk-vhost-vdpa", live [
                query("blockdev-add/arg-type/+virtio-blk-vhost-vdpa/$fdset"),
            ];
            /// `virtio-blk` queues can each be served by a thread of choice (`iothread-vq-mapping`).
            VirtioBlkIothreadMapping = "virtio-blk.iothread-mapping", live [
                device("virtio-blk-pci", "iothread-vq-mapping"),
                device("virtio-blk-ccw", "iothread-vq-mapping"),
            ];
            /// The guest's CPU topology can have clusters, known from Arm.
            SmpClusters = "smp-clusters", live [query("query-hotpluggable-cpus/ret-type/props/cluster-id")];
            /// `virtio-mem-pci` takes `dynamic-memslots`: memory not yet plugged costs the host less.
            DeviceVirtioMemPciDynamicMemslots = "virtio-mem-pci.dynamic-memslots", live [
                device("virtio-mem-pci", "dynamic-memslots"),
                device("virtio-mem-ccw", "dynamic-memslots").since(Baseline::Libvirt12_8),
            ];
            /// Block jobs can record `raw` as backing format, where it would be a driver's name.
            BlockjobBackingMaskProtocol = "blockjob.backing-mask-protocol", live [
                both_queries("block-commit/arg-type/backing-mask-protocol", "block-stream/arg-type/backing-mask-protocol"),
            ];
            /// A display's settings can be loaded anew, such as the certificates of VNC.
            DisplayReload = "display-reload", live [command("display-reload")];
            /// The device `usb-mtp` exists: a directory appears like a camera's or phone's.
            DeviceUsbMtp = "usb-mtp", live [qom_type("usb-mtp")];
            /// The `virt` machine of Arm takes `ras`: memory errors are reported to the guest.
            MachineVirtRas = "machine.virt.ras", live [machine("virt", "ras")];
            /// A `virtio-sound` sound card exists.
            DeviceVirtioSound = "virtio-sound", live [
                qom_type("virtio-sound-pci"),
                qom_type("virtio-sound-device"),
            ];
            /// Guests can be protected by AMD's SEV-SNP on this host.
            SevSnpGuest = "sev-snp-guest", live [
                qom_type("sev-snp-guest"),
                taken_back_by(HostCheck::Sev),
            ];
            /// Networks of type `user` exist: guests reach the network without any privilege.
            NetdevUser = "netdev.user", live [query("netdev_add/arg-type/+user")];
            /// The device `acpi-erst` exists, where a crashing guest leaves its last messages.
            DeviceAcpiErst = "acpi-erst", live [qom_type("acpi-erst")];
            /// `intel-iommu` takes `dma-translation`: it can handle interrupts alone.
            IntelIommuDmaTranslation = "intel-iommu.dma-translation", live [
                device("intel-iommu", "dma-translation"),
            ];
            /// `-machine` takes `i8042`, so a PC can omit the PS/2 controller.
            MachineI8042Opt = "machine-i8042-opt", live [machine("generic-pc", "i8042")];
            /// Internal snapshots can be made and deleted by QMP commands.
            SnapshotInternalQmp = "snapshot-internal-qmp", retired;
            /// Character sockets take `reconnect-ms`: connections are retried after milliseconds.
            ChardevReconnectMiliseconds = "chardev-reconnect-miliseconds", live [
                query("chardev-add/arg-type/backend/+socket/data/reconnect-ms"),
            ];
            /// Disks of s390 take `loadparm`, the boot entry to load when booting from them.
            VirtioCcwDeviceLoadparm = "virtio-ccw.loadparm", live [device_again("virtio-blk-ccw", "loadparm")];
            /// Networks of type `stream` take `reconnect-ms`: they are retried after milliseconds.
            NetdevStreamReconnectMiliseconds = "netdev-stream-reconnect-miliseconds", live [
                query("netdev_add/arg-type/+stream/reconnect-ms"),
            ];
            /// QEMU reports the deprecated features of a CPU model (s390).
            QueryCpuModelExpansionDeprecatedProps = "query-cpu-model-expansion.deprecated-props", live [
                query("query-cpu-model-expansion/ret-type/deprecated-props"),
            ];
            /// QEMU can stay after a failed incoming migration, so its error can be asked for.
            MigrateIncomingExitOnError = "migrate-incoming.exit-on-error", live [
                query("migrate-incoming/arg-type/exit-on-error"),
            ];
            /// The `virt` machine of RISC-V takes `aia`, the kind of interrupt controller.
            MachineVirtAia = "machine.virt.aia", live [machine("virt", "aia")];
            /// The device `virtio-mem-ccw` exists, memory that grows and shrinks, for s390.
            DeviceVirtioMemCcw = "virtio-mem-ccw", live [qom_type("virtio-mem-ccw")];
            /// Block nodes can be handed over between QEMUs by hand, for migrations that share disks.
            BlockdevSetActive = "blockdev-set-active", live [command("blockdev-set-active")];
            /// Machines take `shim`, a loader that lets Secure Boot start a given kernel.
            MachineShim = "shim", live [machine("none", "shim")];
            /// `virtio-scsi` queues can each be served by a thread of choice (`iothread-vq-mapping`).
            VirtioScsiIothreadMapping = "virtio-scsi.iothread-mapping", live [
                device("virtio-scsi-pci", "iothread-vq-mapping"),
                device("virtio-scsi-ccw", "iothread-vq-mapping"),
            ];
            /// The `virt` machine takes `highmem-mmio-size`, the room for devices above its memory.
            MachineVirtHighmemMmioSize = "machine.virt.highmem-mmio-size", live since Libvirt12_8 [
                machine("virt", "highmem-mmio-size"),
            ];
            /// There can be floppy drives: a controller for them exists.
            BusFloppy = "bus-floppy", live since Libvirt12_8 [qom_type("isa-fdc"), qom_type("sysbus-fdc")];
            /// The device `nvme` exists, an emulated controller of `NVMe` disks.
            DeviceNvme = "nvme", live since Libvirt12_8 [qom_type("nvme")];
            /// The device `nvme-ns` exists, a namespace of an emulated `NVMe` controller.
            DeviceNvmeNs = "nvme-ns", live since Libvirt12_8 [qom_type("nvme-ns")];
            /// The device `amd-iommu` exists, the IOMMU of AMD's machines.
            AmdIommu = "amd-iommu", live since Libvirt12_8 [qom_type("amd-iommu")];
            /// `amd-iommu` takes `pci-id`, the PCI device that represents it.
            AmdIommuPciId = "amd-iommu.pci-id", live since Libvirt12_8 [device("amd-iommu", "pci-id")];
            /// The device `usb-bot` exists, USB storage with several disks and removable media.
            DeviceUsbBot = "usb-bot", live since Libvirt12_8 [qom_type("usb-bot")];
            /// Guests can be trust domains of Intel TDX.
            TdxGuest = "tdx-guest", live since Libvirt12_8 [
                qom_type("tdx-guest"),
                taken_back_by(HostCheck::Tdx),
            ];
            /// The command `qom-list-get` exists: many properties and their values in one answer.
            QomListGet = "qom-list-get", live since Libvirt12_8 [command("qom-list-get")];
            /// The object `acpi-generic-initiator` exists, which puts a device into a NUMA node.
            AcpiGenericInitiator = "acpi-generic-initiator", live since Libvirt12_8 [
                qom_type("acpi-generic-initiator"),
            ];
            /// Disks take `stats-intervals`: statistics are kept over spans of time.
            DiskTimedStats = "disk-timed-stats", live since Libvirt12_8 [
                device("virtio-blk-pci", "stats-intervals"),
                device("virtio-blk-ccw", "stats-intervals"),
                device("scsi-hd", "stats-intervals"),
                device("ide-hd", "stats-intervals"),
                device("usb-storage", "stats-intervals"),
            ];
            /// The command `query-accelerators` exists: one question instead of one for each accelerator.
            QueryAccelerators = "query-accelerators", live since Libvirt12_8 [command("query-accelerators")];
            /// Guests can run with Microsoft's hypervisor.
            Mshv = "mshv", live since Libvirt12_8 [accel(Accel::Mshv)];
            /// `virtio-iommu-pci` takes `aw-bits`, the width of its addresses.
            VirtioIommuAwBits = "virtio-iommu.aw-bits", live since Libvirt12_8 [
                device("virtio-iommu-pci", "aw-bits"),
            ];
            /// `scsi-block` takes `migrate-pr`: persistent reservations move with the guest.
            DeviceScsiBlockMigratePr = "scsi-block.migrate-pr", live since Libvirt12_8 [
                device("scsi-block", "migrate-pr"),
            ];
            /// The object `iommufd` exists, the kernel's newer way to pass devices through.
            ObjectIommufd = "iommufd", live since Libvirt12_8 [qom_type("iommufd")];
            /// A device keeps the variables of UEFI firmware.
            DeviceUefiVars = "uefi-vars", live since Libvirt12_8 [
                qom_type("uefi-vars-x64"),
                qom_type("uefi-vars-sysbus"),
            ];
            /// `query-block` takes `flat`: it leaves out the images behind an image.
            QueryBlockFlat = "query-block-flat", live since Libvirt12_8 [query("query-block/arg-type/flat")];
            /// `amd-iommu` takes `xtsup`, support for interrupts of more than 255 CPUs.
            AmdIommuXtsup = "amd-iommu.xtsup", live since Libvirt12_8 [device("amd-iommu", "xtsup")];
            /// `blockdev-mirror` takes `target-is-zero`: zeroes need not be copied.
            BlockdevMirrorTargetIsZero = "blockdev-mirror.target-is-zero", live since Libvirt12_8 [
                query("blockdev-mirror/arg-type/target-is-zero"),
            ];
            /// The object `monitor-qmp` exists: QMP monitors can come and go while QEMU runs.
            ObjectMonitorQmp = "object-monitor-qmp", live since Libvirt12_8 [qom_type("monitor-qmp")];
            /// The device `arm-smmuv3` exists, Arm's IOMMU as a device that users create.
            ArmSmmuv3 = "arm-smmuv3", live since Libvirt12_8 [qom_type("arm-smmuv3")];
            /// `arm-smmuv3` takes `smmu_per_bus`: each PCI bus has one of its own.
            ArmSmmuv3SmmuPerBus = "arm-smmuv3.smmu_per_bus", live since Libvirt12_8 [
                device("arm-smmuv3", "smmu_per_bus"),
            ];
            /// `arm-smmuv3` takes `accel`: the host's IOMMU does its work.
            ArmSmmuv3Accel = "arm-smmuv3.accel", live since Libvirt12_8 [device("arm-smmuv3", "accel")];
            /// `arm-smmuv3` takes `cmdqv`, command queues that the hardware provides.
            ArmSmmuv3Cmdqv = "arm-smmuv3.cmdqv", live since Libvirt12_8 [device("arm-smmuv3", "cmdqv")];
            /// I/O threads take `poll-weight`, how much the last interval counts for the next polling time.
            IothreadPollWeight = "iothread.poll-weight", live since Libvirt12_8 [
                query("object-add/arg-type/+iothread/poll-weight"),
            ];
            /// Guests can forbid memory dumps in Windows' format.
            WinDmpGuestAware = "win-dmp.guest-aware", live since Libvirt12_8 [
                query("dump-guest-memory/arg-type/format/^win-dmp/$allowed-by-guest"),
            ];
        }
    };
}
pub(super) use rows;
