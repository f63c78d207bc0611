use std::sync::OnceLock;

use super::name::Flag;
use super::rule::{
    HostCheck, Rule, accel, arch_in, both_queries, command, cpu, device, device_again,
    device_default_false, implied_by, machine, migration, object, option, option_parameter,
    qom_type, query, taken_back_by, tpm_model, tpm_type,
};
use super::table::rows;
use crate::accel::Accel;
use crate::arch::Arch;
use crate::baseline::Baseline;

macro_rules! rules {
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, $($life:ident)+ $([$($rule:expr),* $(,)?])?;
    )*) => {
        impl Flag {
            /// The rules that show the flag in any baseline; one that holds is enough.
            pub const fn rules(self) -> &'static [Rule] {
                match self {
                    $(Self::$variant => const { &[$($($rule,)*)?] },)*
                }
            }
        }
    };
}
rows!(rules);

impl Flag {
    /// The rules of a baseline with their flags, in order.
    pub(crate) fn all_rules_in(baseline: Baseline) -> &'static [(Self, &'static Rule)] {
        static RULES: [OnceLock<Vec<(Flag, &'static Rule)>>; Baseline::ALL.len()] =
            [const { OnceLock::new() }; Baseline::ALL.len()];
        RULES[baseline as usize].get_or_init(|| {
            let rules = |&flag: &Self| flag.rules_in(baseline).map(move |rule| (flag, rule));
            Self::ALL.iter().flat_map(rules).collect()
        })
    }

    /// The rules that show the flag in a baseline.
    pub fn rules_in(self, baseline: Baseline) -> impl Iterator<Item = &'static Rule> {
        let live = self.is_live(baseline);
        self.rules().iter().filter(move |rule| live && rule.span.contains(baseline))
    }
}
