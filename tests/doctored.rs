//! A property that can't fail proves nothing: each one must detect a doctored copy of a capture.

mod properties;

use std::fs;

use qemu_caps::capture::{Capture, Captures};
use qemu_caps::prelude::caps_test;

/// A change to a capture's files, and the properties that must detect it.
struct Doctoring {
    name: &'static str,
    ending: &'static str,
    change: fn(String) -> String,
    noticed_by: &'static [&'static str],
}

const DOCTORINGS: &[Doctoring] = &[
    Doctoring {
        name: "a flag that the conversation does not show",
        ending: "xml",
        change: |text| text.replacen("  <version>", "  <flag name='shim'/>\n  <version>", 1),
        noticed_by: &["derives_its_xml", "survey_says_the_same"],
    },
    Doctoring {
        name: "an attribute in another order",
        ending: "xml",
        change: |text| {
            text.replacen("migratability='no'", "migratability='no' x='y'", 1).replacen(
                "maxCpus='1'",
                "x='y' maxCpus='1'",
                1,
            )
        },
        noticed_by: &["derives_its_xml", "xml_reads_and_prints"],
    },
    Doctoring {
        name: "an XML that ends in the middle",
        ending: "xml",
        change: |text| text[..text.len() / 2].to_owned(),
        noticed_by: &["derives_its_xml", "xml_reads_and_prints"],
    },
    Doctoring {
        name: "a command that is not asked",
        ending: "replies",
        change: |text| {
            text.replacen("\"execute\": \"query-machines", "\"execute\": \"query-engines", 1)
        },
        noticed_by: &["derives_its_xml", "records_as_it_was_recorded", "knows_its_commands"],
    },
    Doctoring {
        name: "a wrong number",
        ending: "replies",
        change: |text| text.replacen("libvirt-7\"", "libvirt-8\"", 1),
        noticed_by: &[
            "derives_its_xml",
            "passes_the_check",
            "records_as_it_was_recorded",
            "survey_says_the_same",
        ],
    },
    Doctoring {
        name: "another indentation",
        ending: "replies",
        change: |text| text.replacen("\n    ", "\n     ", 1),
        noticed_by: &["passes_the_check", "records_as_it_was_recorded"],
    },
    Doctoring {
        name: "a blank line too many",
        ending: "replies",
        change: |text| text.replacen("\n\n", "\n\n\n", 1),
        noticed_by: &["replies_read_and_print", "passes_the_check"],
    },
    Doctoring {
        name: "lines that end with CR LF",
        ending: "replies",
        change: |text| text.replace('\n', "\r\n"),
        noticed_by: &["replies_read_and_print"],
    },
    Doctoring {
        name: "malformed JSON inside of a reply",
        ending: "replies",
        change: |text| text.replacen("\"meta-type\":", "\"meta-type\"", 1),
        noticed_by: &["replies_read_and_print", "passes_the_check", "derives_its_xml"],
    },
    Doctoring {
        name: "a schema with something unheard of",
        ending: "replies",
        change: |text| {
            text.replacen("\"meta-type\": \"enum\"", "\"meta-type\": \"enumeration\"", 1)
        },
        noticed_by: &["passes_the_check"],
    },
    Doctoring {
        name: "a command that the schema lacks",
        ending: "replies",
        change: |text| text.replacen("\"name\": \"query-target\"", "\"name\": \"query-aim\"", 1),
        noticed_by: &["knows_its_commands"],
    },
];

#[caps_test(latest, ["x86_64", "riscv64"])]
fn every_doctored_copy_is_noticed(capture: &Capture) {
    for doctoring in DOCTORINGS {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for path in [&capture.replies, &capture.xml].into_iter().flatten() {
            let text = fs::read_to_string(path).expect("a capture");
            let doctored = path.extension().is_some_and(|ending| ending == doctoring.ending);
            let new = if doctored { (doctoring.change)(text.clone()) } else { text.clone() };
            assert_eq!(new != text, doctored, "{}: nothing to change", doctoring.name);
            let target = dir.path().join(path.file_name().expect("a file"));
            fs::write(target, new).expect("a writable directory");
        }
        if let Some(path) = &capture.survey {
            let target = dir.path().join(path.file_name().expect("a file"));
            fs::copy(path, target).expect("a writable directory");
        }
        let copies = Captures::discover(dir.path()).expect("a copy of a capture");
        let copy = copies.get(&capture.id).expect("the copy");
        for (name, property) in properties::ALL {
            let noticed = property(copy);
            if doctoring.noticed_by.contains(name) {
                assert!(noticed.is_err(), "{}: {name} saw nothing", doctoring.name);
            }
        }
        assert!(!doctoring.noticed_by.is_empty());
    }
}

#[test]
fn every_property_has_been_seen_to_fail() {
    for (name, _) in properties::ALL {
        assert!(DOCTORINGS.iter().any(|doctoring| doctoring.noticed_by.contains(name)), "{name}");
    }
}
