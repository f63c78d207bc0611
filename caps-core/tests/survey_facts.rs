//! What a survey says about the types, machines and CPUs of its QEMU.

use caps_core::probe::{Answer, Host, Launch};
use caps_core::qmp::Command;
use caps_core::survey::{Survey, SurveyHost};
use caps_core::{Arch, Baseline};

/// A survey of an imaginary QEMU, assembled from one-line exchanges.
fn survey(exchanges: &[(&str, &str)]) -> Survey {
    let mut text = String::from("{\"execute\":\"qmp_capabilities\"}\n\n{\"return\":{}}\n");
    for (command, reply) in exchanges {
        text = format!("{text}\n{command}\n\n{reply}\n");
    }
    let survey = Survey::parse(&text).expect("a conversation");
    assert_eq!(survey.text(), text);
    survey
}

const START: (&str, &str) = (r#"{"execute":"qmp_capabilities"}"#, r#"{"return":{}}"#);
const TYPES: &str = r#"{"execute":"qom-list-types","arguments":{"abstract":true}}"#;

#[test]
fn types_descend_from_their_parents() {
    let survey = survey(&[(
        TYPES,
        r#"{"return":[{"name":"object"},{"name":"cpu","parent":"object","abstract":true},
            {"name":"max-cpu","parent":"cpu"}]}"#,
    )]);
    let lineage = |name| survey.lineage_of(name).collect::<Vec<_>>();
    assert_eq!(lineage("max-cpu"), ["max-cpu", "cpu", "object"]);
    assert_eq!(lineage("object"), ["object"]);
    assert_eq!(lineage("unknown"), ["unknown"]);
    assert!(survey.is_a("max-cpu", "max-cpu") && survey.is_a("max-cpu", "object"));
    assert!(!survey.is_a("object", "cpu") && !survey.is_a("cpu", "max-cpu"));
}

#[test]
fn types_that_descend_from_each_other_have_an_end() {
    assert!(survey(&[]).is_a("a", "a"));
    let survey =
        survey(&[(TYPES, r#"{"return":[{"name":"a","parent":"b"},{"name":"b","parent":"a"}]}"#)]);
    assert!(survey.is_a("a", "b") && survey.is_a("b", "a") && !survey.is_a("a", "c"));
}

#[test]
fn objects_are_the_types_that_a_user_can_create() {
    let implements = r#"{"execute":"qom-list-types","arguments":{"implements":"user-creatable","abstract":true}}"#;
    let survey = survey(&[(
        implements,
        r#"{"return":[{"name":"secret_common","parent":"object","abstract":true},
            {"name":"secret","parent":"secret_common"}]}"#,
    )]);
    let names = |types: Option<Vec<caps_core::survey::QomType>>| {
        types.map(|types| types.into_iter().map(|one| one.name).collect::<Vec<_>>())
    };
    let all = ["secret", "secret_common"].map(str::to_owned);
    assert_eq!(names(survey.implementers("user-creatable")).as_deref(), Some(&all[..]));
    assert_eq!(names(survey.objects()).as_deref(), Some(&all[..1]));
    assert_eq!(names(survey.implementers("hotplug-handler")), None);
}

#[test]
fn machine_types_are_found_by_name_or_alias() {
    let survey = survey(&[(
        r#"{"execute":"query-machines"}"#,
        r#"{"return":[{"name":"none"},{"name":"pc-10.0","alias":"pc","is-default":true},
            {"name":"virt","alias":"none"},{"name":"virt-10.0","alias":"virt"}]}"#,
    )]);
    let found = |name| survey.machine(name).map(|machine| machine.name.as_str());
    for (name, expected) in [
        ("pc", Some("pc-10.0")),
        ("pc-10.0", Some("pc-10.0")),
        // A name comes before an alias.
        ("none", Some("none")),
        ("virt", Some("virt")),
        ("q35", None),
    ] {
        assert_eq!(found(name), expected, "{name}");
    }
    assert_eq!(survey.machines().len(), 4);
}

/// Old QEMUs do not name the types of their CPU models.
#[test]
fn the_type_of_a_cpu_model_is_named_or_else_guessed() {
    let survey = survey(&[
        (
            TYPES,
            r#"{"return":[{"name":"device"},{"name":"cpu","parent":"device","abstract":true},
                {"name":"max-x86_64-cpu","parent":"cpu"},{"name":"plain-cpu","parent":"cpu"},
                {"name":"old-x-y-cpu","parent":"cpu"},{"name":"fancy-x86_64-cpu","parent":"device"},
                {"name":"base-x86_64-cpu","parent":"cpu","abstract":true},
                {"name":"bare-x86_64-cpu","parent":"cpu"},{"name":"odd-x86cpu","parent":"cpu"}]}"#,
        ),
        (
            r#"{"execute":"query-cpu-definitions"}"#,
            r#"{"return":[{"name":"host","typename":"host-x86_64-cpu"},{"name":"bare","typename":""}]}"#,
        ),
    ]);
    for (model, expected) in [
        ("host", Some("host-x86_64-cpu")),
        ("max", Some("max-x86_64-cpu")),
        ("plain", Some("plain-cpu")),
        ("bare", Some("bare-x86_64-cpu")),
        ("old", None),
        ("odd", None),
        ("fancy", None),
        ("base", None),
        ("", None),
    ] {
        assert_eq!(survey.cpu_type(model).as_deref(), expected, "{model}");
    }
}

#[test]
fn the_last_session_has_tcg_and_the_origin() {
    let kvm = (r#"{"execute":"query-kvm"}"#, r#"{"return":{"enabled":true}}"#);
    let tcg = (r#"{"execute":"query-kvm"}"#, r#"{"return":{"enabled":false}}"#);
    let help = (
        r#"{"execute":"qemu-caps:run","arguments":{"argv":["-help"]}}"#,
        r#"{"return":{"status":0,"stdout":["-name string1   set the name","-S   stop"],"stderr":[]}}"#,
    );
    for accelerator in ["kvm", "hvf"] {
        let origin = format!(r#"{{"return":{{"accelerator":"{accelerator}"}}}}"#);
        let provenance = (r#"{"execute":"qemu-caps:provenance"}"#, origin.as_str());
        let survey = survey(&[kvm, START, tcg, help, provenance]);
        let command = Command::new("query-kvm");
        let answers = [survey.answer(&command), survey.tcg_answer(&command)];
        let [first, last] =
            answers.map(|answer| answer.expect("an answer").result().expect("a result").compact());
        assert_eq!((&*first, &*last), (r#"{"enabled":true}"#, r#"{"enabled":false}"#));
        let origin = survey.provenance().expect("an origin");
        assert_eq!(origin.accelerator.as_deref(), Some(accelerator));
        let options = survey.help_options().expect("the options");
        let options: Vec<_> =
            options.iter().map(|one| (one.name.as_str(), one.takes_argument)).collect();
        assert_eq!(options, [("name", true), ("S", false)]);
        let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
        assert_eq!(host.has_hvf(Arch::Aarch64), accelerator == "hvf");
        assert!(host.has_session(Launch::Accelerated) && host.has_session(Launch::Tcg));
    }
}

#[test]
fn a_session_that_did_not_start_is_none() {
    let failed =
        (START.0, r#"{"error":{"class":"qemu-caps:NotStarted","desc":"no TCG in this build"}}"#);
    let survey = survey(&[(r#"{"execute":"query-kvm"}"#, r#"{"return":{}}"#), failed]);
    let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
    assert!(host.has_session(Launch::Accelerated) && !host.has_session(Launch::Tcg));
    host.start(Launch::Accelerated).expect("a session");
    let error = host.start(Launch::Tcg).expect_err("no session").to_string();
    assert!(error.contains("no TCG in this build"), "{error}");
}

#[test]
fn a_question_that_was_asked_twice_has_its_answers_in_order() {
    let command = r#"{"execute":"query-x"}"#;
    let survey = survey(&[(command, r#"{"return":1}"#), (command, r#"{"return":2}"#)]);
    let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
    host.start(Launch::Accelerated).expect("a session");
    let mut ask = || match host.ask(&Command::new("query-x")).expect("an answer") {
        Answer::Reply(reply) => reply.result().expect("a result").as_i64(),
        Answer::Missing => None,
    };
    assert_eq!([ask(), ask(), ask()], [Some(1), Some(2), Some(2)], "the last one stays");
}

#[test]
fn what_identifies_the_host_can_be_left_out() {
    let sev = (
        r#"{"execute":"query-sev-capabilities"}"#,
        r#"{"return":{"pdh":"SECRET","cert-chain":"SECRET","cbitpos":51}}"#,
    );
    let other = (r#"{"execute":"query-name"}"#, r#"{"return":{"pdh":"name"}}"#);
    let origin = (
        r#"{"execute":"qemu-caps:provenance"}"#,
        r#"{"return":{"program":"p","host-cpu":"SECRET","kernel":"SECRET"}}"#,
    );
    // As a release of libvirt asked for it.
    let walk = (
        r#"{"execute":"qemu-caps:walk","arguments":{"command":{"execute":"query-sev-capabilities"}}}"#,
        sev.1,
    );
    let all = survey(&[sev, walk, other, origin]);
    let anonymous = all.anonymized().expect("good answers");
    assert!(!anonymous.text().contains("SECRET"), "{}", anonymous.text());
    for (question, expected) in [
        ("query-sev-capabilities", r#"{"pdh":"","cert-chain":"","cbitpos":51}"#),
        ("query-name", r#"{"pdh":"name"}"#),
    ] {
        let answer = anonymous.answer(&Command::new(question)).expect("an answer");
        assert_eq!(answer.result().expect("a result").compact(), expected);
    }
    let left = anonymous.provenance().expect("an origin");
    assert_eq!(left.program.as_deref(), Some("p"));
    let names =
        ["host-cpu", "kernel", "query-sev-capabilities cert-chain", "query-sev-capabilities pdh"];
    assert_eq!(left.left_out, names);
}

#[test]
fn surveys_are_compared_by_their_answers() {
    let name = |name: &'static str| (r#"{"execute":"query-name"}"#, name);
    let origin = (r#"{"execute":"qemu-caps:provenance"}"#, r#"{"return":{"kernel":"k"}}"#);
    let (a, b) = (r#"{"return":{"name":"a"}}"#, r#"{"return":{"name":"b"}}"#);
    let one = survey(&[name(a)]);
    for (other, expected) in [
        (survey(&[name(a)]), true),
        (survey(&[name(a), origin]), true),
        (survey(&[name(b)]), false),
        (survey(&[name(a), name(a)]), false),
    ] {
        assert_eq!(one.has_same_answers(&other), expected);
    }
    assert!(Survey::is_one(survey(&[name(a), origin]).conversation()));
    assert!(!Survey::is_one(one.conversation()));
}

/// QEMU can answer before it ends of a question, so only errors are the end.
#[test]
fn a_question_that_ended_qemu_is_an_error_unless_it_was_answered() {
    let survey = survey(&[
        (
            r#"{"execute":"query-a"}"#,
            r#"{"error":{"class":"qemu-caps:Ended","desc":"QEMU was killed"},
                "qemu-caps:ended":{"how":"was killed by signal 6 (SIGABRT)","last-words":["oh"]}}"#,
        ),
        (
            r#"{"execute":"query-b"}"#,
            r#"{"return":1,"qemu-caps:ended":{"how":"exited with status 1","last-words":[]}}"#,
        ),
        (r#"{"execute":"query-c"}"#, r#"{"error":{"class":"GenericError","desc":"no"}}"#),
    ]);
    let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
    host.start(Launch::Accelerated).expect("a session");
    let mut ask = |name: &'static str| match host.ask(&Command::new(name)) {
        Ok(Answer::Reply(reply)) => format!("{:?}", reply.result().map(|_| ()).is_ok()),
        Ok(Answer::Missing) => "missing".to_owned(),
        Err(error) => error.to_string(),
    };
    let ended = ask("query-a");
    assert!(ended.contains("query-a") && ended.contains("SIGABRT"), "{ended}");
    assert_eq!([ask("query-b"), ask("query-c")], ["true", "false"]);
}

#[test]
fn outputs_outside_qmp_are_found_by_their_arguments_or_all_at_once() {
    let run =
        |words: &str| format!(r#"{{"execute":"qemu-caps:run","arguments":{{"argv":[{words}]}}}}"#);
    let printed = r#"{"return":{"status":0,"stdout":["x"],"stderr":[]}}"#;
    let killed = r#"{"return":{"signal":11,"stdout":[],"stderr":["y"]}}"#;
    let (help, version) = (run(r#""-help""#), run(r#""-machine","none","-version""#));
    let survey = survey(&[
        (r#"{"execute":"query-name"}"#, r#"{"return":{}}"#),
        (&help, printed),
        (&version, killed),
    ]);
    let all = survey.all_printed();
    let all: Vec<_> = all.iter().map(|one| (one.arguments.join(" "), one.ended.as_str())).collect();
    assert_eq!(
        all,
        [
            ("-help".to_owned(), "exited with status 0"),
            ("-machine none -version".to_owned(), "was killed by signal 11 (SIGSEGV)"),
        ]
    );
    assert_eq!(survey.printed(&["-help"]).map(|one| one.stdout), Some(vec!["x".to_owned()]));
    assert_eq!(survey.printed(&["-h"]), None);
}
