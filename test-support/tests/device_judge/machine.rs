/// The contents of a machine that let QEMU check the properties of as many devices as possible.
pub(crate) struct Machine {
    pub(crate) argv: Vec<&'static str>,
    /// The bus for devices of a kind of bus.
    buses: &'static [(&'static str, &'static str)],
}

const BACKENDS: &[&str] = &[
    "-S",
    "-nodefaults",
    "-display",
    "none",
    "-m",
    "256M,slots=4,maxmem=4G",
    "-chardev",
    "null,id=c0",
    "-blockdev",
    "null-co,node-name=d0,read-zeroes=on",
    "-object",
    "memory-backend-ram,id=m0,size=128M",
    "-object",
    "iothread,id=io0",
    "-netdev",
    "hubport,hubid=0,id=n0",
    "-audiodev",
    "none,id=a0",
];
const PCI: &[&str] = &[
    "-device",
    "pcie-root-port,id=rp0,chassis=1",
    "-device",
    "qemu-xhci,id=xhci",
    "-device",
    "virtio-serial-pci,id=vser",
    "-device",
    "virtio-scsi-pci,id=scsi",
    "-device",
    "intel-hda,id=hda",
    "-device",
    "usb-ccid,id=ccid,bus=xhci.0",
];
const CCW: &[&str] =
    &["-device", "virtio-serial-ccw,id=vser", "-device", "virtio-scsi-ccw,id=scsi"];
const PCI_BUSES: &[(&str, &str)] = &[
    ("PCI", "rp0"),
    ("SCSI", "scsi.0"),
    ("virtio-serial-bus", "vser.0"),
    ("usb-bus", "xhci.0"),
    ("HDA", "hda.0"),
    ("ccid-bus", "ccid.0"),
];
const CCW_BUSES: &[(&str, &str)] = &[("SCSI", "scsi.0"), ("virtio-serial-bus", "vser.0")];

impl Machine {
    /// The machine for a target, by QEMU's name of it.
    pub(crate) fn of(target: &str) -> Self {
        let (machine, devices, buses): (&[&str], _, _) = match target {
            "x86_64" | "i386" => (&["-machine", "q35,accel=tcg"], PCI, PCI_BUSES),
            "aarch64" | "arm" => (&["-machine", "virt,accel=tcg", "-cpu", "max"], PCI, PCI_BUSES),
            "riscv64" | "loongarch64" => (&["-machine", "virt,accel=tcg"], PCI, PCI_BUSES),
            "s390x" => (&["-machine", "s390-ccw-virtio,accel=tcg"], CCW, CCW_BUSES),
            other => panic!("no machine is known for the target `{other}`"),
        };
        Self { argv: [machine, BACKENDS, devices].concat(), buses }
    }

    /// The bus for a device that sits on a bus of this kind.
    pub(crate) fn bus(&self, kind: Option<&str>) -> Option<&'static str> {
        self.buses.iter().find(|(of, _)| kind == Some(of)).map(|(_, name)| *name)
    }
}
