//! Properties of every capture, libvirt's and our own. Each is a function of a capture's files, so
//! that it can be tried on doctored ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use qemu_caps::capture::Capture;
use qemu_caps::check::check;
use qemu_caps::probe::{self, Matching, Recorder, Replay};
use qemu_caps::qapi::Schema;
use qemu_caps::replies::Conversation;
use qemu_caps::survey::Survey;
use qemu_caps::xml;
use qemu_caps::{Baseline, BaselineChoice};

/// A property with its name.
pub(crate) type Property = (&'static str, fn(&Capture) -> Result<(), String>);

/// All properties.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) const ALL: &[Property] = &[
    ("derives_its_xml", derives_its_xml),
    ("xml_reads_and_prints", xml_reads_and_prints),
    ("replies_read_and_print", replies_read_and_print),
    ("passes_the_check", passes_the_check),
    ("records_as_it_was_recorded", records_as_it_was_recorded),
    ("knows_its_commands", knows_its_commands),
    ("survey_says_the_same", survey_says_the_same),
];

/// Strict deriving reproduces the `.xml` beside the `.replies`, byte for byte.
pub(crate) fn derives_its_xml(capture: &Capture) -> Result<(), String> {
    let conversation = conversation(capture)?;
    let derived = probe::derive(&conversation, &capture.id, Matching::Strict, BaselineChoice::Auto)
        .map_err(|error| format!("{error}: {}", error.kind))?;
    same(&xml_text(capture)?, &xml::write(&derived.capabilities))
}

/// Reading and writing the `.xml` reproduces it.
pub(crate) fn xml_reads_and_prints(capture: &Capture) -> Result<(), String> {
    let text = xml_text(capture)?;
    let caps = xml::read(&text).map_err(|error| error.to_string())?;
    same(&text, &xml::write(&caps))
}

/// Reading and writing the `.replies` reproduces it.
pub(crate) fn replies_read_and_print(capture: &Capture) -> Result<(), String> {
    let bytes = replies_bytes(capture)?;
    let conversation = Conversation::from_bytes(&bytes).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    same(&text, &conversation.to_string())?;
    let mut sessions = 0;
    for exchange in conversation.exchanges() {
        exchange.reply().map_err(|error| error.to_string())?;
        sessions += usize::from(exchange.command().execute() == "qmp_capabilities");
    }
    if sessions == conversation.sessions().len() {
        return Ok(());
    }
    Err(format!("expected {sessions} sessions, found {}", conversation.sessions().len()))
}

/// Pairing, numbering, formatting and schema coverage are correct.
pub(crate) fn passes_the_check(capture: &Capture) -> Result<(), String> {
    check(&replies_bytes(capture)?).map_err(|error| error.to_string())
}

/// Probing and recording a recording reproduces it.
pub(crate) fn records_as_it_was_recorded(capture: &Capture) -> Result<(), String> {
    let conversation = conversation(capture)?;
    let replay =
        Replay::new(&conversation, Matching::Strict).with_hvf(probe::is_hvf(&capture.id.variant));
    let mut recorder = Recorder::new(replay);
    probe::run(probe::detect(&conversation, &capture.id), &mut recorder)
        .map_err(|e| format!("{e}: {}", e.kind))?;
    let (_, text) = recorder.into_parts();
    same(conversation.text(), &text)
}

/// Every successful command of the conversation is in the capture's own schema.
pub(crate) fn knows_its_commands(capture: &Capture) -> Result<(), String> {
    let conversation = conversation(capture)?;
    let schema = Schema::from_conversation(&conversation).map_err(|error| error.to_string())?;
    for exchange in conversation.exchanges() {
        let name = exchange.command().execute();
        let reply = exchange.reply().map_err(|error| error.to_string())?;
        let class = reply.result().err().map(|error| error.class.name().to_owned());
        let known = schema.has_command(name);
        if known == (class.as_deref() == Some("CommandNotFound")) {
            let known = if known { "knows" } else { "does not know" };
            let line = exchange.line();
            return Err(format!(
                "line {line}: the schema {known} `{name}`, QEMU answered otherwise"
            ));
        }
    }
    Ok(())
}

/// Surveys are read once per process for all properties.
fn survey(capture: &Capture) -> Result<Arc<Survey>, String> {
    type Slot = Arc<OnceLock<Result<Arc<Survey>, String>>>;
    static SURVEYS: Mutex<BTreeMap<PathBuf, Slot>> = Mutex::new(BTreeMap::new());
    let path = capture.survey.as_ref().ok_or("no `.survey` file")?;
    let slot = {
        let mut surveys = SURVEYS.lock().unwrap_or_else(PoisonError::into_inner);
        Slot::clone(surveys.entry(path.clone()).or_default())
    };
    let read = || {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Survey::from_bytes(&bytes).map(Arc::new).map_err(|error| error.to_string())
    };
    slot.get_or_init(read).clone()
}

/// The survey yields the files beside it, byte for byte.
pub(crate) fn survey_says_the_same(capture: &Capture) -> Result<(), String> {
    if capture.survey.is_none() || capture.is_survey_alone() {
        return Ok(());
    }
    let survey = survey(capture)?;
    let baseline = probe::detect(&conversation(capture)?, &capture.id);
    let replies = survey.replies(baseline).map_err(|error| error.to_string())?;
    same(&String::from_utf8_lossy(&replies_bytes(capture)?), replies.text())?;
    let capabilities = survey.capabilities(baseline, &capture.id);
    same(&xml_text(capture)?, &xml::write(&capabilities.map_err(|error| error.to_string())?))
}

fn replies_bytes(capture: &Capture) -> Result<Vec<u8>, String> {
    if capture.replies.is_none() && capture.survey.is_some() {
        let replies =
            survey(capture)?.replies(Baseline::NEWEST).map_err(|error| error.to_string())?;
        return Ok(replies.text().as_bytes().to_vec());
    }
    let path = capture.replies.as_ref().ok_or("no `.replies` file")?;
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn xml_text(capture: &Capture) -> Result<String, String> {
    if capture.is_survey_alone() {
        let capabilities = survey(capture)?.capabilities(Baseline::NEWEST, &capture.id);
        return Ok(xml::write(&capabilities.map_err(|error| error.to_string())?));
    }
    let path = capture.xml.as_ref().ok_or("no `.xml` file")?;
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn conversation(capture: &Capture) -> Result<Conversation, String> {
    Conversation::from_bytes(&replies_bytes(capture)?).map_err(|error| error.to_string())
}

/// The first line that differs.
fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    let lines = expected.lines().zip(found.lines()).enumerate();
    match lines.into_iter().find(|(_, (expected, found))| expected != found) {
        Some((index, (expected, found))) => {
            Err(format!("line {}: expected `{expected}`, found `{found}`", index + 1))
        }
        None => Err(format!("expected {} bytes, found {}", expected.len(), found.len())),
    }
}
