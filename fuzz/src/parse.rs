//! Readers of files: what they accept prints and reads back.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use caps_core::baseline::BaselineChoice;
use caps_core::capture::{CaptureId, CaptureVariant, Pick, Versions};
use caps_core::check::{CheckError, check};
use caps_core::domcaps::{DomainCapabilities, Firmware};
use caps_core::edit::{Pointer, Script, Subject};
use caps_core::json::Document;
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;
use caps_core::serve::CannedAnswers;
use caps_core::survey::Survey;
use caps_core::validate::Exception;
use caps_core::{Arch, Baseline, Version, xml};

/// A conversation for edit scripts.
const CONVERSATION: &str = r#"{
  "execute": "qmp_capabilities",
  "id": "libvirt-1"
}

{
  "return": {},
  "id": "libvirt-1"
}

{
  "execute": "query-version",
  "id": "libvirt-2"
}

{
  "return": {
    "qemu": {
      "micro": 0,
      "minor": 0,
      "major": 10
    },
    "package": ""
  },
  "id": "libvirt-2"
}
"#;

pub(crate) fn replies(data: &[u8]) -> bool {
    if let Err(CheckError::Differs { canonical, .. }) = check(data) {
        let again = check(canonical.as_bytes());
        assert!(!matches!(again, Err(CheckError::Differs { .. })), "{canonical}");
    }
    let Ok(conversation) = Conversation::from_bytes(data) else { return false };
    let again = Conversation::parse(conversation.text()).expect("the text of a conversation");
    assert_eq!(again.text(), conversation.text());
    // Line ends are those of Python's text files.
    if !data.contains(&b'\r') {
        assert_eq!(conversation.text().as_bytes(), data);
    }
    for exchange in conversation.exchanges() {
        if let Ok(reply) = exchange.reply() {
            // What an exchange says is printed without a panic.
            let _ = (exchange.command().to_string(), format!("{:?}", reply.result()));
        }
    }
    true
}

pub(crate) fn survey(data: &[u8]) -> bool {
    let Ok(survey) = Survey::from_bytes(data) else { return false };
    let again = Survey::parse(survey.text()).expect("the text of a survey");
    assert!(again.has_same_answers(&survey));
    assert_eq!(again.provenance(), survey.provenance());
    let _ = (survey.devices().len(), survey.machines().len(), survey.types().len(), survey.ends());
    for baseline in Baseline::ALL {
        let _ = survey.replies(*baseline);
    }
    true
}

pub(crate) fn xml(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(read) = xml::read_lenient(text) else { return false };
    let written = xml::write(&read);
    // Like libvirt, the writer does not escape some texts; the program warns of these. It does not
    // write blanks as references either.
    if xml::raw_texts(&read, &written).is_empty() && !text.contains("&#") {
        let again = xml::read_lenient(&written);
        let again = again.unwrap_or_else(|error| panic!("{error}: {written}"));
        assert_eq!(xml::write(&again), written);
    }
    true
}

pub(crate) fn json(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(document) = Document::parse(text) else { return false };
    let compact = document.root().compact();
    let again = Document::parse(compact.as_str()).expect("what is printed reads back");
    assert_eq!(again.root().compact(), compact);
    assert!(document.root().same_value(document.root()), "equal to itself");
    assert!(document.root().same_value(again.root()), "equal to its print");
    assert!(again.root().same_value(document.root()), "symmetric");
    true
}

pub(crate) fn schema(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let command = r#"{"execute": "query-qmp-schema", "id": "libvirt-1"}"#;
    let reply = format!("{{\"return\": {text}, \"id\": \"libvirt-1\"}}");
    let Ok(conversation) = Conversation::parse(format!("{command}\n\n{reply}\n")) else {
        return false;
    };
    let Ok(schema) = Schema::from_conversation(&conversation) else { return false };
    for query in ["a", "a/arg-type/b", "a/ret-type/b/^c", "a/arg-type/+b/c", "a/$d"] {
        let _ = schema.holds(&query.parse::<Query>().expect("a query"));
    }
    true
}

/// Parses text; what is accepted prints as text that parses to the same.
fn reads_back<T: FromStr + Display + PartialEq + Debug>(text: &str) -> bool {
    let Ok(value) = text.parse::<T>() else { return false };
    let printed = value.to_string();
    match printed.parse::<T>() {
        Ok(again) => assert_eq!(again, value, "`{text}` prints as `{printed}`"),
        Err(_) => panic!("`{text}` prints as `{printed}`, which is an error"),
    }
    true
}

pub(crate) fn names(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    if let Ok(id) = CaptureId::from_file_stem(text) {
        assert_eq!(id.file_stem(), text);
    }
    // Selectors have spellings besides the one that they print.
    let _ = (text.parse::<Pick>().is_ok(), text.parse::<Versions>().is_ok());
    let _ = (text.parse::<BaselineChoice>().is_ok(), text.parse::<Exception>().is_ok());
    [
        reads_back::<CaptureId>(text),
        reads_back::<CaptureVariant>(text),
        reads_back::<Version>(text),
        reads_back::<Arch>(text),
        reads_back::<Pointer>(text),
    ]
    .contains(&true)
}

pub(crate) fn edit_script(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let scripts = [Script::from_toml(text).ok(), Script::from_json(text).ok()];
    let conversation = Conversation::parse(CONVERSATION).expect("a conversation");
    let mut is_one = false;
    for script in scripts.into_iter().flatten() {
        is_one = true;
        let Ok(edited) = script.apply(&Subject::new(&conversation)) else { continue };
        let Some(text) = edited.text else { continue };
        // All exchanges may have been dropped.
        if let Ok(edited) = Conversation::parse(&text) {
            assert_eq!(edited.text(), text);
        }
    }
    is_one
}

pub(crate) fn answers(data: &[u8]) -> bool {
    str::from_utf8(data).is_ok_and(|text| CannedAnswers::parse(text).is_ok())
}

pub(crate) fn domcaps(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(read) = DomainCapabilities::parse(text) else { return false };
    let written = read.to_xml();
    let again = DomainCapabilities::parse(&written);
    let again = again.unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(again.to_xml(), written);
    assert!(read.differences(&read).is_empty());
    true
}

pub(crate) fn firmware(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(firmware) = Firmware::parse("a.json", text) else { return false };
    let _ = (firmware.applies_to(Arch::X86_64, "pc-q35-10.0"), firmware.has_feature("secure-boot"));
    true
}
