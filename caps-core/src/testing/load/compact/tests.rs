use std::path::Path;

use super::form::{Packer, Record as _, Unpacker};
use super::{FACTOR, checksum, code, keep, pack};
use crate::accel::Accel;
use crate::arch::Arch;
use crate::caps::{
    Capabilities, CpuData, CpuModel, CpuProperty, Element, Enlightenment, Gic, HostCpu, HyperV,
    MachineType, PropertyValue, Sev, Sgx, SgxSection,
};
use crate::capture::Captures;
use crate::flag::{Flag, UnknownFlag};
use crate::json::Document;
use crate::qapi::Schema;
use crate::survey::Survey;
use crate::validate::{Extract, Policy, Validator};
use crate::xml;

fn load(path: &Path, xml: &[u8]) -> Option<Capabilities> {
    super::load(path, xml)
}

fn unpack(form: &[u8], xml: &[u8]) -> Option<Capabilities> {
    super::unpack(form, xml)
}

/// Capabilities with something in each field.
fn full() -> Capabilities {
    let mut caps = Capabilities::new(Arch::X86_64);
    caps.emulator_ctime = i64::MIN;
    caps.self_ctime = -1;
    caps.flags.extend([Flag::Kvm, Flag::Vnc]);
    caps.unknown_flags.push(UnknownFlag::new("teleport", Some(Flag::Vnc)));
    caps.package = Some(String::new());
    caps.microcode_version = u32::MAX;
    caps.kernel_version = Some("größer".to_owned());
    caps.cpu_data = Some(CpuData {
        arch: "x86".to_owned(),
        elements: vec![Element {
            name: "cpuid".to_owned(),
            attributes: vec![("eax".to_owned(), "n".repeat(70_000))],
        }],
    });
    let kvm = caps.acceleration_mut(Accel::Kvm);
    let mut cpu = HostCpu::new("host");
    cpu.properties.push(CpuProperty::new("family", PropertyValue::Number(i64::MAX)));
    cpu.properties.push(CpuProperty::new("vendor", PropertyValue::String("n".repeat(255))));
    cpu.properties.push(CpuProperty::new("avx2", PropertyValue::Boolean(true)));
    cpu.deprecated_features = Some(Vec::new());
    kvm.host_cpu = Some(cpu);
    let mut model = CpuModel::new("qemu64");
    model.blockers = ["avx2", "größer", "", "avx2"].into_iter().collect();
    kvm.cpus = Some(vec![model]);
    kvm.machines.push(MachineType::new("pc"));
    caps.gic.push(Gic { version: 3, kernel: true, emulated: false });
    caps.sev = Some(Sev { cbitpos: 51, ..Sev::default() });
    let section = SgxSection { node: 1, size: u64::MAX };
    caps.sgx = Some(Sgx { sections: vec![section], ..Sgx::default() });
    let enlightenments = Enlightenment::ALL.to_vec();
    caps.hyperv = Some(HyperV { supported: true, enlightenments, ..HyperV::default() });
    caps
}

#[test]
fn each_capture_and_each_field_comes_back() {
    let check = |xml: &[u8], capabilities: &Capabilities| {
        let form = pack(xml, capabilities).expect("a form");
        assert_eq!(unpack(&form, xml).as_ref(), Some(capabilities));
    };
    check(b"", &full());
    for dir in caps_test_support::conformance_dirs("each_capture_and_each_field_comes_back") {
        let captures = Captures::discover(dir).expect("captures");
        for path in captures.iter().filter_map(|capture| capture.xml.as_ref()) {
            let text = std::fs::read_to_string(path).expect("a file");
            check(text.as_bytes(), &xml::read(&text).expect("capabilities"));
        }
    }
}

#[test]
fn a_form_that_is_damaged_or_of_another_text_does_not_count() {
    let xml = b"<qemuCaps/>";
    let form = pack(xml, &full()).expect("a form");
    for length in 0..form.len() {
        assert_eq!(unpack(&form[..length], xml), None, "{length} bytes of it");
    }
    let mut longer = form.clone();
    longer.push(0);
    assert_eq!(unpack(&longer, xml), None);
    // The long name in it is like all others; nearly all bytes of the rest are tried.
    for at in (0..form.len()).filter(|at| at % 64 == 0 || *at < 2000 || *at > form.len() - 2000) {
        let mut damaged = form.clone();
        damaged[at] ^= 1 << (at % 8);
        assert_eq!(unpack(&damaged, xml), None, "byte {at}");
    }
    assert_eq!(unpack(&form, b"<qemuCaps/>\n"), None);
    assert_eq!(unpack(&form, b"<qemuCaps />"), None);
    assert_eq!(unpack(b"", b""), None);
}

/// Sums that are right do not make the rest right.
#[test]
fn no_words_make_it_panic() {
    let form = pack(b"", &full()).expect("a form");
    let words = &form[form.len() - 400..];
    for at in 0..words.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut changed = words.to_vec();
            changed[at] = value;
            for start in [0, at / 4 * 4] {
                let mut unpacker = Unpacker::new("größer", &changed[start..]);
                let _ = Capabilities::unpack(&mut unpacker);
                let mut unpacker = Unpacker::new("größer", &changed[start..]);
                let _ = Vec::<CpuProperty>::unpack(&mut unpacker);
            }
        }
    }
}

/// Commands about all that a validator was made from.
const COMMANDS: [&str; 10] = [
    r#"{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "n", "mac": 7}}"#,
    r#"{"execute": "device_add", "arguments": {"driver": "virtio-net-pcie"}}"#,
    r#"{"execute": "device_add", "arguments": {"driver": "virtio-net", "vectors": "x"}}"#,
    r#"{"execute": "device_add", "arguments": {"driver": "memory-backend-ram"}}"#,
    r#"{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "file": {"driver": "fil"}}}"#,
    r#"{"execute": "object-add", "arguments": {"qom-type": "memory-backend-ram", "id": "-", "size": -1}}"#,
    r#"{"execute": "qom-list-properties", "arguments": {"typename": "devise"}}"#,
    r#"{"execute": "query-cpu-model-expansion", "arguments": {"type": "full", "model": {"name": "hots"}}}"#,
    r#"{"execute": "query-cpu-model-expansion", "arguments": {"type": "full", "model": {"name": "max", "props": {"avxx": true, "x-force-features": 1}}}}"#,
    r#"{"execute": "quitt"}"#,
];

#[test]
fn a_validator_from_its_form_judges_as_before() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    for name in ["caps_11.1.3_s390x.survey", "caps_10.0.13_x86_64.replies"] {
        let bytes = std::fs::read(dir.join(name)).expect("a file");
        let survey = Survey::from_bytes(&bytes).expect("a survey");
        let made = Validator::from_conversation(survey.conversation()).expect("a validator");
        let form = pack(&bytes, &made.extract().expect("an extract")).expect("a form");
        let restore = |form: &[u8], bytes: &[u8]| super::unpack::<Extract>(form, bytes);
        let restored = restore(&form, &bytes).expect("an extract");
        let restored = Validator::from_extract(restored, &bytes);
        let policy = Policy::default();
        for command in COMMANDS {
            let command = Document::parse(command).expect(command);
            let report =
                |validator: &Validator| format!("{:?}", validator.check(command.root(), &policy));
            assert_eq!(report(&restored), report(&made), "{name} {command:?}");
        }
        #[cfg(feature = "command-lines")]
        {
            let line = ["-m", "1G", "-device", "virtio-net-pci,vectorz=1"];
            let report = |validator: &Validator| format!("{:?}", validator.command_line(&line));
            assert_eq!(report(&restored), report(&made), "{name}");
        }
        let text = |validator: &Validator| {
            let entries = validator.schema().entries();
            entries.map(|entry| entry.node().compact()).collect::<Vec<_>>()
        };
        assert_eq!(text(&restored), text(&made), "{name}");
        assert!(restore(&form, &bytes[1..]).is_none());
        assert!(restore(&form[..form.len() - 4], &bytes).is_none());
        // A form of something else.
        assert_eq!(unpack(&form, &bytes), None);
        // Sums that are right do not make the rest right.
        let words = &form[form.len() - 400..];
        for at in (0..words.len()).step_by(4) {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = words.to_vec();
                changed[at..at + 4].fill(value);
                let _ = Schema::unpack(&mut Unpacker::new("größer", &changed));
                let _ = Extract::unpack(&mut Unpacker::new("größer", &changed[at..]));
            }
        }
    }
}

#[test]
fn a_form_is_kept_beside_the_test_program_until_the_text_changes() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("caps_10.0.0_x86_64.xml");
    let (old, new) = (full(), Capabilities::new(Arch::S390x));
    assert_eq!(load(&path, b"old"), None);
    keep(&path, b"old", &old);
    assert_eq!(load(&path, b"old").as_ref(), Some(&old));
    assert_eq!(load(&path, b"new"), None);
    keep(&path, b"new", &new);
    assert_eq!(load(&path, b"new"), Some(new));
    assert_eq!(load(&path, b"old"), None);
    // Another file with the same text has its own.
    assert_eq!(load(&dir.path().join("caps_9.0.0_x86_64.xml"), b"new"), None);
    assert_eq!(load(Path::new("/"), b"new"), None);
    std::fs::remove_file(super::file::<Capabilities>(&path).expect("a path")).expect("the form");
}

#[test]
fn all_code_that_derives_identifies_a_derived_form() {
    // Modules that don't take part in it, or only in making errors.
    #[rustfmt::skip]
    const OTHERS: [&str; 30] = [
        "flag/lint.rs", "flag/unknown.rs", "json/error.rs", "json/format.rs", "json/print.rs",
        "json/serialize.rs", "json/verify.rs", "json/visit.rs", "probe/connect.rs", "probe/convert.rs",
        "probe/ended.rs", "probe/error.rs", "probe/live.rs", "qapi/coverage.rs", "qapi/explore.rs", "qmp/client.rs",
        "replies/error.rs", "survey/alter.rs", "survey/command_line.rs", "survey/error.rs",
        "survey/known.rs", "survey/log.rs", "survey/marking.rs", "survey/provenance.rs",
        "survey/question.rs", "survey/record.rs", "survey/scripted.rs", "survey/session.rs",
        "survey/this_host.rs", "survey/walk.rs",
    ];
    // Directories of such modules.
    const OTHER_DIRS: [&str; 4] = ["probe/live", "qapi/coverage", "qmp/client", "survey/record"];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let listed = include_str!("derived.rs");
    let mut wrong = Vec::new();
    let mut dirs: Vec<String> =
        ["caps", "flag", "json", "probe", "qapi", "qmp", "replies", "survey"]
            .map(str::to_owned)
            .into();
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(source.join(&dir)).expect("a directory") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("UTF-8");
            let file = format!("{dir}/{name}");
            if entry.file_type().expect("a type").is_dir() {
                if !OTHER_DIRS.contains(&file.as_str()) {
                    dirs.push(file);
                }
                continue;
            }
            let is_listed = listed.contains(&format!("(\"../../../{file}\")"));
            let is_code = Path::new(&name).extension().is_some_and(|extension| extension == "rs");
            if is_code && is_listed == OTHERS.contains(&file.as_str()) {
                wrong.push(file);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "expected in either the code of `Derived` or the others: {}",
        wrong.join(", ")
    );
}

/// A form of other code must not count.
#[test]
fn code_is_identified_by_all_its_files_in_order() {
    let codes = [
        code(&[]),
        code(&[b"a"]),
        code(&[b"a", b"b"]),
        code(&[b"b", b"a"]),
        code(&[b"a", b"c"]),
        code(&[b"c", b"b"]),
        code(&[b"ab"]),
    ];
    let distinct: std::collections::BTreeSet<u64> = codes.into();
    assert_eq!(distinct.len(), codes.len(), "{codes:?}");
}

#[test]
fn what_changes_in_eight_successive_bytes_has_another_sum() {
    let text = [0x5a; 27];
    let sum = checksum(0, &text);
    for bit in 0..8 * text.len() {
        let mut changed = text;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(checksum(0, &changed), sum, "bit {bit}");
    }
    // A word for each sum before the length counts: the steps back, from the last to the first.
    let inverse = (0..6).fold(1_u64, |inverse, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(FACTOR.wrapping_mul(inverse)))
    });
    let word = |sum: u64| sum.rotate_right(29).wrapping_mul(inverse).to_le_bytes();
    let sum = checksum(0, &word(0));
    for bit in 0..64 {
        assert_ne!(checksum(0, &word(1 << bit)), sum, "bit {bit}");
    }
}

#[test]
fn a_number_of_values_is_bounded_by_the_words() {
    for (words, expected) in [(0, None), (1, None), (2, Some(2)), (3, Some(2)), (7, Some(2))] {
        let form = [&2_u32.to_le_bytes()[..], &[0; 28][..4 * words]].concat();
        assert_eq!(Unpacker::new("", &form).count(), expected, "{words}");
    }
}

#[test]
fn what_is_too_large_has_no_form() {
    let is_packed = |fill: &dyn Fn(&mut Packer)| {
        let mut packer = Packer::default();
        fill(&mut packer);
        packer.finish().is_some()
    };
    assert!(is_packed(&|packer| packer.count(u32::MAX as usize)));
    assert!(!is_packed(&|packer| {
        packer.count(usize::MAX);
        packer.count(1);
    }));
    // Offsets of names have 24 bits.
    let first = "x".repeat((1 << 24) - 1);
    assert!(is_packed(&|packer| {
        packer.name(&first);
        packer.name("last");
    }));
    assert!(!is_packed(&|packer| {
        packer.name(&first);
        packer.name("last");
        packer.name("too far");
        packer.name("last");
    }));
}

#[test]
fn names_of_all_lengths_come_back() {
    let names = [0, 1, 254, 255, 256, 70_000].map(|length| "n".repeat(length));
    let mut packer = Packer::default();
    for name in &names {
        packer.name(name);
    }
    let (text, words) = packer.finish().expect("a form");
    // Short names share the word with their place.
    assert_eq!(words.len(), 4 * (3 + 3 * 2));
    let mut unpacker = Unpacker::new(&text, &words);
    for name in &names {
        assert!(!unpacker.is_empty());
        assert_eq!(unpacker.name(), Some(name.as_str()));
    }
    assert!(unpacker.is_empty());
}
