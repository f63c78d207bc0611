//! The CPU map: generated from the reference tables, and compared with them fact by fact. Both
//! require the directory in `QEMU_CAPS_REFERENCE_DIR`.

mod generate;

use std::path::Path;

use caps_core::Baseline;
use caps_core::domcaps::CpuMap;
use caps_core::testing::Golden;
use caps_test_support::reference_dir;
use serde_json::Value;

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/domcaps/cpu_map/map.txt");

fn tables(dir: &Path) -> [(Baseline, Value); 2] {
    let read = |name: &str| {
        let text = std::fs::read_to_string(dir.join(name)).expect("a table of the references");
        serde_json::from_str(&text).expect("JSON")
    };
    [
        (Baseline::Libvirt11_3, read("cpu-map.json")),
        (Baseline::Libvirt12_8, read("cpu-map-newer.json")),
    ]
}

/// `VIR_TEST_REGENERATE_OUTPUT=1` writes the map.
#[test]
fn the_map_is_fresh() {
    let Some(dir) = reference_dir("the_map_is_fresh") else { return };
    let [(_, older), (_, newer)] = tables(&dir);
    Golden::at(MAP).assert(&generate::map(&older, &newer));
}

#[test]
fn every_fact_of_the_tables_is_in_the_map() {
    let Some(dir) = reference_dir("every_fact_of_the_tables_is_in_the_map") else { return };
    for (baseline, table) in tables(&dir) {
        let (map, x86) = (CpuMap::of(baseline), &table["x86"]);
        let features: Vec<&str> = generate::features(x86).map(|(name, _)| name).collect();
        assert!(map.x86_features(&map.all_x86_features()).eq(features.iter().copied()));

        let models = x86["models"].as_array().expect("models");
        assert_eq!(map.x86_models().len(), models.len());
        for (model, expected) in map.x86_models().iter().zip(models) {
            assert_eq!(model.name, expected["name"]);
            let words = |of: &Value, key: &str| -> Vec<String> {
                of[key].as_str().unwrap_or("").split_whitespace().map(str::to_owned).collect()
            };
            let own = |name: &Value| models.iter().find(|m| m["name"] == *name);
            // A model with a parent has nothing of its own in these tables.
            let source = own(&expected["parent"]).unwrap_or(expected);
            let lost =
                if source["name"] == expected["name"] { vec![] } else { words(source, "removed") };
            let mut names = words(source, "features");
            names.retain(|name| !lost.contains(name));
            names.sort_by_key(|name| features.iter().position(|feature| feature == name));
            assert!(map.x86_features(&model.features).eq(names.iter()), "{}", model.name);
            assert_eq!(model.vendor, source["vendor"].as_str(), "{}", model.name);
            assert_eq!(model.signatures().join(" "), source["signatures"].as_str().unwrap_or(""));
            let decodes = words(expected, "decode").contains(&"guest".to_owned());
            assert_eq!(model.decodes_guests(), decodes, "{}", model.name);
            assert_eq!(model.removed, words(expected, "removed"), "{}", model.name);
            let canonical = models.iter().find(|m| m["parent"] == expected["name"]);
            assert_eq!(
                model.canonical,
                canonical.and_then(|m| m["name"].as_str()),
                "{}",
                model.name
            );
        }

        let ppc64 = table["ppc64"]["models"].as_array().expect("models");
        assert_eq!(map.ppc64_models().len(), ppc64.len());
        for (model, expected) in map.ppc64_models().iter().zip(ppc64) {
            assert_eq!(
                (model.name, model.vendor),
                (string(&expected["name"]), string(&expected["vendor"]))
            );
            let pvr: Vec<String> = model
                .pvr
                .iter()
                .map(|(value, mask)| format!("{value:#010x}/{mask:#010x}"))
                .collect();
            assert_eq!(pvr.join(" "), string(&expected["pvr"]));
        }
    }
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// gzip makes 6 kB of it.
#[test]
fn the_map_is_small() {
    let size = std::fs::metadata(MAP).expect("the map").len();
    assert!(size < 24_000, "{size} bytes");
}
