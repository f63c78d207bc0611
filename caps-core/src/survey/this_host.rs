use std::time::{SystemTime, UNIX_EPOCH};

use super::known::Known;
use super::log::Log;
use super::provenance::Provenance;

impl Provenance {
    pub(super) fn of_this_host(first: &Log, hvf: bool) -> Self {
        let known = Known::new(first);
        let uname = rustix::system::uname();
        let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
        Self {
            program: Some(concat!("qemu-caps ", env!("CARGO_PKG_VERSION")).to_owned()),
            recorded: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .map(|now| day(now.as_secs())),
            package: known.package(),
            accelerator: Some(if hvf { "hvf".to_owned() } else { known.accelerator() }),
            host_arch: Some(text(uname.machine())),
            host_cpu: std::fs::read_to_string("/proc/cpuinfo").ok().as_deref().and_then(cpu_name),
            kernel: Some(format!("{} {}", text(uname.sysname()), text(uname.release()))),
            left_out: Vec::new(),
        }
    }
}

/// The name of the CPU in `/proc/cpuinfo`, if there is one.
fn cpu_name(cpuinfo: &str) -> Option<String> {
    let value = |key: &str| {
        let mut lines = cpuinfo.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
    };
    // The key differs on x86 and LoongArch, POWER, s390, Arm, and RISC-V.
    ["model name", "Model Name", "cpu", "vendor_id", "CPU part", "uarch"]
        .iter()
        .find_map(|key| value(key))
}

/// Formats a time in seconds since 1970 as a date in UTC.
fn day(seconds: u64) -> String {
    // Years start in March here, which makes the leap day the last one.
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{Provenance, cpu_name, day};
    use crate::survey::log::Log;

    #[test]
    fn the_origin_is_this_program_on_this_host() {
        for (hvf, accelerator) in [(true, "hvf"), (false, "tcg")] {
            let found = Provenance::of_this_host(&Log::default(), hvf);
            assert!(found.program.expect("a program").starts_with("qemu-caps "));
            assert_eq!(found.accelerator.as_deref(), Some(accelerator));
            assert_eq!(found.recorded.expect("a day").len(), "2026-11-26".len());
            let uname = rustix::system::uname();
            assert_eq!(found.host_arch.as_deref(), uname.machine().to_str().ok());
            let kernel = found.kernel.expect("a kernel");
            assert_eq!(kernel.split_once(' ').map(|(name, _)| name), uname.sysname().to_str().ok());
        }
    }

    #[test]
    fn the_cpu_has_its_name_under_a_key_of_the_architecture() {
        for (cpuinfo, expected) in [
            (
                "vendor_id\t: GenuineIntel\nmodel name\t: Xeon: 3\nmodel name\t: 4\n",
                Some("Xeon: 3"),
            ),
            ("Model Name\t\t: Loongson-3A5000\n", Some("Loongson-3A5000")),
            ("processor\t: 0\ncpu\t\t: POWER9\n", Some("POWER9")),
            ("vendor_id       : IBM/S390\n", Some("IBM/S390")),
            ("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", Some("0xd0c")),
            ("hart\t\t: 0\nuarch\t\t: sifive,u74-mc\n", Some("sifive,u74-mc")),
            ("processor\t: 0\n", None),
        ] {
            assert_eq!(cpu_name(cpuinfo).as_deref(), expected, "{cpuinfo}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (636_249_600, "1990-03-01"),
            (920_332_800, "1999-03-02"),
            (1_735_689_599, "2024-12-31"),
            (1_803_772_800, "2027-02-28"),
            (1_795_564_800, "2026-11-25"),
        ] {
            assert_eq!(day(seconds), expected);
        }
    }
}
