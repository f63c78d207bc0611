//! Checking command lines: will QEMU start? Checks each option against a survey and reports all
//! defects, in the order in which QEMU would find them. QEMU itself stops at the first.

mod address_space;
mod audio;
mod backends;
mod backing;
mod blockdev;
mod boards;
mod boot;
mod bus;
mod chardev;
mod cpu;
mod device;
mod display;
mod drive;
mod drive_place;
mod enforce;
mod explain;
mod given;
mod group;
mod ids;
mod judge;
mod knowledge;
mod known;
mod limits;
mod machine;
mod memory;
mod misc;
mod names;
mod net;
mod object;
mod properties;
mod property;
mod rank;
mod requirements;
mod riscv;
mod smp;
mod stdio;
mod table;
mod tcg;
mod typed;

pub(crate) use explain::explain;
pub use explain::{Explanation, KeyExplanation};
pub(crate) use knowledge::Knowledge;

use self::judge::Judge;
use crate::command_line::CommandLine;
use crate::validate::target::Target;
use crate::validate::{Policy, Report};

/// Checks a command line.
pub(crate) fn check(
    knowledge: &Knowledge,
    target: &Target,
    line: &CommandLine,
    policy: &Policy,
) -> Report {
    let mut judge = Judge::new((knowledge, target), line, policy);
    line.program().unwrap_or("command line").clone_into(&mut judge.report.subject);
    judge.check_options();
    judge.check_ids();
    judge.check_machine();
    judge.check_smp();
    judge.check_memory();
    judge.check_ram();
    judge.check_address_space();
    judge.check_needs();
    judge.check_cpu();
    judge.check_objects();
    judge.check_chardevs();
    judge.check_audio();
    judge.check_displays();
    judge.check_netdevs();
    judge.check_nics();
    judge.check_drives();
    judge.check_drive_places();
    judge.check_blockdevs();
    judge.check_groups();
    judge.check_rest();
    judge.check_object_references();
    judge.check_numa();
    judge.check_monitors();
    judge.check_ports();
    judge.check_stdio();
    judge.check_devices();
    judge.finish()
}
