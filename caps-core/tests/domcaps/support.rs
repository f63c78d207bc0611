//! Handmade capabilities.

use caps_core::caps::{CpuModel, CpuProperty, HostCpu, MachineType, PropertyValue};
use caps_core::capture::CaptureId;
use caps_core::domcaps::{
    CpuMap, DomainCapabilities, DomainType, FeatureSet, Host, HostModel, Policy, Request,
};
use caps_core::{Arch, Baseline, Capabilities, Flag};

/// An x86 CPU and the CPU models, as QEMU reports them.
#[derive(Default)]
pub(crate) struct Cpu {
    properties: Vec<CpuProperty>,
    models: Option<Vec<CpuModel>>,
}

/// The features of one of libvirt's models.
pub(crate) fn features_of(model: &str) -> FeatureSet {
    CpuMap::of(Baseline::Libvirt11_3).x86_model(model).expect("a model of libvirt's").features
}

impl Cpu {
    pub(crate) fn with(features: &FeatureSet) -> Self {
        let map = CpuMap::of(Baseline::Libvirt11_3);
        map.x86_features(features).fold(Self::default(), Self::on)
    }

    /// Adds the feature, in QEMU's spelling or libvirt's.
    pub(crate) fn on(self, name: &str) -> Self {
        let qemu = match name {
            "pclmuldq" => "pclmulqdq",
            "cmp_legacy" | "ds_cpl" | "fxsr_opt" | "lahf_lm" | "nodeid_msr" | "perfctr_core"
            | "perfctr_nb" | "tsc_adjust" => &name.replace('_', "-"),
            _ => name,
        };
        self.property(qemu, PropertyValue::Boolean(true))
    }

    pub(crate) fn property(mut self, name: &str, value: PropertyValue) -> Self {
        self.properties.push(CpuProperty::new(name, value));
        self
    }

    pub(crate) fn vendor(self, id: &str) -> Self {
        self.property("vendor", PropertyValue::String(id.to_owned()))
    }

    pub(crate) fn signature(self, family: i64, model: i64, stepping: i64) -> Self {
        self.property("family", PropertyValue::Number(family))
            .property("model", PropertyValue::Number(model))
            .property("stepping", PropertyValue::Number(stepping))
    }

    /// Adds a model to QEMU's list, with its blockers.
    pub(crate) fn listed(mut self, name: &str, blockers: &[&str]) -> Self {
        let mut model = CpuModel::new(name);
        model.usable = Some(blockers.is_empty());
        model.blockers = blockers.iter().collect();
        self.models.get_or_insert_default().push(model);
        self
    }

    /// Capabilities of a QEMU with KVM and the machine type `pc`, on a host with this CPU.
    pub(crate) fn capabilities(self) -> Capabilities {
        let mut caps = Capabilities::new(Arch::X86_64);
        caps.flags.extend([Flag::Kvm, Flag::CpuUnavailableFeatures]);
        caps.kvm.machines.push(machine("pc-i440fx-10.0", Some("pc"), 255));
        caps.kvm.cpus = self.models;
        let mut host_cpu = HostCpu::new("base");
        host_cpu.properties = self.properties;
        caps.kvm.host_cpu = Some(host_cpu);
        caps
    }

    /// The host model of the host with this CPU.
    pub(crate) fn host_model(self) -> Option<HostModel> {
        document(&self.capabilities(), DomainType::Kvm, None).cpu.host_model
    }

    /// The name of the host model, the features it requires and those it disables.
    pub(crate) fn decoded(self) -> (String, Vec<String>, Vec<String>) {
        let model = self.host_model().expect("a host model");
        let named = |policy| {
            let features = model.features.iter().filter(move |feature| feature.policy == policy);
            features.map(|feature| feature.name.clone()).collect()
        };
        (model.model.clone(), named(Policy::Require), named(Policy::Disable))
    }
}

pub(crate) fn machine(name: &str, alias: Option<&str>, max_cpus: u32) -> MachineType {
    let mut machine = MachineType::new(name);
    machine.alias = alias.map(str::to_owned);
    machine.max_cpus = max_cpus;
    machine
}

pub(crate) fn id_of(arch: Arch) -> CaptureId {
    format!("10.0.0_{arch}").parse().expect("the name of a capture")
}

/// The document for the host that libvirt's test simulates.
pub(crate) fn document(
    caps: &Capabilities,
    domain_type: DomainType,
    machine: Option<&str>,
) -> DomainCapabilities {
    let mut request = Request::new(domain_type);
    request.machine = machine.map(str::to_owned);
    DomainCapabilities::new(caps, &request, &Host::of_test(&id_of(caps.arch))).expect("a document")
}
