//! Formatting documents as libvirt does.

use super::document::{DomainCapabilities, Os};
use super::features::{Features, HyperVSupport, SevLimits};
use super::modes::{CustomModel, HostModel};
use super::parts::{Enumeration, Group};
use crate::baseline::Baseline;
use crate::xml::sgx;
use crate::xml::writer::{Writer, escape, yes_no};

impl DomainCapabilities {
    /// Formats the document byte for byte as libvirt does.
    pub fn to_xml(&self) -> String {
        let mut writer = Writer::default();
        writer.block("domainCapabilities", |w| self.write(w));
        writer.finish()
    }

    fn write(&self, w: &mut Writer) {
        w.text("path", escape(&self.path));
        w.text("domain", self.domain_type);
        if let Some(machine) = &self.machine {
            w.text("machine", machine);
        }
        w.text("arch", self.arch);
        if let Some(count) = self.max_vcpus {
            w.line(format_args!("<vcpu max='{count}'/>"));
        }
        w.line("<iothreads supported='yes'/>");
        supported(w, "os", true, |w| os(w, &self.os));
        w.block("cpu", |w| {
            mode(w, &self.cpu.host_passthrough);
            mode(w, &self.cpu.maximum);
            host_model(w, self.cpu.host_model.as_ref());
            custom(w, &self.cpu.custom);
        });
        group(w, &self.memory_backing);
        w.block("devices", |w| self.devices.iter().for_each(|device| group(w, device)));
        w.block("features", |w| features(w, &self.features, self.baseline));
    }
}

/// Writes an element that may be supported; without support it has no content.
fn supported(w: &mut Writer, name: &str, yes: bool, inside: impl FnOnce(&mut Writer)) {
    tagged(w, name, name, yes, inside);
}

fn tagged(w: &mut Writer, name: &str, tag: &str, yes: bool, inside: impl FnOnce(&mut Writer)) {
    if !yes {
        return w.line(format_args!("<{tag} supported='no'/>"));
    }
    w.line(format_args!("<{tag} supported='yes'>"));
    w.indented(inside);
    w.line(format_args!("</{name}>"));
}

fn group(w: &mut Writer, group: &Group) {
    supported(w, &group.name, group.supported, |w| enumerations(w, &group.enums));
}

fn mode(w: &mut Writer, group: &Group) {
    let tag = format!("mode name='{}'", group.name);
    tagged(w, "mode", &tag, group.supported, |w| enumerations(w, &group.enums));
}

fn enumerations(w: &mut Writer, enums: &[Enumeration]) {
    for found in enums {
        enumeration(w, &found.name, &found.values);
    }
}

fn enumeration<V: std::fmt::Display>(w: &mut Writer, name: &str, values: &[V]) {
    if values.is_empty() {
        return w.line(format_args!("<enum name='{name}'/>"));
    }
    w.line(format_args!("<enum name='{name}'>"));
    w.indented(|w| values.iter().for_each(|value| w.text("value", value)));
    w.line("</enum>");
}

fn os(w: &mut Writer, os: &Os) {
    enumeration(w, &os.firmware.name, &os.firmware.values);
    if let Some(features) = &os.firmware_features {
        group(w, features);
    }
    supported(w, &os.loader.name, os.loader.supported, |w| {
        os.images.iter().for_each(|image| w.text("value", escape(image)));
        enumerations(w, &os.loader.enums);
    });
    if let Some(varstore) = os.varstore {
        w.line(format_args!("<varstore supported='{}'/>", yes_no(varstore)));
    }
}

fn host_model(w: &mut Writer, model: Option<&HostModel>) {
    let Some(model) = model else {
        return w.line("<mode name='host-model' supported='no'/>");
    };
    tagged(w, "mode", "mode name='host-model'", true, |w| {
        let fallback = if model.allows_fallback { "allow" } else { "forbid" };
        w.line(format_args!("<model fallback='{fallback}'>{}</model>", escape(&model.model)));
        if let Some(vendor) = &model.vendor {
            w.text("vendor", escape(vendor));
        }
        if let Some(bits) = model.max_phys_address {
            w.line(format_args!("<maxphysaddr mode='passthrough' limit='{bits}'/>"));
        }
        for feature in &model.features {
            let policy = feature.policy.name();
            w.line(format_args!("<feature policy='{policy}' name='{}'/>", feature.name));
        }
    });
}

fn custom(w: &mut Writer, models: &[CustomModel]) {
    tagged(w, "mode", "mode name='custom'", !models.is_empty(), |w| {
        for model in models {
            let usable = model.usable.map_or("unknown", yes_no);
            let deprecated = if model.deprecated { " deprecated='yes'" } else { "" };
            let canonical = model.canonical.as_ref().map(|name| format!(" canonical='{name}'"));
            w.line(format_args!(
                "<model usable='{usable}'{deprecated} vendor='{}'{}>{}</model>",
                model.vendor,
                canonical.unwrap_or_default(),
                model.name
            ));
            if !model.blockers.is_empty() {
                w.line(format_args!("<blockers model='{}'>", model.name));
                w.indented(|w| {
                    for name in &model.blockers {
                        w.line(format_args!("<feature name='{name}'/>"));
                    }
                });
                w.line("</blockers>");
            }
        }
    });
}

fn features(w: &mut Writer, features: &Features, baseline: Baseline) {
    group(w, &features.gic);
    for toggle in &features.toggles {
        w.line(format_args!("<{} supported='{}'/>", toggle.name, yes_no(toggle.supported)));
    }
    match &features.sev {
        Some(sev) => supported(w, "sev", true, |w| self::sev(w, sev)),
        None => w.line("<sev supported='no'/>"),
    }
    match &features.sgx {
        Some(sgx) => supported(w, "sgx", true, |w| sgx::write(w, sgx)),
        None => w.line("<sgx supported='no'/>"),
    }
    if let Some(hyperv) = &features.hyperv {
        hyper_v(w, hyperv, baseline);
    }
    group(w, &features.launch_security);
}

fn sev(w: &mut Writer, sev: &SevLimits) {
    w.text("cbitpos", sev.cbitpos);
    w.text("reducedPhysBits", sev.reduced_phys_bits);
    w.text("maxGuests", sev.max_guests);
    w.text("maxESGuests", sev.max_es_guests);
    if let Some(id) = &sev.cpu0_id {
        w.text("cpu0Id", id);
    }
}

fn hyper_v(w: &mut Writer, hyperv: &HyperVSupport, baseline: Baseline) {
    if hyperv.supported && hyperv.enlightenments.is_empty() && baseline >= Baseline::Libvirt12_8 {
        return w.line("<hyperv supported='yes'/>");
    }
    supported(w, "hyperv", hyperv.supported, |w| {
        if !hyperv.enlightenments.is_empty() {
            enumeration(w, "features", &hyperv.enlightenments);
        }
        if !hyperv.defaults.is_empty() {
            w.block("defaults", |w| {
                for (name, value) in hyperv.defaults.entries() {
                    w.text(name, escape(&value));
                }
            });
        }
    });
}
