//! The documents made by libvirt, in the directory `QEMU_CAPS_DOMCAPS_DIR` with a `list.txt`:
//! document, capture, domain type, machine type, and location of the capture.

use std::fs;
use std::path::{Path, PathBuf};

use caps_core::Baseline;
use caps_core::BaselineChoice;
use caps_core::Capabilities;
use caps_core::capture::CaptureId;
use caps_core::domcaps::{DomainCapabilities, TestDocument};
use caps_core::probe::{Matching, derive};
use caps_core::replies::Conversation;
use caps_test_support::{domcaps_dir, figure};

struct Row {
    document: PathBuf,
    id: CaptureId,
    capture: PathBuf,
}

fn rows(dir: &Path) -> Vec<Row> {
    let list = fs::read_to_string(dir.join("list.txt")).expect("a list of documents");
    let rows = list.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().expect("five fields");
        let (document, capture) = (dir.join(next()), next());
        let (_, _, place) = (next(), next(), next());
        let captures = match place {
            "corpus" => dir.with_file_name("corpus"),
            "beside it" => document.parent().expect("a directory").to_owned(),
            _ => Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("qemucapabilitiesdata"),
        };
        let id = CaptureId::from_file_stem(capture).expect("the name of a capture");
        Row { document, id, capture: captures.join(capture) }
    });
    rows.collect()
}

/// The dots in the name of a capture begin no ending.
fn file(row: &Row, ending: &str) -> PathBuf {
    let name = row.capture.file_name().unwrap_or_default().to_string_lossy();
    row.capture.with_file_name(format!("{name}.{ending}"))
}

fn from_xml(row: &Row) -> Capabilities {
    let xml = fs::read_to_string(file(row, "xml")).expect("a capability XML");
    caps_core::xml::read(&xml).expect("a capability XML")
}

fn from_replies(row: &Row) -> Capabilities {
    let bytes = fs::read(file(row, "replies")).expect("a conversation");
    let conversation = Conversation::from_bytes(&bytes).expect("a conversation");
    derive(&conversation, &row.id, Matching::ByContent, BaselineChoice::Auto)
        .expect("capabilities")
        .capabilities
}

fn check(row: &Row, capabilities: &Capabilities) {
    let name = row.document.file_name().expect("a name").to_string_lossy().into_owned();
    let document = TestDocument::of(&row.id)
        .into_iter()
        .find(|document| document.file_name(&row.id) == name)
        .unwrap_or_else(|| panic!("libvirt's test makes no `{name}`"));
    let made =
        document.make(capabilities, &row.id, Baseline::Libvirt11_3).expect("a document").to_xml();
    let expected = fs::read_to_string(&row.document).expect("a document");
    let differs = expected.lines().zip(made.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert!(made == expected, "{name}: {differs:?}");
}

#[test]
fn documents_follow_from_capability_xml() {
    let Some(dir) = domcaps_dir("documents_follow_from_capability_xml") else { return };
    for row in rows(&dir) {
        check(&row, &from_xml(&row));
    }
}

#[test]
fn documents_follow_from_conversations() {
    let Some(dir) = domcaps_dir("documents_follow_from_conversations") else { return };
    let rows = rows(&dir);
    for row in &rows {
        check(row, &from_replies(row));
    }
    figure("domain capabilities", rows.len(), rows.len());
}

#[test]
fn documents_read_and_print() {
    let Some(dir) = domcaps_dir("documents_read_and_print") else { return };
    for row in rows(&dir) {
        let xml = fs::read_to_string(&row.document).expect("a document");
        let document = DomainCapabilities::parse(&xml).expect("a document");
        assert_eq!(document.to_xml(), xml, "{}", row.document.display());
    }
}
