use super::devices::Devices;
use super::report::Report;
use super::violation::{Violation, ViolationKind};

/// Devices that must exist from the start, although no answer of QEMU says so: `device_add` of QEMU
/// 7.2 to 11.1 rejected them on machines of five targets.
const COLD: &[&str] = &[
    "VGA",
    "acpi-erst",
    "amd-iommu",
    "arm-smmuv3",
    "ati-vga",
    "cirrus-vga",
    "cxl-rp",
    "diag288",
    "ich9-usb-ehci1",
    "ich9-usb-ehci2",
    "ich9-usb-uhci1",
    "ich9-usb-uhci2",
    "ich9-usb-uhci3",
    "ich9-usb-uhci4",
    "ich9-usb-uhci5",
    "ich9-usb-uhci6",
    "intel-iommu",
    "ipmi-bmc-extern",
    "ipmi-bmc-sim",
    "nvme-subsys",
    "pci-ohci",
    "piix3-ide",
    "piix4-ide",
    "pxb",
    "pxb-cxl",
    "pxb-pcie",
    "qxl-vga",
    "ramfb",
    "riscv-iommu-pci",
    "sbsa-gwdt",
    "sm501",
    "sp-mem",
    "spapr-rng",
    "tpm-tis-device",
    "vfio-pci-igd-lpc-bridge",
    "vfio-pci-nohotplug",
    "vhost-user-gpu-pci",
    "vhost-user-vga",
    "virtio-gpu-ccw",
    "virtio-gpu-device",
    "virtio-gpu-gl-pci",
    "virtio-gpu-pci",
    "virtio-iommu-pci",
    "virtio-vga",
    "virtio-vga-gl",
    "vmclock",
    "vmcoreinfo",
    "vmgenid",
    "vmware-svga",
    "x-terminal3270",
];

/// Devices of this kind whose verdict stays open nevertheless.
const OPEN: &[&str] = &["virtio-vga"];

/// Buses that accept no device while the machine is running, whatever the machine.
const COLD_BUSES: &[&str] =
    &["IDE", "ISA", "floppy-bus", "i2c-bus", "s390-sclp-events-bus", "spapr-vio-bus"];

/// Checks that users can create a device of this type and, if `running`, add it to a running
/// machine.
pub(super) fn check(devices: &Devices, type_name: &str, running: bool, report: &mut Report) {
    let listed = devices.listed(type_name);
    let is_creatable = listed.is_none_or(|device| device.is_user_creatable);
    let is_cold = running && is_creatable && COLD.binary_search(&type_name).is_ok();
    // A plain capture can be of any build, including a modified one.
    if is_cold && (listed.is_none() || OPEN.contains(&type_name)) {
        let reason =
            format!("`{type_name}` could not be added to a running machine of other builds");
        return report.unchecked("arguments.driver", reason);
    }
    let expected = if !is_creatable {
        "a device type that users can create"
    } else if is_cold {
        "a device type that can be added to a running machine"
    } else if running
        && listed
            .and_then(|device| device.bus.as_deref())
            .is_some_and(|bus| COLD_BUSES.contains(&bus))
    {
        "a device type whose bus takes devices while the machine runs"
    } else {
        return;
    };
    report.problems.push(
        Violation::new("arguments.driver", ViolationKind::NotPluggable)
            .found(format!("`{type_name}`"))
            .expected(expected),
    );
}

#[cfg(test)]
mod tests {
    use super::COLD;

    #[test]
    fn the_table_is_sorted() {
        assert!(COLD.is_sorted());
    }
}
