use super::cpu_map::CpuMap;
use super::document::DomainCapabilities;
use super::modes::CustomModel;

/// The CPU models usable on all of these hosts, so that guests can migrate between them. Models
/// with more features come first, deprecated ones last.
///
/// ```no_run
/// # fn f(here: &caps_core::domcaps::DomainCapabilities, there: &caps_core::domcaps::DomainCapabilities) {
/// use caps_core::domcaps::common_models;
///
/// let models = common_models(&[here, there]);
/// println!("-cpu {}", models.first().map_or("no model in common", |model| &model.name));
/// # }
/// ```
pub fn common_models<'d>(hosts: &[&'d DomainCapabilities]) -> Vec<&'d CustomModel> {
    let Some((first, others)) = hosts.split_first() else { return Vec::new() };
    let works = |host: &DomainCapabilities, name: &str| host.cpu.usable().any(|m| m.name == name);
    let mut models: Vec<&CustomModel> = first
        .cpu
        .usable()
        .filter(|model| others.iter().all(|host| works(host, &model.name)))
        .collect();
    let map = CpuMap::of(first.baseline);
    let features = |name: &str| map.x86_model(name).map_or(0, |model| model.features.len());
    models.sort_by_key(|model| (model.deprecated, std::cmp::Reverse(features(&model.name))));
    models
}
