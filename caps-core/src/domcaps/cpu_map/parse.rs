//! Parsing `map.txt`, whose first lines describe the format.

use super::{CpuMap, FeatureSet, Ppc64Model, Signature, Vendor, X86Model};
use crate::baseline::Baseline;

/// Parses the map for one baseline. The file is our own and tested, so lines that don't parse are
/// skipped.
pub(super) fn parse(text: &'static str, baseline: Baseline) -> CpuMap {
    let mut map = CpuMap::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (keyword, is_newer) = match keyword.strip_suffix('+') {
            Some(keyword) => (keyword, true),
            None => (keyword, false),
        };
        if is_newer && baseline < Baseline::Libvirt12_8 {
            continue;
        }
        match keyword {
            "vendor" => {
                let mut words = rest.splitn(3, ' ');
                if let (Some(key), Some(id), Some(name)) =
                    (words.next(), words.next(), words.next())
                {
                    map.vendors.push(Vendor { key, name, id });
                }
            }
            "cpuid" | "msr" => {
                for name in rest.split(' ') {
                    let index = map.features.len();
                    map.features.push(name);
                    map.by_name.insert(name, index);
                    if keyword == "msr" {
                        map.in_msr.insert(index);
                    }
                }
            }
            "never-passed" => map.never_passed.extend(rest.split(' ')),
            "x86" => add_x86(&mut map, rest),
            "ppc64" => map.ppc64.extend(ppc64(rest)),
            _ => {}
        }
    }
    debug_assert!(map.features.len() <= FeatureSet::CAPACITY, "a wider `FeatureSet` is needed");
    map
}

fn add_x86(map: &mut CpuMap, line: &'static str) {
    let mut words = line.split(' ');
    let Some(name) = words.next() else { return };
    let mut model = X86Model {
        name,
        vendor: None,
        features: FeatureSet::default(),
        removed: Vec::new(),
        canonical: None,
        signatures: Vec::new(),
        decodes_guests: false,
    };
    for word in words {
        let feature = |name| map.feature(name);
        if word == "guest" {
            model.decodes_guests = true;
        } else if let Some(parent) = word.strip_prefix("of=") {
            inherit(map, &mut model, parent);
        } else if let Some(base) = word.strip_prefix("as=").and_then(|name| map.x86_model(name)) {
            (model.features, model.vendor) = (base.features, base.vendor);
            model.signatures.clone_from(&base.signatures);
        } else if let Some(key) = word.strip_prefix("by=") {
            let vendor = map.vendors.iter().find(|vendor| vendor.key == key);
            model.vendor = vendor.map(|vendor| vendor.name);
        } else if let Some(list) = word.strip_prefix("sig=") {
            model.signatures = list.split(';').filter_map(signature).collect();
        } else if let Some(name) = word.strip_prefix('!') {
            model.removed.push(name);
        } else if let Some(index) = word.strip_prefix('+').and_then(feature) {
            model.features.insert(index);
        } else if let Some(index) = word.strip_prefix('-').and_then(feature) {
            model.features.remove(index);
        }
    }
    map.models.push(model);
}

/// A model that is another name for its parent inherits everything that the parent did not lose.
fn inherit(map: &mut CpuMap, model: &mut X86Model, parent: &str) {
    let Some(at) = map.models.iter().position(|other| other.name == parent) else { return };
    let lost: FeatureSet =
        map.models[at].removed.iter().filter_map(|name| map.feature(name)).collect();
    let parent = &mut map.models[at];
    parent.canonical = Some(model.name);
    model.features = parent.features.without(&lost);
    model.vendor = parent.vendor;
    model.signatures.clone_from(&parent.signatures);
}

/// `FAMILY/MODEL` or `FAMILY/MODEL/STEPPINGS`.
fn signature(text: &str) -> Option<Signature> {
    let mut parts = text.split('/');
    let family = parts.next()?.parse().ok()?;
    let model = parts.next()?.parse().ok()?;
    let steppings = parts.next().into_iter().flat_map(|list| list.split(',')).map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some((first.parse().ok()?, last.parse().ok()?))
    });
    Some(Signature { family, model, steppings: steppings.collect::<Option<_>>()? })
}

/// `NAME VENDOR VALUE/MASK...`.
fn ppc64(line: &'static str) -> Option<Ppc64Model> {
    let mut words = line.split(' ');
    let hex = |text: &str| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    Some(Ppc64Model {
        name: words.next()?,
        vendor: words.next()?,
        pvr: words
            .map(|word| {
                word.split_once('/').and_then(|(value, mask)| Some((hex(value)?, hex(mask)?)))
            })
            .collect::<Option<_>>()?,
    })
}
