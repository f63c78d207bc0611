use std::borrow::Cow;

use super::document::Document;
use super::element::{Attributed as _, Element};
use super::error::{XmlError, XmlErrorKind};
use super::expect::{
    SIGNED, UNSIGNED, attribute, attribute_number, needed, non_empty, number, optional_yes_no,
    parse, wrong_attribute, wrong_text, yes_no,
};
use super::raw::split_raw_package;
use super::sgx;
use crate::accel::Accel;
use crate::arch::Arch;
use crate::caps::{
    Acceleration, Capabilities, CpuData, CpuModel, CpuProperty, Enlightenment, FeatureNames, Gic,
    HostCpu, HyperV, MachineType, PropertyValue, Sev, to_libvirt,
};
use crate::flag::{Flag, FlagSet, UnknownFlag};
use crate::names::UnknownName;
use crate::version::Version;

/// Parses capability XML as libvirt does for its tests, ignoring which program and binary it is
/// for. Accepts a package that [`write`](super::write()) left unescaped. Ignores unknown elements
/// and attributes, as well as the data of accelerators whose flag is not set.
///
/// ```
/// let xml = "<qemuCaps>\n  <emulator>/usr/bin/qemu-system-z80</emulator>\n</qemuCaps>\n";
/// let error = caps_core::xml::read(xml).expect_err("most elements are missing");
/// assert_eq!(error.to_string(), "line 1, column 1: expected the element `<selfctime>`");
/// ```
///
/// # Errors
///
/// Fails if the text is not XML, an element or attribute is missing or invalid, or a name is
/// unknown.
pub fn read(xml: &str) -> Result<Capabilities, XmlError> {
    read_as(xml, OfUnknownFlags::Error)
}

/// Like [`read`], but accepts flags unknown to every baseline, which a later libvirt release may
/// have written. They are stored in [`Capabilities::unknown_flags`], and [`write`](super::write())
/// puts them back in place.
///
/// ```
/// use caps_core::{Arch, Capabilities, Flag, xml};
///
/// let mut caps = Capabilities::new(Arch::Sparc);
/// caps.flags.insert(Flag::Vnc);
/// let text = xml::write(&caps).replace("'vnc'/>", "'vnc'/>\n  <flag name='teleport'/>");
/// assert!(xml::read(&text).is_err());
/// assert_eq!(xml::write(&xml::read_lenient(&text)?), text);
/// # Ok::<(), xml::XmlError>(())
/// ```
///
/// # Errors
///
/// Fails as [`read`] does, except for the names of flags.
pub fn read_lenient(xml: &str) -> Result<Capabilities, XmlError> {
    read_as(xml, OfUnknownFlags::Keep)
}

/// How to handle the names of unknown flags.
#[derive(Clone, Copy)]
enum OfUnknownFlags {
    Error,
    Keep,
}

fn read_as(xml: &str, unknown: OfUnknownFlags) -> Result<Capabilities, XmlError> {
    // libvirt writes the package raw, so with it the text need not be well-formed.
    let (xml, raw_package) = split_raw_package(xml);
    let document = Document::parse(&xml)?;
    let root = document.root();
    if !root.is(ROOT) {
        let found = root.name().to_owned();
        return Err(root.error(XmlErrorKind::Root { expected: ROOT, found }));
    }
    let self_ctime = number(root, "selfctime", SIGNED)?;
    let self_version = number(root, "selfvers", UNSIGNED).map(Version::from_number)?;
    let emulator = non_empty(root, "emulator")?;
    let emulator_ctime = number(root, "qemuctime", SIGNED)?;
    let (flags, unknown_flags) = flags(root, unknown)?;
    let version = number(root, "version", UNSIGNED).map(Version::from_number)?;
    let microcode_version = number(root, "microcodeVersion", UNSIGNED)?;
    let text = |name| root.first(name).map(|element| element.text().into_owned());
    let kernel_version = match root.first("kernelVersion") {
        Some(_) => Some(non_empty(root, "kernelVersion")?),
        None => None,
    };
    let arch = arch(root)?;
    let mut caps = Capabilities {
        emulator,
        emulator_ctime,
        // Alone among the numbers, a malformed one is ignored.
        module_dir_mtime: text("qemumoddirmtime").and_then(|t| parse(&t)).unwrap_or(0),
        self_ctime,
        self_version,
        flags,
        unknown_flags,
        version,
        package: raw_package.map(str::to_owned).or_else(|| text("package")),
        microcode_version,
        host_cpu_signature: text("hostCPUSignature").filter(|text| !text.is_empty()),
        kernel_version,
        cpu_data: cpu_data(root)?,
        kvm_supports_nesting: root.first("kvmSupportsNesting").is_some(),
        kvm_supports_secure_guest: root.first("kvmSupportsSecureGuest").is_some(),
        ..Capabilities::new(arch)
    };
    // The flags determine which accelerators have data; elements of others are ignored.
    let accels: Vec<Accel> = caps.blocks().collect();
    for accel in accels {
        *caps.acceleration_mut(accel) = acceleration(root, accel, arch)?;
    }
    caps.gic = root.all("gic").map(gic).collect::<Result<_, _>>()?;
    // Mandatory with its flag, and not read without it; `sev-snp-guest` alone does not count.
    if caps.has(Flag::SevGuest) {
        caps.sev = Some(sev(needed(root, "sev")?)?);
    }
    if caps.has(Flag::SgxEpc) {
        caps.sgx = Some(sgx::read(needed(root, "sgx")?)?);
    }
    caps.hyperv = root.first("hypervCapabilities").map(hyper_v).transpose()?;
    Ok(caps)
}

/// How many flags are tried before all are.
const NEAR: usize = 32;

const ROOT: &str = "qemuCaps";

fn flags(
    root: Element<'_>,
    of_unknown: OfUnknownFlags,
) -> Result<(FlagSet, Vec<UnknownFlag>), XmlError> {
    let (mut flags, mut unknown, mut last) = (FlagSet::default(), Vec::new(), None);
    for element in root.all("flag") {
        let name = attribute(element, "name")?;
        match (flag_after(last, &name), of_unknown) {
            (Ok(flag), _) => {
                flags.insert(flag);
                last = last.max(Some(flag));
            }
            (Err(_), OfUnknownFlags::Keep) => unknown.push(UnknownFlag::new(&name, last)),
            (Err(error), OfUnknownFlags::Error) => {
                return Err(element.error(XmlErrorKind::Flag(error)));
            }
        }
    }
    Ok((flags, unknown))
}

/// The flag with this name. Flags stand in libvirt's order, so it is near the last one.
fn flag_after(last: Option<Flag>, name: &str) -> Result<Flag, UnknownName> {
    let near = last.map_or(0, |flag| flag.index() + 1);
    let near = Flag::ALL.iter().skip(near).take(NEAR).find(|flag| flag.name() == name);
    near.map_or_else(|| name.parse(), |&flag| Ok(flag))
}

fn arch(root: Element<'_>) -> Result<Arch, XmlError> {
    let element = needed(root, "arch")?;
    element.text().parse().map_err(|error| element.error(XmlErrorKind::Arch(error)))
}

fn cpu_data(root: Element<'_>) -> Result<Option<CpuData>, XmlError> {
    let Some(element) = root.first("cpudata") else { return Ok(None) };
    let owned = |(name, value): (&str, Cow<'_, str>)| (name.to_owned(), value.into_owned());
    let elements = element.children().map(|child| crate::caps::Element {
        name: child.name().to_owned(),
        attributes: child.attributes().map(owned).collect(),
    });
    let arch = attribute(element, "arch")?.into_owned();
    Ok(Some(CpuData { arch, elements: elements.collect() }))
}

fn acceleration(root: Element<'_>, accel: Accel, arch: Arch) -> Result<Acceleration, XmlError> {
    let mut buffer = FeatureNames::new();
    let cpus = list_of(root, "cpu", accel, |element| cpu_model(element, arch, &mut buffer))?;
    let host_cpu = root.all("hostCPU").find(|element| is_of(*element, accel)).map(host_cpu);
    Ok(Acceleration {
        host_cpu: host_cpu.transpose()?,
        // An empty list leaves no trace in the XML, so it reads as no list.
        cpus: (!cpus.is_empty()).then_some(cpus),
        machines: list_of(root, "machine", accel, machine_type)?,
    })
}

/// Reads the child elements with this name, which nearly all are.
fn list<T>(
    parent: Element<'_>,
    name: &str,
    read: impl Fn(Element<'_>) -> Result<T, XmlError>,
) -> Result<Vec<T>, XmlError> {
    // A list that grows moves often, and ends up with more room than it needs.
    let mut list = Vec::with_capacity(parent.count());
    for element in parent.all(name) {
        list.push(read(element)?);
    }
    Ok(list)
}

/// Reads the child elements with this name that belong to an accelerator.
fn list_of<T>(
    root: Element<'_>,
    name: &str,
    accel: Accel,
    mut read: impl FnMut(Element<'_>) -> Result<T, XmlError>,
) -> Result<Vec<T>, XmlError> {
    let mut list = Vec::new();
    for element in root.all(name) {
        if is_of(element, accel) {
            list.push(read(element)?);
        }
    }
    Ok(list)
}

fn is_of(element: Element<'_>, accel: Accel) -> bool {
    element.attribute("type").as_deref() == Some(accel.name())
}

fn host_cpu(element: Element<'_>) -> Result<HostCpu, XmlError> {
    let features = |name| {
        let list = element.first(name).map(|list| {
            let names = list.children().map(|child| attribute(child, "name"));
            names.map(|name| name.map(Cow::into_owned)).collect::<Result<_, _>>()
        });
        list.transpose()
    };
    Ok(HostCpu {
        model: attribute(element, "model")?.into_owned(),
        migratability: yes_no(element, "migratability")?,
        properties: list(element, "property", property)?,
        deprecated_features: features("deprecatedFeatures")?,
        host_deprecated_features: features("hostDeprecatedFeatures")?,
    })
}

fn property(element: Element<'_>) -> Result<CpuProperty, XmlError> {
    let element = &element.indexed();
    let name = attribute(element, "name")?.into_owned();
    let value = match &*attribute(element, "type")? {
        // Anything but `true`, even a missing value, is false.
        "boolean" => PropertyValue::Boolean(element.attribute("value").as_deref() == Some("true")),
        "string" => PropertyValue::String(attribute(element, "value")?.into_owned()),
        "number" => PropertyValue::Number(attribute_number(element, "value", SIGNED)?),
        found => {
            let expected = "`boolean`, `string` or `number`";
            return Err(wrong_attribute(element, "type", expected, found));
        }
    };
    Ok(CpuProperty { name, value, migratable: optional_yes_no(element, "migratable")? })
}

/// Collects blockers in the buffer, so that the list takes no more memory than it needs.
fn cpu_model(
    element: Element<'_>,
    arch: Arch,
    blockers: &mut FeatureNames,
) -> Result<CpuModel, XmlError> {
    let element = &element.indexed();
    let usable = match element.attribute("usable").as_deref() {
        None | Some("unknown") => None,
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(found) => {
            let expected = "`unknown`, `yes` or `no`";
            return Err(wrong_attribute(element, "usable", expected, found));
        }
    };
    blockers.clear();
    for blocker in element.element.all("blocker") {
        let name = attribute(blocker, "name")?;
        blockers.push(if arch.is_x86() { to_libvirt(&name) } else { &name });
    }
    Ok(CpuModel {
        name: attribute(element, "name")?.into_owned(),
        type_name: element.attribute("typename").map(Cow::into_owned),
        usable,
        blockers: blockers.clone(),
        deprecated: element.attribute("deprecated").as_deref() == Some("yes"),
    })
}

fn machine_type(element: Element<'_>) -> Result<MachineType, XmlError> {
    let element = &element.indexed();
    let text = |name: &str| element.attribute(name).map(Cow::into_owned);
    let yes = |name| optional_yes_no(element, name).map(|value| value.unwrap_or(false));
    Ok(MachineType {
        name: attribute(element, "name")?.into_owned(),
        alias: text("alias"),
        hotpluggable_cpus: yes("hotplugCpus")?,
        max_cpus: match element.attribute("maxCpus") {
            Some(_) => attribute_number(element, "maxCpus", UNSIGNED)?,
            None => 0,
        },
        is_default: yes("default")?,
        default_cpu_type: text("defaultCPU"),
        numa_mem_supported: yes("numaMemSupported")?,
        default_ram_id: text("defaultRAMid"),
        deprecated: yes("deprecated")?,
        acpi: optional_yes_no(element, "acpi")?,
    })
}

fn gic(element: Element<'_>) -> Result<Gic, XmlError> {
    Ok(Gic {
        version: attribute_number(element, "version", UNSIGNED)?,
        kernel: yes_no(element, "kernel")?,
        emulated: yes_no(element, "emulated")?,
    })
}

fn sev(element: Element<'_>) -> Result<Sev, XmlError> {
    let id = element.first("cpu0Id").map(|id| id.text().into_owned());
    Ok(Sev {
        cbitpos: number(element, "cbitpos", UNSIGNED)?,
        reduced_phys_bits: number(element, "reducedPhysBits", UNSIGNED)?,
        pdh: non_empty(element, "pdh")?,
        cert_chain: non_empty(element, "certChain")?,
        cpu0_id: id.filter(|id| !id.is_empty()),
    })
}

fn hyper_v(element: Element<'_>) -> Result<HyperV, XmlError> {
    let mut enlightenments: Vec<Enlightenment> = element
        .all("cap")
        .map(|cap| {
            let name = attribute(cap, "name")?;
            name.parse().map_err(|error| cap.error(XmlErrorKind::Enlightenment(error)))
        })
        .collect::<Result<_, _>>()?;
    enlightenments.sort_unstable();
    enlightenments.dedup();
    let switch = |name: &'static str| match element.first(name) {
        None => Ok(None),
        Some(found) if found.text() == "on" => Ok(Some(true)),
        Some(found) if found.text() == "off" => Ok(Some(false)),
        Some(found) => Err(wrong_text(found, name, "`on` or `off`")),
    };
    let spinlocks = element.first("spinlocks").map(|_| number(element, "spinlocks", UNSIGNED));
    Ok(HyperV {
        supported: yes_no(element, "supported")?,
        enlightenments,
        spinlocks: spinlocks.transpose()?,
        stimer_direct: switch("stimer_direct")?,
        tlbflush_direct: switch("tlbflush_direct")?,
        tlbflush_extended: switch("tlbflush_extended")?,
        vendor_id: element.first("vendor_id").map(|id| id.text().into_owned()),
    })
}
