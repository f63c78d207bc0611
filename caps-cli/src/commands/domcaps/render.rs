//! Formatting documents as JSON.

use caps_core::domcaps::{
    CpuModes, CustomModel, DomainCapabilities, Enumeration, Features, Group, HostModel,
    HyperVSupport,
};
use serde_json::{Map, Value, json};

pub(super) fn value(document: &DomainCapabilities) -> Value {
    let os = &document.os;
    json!({
        "path": document.path,
        "domain_type": document.domain_type.name(),
        "machine": document.machine,
        "arch": document.arch.name(),
        "max_vcpus": document.max_vcpus,
        "os": {
            "firmware": os.firmware.values,
            "firmware_features": os.firmware_features.as_ref().map(group),
            "images": os.images,
            "loader": group(&os.loader),
            "varstore": os.varstore,
        },
        "cpu": cpu(&document.cpu),
        "memory_backing": group(&document.memory_backing),
        "devices": groups(&document.devices),
        "features": features(&document.features),
    })
}

/// The enumerations of a group; null where it is not supported.
fn group(group: &Group) -> Value {
    if !group.supported {
        return Value::Null;
    }
    let values = |found: &Enumeration| (found.name.clone(), json!(found.values));
    Value::Object(group.enums.iter().map(values).collect())
}

fn groups(groups: &[Group]) -> Value {
    Value::Object(groups.iter().map(|found| (found.name.clone(), group(found))).collect())
}

fn cpu(cpu: &CpuModes) -> Value {
    json!({
        "host_passthrough": group(&cpu.host_passthrough),
        "maximum": group(&cpu.maximum),
        "host_model": cpu.host_model.as_ref().map(host_model),
        "custom": cpu.custom.iter().map(custom).collect::<Vec<_>>(),
    })
}

fn host_model(model: &HostModel) -> Value {
    let features: Vec<Value> = model
        .features
        .iter()
        .map(|feature| json!({"name": feature.name, "policy": feature.policy.name()}))
        .collect();
    json!({
        "model": model.model,
        "fallback": if model.allows_fallback { "allow" } else { "forbid" },
        "vendor": model.vendor,
        "max_phys_address": model.max_phys_address,
        "features": features,
    })
}

fn custom(model: &CustomModel) -> Value {
    json!({
        "name": model.name,
        "usable": model.usable,
        "deprecated": model.deprecated,
        "vendor": model.vendor,
        "canonical": model.canonical,
        "blockers": model.blockers,
    })
}

fn features(features: &Features) -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, value| all.insert(name.to_owned(), value);
    add("gic", group(&features.gic));
    for toggle in &features.toggles {
        add(&toggle.name, json!(toggle.supported));
    }
    let sev = features.sev.as_ref().map(|sev| {
        json!({
            "cbitpos": sev.cbitpos,
            "reduced_phys_bits": sev.reduced_phys_bits,
            "max_guests": sev.max_guests,
            "max_es_guests": sev.max_es_guests,
            "cpu0_id": sev.cpu0_id,
        })
    });
    add("sev", json!(sev));
    let sgx = features.sgx.as_ref().map(|sgx| {
        let sections = sgx.sections.iter().map(|s| json!({"node": s.node, "size": s.size}));
        json!({
            "flc": sgx.flc,
            "sgx1": sgx.sgx1,
            "sgx2": sgx.sgx2,
            "section_size": sgx.section_size,
            "sections": sections.collect::<Vec<_>>(),
        })
    });
    add("sgx", json!(sgx));
    add("hyperv", features.hyperv.as_ref().map_or(Value::Null, hyper_v));
    add("launchSecurity", group(&features.launch_security));
    Value::Object(all)
}

fn hyper_v(hyperv: &HyperVSupport) -> Value {
    if !hyperv.supported {
        return Value::Null;
    }
    let names: Vec<&str> = hyperv.enlightenments.iter().map(|e| e.name()).collect();
    let defaults: Map<String, Value> = hyperv
        .defaults
        .entries()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    json!({"features": names, "defaults": defaults})
}

#[cfg(test)]
mod tests {
    use caps_core::domcaps::DomainCapabilities;

    use super::*;

    #[test]
    fn enlightenments_are_listed_with_their_defaults_if_there_are_any() {
        let modes = ["host-passthrough", "maximum", "host-model", "custom"];
        let modes = modes.map(|name| format!("<mode name='{name}' supported='no'/>")).concat();
        let of = |hyperv: &str| {
            let text = format!(
                "<domainCapabilities><path>/q</path><domain>kvm</domain><arch>x86_64</arch>\
                 <os supported='yes'><enum name='firmware'/><loader supported='no'/></os>\
                 <cpu>{modes}</cpu><memoryBacking supported='no'/><devices/>\
                 <features><gic supported='no'/><sev supported='no'/><sgx supported='no'/>\
                 {hyperv}<launchSecurity supported='no'/></features></domainCapabilities>"
            );
            value(&DomainCapabilities::parse(&text).expect("a document"))["features"]["hyperv"]
                .take()
        };
        let enlightenments = "<hyperv supported='yes'><enum name='features'><value>vapic</value>\
            </enum><defaults><spinlocks>4095</spinlocks></defaults></hyperv>";
        let expected = json!({"features": ["vapic"], "defaults": {"spinlocks": "4095"}});
        assert_eq!(of(enlightenments), expected);
        assert_eq!(of("<hyperv supported='no'/>"), Value::Null);
        assert_eq!(of(""), Value::Null);
    }
}
