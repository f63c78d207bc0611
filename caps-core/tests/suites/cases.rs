//! What a case gives to the tested function, and what it says of the result.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use caps_core::Flag;
use caps_core::capture::{CaptureId, DataDir};
use caps_core::testing::{Golden, GoldenError, InputError, IntoOutcome as _, Suite};
use tempfile::TempDir;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../qemucapabilitiesdata");

type Lists = BTreeMap<String, Vec<u8>>;

static PLAIN: Suite = Suite::new("plain", "suites::plain", "/compiled");

static CAPTURES: Suite = Suite::new("captures", "suites::captures", "/compiled")
    .captures(DATA, "all", &["11.1.3_x86_64"])
    .goldens(&[("", "tests/none/{test}.txt"), ("more", "tests/none/{test}.json")]);

fn panics(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
    let payload: &dyn Any = &*payload;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned())).expect("a text")
}

#[test]
fn a_case_knows_its_test_and_values() {
    static SUITE: Suite = Suite::new("verbs", "suites::verbs", "/compiled")
        .values(&[("verb", &["run", "walk", "sit"]), ("n", &["1", "2"])]);
    let case = SUITE.case().over_values(&[2, 1]);
    assert_eq!((case.test(), case.value(0), case.value(1), case.value(2)), ("verbs", 2, 1, 0));
    assert!(case.golden().is_none());
    let message = panics(|| drop(PLAIN.case().capture().clone()));
    assert!(message.contains("plain"), "{message}");
}

#[test]
fn an_input_file_has_a_name_and_contents() {
    let dir = TempDir::new().expect("a directory");
    let leaked = |name: &str| &*dir.path().join(name).to_string_lossy().into_owned().leak();
    let (json, toml, text) = (leaked("deep.d/a.b.json"), leaked("c.toml"), leaked("d.txt"));
    std::fs::create_dir(dir.path().join("deep.d")).expect("a directory");
    std::fs::write(json, "{\"a\": [1, 2]}").expect("a file");
    std::fs::write(toml, "a = [1, 2]").expect("a file");
    std::fs::write(text, b"\xc3\x28").expect("a file");
    let files = [("deep.d/a.b", json), ("c", toml), ("d", text), ("gone", leaked("gone.json"))];
    let suite: &Suite = Box::leak(Box::new(
        Suite::new("files", "suites::files", "/compiled").files(&[], Box::leak(Box::new(files))),
    ));
    let case = |path: &str| suite.case().over_file(path);

    let with_json = case(json);
    let file = with_json.file().expect("a file");
    assert_eq!((file.name(), file.stem(), file.path()), ("deep.d/a.b", "a.b", Path::new(json)));
    assert_eq!(
        (file.bytes(), file.text().ok()),
        (&b"{\"a\": [1, 2]}"[..], Some("{\"a\": [1, 2]}"))
    );
    let lists: Lists = [("a".to_owned(), vec![1, 2])].into();
    assert_eq!(file.parse::<Lists>().expect("JSON"), lists);
    let wrong = file.parse::<Vec<u8>>().expect_err("an object").to_string();
    assert!(wrong.contains("a.b.json") && wrong.contains("line 1"), "{wrong}");

    let with_toml = case(toml);
    let file = with_toml.file().expect("a file");
    assert_eq!((file.name(), file.stem()), ("c", "c"));
    let parsed = file.parse::<Lists>();
    if cfg!(feature = "toml") {
        assert_eq!(parsed.expect("TOML"), lists);
        let wrong = file.parse::<Vec<u8>>().expect_err("a table");
        assert!(matches!(wrong, InputError::Data { .. }), "{wrong}");
    } else {
        assert!(matches!(parsed, Err(InputError::Feature { .. })), "{parsed:?}");
    }

    let with_text = case(text);
    let file = with_text.file().expect("a file");
    assert!(matches!(file.parse::<Lists>(), Err(InputError::Format { .. })));
    assert!(matches!(file.text(), Err(InputError::Encoding { at: 0, .. })));
    assert!(matches!(case(leaked("gone.json")).file(), Err(InputError::Read { .. })));
    assert!(matches!(PLAIN.case().file(), Err(InputError::NoFile { test: "plain" })));
}

#[test]
fn each_golden_file_is_compared() {
    let case = CAPTURES.case().over_capture("11.1.3_x86_64");
    assert_eq!(case.golden().map(Golden::path), Some(case.named_golden("").path()));
    assert!(case.named_golden("more").path().ends_with("tests/none/captures.json"));
    let message = panics(|| drop(case.named_golden("others").path()));
    assert_eq!(message, "`captures` has no golden file `others`");

    let message = panics(|| drop(case.finish(())));
    let expected = "`captures` succeeds without comparing its golden file `";
    assert!(message.starts_with(expected), "{message}");
    assert!(message.contains("tests/none/captures.txt`, expected"), "{message}");
    assert!(message.ends_with(", on 11.1.3_x86_64"), "{message}");
    // A function that fails says enough.
    assert!(case.finish(Err::<(), _>("no luck")).is_err());
    // A comparison counts, whether the file is there or not.
    case.golden().expect("a golden file").check("text").expect_err("no file");
    let message = panics(|| drop(case.finish(())));
    assert!(message.contains("tests/none/captures.json`, expected"), "{message}");
    case.named_golden("more").check("text").expect_err("no file");
    case.finish(()).expect("both are compared");
}

#[test]
fn failures_are_expected_with_their_text() {
    let case = CAPTURES.case().over_capture("11.1.3_x86_64");
    case.assert_fails(Err::<(), _>(1));
    case.assert_fails_with("luck", Err::<(), _>("no luck today"));
    let on = ", on 11.1.3_x86_64";
    for (message, expected) in [
        (panics(|| case.assert_fails(Ok::<_, u8>(1))), "`captures` succeeds, expected an error"),
        (
            panics(|| case.assert_fails_with("luck", Ok::<_, String>(1))),
            "`captures` succeeds, expected an error with `luck`",
        ),
        (
            panics(|| case.assert_fails_with("luck", Err::<(), _>("lost"))),
            "`captures` fails with `lost`, expected an error with `luck`",
        ),
    ] {
        assert_eq!(message, format!("{expected}{on}"));
    }
    let message = panics(|| PLAIN.case().assert_fails(Ok::<_, u8>(1)));
    assert_eq!(message, "`plain` succeeds, expected an error");
}

#[cfg(feature = "domcaps")]
#[test]
fn a_failure_names_the_document_that_the_test_has_taken() {
    static SUITE: Suite =
        Suite::new("domain", "suites::domain", "/compiled").captures(DATA, "all", &[]);
    let case = SUITE.case().over_capture("11.1.3_x86_64");
    let message = || panics(|| case.assert_fails(Ok::<_, u8>(1)));
    let expected = "`domain` succeeds, expected an error, on 11.1.3_x86_64";
    assert_eq!(message(), expected);
    case.domain_capabilities().expect("a document");
    assert_eq!(message(), format!("{expected} for the default machine and kvm"));
}

#[test]
fn what_a_function_returns_is_an_outcome() {
    assert!(ExitCode::SUCCESS.into_outcome().is_ok());
    let failed = ExitCode::from(3).into_outcome().expect_err("a failure");
    assert!(format!("{failed:?}").contains('3'), "{failed:?}");
    let failed = Err::<(), _>("no \"luck\"").into_outcome().expect_err("a failure");
    assert_eq!(format!("{failed:?}"), r#""no \"luck\"""#);
    assert!(Ok::<_, u8>(Ok::<_, u8>(())).into_outcome().is_ok());
    assert!(Ok::<_, u8>(Err::<(), _>(1)).into_outcome().is_err());
}

/// A capture beside others, with its XML changed.
#[test]
fn deriving_an_xml_compares_it() -> Result<(), Box<dyn std::error::Error>> {
    let dir = TempDir::new()?;
    let suite: &Suite = Box::leak(Box::new(
        Suite::new("derives", "suites::derives", "/compiled").captures("", "all", &[]).dirs(
            Box::leak(Box::new([DataDir::Path(dir.path().to_string_lossy().into_owned().leak())])),
        ),
    ));
    let id: CaptureId = "10.0.13_s390x".parse()?;
    let copy = |ending: &str| {
        let from = Path::new(DATA).join(format!("{}.{ending}", id.file_stem()));
        std::fs::copy(from, dir.path().join(format!("{}.{ending}", id.file_stem())))
    };
    copy("replies")?;
    copy("xml")?;
    suite.case().over_capture("10.0.13_s390x").check_derives_xml()?;
    let xml = dir.path().join(format!("{}.xml", id.file_stem()));
    let changed = std::fs::read_to_string(&xml)?.replacen("<flag", "<flags", 1);
    std::fs::write(&xml, changed)?;
    let differs = suite.case().over_capture("10.0.13_s390x").check_derives_xml();
    assert!(matches!(differs, Err(GoldenError::Differs { .. })), "{differs:?}");
    Ok(())
}

/// A newer capture, with newer machine types, must not change what `pc` is.
#[test]
fn an_alias_is_a_machine_type_of_the_latest_capture() {
    static LATEST: Suite = Suite::new("latest", "suites::latest", "/compiled").captures(
        DATA,
        "latest",
        &["11.1.3_x86_64"],
    );
    for (suite, is_machine) in [(&CAPTURES, false), (&LATEST, true)] {
        let case = suite.case().over_capture("11.1.3_x86_64");
        for capabilities in [case.capabilities(), case.derived_capabilities()] {
            let machines = &capabilities.expect("capabilities").tcg.machines;
            let has_alias = machines.iter().any(|machine| machine.alias.is_some());
            let is_there = machines.iter().any(|machine| machine.name == "pc");
            assert_eq!((has_alias, is_there), (!is_machine, is_machine));
        }
    }
}

#[test]
fn flags_are_set_or_cleared_in_all_that_a_case_gives() {
    static SET: Suite = Suite::new("set", "suites::set", "/compiled")
        .captures(DATA, "all", &["11.1.3_x86_64"])
        .set(&[Flag::Hvf]);
    static CLEAR: Suite = Suite::new("clear", "suites::clear", "/compiled")
        .captures(DATA, "all", &["11.1.3_x86_64"])
        .clear(&[Flag::Vnc]);
    let flags = |suite: &'static Suite| {
        let case = suite.case().over_capture("11.1.3_x86_64");
        let capabilities = case.capabilities().expect("an .xml");
        (capabilities.has(Flag::Hvf), capabilities.has(Flag::Vnc))
    };
    assert_eq!(flags(&CAPTURES), (false, true));
    assert_eq!(flags(&SET), (true, true));
    assert_eq!(flags(&CLEAR), (false, false));
    #[cfg(feature = "domcaps")]
    {
        let models = |suite: &'static Suite| {
            let case = suite.case().over_capture("11.1.3_x86_64");
            case.domain_capabilities().expect("a document").to_xml().contains("<value>vnc</value>")
        };
        let documents = |suite: &'static Suite| {
            let case = suite.case().over_capture("11.1.3_x86_64");
            let documents = case.domain_documents().expect("documents");
            documents.iter().map(|(_, document)| document.to_xml()).collect::<Vec<_>>()
        };
        assert!(models(&CAPTURES) && models(&SET) && !models(&CLEAR));
        assert_ne!(documents(&CAPTURES), documents(&CLEAR));
    }
}

#[cfg(feature = "domcaps")]
#[test]
fn each_document_is_compared_with_its_file() -> Result<(), Box<dyn std::error::Error>> {
    let case = CAPTURES.case().over_capture("11.1.3_x86_64");
    let documents = case.domain_documents().map_err(|error| error.to_string())?;
    let dir = TempDir::new()?;
    let missing = documents.check(dir.path());
    assert!(matches!(missing, Err(GoldenError::Missing { .. })), "{missing:?}");
    for (name, document) in documents.iter() {
        std::fs::write(dir.path().join(name), document.to_xml())?;
    }
    documents.check(dir.path())?;
    let (name, _) = documents.iter().last().ok_or("documents")?;
    std::fs::write(dir.path().join(name), "<domainCapabilities/>\n")?;
    let differs = documents.check(dir.path());
    assert!(matches!(differs, Err(GoldenError::Differs { .. })), "{differs:?}");
    Ok(())
}

/// The first directory that has one of a capture's files counts.
#[test]
fn a_capture_is_in_the_first_directory_that_has_it() -> Result<(), Box<dyn std::error::Error>> {
    let dirs = TempDir::new()?;
    for (dir, file) in [
        ("a", "caps_9.0.0_x86_64.xml"),
        ("b", "caps_9.0.0_x86_64.replies"),
        ("b", "caps_9.1.0_x86_64.xml"),
        ("b", "caps_9.2.0_x86_64.replies"),
        ("b", "caps_10.0.0_x86_64.survey"),
    ] {
        std::fs::create_dir_all(dirs.path().join(dir))?;
        std::fs::write(dirs.path().join(dir).join(file), "")?;
    }
    let path = |name: &str| &*dirs.path().join(name).to_string_lossy().into_owned().leak();
    let named = Box::leak(Box::new([DataDir::Path(path("a")), DataDir::Path(path("b"))]));
    let suite: &Suite = Box::leak(Box::new(
        Suite::new("dirs", "suites::dirs", "/compiled").captures("", "all", &[]).dirs(named),
    ));
    for (name, file) in [
        ("9.0.0_x86_64", "a/caps_9.0.0_x86_64.xml"),
        ("9.1.0_x86_64", "b/caps_9.1.0_x86_64.xml"),
        ("9.2.0_x86_64", "b/caps_9.2.0_x86_64.replies"),
        ("10.0.0_x86_64", "b/caps_10.0.0_x86_64.survey"),
    ] {
        let case = suite.case().over_capture(name);
        let capture = case.capture();
        let found = capture.xml.as_deref().or(capture.recording());
        assert_eq!(found, Some(dirs.path().join(file).as_path()), "{name}");
    }
    Ok(())
}

#[test]
fn a_label_counts_the_newer_captures_of_the_group() {
    static SUITE: Suite = Suite::new("labels", "suites::labels", "/compiled").captures(
        "/none",
        "latest(2)",
        &["8.2.0_s390x", "9.0.0_x86_64", "9.2.0_x86_64", "10.0.0_x86_64+v"],
    );
    for (name, label) in [
        ("8.2.0_s390x", "latest"),
        ("9.2.0_x86_64", "latest"),
        ("9.0.0_x86_64", "latest-1"),
        ("10.0.0_x86_64+v", "latest"),
    ] {
        assert_eq!(SUITE.case().over_capture(name).label().to_string(), label, "{name}");
    }
}
