//! Firmware descriptors.

use std::fs;

use caps_core::Arch;
use caps_core::domcaps::{
    DomainCapabilities, DomainType, Firmware, Host, LoaderSecure, OsFirmware, Request,
};
use caps_test_support::reference_dir;

use crate::support::{Cpu, id_of};

const UEFI: &str = r#"{
    "description": "UEFI with Secure Boot",
    "interface-types": ["uefi"],
    "mapping": {
        "device": "flash",
        "executable": {"filename": "/fw/code.fd", "format": "raw"},
        "nvram-template": {"filename": "/fw/vars.fd", "format": "raw"}
    },
    "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*", "pc-?440fx-1*"]}],
    "features": ["requires-smm", "secure-boot", "from-the-future"],
    "tags": []
}"#;

fn bios(machines: &str) -> String {
    format!(
        r#"{{"interface-types": ["bios"], "mapping": {{"device": "memory", "filename": "/fw/bios.bin"}},
        "targets": [{{"architecture": "i386", "machines": [{machines}]}},
                    {{"architecture": "z80", "machines": ["*"]}}], "features": []}}"#
    )
}

#[test]
fn descriptors_list_what_they_fit() {
    let uefi = Firmware::parse("50-uefi.json", UEFI).expect("a descriptor");
    assert_eq!(uefi.image.as_deref(), Some("/fw/code.fd"));
    assert!(uefi.has_interface("uefi") && uefi.has_feature("requires-smm"));
    for (machine, fits) in [
        ("pc-q35-10.0", true),
        ("pc-q35-", true),
        ("pc-q35", false),
        ("q35", false),
        ("x-pc-q35-10.0", false),
        ("pc-i440fx-10.0", true),
        ("pc-440fx-10.0", false),
        ("pc-i440fx-9.0", false),
    ] {
        assert_eq!(uefi.applies_to(Arch::X86_64, machine), fits, "{machine}");
        assert!(!uefi.applies_to(Arch::Aarch64, machine), "{machine}");
    }
    let bios = Firmware::parse("60-bios.json", &bios("\"*-a*b*c\"")).expect("a descriptor");
    assert_eq!(bios.image.as_deref(), Some("/fw/bios.bin"));
    for (machine, fits) in [("x-a1b2c", true), ("-abc", true), ("x-a1b2", false), ("x-acb", false)]
    {
        assert_eq!(bios.applies_to(Arch::I686, machine), fits, "{machine}");
    }
}

#[test]
fn many_stars_take_no_time() {
    let pattern = format!("\"{}b\"", "a*".repeat(2000));
    let firmware = Firmware::parse("x.json", &bios(&pattern)).expect("a descriptor");
    assert!(!firmware.applies_to(Arch::I686, &"a".repeat(5000)));
}

#[test]
fn what_is_no_descriptor_is_an_error_that_names_the_file() {
    let cases = [
        ("{", "EOF while parsing"),
        ("[]", "expected a JSON object"),
        ("{}", "missing field `interface-types`"),
        (
            &UEFI.replace("\"uefi\"", "\"coreboot\""),
            "the interface type `coreboot`, expected one of",
        ),
        (&UEFI.replace("\"flash\"", "\"tape\""), "unknown variant `tape`"),
        (&UEFI.replace("\"executable\"", "\"binary\""), "missing field `executable`"),
        (&UEFI.replace("[\"requires-smm\"", "[1"), "invalid type: integer `1`"),
        (&"{\"x\":".repeat(100_000), "EOF while parsing"),
    ];
    for (json, expected) in cases {
        let error = Firmware::parse("50-x.json", json).expect_err("no descriptor").to_string();
        assert!(error.starts_with("the firmware descriptor `50-x.json` is skipped: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn directories_hide_and_replace() {
    let dir = tempfile::tempdir().expect("a directory");
    let dirs = ["system", "etc", "absent", "user"].map(|name| dir.path().join(name));
    for (at, file, text) in [
        (0, "10-hidden.json", UEFI),
        (0, "20-replaced.json", UEFI),
        (0, "30-kept.json", UEFI),
        (0, ".40-dot.json", UEFI),
        (0, "50-broken.json", "{}"),
        (1, "10-hidden.json", ""),
        (3, "20-replaced.json", &bios("\"*\"")),
        (3, "05-first.json", &bios("\"*\"")),
    ] {
        fs::create_dir_all(&dirs[at]).expect("a directory");
        fs::write(dirs[at].join(file), text).expect("a file");
    }
    fs::create_dir(dirs[0].join("60-directory.json")).expect("a directory");
    let (firmware, unusable) = Firmware::in_dirs(&dirs).expect("descriptors");
    let found: Vec<_> =
        firmware.iter().map(|f| (f.file.as_str(), f.interfaces[0].as_str())).collect();
    assert_eq!(
        found,
        [("05-first.json", "bios"), ("20-replaced.json", "bios"), ("30-kept.json", "uefi")]
    );
    assert_eq!(unusable.len(), 1);
    let message = unusable[0].to_string();
    assert!(message.contains("system/50-broken.json` is skipped: missing field"), "{message}");
}

#[test]
fn a_directory_that_cannot_be_read_is_an_error() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let error = Firmware::in_dirs(&[file.path().to_owned()]).expect_err("no directory");
    let message = error.to_string();
    assert!(message.starts_with("can't read the firmware descriptors in `"), "{message}");
    assert!(message.contains(&file.path().display().to_string()), "{message}");
}

#[test]
fn existing_images_are_listed_once() {
    let caps = Cpu::default().capabilities();
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    let image = |name: &str, exists| {
        let mut firmware = Firmware::parse("x.json", UEFI).expect("a descriptor");
        firmware.image = Some(name.to_owned());
        firmware.image_exists = exists;
        firmware
    };
    host.images = None;
    host.firmware =
        vec![image("/b", true), image("/a", true), image("/c", false), image("/b", true)];
    let request = Request::new(DomainType::Kvm).machine("pc-q35-10.0");
    let document = DomainCapabilities::new(&caps, &request, &host).expect("a document");
    assert_eq!(document.os.images, ["/b", "/a"]);
    assert!(document.has(OsFirmware::Efi) && !document.has(OsFirmware::Bios));
    assert!(document.has(LoaderSecure::Yes));
    let request = Request::new(DomainType::Kvm).machine("isapc");
    let document = DomainCapabilities::new(&caps, &request, &host).expect("a document");
    assert!(document.os.images.is_empty() && document.os.firmware.values.is_empty());
    assert!(!document.has(LoaderSecure::Yes) && document.has(LoaderSecure::No));
}

#[test]
fn the_descriptors_of_libvirts_test_are_those_of_the_reference() {
    let name = "the_descriptors_of_libvirts_test_are_those_of_the_reference";
    let Some(dir) = reference_dir(name) else { return };
    let text = fs::read_to_string(dir.join("firmware-test.json")).expect("the table");
    let table: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let ours: Vec<serde_json::Value> = Firmware::of_test()
        .iter()
        .map(|firmware| {
            let targets: Vec<_> = firmware
                .targets
                .iter()
                .map(|target| serde_json::json!([target.arch.map(Arch::name), target.machines]))
                .collect();
            serde_json::json!({
                "file": firmware.file, "interfaces": firmware.interfaces,
                "features": firmware.features, "targets": targets, "image": firmware.image,
            })
        })
        .collect();
    let mut expected = table.as_array().expect("a list").clone();
    for row in &mut expected {
        row.as_object_mut().expect("an object").remove("device");
    }
    assert_eq!(ours, expected);
}
