//! Machine types and CPU models.

use std::collections::BTreeMap;

use caps_core::Accel;
use caps_core::caps::{CpuModel, MachineType};
use serde_json::{Map, Value};

use super::capture::Facts;
use super::devices::add_properties;
use super::kind::Kind;
use super::table::{Record, Store, Table, Tables};

pub(super) struct MachineTables {
    machines: Table,
    machine_properties: Tables,
    cpus: Table,
    cpu_properties: Tables,
}

impl MachineTables {
    pub(super) fn new(captures: usize) -> Self {
        Self {
            machines: Table::new(captures),
            machine_properties: Tables::new(captures),
            cpus: Table::new(captures),
            cpu_properties: Tables::new(captures),
        }
    }

    pub(super) fn add(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        self.add_machines(capture, facts, store);
        self.add_cpus(capture, facts, store);
    }

    fn add_machines(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        let caps = facts.capabilities();
        let blocks: Vec<Accel> = caps.blocks().collect();
        let mut found: BTreeMap<&str, (Vec<Accel>, &MachineType)> = BTreeMap::new();
        for &accel in &blocks {
            for machine in &caps.acceleration(accel).machines {
                found.entry(&machine.name).or_insert_with(|| (Vec::new(), machine)).0.push(accel);
            }
        }
        // Every QEMU has machine types, so this one was not asked.
        if found.is_empty() {
            return;
        }
        self.machines.asked(capture);
        for (name, (accels, machine)) in found {
            let record = machine_record(machine, &accels, &blocks);
            self.machines.set(name, capture, record.id(store));
            // People look for `q35`, not for `pc-q35-11.1`.
            if let Some(alias) = &machine.alias {
                let record = Record::default()
                    .with("alias_of", name)
                    .with("is_default", machine.is_default)
                    .with("deprecated", machine.deprecated);
                self.machines.set(alias, capture, record.id(store));
            }
            let properties = facts.answers.machine_properties(name);
            add_properties(self.machine_properties.of(name), capture, &properties, store);
        }
    }

    fn add_cpus(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        let caps = facts.capabilities();
        let mut found: BTreeMap<&str, Vec<(Accel, &CpuModel)>> = BTreeMap::new();
        for accel in caps.blocks() {
            let Some(models) = &caps.acceleration(accel).cpus else { continue };
            self.cpus.asked(capture);
            for model in models {
                found.entry(&model.name).or_default().push((accel, model));
            }
        }
        for (name, models) in found {
            self.cpus.set(name, capture, cpu_record(&models).id(store));
            let properties = facts.answers.cpu_properties(name);
            add_properties(self.cpu_properties.of(name), capture, &properties, store);
        }
    }

    pub(super) fn finish(self, store: &mut Store) -> [Kind; 2] {
        let machines = self.machine_properties.finish(store);
        let cpus = self.cpu_properties.finish(store);
        let group =
            |groups: &std::collections::HashMap<String, u32>, name: &str| groups.get(name).copied();
        [
            Kind::new(
                "machine",
                self.machines.finish_with(store, |_, name| group(&machines, name)),
            ),
            Kind::new("cpu", self.cpus.finish_with(store, |_, name| group(&cpus, name))),
        ]
    }
}

fn machine_record(machine: &MachineType, accels: &[Accel], blocks: &[Accel]) -> Record {
    // Empty, as nearly always, if each accelerator has the machine type.
    let only = if accels.len() < blocks.len() { names(accels) } else { Vec::new() };
    Record::default()
        .with("alias", machine.alias.as_deref())
        .with("is_default", machine.is_default)
        .with("deprecated", machine.deprecated)
        .with("max_cpus", Some(machine.max_cpus).filter(|&count| count > 0))
        .with("default_cpu", machine.default_cpu_type.as_deref())
        .with("default_ram_id", machine.default_ram_id.as_deref())
        .with("hotpluggable_cpus", machine.hotpluggable_cpus)
        .with("numa_mem", machine.numa_mem_supported)
        .with("acpi", machine.acpi)
        .with("only", only)
}

/// The record of a CPU model, as each accelerator describes it.
fn cpu_record(models: &[(Accel, &CpuModel)]) -> Record {
    let by_accel = |value: fn(&CpuModel) -> Value| -> Map<String, Value> {
        let members = models.iter().map(|(accel, m)| (accel.name().to_owned(), value(m)));
        members.filter(|(_, value)| !value.is_null()).collect()
    };
    let blockers = |model: &CpuModel| match &model.blockers {
        blockers if blockers.is_empty() => Value::Null,
        blockers => blockers.iter().collect::<Vec<_>>().join(" ").into(),
    };
    Record::default()
        .with("type", models.iter().find_map(|(_, model)| model.type_name.as_deref()))
        .with("deprecated", models.iter().any(|(_, model)| model.deprecated))
        .with("usable", by_accel(|model| model.usable.into()))
        .with("blockers", by_accel(blockers))
}

fn names(accels: &[Accel]) -> Vec<Value> {
    accels.iter().map(|accel| accel.name().into()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accelerators_are_named_in_order() {
        assert_eq!(names(&[Accel::Tcg, Accel::Kvm]), ["tcg", "kvm"]);
        assert!(names(&[]).is_empty());
    }

    #[test]
    fn a_machine_type_names_the_accelerators_if_others_lack_it() {
        let blocks = [Accel::Kvm, Accel::Tcg];
        let mut machine = MachineType::new("pc");
        assert_eq!(machine_record(&machine, &blocks, &blocks), Record::default());
        machine.max_cpus = 1;
        let expected = Record::default().with("max_cpus", 1).with("only", json!(["tcg"]));
        assert_eq!(machine_record(&machine, &[Accel::Tcg], &blocks), expected);
    }

    #[test]
    fn a_cpu_model_has_what_each_accelerator_says() {
        let [mut of_kvm, mut of_tcg] = ["EPYC"; 2].map(CpuModel::new);
        let models = [(Accel::Kvm, &of_kvm), (Accel::Tcg, &of_tcg)];
        assert_eq!(cpu_record(&models), Record::default());
        of_kvm.usable = Some(true);
        of_tcg.usable = Some(false);
        of_tcg.blockers.push("avx2");
        of_tcg.blockers.push("fma");
        let expected = Record::default()
            .with("usable", json!({"kvm": true, "tcg": false}))
            .with("blockers", json!({"tcg": "avx2 fma"}));
        assert_eq!(cpu_record(&[(Accel::Kvm, &of_kvm), (Accel::Tcg, &of_tcg)]), expected);
    }
}
