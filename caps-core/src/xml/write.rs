use std::borrow::Cow;

use super::sgx;
use super::writer::{Writer, escape, yes_no};
use crate::accel::Accel;
use crate::caps::{
    Acceleration, Capabilities, CpuModel, HostCpu, HyperV, MachineType, PropertyValue, Sev, to_qemu,
};

/// Formats capability XML byte for byte as libvirt does.
///
/// ```
/// use caps_core::{Arch, Capabilities, Flag};
///
/// let mut caps = Capabilities::new(Arch::Sparc);
/// caps.flags.insert(Flag::Vnc);
/// let xml = caps_core::xml::write(&caps);
/// assert!(xml.starts_with("<qemuCaps>\n  <emulator>/usr/bin/qemu-system-sparc</emulator>\n"));
/// assert!(xml.contains("\n  <flag name='vnc'/>\n"));
/// ```
pub fn write(caps: &Capabilities) -> String {
    let mut writer = Writer::default();
    writer.block("qemuCaps", |w| capabilities(w, caps));
    writer.finish()
}

fn capabilities(w: &mut Writer, caps: &Capabilities) {
    w.text("emulator", escape(&caps.emulator));
    w.text("qemuctime", caps.emulator_ctime);
    if caps.module_dir_mtime > 0 {
        w.text("qemumoddirmtime", caps.module_dir_mtime);
    }
    w.text("selfctime", caps.self_ctime);
    w.text("selfvers", caps.self_version.number());
    flags(w, caps);
    w.text("version", caps.version.number());
    w.text("microcodeVersion", caps.microcode_version);
    if let Some(signature) = &caps.host_cpu_signature {
        w.text("hostCPUSignature", escape(signature));
    }
    if let Some(package) = &caps.package {
        // Not escaped: libvirt does not do it either.
        w.text("package", package);
    }
    if let Some(kernel) = &caps.kernel_version {
        w.text("kernelVersion", kernel);
    }
    if let Some(data) = &caps.cpu_data {
        w.line(format_args!("<cpudata arch='{}'>", escape(&data.arch)));
        w.indented(|w| {
            for element in &data.elements {
                let mut tag = w.tag(&element.name);
                for (name, value) in &element.attributes {
                    tag = tag.attribute(name, Some(&escape(value)));
                }
                tag.empty();
            }
        });
        w.line("</cpudata>");
    }
    w.text("arch", caps.arch);
    for accel in caps.blocks() {
        acceleration(w, accel, caps.acceleration(accel), caps.arch.is_x86());
    }
    for gic in &caps.gic {
        w.line(format_args!(
            "<gic version='{}' kernel='{}' emulated='{}'/>",
            gic.version,
            yes_no(gic.kernel),
            yes_no(gic.emulated)
        ));
    }
    if let Some(data) = &caps.sev {
        w.block("sev", |w| sev(w, data));
    }
    if let Some(data) = &caps.sgx {
        w.line("<sgx supported='yes'>");
        w.indented(|w| sgx::write(w, data));
        w.line("</sgx>");
    }
    if let Some(data) = &caps.hyperv {
        hyper_v(w, data);
    }
    if caps.kvm_supports_nesting {
        w.line("<kvmSupportsNesting/>");
    }
    if caps.kvm_supports_secure_guest {
        w.line("<kvmSupportsSecureGuest/>");
    }
}

/// Unknown flags are written at their original position, even if the flag before them is gone.
fn flags(w: &mut Writer, caps: &Capabilities) {
    let mut unknown = caps.unknown_flags.iter().peekable();
    for flag in caps.flags.iter() {
        while let Some(early) = unknown.next_if(|unknown| unknown.after < Some(flag)) {
            w.line(format_args!("<flag name='{}'/>", escape(&early.name)));
        }
        w.parts(&["<flag name='", flag.name(), "'/>"]);
    }
    for late in unknown {
        w.line(format_args!("<flag name='{}'/>", escape(&late.name)));
    }
}

fn acceleration(w: &mut Writer, accel: Accel, data: &Acceleration, x86: bool) {
    if let Some(cpu) = &data.host_cpu {
        host_cpu(w, accel, cpu);
    }
    for model in data.cpus.iter().flatten() {
        cpu_model(w, accel, model, x86);
    }
    for machine in &data.machines {
        machine_type(w, accel, machine);
    }
}

fn host_cpu(w: &mut Writer, accel: Accel, cpu: &HostCpu) {
    w.line(format_args!(
        "<hostCPU type='{accel}' model='{}' migratability='{}'>",
        cpu.model,
        yes_no(cpu.migratability)
    ));
    w.indented(|w| {
        for property in &cpu.properties {
            let (kind, value) = match &property.value {
                PropertyValue::Boolean(true) => ("boolean", Cow::Borrowed("true")),
                PropertyValue::Boolean(false) => ("boolean", Cow::Borrowed("false")),
                PropertyValue::String(value) => ("string", escape(value)),
                PropertyValue::Number(value) => ("number", Cow::Owned(value.to_string())),
            };
            w.tag("property")
                .attribute("name", Some(&property.name))
                .attribute("type", Some(kind))
                .attribute("value", Some(&value))
                .attribute("migratable", property.migratable.map(yes_no))
                .empty();
        }
        let lists = [
            ("deprecatedFeatures", &cpu.deprecated_features),
            ("hostDeprecatedFeatures", &cpu.host_deprecated_features),
        ];
        for (element, list) in lists {
            let Some(list) = list else { continue };
            w.block(element, |w| {
                for name in list {
                    w.line(format_args!("<property name='{name}'/>"));
                }
            });
        }
    });
    w.line("</hostCPU>");
}

fn cpu_model(w: &mut Writer, accel: Accel, model: &CpuModel, x86: bool) {
    let tag = w
        .tag("cpu")
        .attribute("type", Some(accel.name()))
        .attribute("name", Some(&escape(&model.name)))
        .attribute("typename", model.type_name.as_deref().map(escape).as_deref())
        .attribute("usable", model.usable.map(yes_no))
        .attribute("deprecated", model.deprecated.then_some("yes"));
    if model.blockers.is_empty() {
        return tag.empty();
    }
    tag.open();
    w.indented(|w| {
        for blocker in &model.blockers {
            // The model has libvirt's names, the XML QEMU's.
            let name = if x86 { to_qemu(blocker) } else { blocker };
            w.parts(&["<blocker name='", name, "'/>"]);
        }
    });
    w.line("</cpu>");
}

fn machine_type(w: &mut Writer, accel: Accel, machine: &MachineType) {
    let yes = |on: bool| on.then_some("yes");
    w.tag("machine")
        .attribute("type", Some(accel.name()))
        .attribute("name", Some(&escape(&machine.name)))
        .attribute("alias", machine.alias.as_deref().map(escape).as_deref())
        .attribute("hotplugCpus", yes(machine.hotpluggable_cpus))
        .attribute("maxCpus", Some(&machine.max_cpus.to_string()))
        .attribute("default", yes(machine.is_default))
        .attribute("defaultCPU", machine.default_cpu_type.as_deref().map(escape).as_deref())
        .attribute("numaMemSupported", yes(machine.numa_mem_supported))
        .attribute("defaultRAMid", machine.default_ram_id.as_deref().map(escape).as_deref())
        .attribute("deprecated", yes(machine.deprecated))
        .attribute("acpi", machine.acpi.map(yes_no))
        .empty();
}

fn sev(w: &mut Writer, sev: &Sev) {
    w.text("cbitpos", sev.cbitpos);
    w.text("reducedPhysBits", sev.reduced_phys_bits);
    w.text("pdh", escape(&sev.pdh));
    w.text("certChain", escape(&sev.cert_chain));
    if let Some(id) = &sev.cpu0_id {
        w.text("cpu0Id", escape(id));
    }
}

fn hyper_v(w: &mut Writer, data: &HyperV) {
    let supported = yes_no(data.supported);
    // With nothing to list, the element is empty instead of a pair of tags.
    if *data == (HyperV { supported: data.supported, ..HyperV::default() }) {
        w.line(format_args!("<hypervCapabilities supported='{supported}'/>"));
        return;
    }
    w.line(format_args!("<hypervCapabilities supported='{supported}'>"));
    w.indented(|w| {
        for enlightenment in &data.enlightenments {
            w.line(format_args!("<cap name='{enlightenment}'/>"));
        }
        if let Some(retries) = data.spinlocks {
            w.text("spinlocks", retries);
        }
        let switches = [
            ("stimer_direct", data.stimer_direct),
            ("tlbflush_direct", data.tlbflush_direct),
            ("tlbflush_extended", data.tlbflush_extended),
        ];
        for (element, switch) in switches {
            if let Some(on) = switch {
                w.text(element, if on { "on" } else { "off" });
            }
        }
        if let Some(id) = &data.vendor_id {
            w.text("vendor_id", escape(id));
        }
    });
    w.line("</hypervCapabilities>");
}
