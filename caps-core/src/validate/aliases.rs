use std::borrow::Cow;

/// Aliases of device types on every target.
const EVERYWHERE: &[(&str, &str)] = &[
    ("ac97", "AC97"),
    ("ahci", "ich9-ahci"),
    ("e1000-82540em", "e1000"),
    ("es1370", "ES1370"),
    ("lsi", "lsi53c895a"),
];

/// Aliases for the type with `-pci`, or with `-device` on targets without PCI; the flag states
/// whether they denote the type with `-ccw` on s390x, or nothing.
const VIRTIO: &[(&str, bool)] = &[
    ("virtio-9p", true),
    ("virtio-balloon", true),
    ("virtio-blk", true),
    ("virtio-gpu", true),
    ("virtio-gpu-gl", false),
    ("virtio-input-host", true),
    ("virtio-iommu", false),
    ("virtio-keyboard", true),
    ("virtio-mouse", true),
    ("virtio-net", true),
    ("virtio-rng", true),
    ("virtio-scsi", true),
    ("virtio-serial", true),
    ("virtio-sound", false),
    ("virtio-tablet", true),
];

/// Resolves an alias to a type, which the QEMU may lack; any other name stays as it is.
pub(super) fn resolve(
    driver: &str,
    is_s390x: bool,
    has_type: impl Fn(&str) -> bool,
) -> Cow<'_, str> {
    if let Some((_, name)) = EVERYWHERE.iter().find(|(alias, _)| *alias == driver) {
        return (*name).into();
    }
    let Some((_, ccw)) = VIRTIO.iter().find(|(alias, _)| *alias == driver) else {
        return driver.into();
    };
    if is_s390x {
        return if *ccw { format!("{driver}-ccw").into() } else { driver.into() };
    }
    let names = ["pci", "device"].map(|transport| format!("{driver}-{transport}"));
    names.into_iter().find(|name| has_type(name)).map_or(driver.into(), Cow::Owned)
}
