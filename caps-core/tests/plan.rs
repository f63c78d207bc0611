//! The flag table and the plan belong together: these tests read both.

use caps_core::flag::{Flag, FlagState, Rule};
use caps_core::probe::plan::LIBVIRT_11_3;
use caps_core::probe::{Ask, Condition};

/// The flags of libvirt 11.3.0, a line each.
const RELEASED: &str = include_str!("released-flags.txt");

/// Live flags that nothing shows: tests switch them on.
const RESERVED: &[Flag] = &[Flag::ChardevJson];

/// Types whose properties libvirt asks for although nothing follows from the answer.
const ASKED_IN_VAIN: &[&str] = &["vfio-pci", "ide-hd", "usb-storage", "ICH9-LPC", "pseries"];

fn questions() -> impl Iterator<Item = Ask> {
    LIBVIRT_11_3.accelerated.iter().chain(LIBVIRT_11_3.tcg).map(|step| step.ask)
}

/// Does the answer to a question decide whether a rule holds?
fn settles(ask: Ask, rule: &Rule) -> bool {
    match rule {
        Rule::Command(_) | Rule::Query(_) | Rule::BothQueries(_) => ask == Ask::Schema,
        Rule::QomType(_) => ask == Ask::QomTypes,
        Rule::DeviceProperty { type_name, .. } | Rule::DeviceDefaultFalse { type_name, .. } => {
            ask == Ask::DeviceProperties(type_name)
        }
        Rule::ObjectProperty { type_name, .. } => ask == Ask::ObjectProperties(type_name),
        Rule::MachineProperty { machine, .. } => ask == Ask::MachineProperties(machine),
        Rule::Option(_) | Rule::OptionParameter { .. } => ask == Ask::CommandLineOptions,
        Rule::MigrationCapability(_) => ask == Ask::MigrationCapabilities,
        Rule::TpmModel(_) => ask == Ask::TpmModels,
        Rule::TpmType(_) => ask == Ask::TpmTypes,
        Rule::CpuModel(_) => ask == Ask::CpuDefinitions,
        Rule::Accelerator(accel) => match accel.name() {
            "kvm" => ask == Ask::Kvm,
            _ => ask == Ask::Hvf,
        },
        Rule::ImpliedBy(_) | Rule::ArchIn(_) => ask == Ask::Implications,
        Rule::TakenBackBy(command) => ask.command_name() == Some(command),
        rule => panic!("no question is known to settle `{rule}`"),
    }
}

#[test]
fn every_rule_is_settled_by_a_question() {
    for flag in Flag::ALL {
        for rule in flag.rules() {
            assert!(questions().any(|ask| settles(ask, rule)), "{flag}: {rule}");
        }
    }
}

#[test]
fn every_property_question_settles_a_rule() {
    for ask in questions() {
        let (Ask::DeviceProperties(name)
        | Ask::ObjectProperties(name)
        | Ask::MachineProperties(name)) = ask
        else {
            continue;
        };
        let settled = Flag::ALL.iter().flat_map(|flag| flag.rules()).any(|rule| settles(ask, rule));
        assert_eq!(settled, !ASKED_IN_VAIN.contains(&name), "{ask}");
    }
}

#[test]
fn every_live_flag_has_a_rule() {
    for &flag in Flag::ALL {
        let shown = !flag.rules().is_empty();
        let expected = flag.state() == FlagState::Live && !RESERVED.contains(&flag);
        assert_eq!(shown, expected, "{flag}");
    }
}

#[test]
fn the_conditions_of_a_question_are_known_when_it_is_asked() {
    for steps in [LIBVIRT_11_3.accelerated, LIBVIRT_11_3.tcg] {
        for (index, step) in steps.iter().enumerate() {
            let mut needed = Vec::new();
            for condition in step.when {
                match condition {
                    Condition::Flag(flag) => needed.push(*flag),
                    Condition::EitherFlag(one, other) => needed.extend([*one, *other]),
                    _ => {}
                }
            }
            let before: Vec<Ask> = if steps == LIBVIRT_11_3.tcg {
                questions().collect()
            } else {
                steps[..index].iter().map(|step| step.ask).collect()
            };
            for flag in needed {
                let shown = flag.rules().iter().filter(|r| !matches!(r, Rule::TakenBackBy(_)));
                for rule in shown {
                    assert!(
                        before.iter().any(|ask| settles(*ask, rule)),
                        "`{}` is asked before `{rule}` is settled",
                        step.ask
                    );
                }
            }
        }
    }
}

#[test]
fn released_flags_keep_their_names_and_places() {
    let released: Vec<&str> = RELEASED.lines().collect();
    assert!(released.len() <= Flag::ALL.len(), "a released flag was removed");
    for (flag, released) in Flag::ALL.iter().zip(released) {
        assert_eq!(flag.name(), released, "at position {}", flag.index());
    }
}
