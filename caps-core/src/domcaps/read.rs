//! Reading documents.

use std::borrow::Cow;

use super::document::{DomainCapabilities, Os};
use super::features::{Features, HyperVDefaults, HyperVSupport, SevLimits};
use super::modes::{CpuFeature, CpuModes, CustomModel, HostModel};
use super::parts::{Enumeration, Group, Toggle};
use crate::baseline::Baseline;
use crate::names::UnknownName;
use crate::xml::XmlError;
use crate::xml::XmlErrorKind;
use crate::xml::document::Document;
use crate::xml::element::Element;
use crate::xml::expect::{
    UNSIGNED, attribute, attribute_number, needed, non_empty, number, parse, wrong_attribute,
    wrong_text, yes_no,
};
use crate::xml::sgx;

const ROOT: &str = "domainCapabilities";

impl DomainCapabilities {
    /// Parses a document of any libvirt release. Keeps unknown groups, enumerations and values, and
    /// ignores other elements.
    ///
    /// ```
    /// use caps_core::domcaps::DomainCapabilities;
    ///
    /// let error = DomainCapabilities::parse("<domainCapabilities>\n  <path>/bin/q</path>\n</domainCapabilities>")
    ///     .expect_err("most elements are missing");
    /// assert_eq!(error.to_string(), "line 1, column 1: expected the element `<domain>`");
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the text is not XML, or an element or attribute is missing or invalid.
    pub fn parse(xml: &str) -> Result<Self, XmlError> {
        let document = Document::parse(xml)?;
        let root = document.root();
        if !root.is(ROOT) {
            let found = root.name().to_owned();
            return Err(root.error(XmlErrorKind::Root { expected: ROOT, found }));
        }
        let path = non_empty(root, "path")?;
        let domain = needed(root, "domain")?;
        let expected = "`kvm`, `qemu` or `hvf`";
        let domain_type =
            domain.text().parse().map_err(|_| wrong_text(domain, "domain", expected))?;
        let arch = needed(root, "arch")?;
        let arch = arch.text().parse().map_err(|error| arch.error(XmlErrorKind::Arch(error)))?;
        let vcpu = root.first("vcpu");
        let os = os(needed(root, "os")?)?;
        // Only libvirt 12.8.0 writes this element, for every document.
        let baseline = match os.firmware_features {
            Some(_) => Baseline::Libvirt12_8,
            None => Baseline::Libvirt11_3,
        };
        let devices = needed(root, "devices")?.children();
        Ok(Self {
            path,
            domain_type,
            machine: root.first("machine").map(|element| element.text().into_owned()),
            arch,
            max_vcpus: vcpu.map(|vcpu| attribute_number(vcpu, "max", UNSIGNED)).transpose()?,
            os,
            cpu: cpu(needed(root, "cpu")?)?,
            memory_backing: group(needed(root, "memoryBacking")?)?,
            devices: devices.map(group).collect::<Result<_, _>>()?,
            features: features(needed(root, "features")?)?,
            baseline,
        })
    }
}

fn group(element: Element<'_>) -> Result<Group, XmlError> {
    Ok(Group {
        name: element.name().to_owned(),
        supported: yes_no(element, "supported")?,
        enums: element.all("enum").map(enumeration).collect::<Result<_, _>>()?,
    })
}

fn enumeration(element: Element<'_>) -> Result<Enumeration, XmlError> {
    Ok(Enumeration { name: attribute(element, "name")?.into_owned(), values: values(element) })
}

fn values(element: Element<'_>) -> Vec<String> {
    element.all("value").map(|value| value.text().into_owned()).collect()
}

fn os(element: Element<'_>) -> Result<Os, XmlError> {
    let loader = needed(element, "loader")?;
    Ok(Os {
        firmware: enumeration(needed(element, "enum")?)?,
        firmware_features: element.first("firmwareFeatures").map(group).transpose()?,
        images: values(loader),
        loader: group(loader)?,
        varstore: element
            .first("varstore")
            .map(|varstore| yes_no(varstore, "supported"))
            .transpose()?,
    })
}

fn cpu(element: Element<'_>) -> Result<CpuModes, XmlError> {
    let mode = |name: &'static str| {
        let found =
            element.all("mode").find(|mode| mode.attribute("name").as_deref() == Some(name));
        found.ok_or_else(|| element.error(XmlErrorKind::NoElement("mode")))
    };
    let enums = |name| {
        let group = group(mode(name)?)?;
        // All modes are elements `mode`; their name is an attribute.
        Ok(Group { name: name.to_owned(), ..group })
    };
    let (host_model, custom) = (mode("host-model")?, mode("custom")?);
    Ok(CpuModes {
        host_passthrough: enums("host-passthrough")?,
        maximum: enums("maximum")?,
        host_model: if yes_no(host_model, "supported")? {
            Some(self::host_model(host_model)?)
        } else {
            None
        },
        custom: self::custom(custom)?,
    })
}

fn host_model(element: Element<'_>) -> Result<HostModel, XmlError> {
    let model = needed(element, "model")?;
    let address = element.first("maxphysaddr");
    Ok(HostModel {
        model: model.text().into_owned(),
        allows_fallback: match &*attribute(model, "fallback")? {
            "allow" => true,
            "forbid" => false,
            found => return Err(wrong_attribute(model, "fallback", "`allow` or `forbid`", found)),
        },
        vendor: element.first("vendor").map(|vendor| vendor.text().into_owned()),
        max_phys_address: address
            .map(|address| attribute_number(address, "limit", UNSIGNED))
            .transpose()?,
        features: element.all("feature").map(feature).collect::<Result<_, _>>()?,
    })
}

fn feature(element: Element<'_>) -> Result<CpuFeature, XmlError> {
    let found = attribute(element, "policy")?;
    let policy = found.parse().map_err(|_: UnknownName| {
        wrong_attribute(element, "policy", "`require` or `disable`", &found)
    })?;
    Ok(CpuFeature { name: attribute(element, "name")?.into_owned(), policy })
}

fn custom(element: Element<'_>) -> Result<Vec<CustomModel>, XmlError> {
    let blockers = |name: &str| -> Result<Vec<String>, XmlError> {
        let mut lists = element.all("blockers");
        let Some(list) = lists.find(|list| list.attribute("model").as_deref() == Some(name)) else {
            return Ok(Vec::new());
        };
        list.all("feature").map(|f| attribute(f, "name").map(Cow::into_owned)).collect()
    };
    element
        .all("model")
        .map(|model| {
            Ok(CustomModel {
                name: model.text().into_owned(),
                usable: match &*attribute(model, "usable")? {
                    "unknown" => None,
                    _ => Some(yes_no(model, "usable")?),
                },
                deprecated: model.attribute("deprecated").as_deref() == Some("yes"),
                vendor: attribute(model, "vendor")?.into_owned(),
                canonical: model.attribute("canonical").map(Cow::into_owned),
                blockers: blockers(&model.text())?,
            })
        })
        .collect()
}

fn features(element: Element<'_>) -> Result<Features, XmlError> {
    let known = ["gic", "sev", "sgx", "hyperv", "launchSecurity"];
    // Features with only a state are kept whatever their names, so that those of later releases survive.
    let is_toggle = |child: &Element<'_>| {
        !known.contains(&child.name())
            && child.children().next().is_none()
            && child.attribute("supported").is_some()
    };
    let toggle = |child: Element<'_>| {
        Ok(Toggle { name: child.name().to_owned(), supported: yes_no(child, "supported")? })
    };
    let content = |name: &'static str| {
        let child = needed(element, name)?;
        Ok(yes_no(child, "supported")?.then_some(child))
    };
    Ok(Features {
        gic: group(needed(element, "gic")?)?,
        toggles: element.children().filter(is_toggle).map(toggle).collect::<Result<_, _>>()?,
        sev: content("sev")?.map(sev).transpose()?,
        sgx: content("sgx")?.map(sgx::read).transpose()?,
        hyperv: element.first("hyperv").map(hyper_v).transpose()?,
        launch_security: group(needed(element, "launchSecurity")?)?,
    })
}

fn sev(element: Element<'_>) -> Result<SevLimits, XmlError> {
    Ok(SevLimits {
        cbitpos: number(element, "cbitpos", UNSIGNED)?,
        reduced_phys_bits: number(element, "reducedPhysBits", UNSIGNED)?,
        max_guests: number(element, "maxGuests", UNSIGNED)?,
        max_es_guests: number(element, "maxESGuests", UNSIGNED)?,
        cpu0_id: element.first("cpu0Id").map(|id| id.text().into_owned()),
    })
}

fn hyper_v(element: Element<'_>) -> Result<HyperVSupport, XmlError> {
    let enlightenment = |value: Element<'_>| {
        value.text().parse().map_err(|error| value.error(XmlErrorKind::Enlightenment(error)))
    };
    let list =
        element.all("enum").find(|list| list.attribute("name").as_deref() == Some("features"));
    let values = list.into_iter().flat_map(|list| list.all("value"));
    Ok(HyperVSupport {
        supported: yes_no(element, "supported")?,
        enlightenments: values.map(enlightenment).collect::<Result<_, _>>()?,
        defaults: element.first("defaults").map(defaults).transpose()?.unwrap_or_default(),
    })
}

fn defaults(element: Element<'_>) -> Result<HyperVDefaults, XmlError> {
    let switch = |name: &'static str| match element.first(name) {
        None => Ok(None),
        Some(child) => match &*child.text() {
            "on" => Ok(Some(true)),
            "off" => Ok(Some(false)),
            _ => Err(wrong_text(child, name, "`on` or `off`")),
        },
    };
    let spinlocks = element
        .first("spinlocks")
        .map(|child| parse(&child.text()).ok_or_else(|| wrong_text(child, "spinlocks", UNSIGNED)));
    Ok(HyperVDefaults {
        spinlocks: spinlocks.transpose()?,
        stimer_direct: switch("stimer_direct")?,
        tlbflush_direct: switch("tlbflush_direct")?,
        tlbflush_extended: switch("tlbflush_extended")?,
        vendor_id: element.first("vendor_id").map(|child| child.text().into_owned()),
    })
}
