//! `{:>N}` and `{:<N}` work for everything that has a name, as for text.

use std::fmt::Display;

use caps_core::capture::{CaptureId, CaptureVariant, Label, Pick};
use caps_core::command_line::CommandLine;
use caps_core::command_line::scalar::PciAddress;
use caps_core::json::JsonType;
use caps_core::probe::{Ask, Condition, Expansion};
use caps_core::qmp::{Command, ErrorClass};
use caps_core::validate::Exception;
use caps_core::{Accel, Arch, Baseline, BaselineChoice, Flag, Version};

#[test]
fn names_are_padded() {
    let id: CaptureId = "7.2.22_x86_64+hvf".parse().expect("a name");
    let variant: &CaptureVariant = &id.variant;
    let line = CommandLine::parse(&["qemu-system-x86_64", "-m", "1G"]).expect("a command line");
    let values: &[&dyn Display] = &[
        &Accel::Kvm,
        &Arch::X86_64,
        &Ask::ExpandCpu(Expansion::HyperV),
        &Ask::Hvf,
        &Baseline::NEWEST,
        &BaselineChoice::Auto,
        &Command::new("query-version"),
        &Command::new("x").with_arguments("{}").expect("an object"),
        &Condition::Flag(Flag::Kvm),
        &Condition::X86,
        &ErrorClass::GenericError,
        &"quit=deprecated".parse::<Exception>().expect("an exception"),
        &Flag::Kvm,
        &id,
        &JsonType::Null,
        &Label::Latest(1),
        &line.arguments()[0],
        &PciAddress::from_number(9),
        &Pick::Latest(2),
        variant,
        &Version::UNKNOWN,
    ];
    for value in values {
        let text = value.to_string();
        assert!(!text.is_empty() && text.len() < 80, "{text}");
        assert_eq!(format!("{value:>80}|{value:<80}"), format!("{text:>80}|{text:<80}"));
    }
}
