use crate::validate::Stage;

/// The order in which QEMU handles options; those in the same row are handled in order of
/// appearance.
const ORDER: &[&[&str]] = &[
    &[
        "m", "object", "blockdev", "display", "audiodev", "audio", "global", "msg", "action",
        "compat",
    ],
    &["rtc"],
    &["machine", "M"],
    &["vga"],
    &["chardev"],
    &["fsdev", "virtfs"],
    &["drive", "hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash", "sd", "mtdblock"],
    &["boot"],
    &["smp"],
    &["accel", "enable-kvm"],
    &["netdev", "nic", "net"],
    &["mon"],
    &["serial", "parallel", "monitor", "qmp", "qmp-pretty"],
    &["cpu"],
    &["numa"],
    &["fw_cfg"],
    &["device"],
];

/// The rank of problems found while options are read.
pub(super) const EARLY: usize = 1;

/// The position of an option in QEMU's order.
pub(super) fn rank(option: &str, stage: Stage) -> usize {
    if stage == Stage::Option {
        return 0;
    }
    let row = ORDER.iter().position(|row| row.contains(&option));
    row.map_or(ORDER.len(), |row| row + 1)
}
