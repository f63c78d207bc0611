//! The flag table and the plan match: these tests read both, for every baseline.

use caps_core::Baseline;
use caps_core::flag::{DeviceQuestion, Flag, RELEASED, Rule, RuleKind, lint};
use caps_core::probe::{Ask, Condition, Expansion, Launch, Step, plan};

/// Live flags without a rule, which only tests set.
const RESERVED: &[Flag] = &[Flag::ChardevJson];

/// Questions whose answers libvirt ignores.
fn is_asked_in_vain(ask: Ask, baseline: Baseline) -> bool {
    let (Ask::DeviceProperties(DeviceQuestion { type_name, .. })
    | Ask::MachineProperties(type_name)) = ask
    else {
        return false;
    };
    match type_name {
        "vfio-pci" | "ICH9-LPC" | "pseries" | "scsi-generic" => true,
        "ide-hd" | "usb-storage" => baseline == Baseline::Libvirt11_3,
        _ => false,
    }
}

fn steps(baseline: Baseline) -> impl Iterator<Item = &'static Step> {
    let sessions = [Launch::Accelerated, Launch::Tcg];
    sessions.into_iter().flat_map(move |launch| plan::steps(baseline, launch))
}

fn rules(baseline: Baseline) -> impl Iterator<Item = (Flag, &'static Rule)> {
    let flags = Flag::ALL.iter();
    flags.flat_map(move |&flag| flag.rules_in(baseline).map(move |rule| (flag, rule)))
}

#[test]
fn every_rule_is_settled_by_a_question() {
    for &baseline in Baseline::ALL {
        for (flag, rule) in rules(baseline) {
            let settled = steps(baseline).any(|step| step.ask.settles(&rule.kind));
            assert!(settled, "{baseline}: {flag}: {rule}");
        }
    }
}

#[test]
fn every_property_question_settles_a_rule() {
    for &baseline in Baseline::ALL {
        for step in steps(baseline) {
            let about_properties = matches!(
                step.ask,
                Ask::DeviceProperties(_) | Ask::ObjectProperties(_) | Ask::MachineProperties(_)
            );
            let settled = rules(baseline).any(|(_, rule)| step.ask.settles(&rule.kind));
            let expected = !is_asked_in_vain(step.ask, baseline);
            assert!(!about_properties || settled == expected, "{baseline}: {}", step.ask);
        }
    }
}

/// An answer counts for its own question, so no two steps may share a question.
#[test]
fn no_question_is_asked_twice_in_a_session() {
    for &baseline in Baseline::ALL {
        for launch in [Launch::Accelerated, Launch::Tcg] {
            let asks: Vec<Ask> = plan::steps(baseline, launch).map(|step| step.ask).collect();
            for (index, ask) in asks.iter().enumerate() {
                assert!(!asks[..index].contains(ask), "{baseline}: {ask}");
            }
        }
    }
}

#[test]
fn every_live_flag_has_a_rule() {
    for &baseline in Baseline::ALL {
        for &flag in Flag::ALL {
            let shown = flag.rules_in(baseline).next().is_some();
            let expected = flag.is_live(baseline) && !RESERVED.contains(&flag);
            assert_eq!(shown, expected, "{baseline}: {flag}");
        }
    }
}

#[test]
fn the_conditions_of_a_question_are_known_when_it_is_asked() {
    for &baseline in Baseline::ALL {
        for launch in [Launch::Accelerated, Launch::Tcg] {
            let all: Vec<&Step> = plan::steps(baseline, launch).collect();
            for (index, step) in all.iter().enumerate() {
                let before: Vec<Ask> = match launch {
                    Launch::Accelerated => all[..index].iter().map(|step| step.ask).collect(),
                    Launch::Tcg => steps(baseline).map(|step| step.ask).collect(),
                };
                for rule in needed(step).iter().flat_map(|flag| flag.rules_in(baseline)) {
                    assert!(
                        matches!(rule.kind, RuleKind::TakenBackBy(_))
                            || before.iter().any(|ask| ask.settles(&rule.kind)),
                        "{baseline}: `{}` is asked before `{rule}` is settled",
                        step.ask
                    );
                }
            }
        }
    }
}

fn needed(step: &Step) -> Vec<Flag> {
    let flags = step.when.iter().flat_map(|condition| match condition {
        Condition::Flag(flag) | Condition::NoFlag(flag) => vec![*flag],
        Condition::EitherFlag(one, other) => vec![*one, *other],
        _ => Vec::new(),
    });
    flags.collect()
}

#[test]
fn released_flags_keep_their_names_and_places() {
    assert_eq!(lint(RELEASED), []);
}

#[test]
fn questions_are_printed_with_what_they_are_about() {
    for (ask, expected) in [
        (Ask::ObjectProperties("memory-backend-file"), "qom-list-properties memory-backend-file"),
        (Ask::MachineProperties("virt"), "qom-list-properties virt-machine"),
        (Ask::ExpandCpu(Expansion::Base), "query-cpu-model-expansion static host|max"),
        (
            Ask::ExpandCpu(Expansion::NonMigratable),
            "query-cpu-model-expansion static host|max migratable=false",
        ),
        (Ask::ExpandCpu(Expansion::Deprecated), "query-cpu-model-expansion full host|max"),
        (Ask::Hvf, "(is the Hypervisor.framework usable?)"),
        (Ask::Tdx, "(does the host have TDX?)"),
        (Ask::Accelerator, "(fix the accelerator)"),
        (Ask::Implications, "(set the implied flags)"),
    ] {
        assert_eq!(ask.to_string(), expected);
    }
    let device = steps(Baseline::NEWEST).find_map(|step| match step.ask {
        Ask::DeviceProperties(device) => Some((step.ask, device)),
        _ => None,
    });
    let (ask, device) = device.expect("a question about a device");
    assert_eq!(ask.to_string(), format!("device-list-properties {device}"));
}
