//! Hosts that answer from a recording, or record another host.

use caps_core::Arch;
use caps_core::json::Document;
use caps_core::probe::{Answer, Host, HostError, Launch, Matching, Recorder, Replay};
use caps_core::qmp::{Command, Reply};
use caps_core::replies::Conversation;

/// A host that writes down what it is asked, and always says the same.
#[derive(Default)]
struct Spy {
    yes: bool,
    calls: Vec<String>,
}

impl Host for Spy {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.calls.push(format!("start {launch:?}"));
        Ok(())
    }

    fn announce(&mut self, launch: Launch) {
        self.calls.push(format!("announce {launch:?}"));
    }

    fn ask(&mut self, _: &Command) -> Result<Answer, HostError> {
        let reply = Document::parse(r#"{"return": [], "id": "other"}"#)?;
        Ok(Answer::Reply(Reply::from_document(reply)?))
    }

    fn has_session(&mut self, _: Launch) -> bool {
        self.yes
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        self.yes
    }

    fn has_tdx(&mut self) -> bool {
        self.yes
    }

    fn finish(&mut self) -> Result<(), HostError> {
        self.calls.push("finish".to_owned());
        Ok(())
    }
}

#[test]
fn a_recorder_passes_everything_on() {
    for yes in [true, false] {
        let mut spy = Spy { yes, ..Spy::default() };
        let mut recorder = Recorder::new(&mut spy);
        recorder.announce(Launch::Tcg);
        recorder.start(Launch::Tcg).expect("a session");
        assert_eq!(recorder.has_session(Launch::Tcg), yes);
        assert_eq!(recorder.has_hvf(Arch::Aarch64), yes);
        assert_eq!(recorder.has_tdx(), yes);
        recorder.finish().expect("an end");
        assert_eq!(spy.calls, ["announce Tcg", "start Tcg", "finish"]);
    }
}

#[test]
fn a_recording_is_numbered_from_1_in_each_session() {
    let mut recorder = Recorder::new(Spy::default());
    for launch in [Launch::Accelerated, Launch::Tcg] {
        recorder.start(launch).expect("a session");
        for command in ["qmp_capabilities", "query-x", "query-y"] {
            recorder.ask(&Command::new(command)).expect("an answer");
        }
    }
    let (_, text) = recorder.into_parts();
    let conversation = Conversation::parse(&text).expect("a conversation");
    let ids: Vec<_> = conversation.exchanges().map(|exchange| exchange.id()).collect();
    let numbered = ["libvirt-1", "libvirt-2", "libvirt-3"].map(Some);
    assert_eq!(ids, [numbered, numbered].concat());
    assert!(!text.contains("other"), "{text}");
    assert_eq!(caps_core::check::check(text.as_bytes()), Ok(()));
}

/// A host with what every host must have.
struct Plain;

impl Host for Plain {
    type Error = HostError;

    fn start(&mut self, _: Launch) -> Result<(), HostError> {
        Ok(())
    }

    fn ask(&mut self, _: &Command) -> Result<Answer, HostError> {
        Ok(Answer::Missing)
    }
}

#[test]
fn a_host_has_sessions_and_tdx_unless_it_says_otherwise() {
    let mut host = Plain;
    host.announce(Launch::Tcg);
    assert!(host.has_session(Launch::Tcg) && host.has_tdx());
    assert!(!host.has_hvf(Arch::Aarch64));
    host.finish().expect("an end");
}

fn conversation(sessions: usize) -> Conversation {
    let exchanges = r#"{"execute": "qmp_capabilities"}

{"return": {}}

{"execute": "query-x", "arguments": {"a": 1, "b": "x"}}

{"return": 1}
"#;
    Conversation::parse(vec![exchanges; sessions].join("\n")).expect("a conversation")
}

#[test]
fn a_question_is_the_same_in_any_order_of_its_arguments() {
    let conversation = conversation(1);
    let mut replay = Replay::new(&conversation, Matching::ByContent);
    replay.start(Launch::Accelerated).expect("a session");
    for (arguments, is_answered) in [
        (Some(r#"{"a": 1, "b": "x"}"#), true),
        (Some(r#"{"b": "x", "a": 1}"#), true),
        (Some(r#"{"a": 2, "b": "x"}"#), false),
        (Some(r#"{"a": 1, "b": "x", "c": null}"#), false),
        (None, false),
    ] {
        let mut command = Command::new("query-x");
        if let Some(arguments) = arguments {
            command = command.with_arguments(arguments).expect("an object");
        }
        let answer = replay.ask(&command).expect("an answer");
        assert_eq!(matches!(answer, Answer::Reply(_)), is_answered, "{command}");
    }
}

#[test]
fn arguments_with_a_name_there_twice_are_other_ones() {
    let text = r#"{"execute": "query-x", "arguments": {"a": "2"}}

{"return": {}}
"#;
    let conversation = Conversation::parse(text).expect("a conversation");
    let mut replay = Replay::new(&conversation, Matching::ByContent);
    replay.start(Launch::Accelerated).expect("a session");
    for (arguments, is_answered) in [
        (&[("a", "2")][..], true),
        (&[("a", "1"), ("a", "2")], false),
        (&[("a", "2"), ("a", "2")], false),
    ] {
        let command = Command::new("query-x").with_strings(arguments);
        let answer = replay.ask(&command).expect("an answer");
        assert_eq!(matches!(answer, Answer::Reply(_)), is_answered, "{command}");
    }
}

#[test]
fn a_recording_has_the_sessions_that_it_has() {
    for (sessions, matching, expected) in [
        (1, Matching::ByContent, [true, false]),
        (2, Matching::ByContent, [true, true]),
        (1, Matching::Strict, [true, true]),
    ] {
        let conversation = conversation(sessions);
        let mut replay = Replay::new(&conversation, matching);
        let has = [Launch::Accelerated, Launch::Tcg].map(|launch| replay.has_session(launch));
        assert_eq!(has, expected, "{sessions} {matching:?}");
        let missing = if has[1] { &[][..] } else { &["`qmp_capabilities` (session 2)"] };
        assert_eq!(replay.missing(), missing, "{sessions} {matching:?}");
    }
}

#[test]
fn what_is_missing_or_unused_is_named_with_its_session() {
    let conversation = conversation(2);
    let mut replay = Replay::new(&conversation, Matching::ByContent);
    for launch in [Launch::Accelerated, Launch::Tcg] {
        replay.start(launch).expect("a session");
        replay.ask(&Command::new("query-y")).expect("no answer");
    }
    assert_eq!(replay.missing(), ["`query-y`", "`query-y` (session 2)"]);
    replay.finish().expect("what is unused is no error");
    let mut replay = Replay::new(&conversation, Matching::Strict);
    replay.start(Launch::Accelerated).expect("a session");
    let unused = replay.finish().expect_err("no question was asked");
    assert!(unused.to_string().contains("query-x"), "{unused}");
}

#[test]
fn only_a_capture_made_with_the_framework_has_it() {
    let conversation = conversation(1);
    for hvf in [true, false] {
        let mut replay = Replay::new(&conversation, Matching::ByContent).with_hvf(hvf);
        assert_eq!(replay.has_hvf(Arch::X86_64), hvf);
    }
    for (variant, expected) in [("+hvf", true), ("", false), ("+amdsev", false)] {
        let variant = variant.parse().expect(variant);
        assert_eq!(caps_core::probe::is_hvf(&variant), expected);
    }
}
