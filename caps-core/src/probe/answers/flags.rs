use std::borrow::Cow;

use super::{array, boolean, names, object, string, strings};
use crate::accel::Accel;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::CpuModel;
use crate::flag::{Flag, FlagSet, Rule, RuleKind};
use crate::hash::{NameMap, NameSet, Seeded};
use crate::json::{JsonType, Node};
use crate::probe::error::Malformed;
use crate::probe::question::Ask;
use crate::qapi::Schema;

/// An answered question, which sets the flags of the rules that this question settles.
#[derive(Debug, Clone, Copy)]
pub(in crate::probe) struct Asked {
    pub(in crate::probe) baseline: Baseline,
    pub(in crate::probe) ask: Ask,
    /// The accelerator of the session.
    pub(in crate::probe) accel: Option<Accel>,
}

impl Asked {
    fn settles(self, rule: &Rule) -> bool {
        self.ask.settles(&rule.kind) && rule.accel.is_none_or(|accel| self.accel == Some(accel))
    }

    /// The rules that this question settles, with their flags.
    fn settled(self) -> impl Iterator<Item = (Flag, &'static Rule)> {
        let rules = Flag::all_rules_in(self.baseline).iter().copied();
        rules.filter(move |(_, rule)| self.settles(rule))
    }

    /// Sets every flag with a rule that holds.
    fn show(self, flags: &mut FlagSet, holds: impl Fn(&RuleKind) -> bool) {
        flags.extend(self.settled().filter(|(_, rule)| holds(&rule.kind)).map(|(flag, _)| flag));
    }

    /// Sets every flag with a rule whose name is listed.
    fn show_listed(self, flags: &mut FlagSet, listed: &[Cow<'_, str>]) {
        let listed: NameSet<&str> = listed.iter().map(Cow::as_ref).collect();
        self.show(flags, |rule| rule.listed_name().is_some_and(|name| listed.contains(name)));
    }

    /// Handles an answer that is a list of objects, identified by `key`.
    pub(in crate::probe) fn list_of_objects(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
        key: &str,
    ) -> Result<(), Malformed> {
        self.show_listed(flags, &names(answer, key)?);
        Ok(())
    }

    /// Handles an answer that is a list of strings.
    pub(in crate::probe) fn list(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
    ) -> Result<(), Malformed> {
        self.show_listed(flags, &strings(answer, "strings")?);
        Ok(())
    }

    pub(in crate::probe) fn schema(self, flags: &mut FlagSet, schema: &Schema) {
        self.show(flags, |rule| match rule {
            RuleKind::Command(name) => schema.entry(name).is_some(),
            RuleKind::Query(query) => schema.holds(query),
            RuleKind::BothQueries(queries) => queries.iter().all(|query| schema.holds(query)),
            _ => false,
        });
    }

    pub(in crate::probe) fn kvm(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
    ) -> Result<(), Malformed> {
        let answer = object(answer)?;
        let enabled = boolean(answer, "enabled")?;
        // KVM can be built in and still be unusable on this host.
        if boolean(answer, "present")? && enabled {
            self.accelerator(flags, Accel::Kvm.name());
        }
        Ok(())
    }

    /// Handles the answer to `query-accelerators`. libvirt ignores those that are `present` but not
    /// in use.
    pub(in crate::probe) fn accelerators(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
    ) -> Result<(), Malformed> {
        self.accelerator(flags, &string(object(answer)?, "enabled")?);
        Ok(())
    }

    /// Handles the accelerator that runs guests; names without a flag, such as `xen`, set none.
    pub(in crate::probe) fn accelerator(self, flags: &mut FlagSet, name: &str) {
        self.show(flags, |rule| matches!(rule, RuleKind::Accelerator(a) if a.name() == name));
    }

    pub(in crate::probe) fn device_properties(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
    ) -> Result<(), Malformed> {
        let listed = array(answer, "properties")?;
        let count = answer.elements().count();
        let mut properties = NameMap::with_capacity_and_hasher(count, Seeded::default());
        for property in listed {
            if properties.insert(string(property, "name")?, property).is_some() {
                return Err(Malformed::value(property, "each property once"));
            }
        }
        let find = |wanted: &str| properties.get(wanted).copied();
        let is_false = |property: Node<'_>| {
            property.get("default-value").and_then(Node::as_bool) == Some(false)
        };
        self.show(flags, |rule| match rule {
            RuleKind::DeviceProperty { property, .. } => find(property).is_some(),
            RuleKind::DeviceDefaultFalse { property, .. } => find(property).is_some_and(is_false),
            _ => false,
        });
        Ok(())
    }

    pub(in crate::probe) fn command_line_options(
        self,
        flags: &mut FlagSet,
        answer: Node<'_>,
    ) -> Result<(), Malformed> {
        // The last entry of a repeated option counts.
        let mut options = NameMap::default();
        for entry in array(answer, "options")? {
            let parameters = entry
                .get("parameters")
                .filter(|parameters| parameters.kind() == JsonType::Array)
                .ok_or_else(|| Malformed::member(entry, "parameters", "the array"))?;
            options.insert(string(entry, "option")?, parameters);
        }
        self.show(flags, |rule| match rule {
            RuleKind::Option(option) => options.contains_key(*option),
            RuleKind::OptionParameter { option, parameter } => {
                options.get(*option).is_some_and(|parameters| {
                    let mut names = parameters.elements().filter_map(|p| p.get("name"));
                    names.any(|name| name.is_str(parameter))
                })
            }
            _ => false,
        });
        Ok(())
    }

    pub(in crate::probe) fn cpu_models(self, flags: &mut FlagSet, models: &[CpuModel]) {
        let names: Vec<_> = models.iter().map(|model| Cow::Borrowed(model.name.as_str())).collect();
        self.show_listed(flags, &names);
    }

    /// Revokes the flags that a check of the host disproves.
    pub(in crate::probe) fn take_back(self, flags: &mut FlagSet) {
        for (flag, rule) in self.settled() {
            if matches!(rule.kind, RuleKind::TakenBackBy(_)) {
                flags.remove(flag);
            }
        }
    }

    pub(in crate::probe) fn implications(self, flags: &mut FlagSet, arch: Arch) {
        // Implications do not chain: each refers to the flags before this step.
        let before = *flags;
        self.show(flags, |rule| match rule {
            RuleKind::ImpliedBy(flag) => before.contains(*flag),
            RuleKind::ArchIn(archs) => archs.contains(&arch),
            _ => false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;
    use crate::accel::Accel;
    use crate::baseline::Baseline;
    use crate::flag::{DeviceQuestion, Flag};
    use crate::probe::question::Ask;

    /// No current flag requires an accelerator, so the test derives such a rule from another one.
    #[test]
    fn a_rule_may_need_an_accelerator() {
        let rule = Flag::MachineVirtRas.rules()[0].clone().with(Accel::Kvm);
        let asked = |accel| Asked {
            baseline: Baseline::NEWEST,
            ask: Ask::MachineProperties("virt"),
            accel,
        };
        assert!(asked(Some(Accel::Kvm)).settles(&rule));
        assert!(!asked(Some(Accel::Tcg)).settles(&rule));
        assert!(!asked(None).settles(&rule));
        assert!(asked(None).settles(&Flag::MachineVirtRas.rules()[0]));
        assert_eq!(rule.to_string(), "machine virt has ras with kvm");
    }

    #[test]
    fn an_answer_counts_for_the_question_that_was_asked() {
        let rule = &Flag::VirtioCcwDeviceLoadparm.rules()[0];
        let asked = |device| Asked {
            baseline: Baseline::NEWEST,
            ask: Ask::DeviceProperties(device),
            accel: None,
        };
        assert!(asked(DeviceQuestion::again("virtio-blk-ccw")).settles(rule));
        assert!(!asked(DeviceQuestion::new("virtio-blk-ccw")).settles(rule));
    }
}
