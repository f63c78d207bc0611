//! Serializing the capability model with serde.

use std::path::{Path, PathBuf};

use caps_core::Capabilities;
use caps_core::caps::CpuModel;
use caps_core::capture::Captures;
use caps_core::xml;

#[test]
fn capabilities_are_read_back_as_they_were() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let captures = Captures::discover(dir).expect("captures");
    // A survey alone has none.
    let files: Vec<&PathBuf> = captures.iter().filter_map(|capture| capture.xml.as_ref()).collect();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(file).expect("UTF-8");
        let caps = xml::read(&text).expect("capabilities");
        let json = serde_json::to_string(&caps).expect("JSON");
        let read: Capabilities = serde_json::from_str(&json).expect("capabilities");
        assert_eq!(xml::write(&read), text, "{}", file.display());
    }
}

#[test]
fn names_stand_for_what_they_name() {
    let caps = Capabilities::new(caps_core::Arch::Riscv64);
    let mut json = serde_json::to_value(&caps).expect("JSON");
    assert_eq!(json["arch"], "riscv64");
    json["flags"] = serde_json::json!(["vnc", "vncc"]);
    let error = serde_json::from_value::<Capabilities>(json).expect_err("no such flag");
    assert_eq!(error.to_string(), "`vncc` is not a capability flag, did you mean `vnc`?");
}

#[test]
fn blockers_are_a_list() {
    let mut model = CpuModel::new("qemu64");
    model.blockers.extend(["avx2", "", "hle"]);
    let json = serde_json::to_value(&model).expect("JSON");
    assert_eq!(json["blockers"], serde_json::json!(["avx2", "", "hle"]));
    assert_eq!(serde_json::from_value::<CpuModel>(json).expect("a model"), model);
}
