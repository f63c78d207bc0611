use super::options::{OptionSpec, Reader};
use Reader::{Flag, Own, Path};

const fn keyval(implied: &'static str) -> Reader {
    Reader::Keyval { implied, json: false }
}

const fn keyval_or_json(implied: &'static str) -> Reader {
    Reader::Keyval { implied, json: true }
}

const fn opts(group: &'static str, implied: &'static str) -> Reader {
    Reader::Opts { group, implied, json: false }
}

const fn opts_or_json(group: &'static str, implied: &'static str) -> Reader {
    Reader::Opts { group, implied, json: true }
}

const fn row(name: &'static str, reader: Reader, about: &'static str) -> OptionSpec {
    OptionSpec::new(name, reader, about)
}

/// All current and removed options of QEMU, sorted by name.
pub const OPTIONS: &[OptionSpec] = &[
    row("D", Path, "the file for log messages"),
    row("L", Path, "a directory of firmware and key maps"),
    row("M", keyval("type"), "the same as -machine").undocumented(),
    row("S", Flag, "don't start the CPUs"),
    row("accel", opts("accel", "accel"), "an accelerator"),
    row("acpitable", opts("acpi", ""), "an ACPI table").targeted(),
    row("action", opts("action", ""), "what to do when the guest reboots, shuts down or panics")
        .since("6.0"),
    row("add-fd", opts("add-fd", ""), "a file descriptor for a set"),
    row("alt-grab", Flag, "grab the mouse with Ctrl, Alt and Shift")
        .removed("7.1", "-display sdl,grab-mod=lshift-lctrl-lalt"),
    row("append", Own, "the command line of the guest's kernel"),
    row("async-teardown", Flag, "tear the address space down in the background")
        .since("7.2")
        .removed("9.0", "-run-with async-teardown=on"),
    row("audio", keyval("driver"), "an audio backend and a sound card").since("7.1"),
    row("audio-help", Flag, "print the -audiodev of the environment").removed("8.2", "-audiodev"),
    row("audiodev", keyval_or_json("driver"), "an audio backend"),
    row("balloon", Own, "a balloon device").removed("3.1", "-device virtio-balloon"),
    row("bios", Path, "the firmware"),
    row("blockdev", keyval_or_json("driver"), "a block backend"),
    row("boot", Own, "the boot order"),
    row("bootp", Own, "the boot file of the user network").removed("3.1", "-netdev user,bootfile="),
    row("bt", Own, "a Bluetooth device").removed("5.0", "-device usb-host"),
    row("cdrom", Path, "the image of a CD-ROM"),
    row("chardev", opts("chardev", "backend"), "a character device"),
    row("chroot", Path, "the root directory to change to").removed("9.0", "-run-with chroot="),
    row("clock", Own, "the host's clock").removed("2.12", ""),
    row("compat", keyval_or_json(""), "what to do about deprecated and unstable interfaces")
        .since("6.0"),
    row("cpu", Own, "the CPU model"),
    row("ctrl-grab", Flag, "grab the mouse with the right Ctrl")
        .removed("7.1", "-display sdl,grab-mod=rctrl"),
    row("curses", Flag, "the display on a terminal").removed("7.1", "-display curses"),
    row("d", Own, "the items to log"),
    row("daemonize", Flag, "run in the background"),
    row("debugcon", Own, "the character device of the debug console"),
    row("device", opts_or_json("device", "driver"), "a device"),
    row("dfilter", Own, "the addresses whose log messages are kept"),
    row("display", keyval_or_json("type"), "the display"),
    row("drive", opts("drive", ""), "a block device with its image"),
    row("drive_add", Own, "a drive for hotplug").removed("2.0", "-drive"),
    row("dtb", Path, "the device tree"),
    row("dump-vmstate", Path, "write the form of the migration stream"),
    row("echr", Own, "the escape character of the terminal"),
    row("enable-fips", Flag, "FIPS 140-2 compliance").removed("7.1", ""),
    row("enable-kvm", Flag, "the same as -accel kvm"),
    row("enable-sync-profile", Flag, "profile synchronization"),
    row("fda", Path, "the image of the first floppy disk"),
    row("fdb", Path, "the image of the second floppy disk"),
    row("fsdev", opts("fsdev", "fsdriver"), "a file system for the guest"),
    row("full-screen", Flag, "start in full screen"),
    row("fw_cfg", opts("fw_cfg", "name"), "an entry for the firmware"),
    row("g", Own, "the graphical resolution").targeted(),
    row("gdb", Own, "the character device of the GDB server"),
    row("global", opts("global", ""), "the default of a property"),
    row("h", Flag, "print the options"),
    row("hda", Path, "the image of the first hard disk"),
    row("hdachs", Own, "the geometry of the first hard disk")
        .removed("2.12", "-device ide-hd,cyls=,heads=,secs="),
    row("hdb", Path, "the image of the second hard disk"),
    row("hdc", Path, "the image of the third hard disk"),
    row("hdd", Path, "the image of the fourth hard disk"),
    row("help", Flag, "print the options"),
    row("icount", opts("icount", "shift"), "count instructions as time"),
    row("incoming", Own, "where to migrate from"),
    row("initrd", Path, "the initial RAM disk"),
    row("iscsi", opts("iscsi", ""), "defaults of iSCSI sessions"),
    row("jitdump", Flag, "write what perf needs about translated code").since("8.0"),
    row("k", Own, "the keyboard layout"),
    row("kernel", Path, "the guest's kernel"),
    row("loadvm", Own, "the snapshot to start from"),
    row("localtime", Flag, "the clock has local time").removed("3.1", "-rtc base=localtime"),
    row("m", opts("memory", "size"), "the size of the RAM"),
    row("machine", keyval("type"), "the machine type and its properties"),
    row("mem-path", Path, "the file behind the RAM"),
    row("mem-prealloc", Flag, "allocate the RAM at start"),
    row("mon", opts("mon", "chardev"), "a monitor on a character device"),
    row("monitor", Own, "the character device of the human monitor"),
    row("msg", opts("msg", ""), "the form of messages"),
    row("mtdblock", Path, "the image of a flash memory"),
    row("name", opts("name", "guest"), "the name of the guest"),
    row("net", opts("net", "type"), "a network backend or card"),
    row("netdev", opts_or_json("netdev", "type"), "a network backend"),
    row("nic", opts("nic", "type"), "a network card with its backend"),
    row("no-acpi", Flag, "no ACPI").targeted().removed("9.0", "-machine acpi=off"),
    row("no-fd-bootchk", Flag, "don't check floppy disks for boot signatures").targeted(),
    row("no-frame", Flag, "no frame around the window").removed("2.12", ""),
    row("no-hpet", Flag, "no HPET").targeted().removed("9.0", "-machine hpet=off"),
    row("no-kvm", Flag, "don't use KVM").removed("5.2", "-accel tcg"),
    row("no-kvm-irqchip", Flag, "no interrupt controller in KVM")
        .removed("3.0", "-machine kernel_irqchip=off"),
    row("no-kvm-pit", Flag, "no timer in KVM").removed("2.12", ""),
    row("no-kvm-pit-reinjection", Flag, "drop lost ticks")
        .removed("3.0", "-global kvm-pit.lost_tick_policy=discard"),
    row("no-quit", Flag, "the window can't be closed")
        .removed("7.0", "-display sdl,window-close=off"),
    row("no-reboot", Flag, "exit instead of rebooting"),
    row("no-shutdown", Flag, "stop instead of shutting down"),
    row("no-user-config", Flag, "read no configuration files"),
    row("nodefaults", Flag, "create no default devices"),
    row("nodefconfig", Flag, "read no configuration files").removed("3.1", "-no-user-config"),
    row("nographic", Flag, "no window, serial port on the terminal"),
    row("numa", opts("numa", "type"), "a NUMA node or distance"),
    row("object", opts_or_json("object", "qom-type"), "an object"),
    row("old-param", Flag, "old kernel parameters").targeted().removed("10.2", ""),
    row("only-migratable", Flag, "allow migratable devices only"),
    row("option-rom", opts("option-rom", "romfile"), "an option ROM"),
    row("overcommit", opts("overcommit", ""), "how to overcommit host resources"),
    row("parallel", Own, "the character device of the parallel port"),
    row("perfmap", Flag, "write the map that perf needs").since("8.0"),
    row("pflash", Path, "the image of a parallel flash memory"),
    row("pidfile", Path, "the file for the process id"),
    row("plugin", opts("plugin", "file"), "a TCG plugin"),
    row("portrait", Flag, "rotate the display").removed("9.2", ""),
    row("preconfig", Flag, "pause before the machine is made"),
    row("prom-env", Own, "a variable of the firmware").targeted(),
    row("qmp", Own, "the character device of a QMP monitor"),
    row("qmp-pretty", Own, "the character device of a QMP monitor with indented replies"),
    row("qtest", Own, "the character device of the test protocol").undocumented(),
    row("qtest-log", Path, "the log of the test protocol").undocumented(),
    row("readconfig", Path, "read options from a file"),
    row("realtime", Own, "lock the RAM").removed("6.0", "-overcommit mem-lock=on"),
    row("redir", Own, "forward a port").removed("3.1", "-netdev user,hostfwd="),
    row("rotate", Own, "rotate the display").removed("9.2", ""),
    row("rtc", opts("rtc", ""), "the clock"),
    row("run-with", opts("run-with", ""), "how to run the process").since("9.0"),
    row("runas", Own, "the user to change to").removed("10.0", "-run-with user="),
    row("s", Flag, "the same as -gdb tcp::1234"),
    row("sandbox", opts("sandbox", "enable"), "filter system calls"),
    row("sd", Path, "the image of an SD card"),
    row("sdl", Flag, "the display by SDL").removed("7.1", "-display sdl"),
    row("seed", Own, "the seed of pseudo-random numbers"),
    row("semihosting", Flag, "semihosting").targeted(),
    row("semihosting-config", opts("semihosting-config", ""), "semihosting and its arguments")
        .targeted(),
    row("serial", Own, "the character device of a serial port"),
    row("set", Own, "another value for a key of an earlier option"),
    row("shim", Path, "the EFI program that starts the kernel").since("10.0"),
    row("show-cursor", Flag, "show the cursor").removed("6.0", "-display sdl,show-cursor=on"),
    row("singlestep", Flag, "translate one instruction at a time")
        .removed("9.0", "-accel tcg,one-insn-per-tb=on"),
    row("smb", Own, "a directory of the user network").removed("3.1", "-netdev user,smb="),
    row("smbios", opts("smbios", ""), "an SMBIOS entry").targeted(),
    row("smp", keyval("cpus"), "the number of CPUs and their topology"),
    row("snapshot", Flag, "write to temporary files"),
    row("soundhw", Own, "a sound card").removed("7.1", "-device or -audio"),
    row("spice", opts("spice", ""), "the SPICE server"),
    row("startdate", Own, "the date at start").removed("3.1", "-rtc base="),
    row("tb-size", Own, "the size of the translation buffer").removed("6.0", "-accel tcg,tb-size="),
    row("tdf", Flag, "fix the time drift").removed("2.12", ""),
    row("tftp", Own, "a directory of the user network").removed("3.1", "-netdev user,tftp="),
    row("tpmdev", opts("tpmdev", "type"), "a TPM backend"),
    row("trace", opts("trace", "enable"), "events to trace"),
    row("usb", Flag, "a USB controller"),
    row("usbdevice", Own, "a USB device"),
    row("uuid", Own, "the UUID of the machine"),
    row("version", Flag, "print the version"),
    row("vga", Own, "the graphics card"),
    row("virtfs", opts("virtfs", "fsdriver"), "a file system and its device"),
    row("vmware", Flag, "a graphics card").removed("2.0", "-vga vmware"),
    row("vnc", Own, "the VNC server"),
    row("watchdog", Own, "a watchdog device").removed("7.2", "-device"),
    row("watchdog-action", Own, "what the watchdog does"),
    row("win2k-hack", Flag, "help when installing Windows 2000").targeted(),
    row("writeconfig", Path, "write the options to a file").removed("7.1", ""),
    row("xen-attach", Flag, "attach to a Xen domain").targeted(),
    row("xen-domid", Own, "the id of a Xen domain").targeted(),
    row("xen-domid-restrict", Flag, "restrict the operations on a Xen domain").targeted(),
];

impl OptionSpec {
    /// Finds an option by its name, without dashes.
    ///
    /// ```
    /// use caps_core::command_line::{OptionSpec, Reader};
    ///
    /// assert_eq!(OptionSpec::find("daemonize").map(|option| option.reader), Some(Reader::Flag));
    /// assert!(OptionSpec::find("machin").is_none(), "options can't be abbreviated");
    /// ```
    pub fn find(name: &str) -> Option<&'static Self> {
        OPTIONS.binary_search_by(|option| option.name.cmp(name)).ok().map(|index| &OPTIONS[index])
    }
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, Reader};

    #[test]
    fn rows_are_sorted_and_complete() {
        for pair in OPTIONS.windows(2) {
            assert!(pair[0].name < pair[1].name, "`{}` is out of order", pair[1].name);
        }
        for option in OPTIONS {
            assert!(!option.about.is_empty(), "{}", option.name);
            let json = matches!(
                option.reader,
                Reader::Keyval { json: true, .. } | Reader::Opts { json: true, .. }
            );
            let named = ["audiodev", "blockdev", "compat", "device", "display", "netdev", "object"];
            assert_eq!(json, named.contains(&option.name), "{}", option.name);
        }
    }
}
