//! Capability flags: named features of a QEMU.
//!
//! ```
//! use caps_core::flag::{DeviceQuestion, RuleKind};
//! use caps_core::{Accel, Baseline, Flag};
//!
//! assert_eq!("kvm".parse(), Ok(Flag::of_accel(Accel::Kvm)));
//! let rule = Flag::ArmSmmuv3Accel.rules_in(Baseline::NEWEST).next().expect("a live flag");
//! let question = DeviceQuestion::new("arm-smmuv3");
//! assert_eq!(rule.kind, RuleKind::DeviceProperty { device: question, property: "accel" });
//! ```

mod life;
mod lint;
mod name;
mod rule;
mod rules;
mod set;
mod table;
mod unknown;

pub use life::FlagState;
pub use lint::{LintFinding, RELEASED, lint};
pub use name::Flag;
pub use rule::{DeviceQuestion, HostCheck, Rule, RuleKind};
pub use set::FlagSet;
pub use unknown::UnknownFlag;

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::{Flag, FlagState};
    use crate::baseline::Baseline;

    #[test]
    fn names_are_unique_and_read_back() {
        let names: HashSet<_> = Flag::ALL.iter().map(|flag| flag.name()).collect();
        assert_eq!(names.len(), Flag::ALL.len());
        for (index, &flag) in Flag::ALL.iter().enumerate() {
            assert_eq!(flag.index(), index);
            assert_eq!(flag.name().parse(), Ok(flag));
        }
        let error = "virtio-blk.queue-sise".parse::<Flag>().expect_err("a typo");
        assert_eq!(
            error.to_string(),
            "`virtio-blk.queue-sise` is not a capability flag, did you mean `virtio-blk.queue-size`?"
        );
    }

    #[test]
    fn docs_are_sentences_that_distinguish_flags() {
        let mut seen = HashMap::new();
        for &flag in Flag::ALL {
            let doc = flag.doc();
            assert!(doc.starts_with(|c: char| c.is_ascii_uppercase() || c == '`'), "{flag}: {doc}");
            assert!(doc.len() > 1 && doc.ends_with('.') && !doc.ends_with(".."), "{flag}: {doc}");
            assert!(doc.chars().count() <= 100, "{flag}: {doc}");
            assert_eq!(doc.matches('`').count() % 2, 0, "{flag}: {doc}");
            if let Some(other) = seen.insert(doc, flag) {
                panic!("`{flag}` and `{other}` have the same documentation: {doc}");
            }
        }
    }

    #[test]
    fn nothing_shows_a_flag_that_is_not_live() {
        for (flag, &baseline) in
            Flag::ALL.iter().flat_map(|f| Baseline::ALL.iter().map(move |b| (f, b)))
        {
            let shown = flag.rules_in(baseline).next().is_some();
            assert!(flag.is_live(baseline) || !shown, "{flag} in {baseline}");
        }
        for flag in Flag::ALL.iter().filter(|flag| !Baseline::ALL.iter().any(|b| flag.is_live(*b)))
        {
            assert!(flag.rules().is_empty(), "{flag} is never live");
        }
    }

    #[test]
    fn a_flag_has_a_state_in_each_baseline() {
        let states =
            |flag: Flag| [Baseline::Libvirt11_3, Baseline::Libvirt12_8].map(|b| flag.state(b));
        assert_eq!(states(Flag::Vnc), [FlagState::Live, FlagState::Live]);
        assert_eq!(states(Flag::SetAction), [FlagState::Live, FlagState::Retired]);
        assert_eq!(states(Flag::Mshv), [FlagState::Unknown, FlagState::Live]);
        assert_eq!(states(Flag::Drive), [FlagState::Retired, FlagState::Retired]);
    }
}
