use caps_core::capture::CaptureId;
use caps_core::edit::{
    Action, Edit, EditError, Edited, NewExchange, Occurrence, Script, Subject, Target,
};
use caps_core::replies::{Conversation, canonical};

use crate::corpus::{captures, conversation, conversations};

pub(crate) const EXCHANGES: &[(&str, &str)] = &[
    (r#"{"execute": "qmp_capabilities"}"#, r#"{"return": {}}"#),
    (r#"{"execute": "query-kvm"}"#, r#"{"return": {"enabled": true, "present": true}}"#),
    (
        r#"{"execute": "device-list-properties", "arguments": {"typename": "nvme"}}"#,
        r#"{"return": [{"name": "serial", "type": "str"}]}"#,
    ),
    (
        r#"{"execute": "device-list-properties", "arguments": {"typename": "sga"}}"#,
        r#"{"error": {"class": "DeviceNotFound", "desc": "no sga"}}"#,
    ),
    (
        r#"{"execute": "query-machines"}"#,
        r#"{"return": [{"name": "pc", "a/b": 1}, {"name": "q35", "deprecated": false}, {"name": "none"}]}"#,
    ),
    (r#"{"execute": "qmp_capabilities"}"#, r#"{"return": {}}"#),
    (r#"{"execute": "query-machines"}"#, r#"{"return": []}"#),
];

pub(crate) fn apply(script: &Script, conversation: &Conversation) -> Result<Edited, EditError> {
    let edited = script.apply(&Subject::new(conversation))?;
    script.check_matched(&[&edited])?;
    Ok(edited)
}

/// The exchanges after edits, in short, numbers included.
fn after(edits: Vec<Edit>) -> Vec<String> {
    let edited = apply(&Script::from(edits), &conversation(EXCHANGES)).expect("edits that match");
    let text = edited.text.expect("a change");
    let conversation = Conversation::parse(&text).expect("a conversation");
    assert_eq!(canonical(&conversation).as_deref(), Ok(text.as_str()));
    let number = |e: &caps_core::replies::Exchange| e.id().unwrap_or("?").replace("libvirt-", "");
    conversation.exchanges().map(|e| format!("{} {}", number(e), e.command())).collect()
}

/// The reply to the first exchange of a command after an action on all of them.
fn reply_after(command: &str, action: Action) -> String {
    let edit = Edit::new(Target::new(command), action);
    let edited = apply(&Script::from(vec![edit]), &conversation(EXCHANGES)).expect("an edit");
    let text = edited.text.expect("a change");
    let conversation = Conversation::parse(&text).expect("a conversation");
    let reply = conversation.find(command).expect(command).reply().expect("a reply");
    let root = reply.document().root();
    root.get("return").unwrap_or(root).compact()
}

fn target(command: &str, occurrence: Option<Occurrence>) -> Target {
    let mut target = Target::parse(command).expect(command);
    target.occurrence = occurrence;
    target
}

#[test]
fn exchanges_are_dropped_inserted_and_replaced_and_renumbered() {
    assert_eq!(
        after(vec![Edit::new(target("device-list-properties", None), Action::Drop)]),
        [
            "1 qmp_capabilities",
            "2 query-kvm",
            "3 query-machines",
            "1 qmp_capabilities",
            "2 query-machines"
        ]
    );
    let nvme = r#"device-list-properties {"typename": "nvme"}"#;
    assert_eq!(after(vec![Edit::new(target(nvme, None), Action::Drop)]).len(), 6);
    let last = Edit::new(target("query-machines", Some(Occurrence::Last)), Action::Drop);
    assert_eq!(after(vec![last]).last().map(String::as_str), Some("1 qmp_capabilities"));

    let new = |name: &str| {
        let command = format!(r#"{{"execute": "{name}"}}"#);
        NewExchange::new(&command, r#"{"return": {}}"#).expect(name)
    };
    let edits = vec![
        Edit::new(target("query-machines", None), Action::InsertBefore(new("one"))),
        Edit::new(
            target("query-machines", Some(Occurrence::Last)),
            Action::InsertAfter(new("two")),
        ),
        Edit::new(target("query-kvm", None), Action::Replace(new("query-accelerators"))),
        // Each edit sees the result of the previous ones.
        Edit::new(target("two", None), Action::InsertAfter(new("three"))),
    ];
    assert_eq!(
        after(edits),
        [
            "1 qmp_capabilities",
            "2 query-accelerators",
            r#"3 device-list-properties {"typename":"nvme"}"#,
            r#"4 device-list-properties {"typename":"sga"}"#,
            "5 one",
            "6 query-machines",
            "1 qmp_capabilities",
            "2 query-machines",
            "3 two",
            "4 three"
        ]
    );
    let mut second = target("query-machines", None);
    second.session = Some(2);
    assert_eq!(after(vec![Edit::new(second, Action::Drop)]).len(), 6);
}

#[test]
fn members_of_replies_are_set_and_removed() {
    let set = |pointer: &str, value: &str| Action::set(pointer, value).expect(pointer);
    let remove = |pointer: &str| Action::remove(pointer).expect(pointer);
    for (command, action, expected) in [
        ("query-kvm", set("/return/enabled", "false"), r#"{"enabled":false,"present":true}"#),
        ("query-kvm", set("/return/new", "[1]"), r#"{"enabled":true,"present":true,"new":[1]}"#),
        ("qmp_capabilities", set("/return/a~1b~0", "null"), r#"{"a/b~":null}"#),
        ("query-kvm", remove("/return/enabled"), r#"{"present":true}"#),
        ("query-kvm", remove("/return/present"), r#"{"enabled":true}"#),
        (
            "query-machines",
            set("/return/*/acpi", "true"),
            r#"[{"name":"pc","a/b":1,"acpi":true},{"name":"q35","deprecated":false,"acpi":true},{"name":"none","acpi":true}]"#,
        ),
        (
            "query-machines",
            set("/return/[name=q35]/deprecated", "true"),
            r#"[{"name":"pc","a/b":1},{"name":"q35","deprecated":true},{"name":"none"}]"#,
        ),
        (
            "query-machines",
            remove("/return/[deprecated=false]"),
            r#"[{"name":"pc","a/b":1},{"name":"none"}]"#,
        ),
        (
            "query-machines",
            remove("/return/0/a~1b"),
            r#"[{"name":"pc"},{"name":"q35","deprecated":false},{"name":"none"}]"#,
        ),
        ("query-machines", remove("/return/*"), "[]"),
        (
            "query-machines",
            set("/return/1", r#"{"name": "virt"}"#),
            r#"[{"name":"pc","a/b":1},{"name":"virt"},{"name":"none"}]"#,
        ),
        (
            "query-machines",
            set("/return/-", "7"),
            r#"[{"name":"pc","a/b":1},{"name":"q35","deprecated":false},{"name":"none"},7]"#,
        ),
        ("query-kvm", set("/return", "[]"), "[]"),
    ] {
        let name = format!("{action:?}");
        assert_eq!(reply_after(command, action), expected, "{name}");
    }
    let answer = Action::replace(None, r#"{"error": {"class": "GenericError", "desc": "no"}}"#);
    let error = Action::remove("/return").expect_err("the whole");
    assert!(error.to_string().starts_with("without `/return` there is no reply"), "{error}");
    assert_eq!(
        reply_after("query-kvm", answer.expect("a reply")),
        r#"{"id":"libvirt-2","error":{"class":"GenericError","desc":"no"}}"#
    );
}

#[test]
fn an_edit_that_matches_nothing_is_an_error_unless_it_may() {
    let conversation = conversation(EXCHANGES);
    let nowhere = [
        Edit::new(Target::new("query-tpm-types"), Action::Drop),
        Edit::new(target(r#"query-kvm {"x": 1}"#, None), Action::Drop),
        Edit::new(Target::new("query-kvm"), Action::remove("/return/absent").expect("a pointer")),
        Edit::new(
            Target::new("query-kvm"),
            Action::remove("/return/enabled/x").expect("a pointer"),
        ),
        Edit::new(Target::new("query-kvm"), Action::set("/error", "{}").expect("a pointer")),
        Edit::new(Target::new("query-kvm"), Action::set("/return/x/y", "1").expect("a pointer")),
        Edit::new(Target::new("query-machines"), Action::set("/return/7", "1").expect("a pointer")),
        Edit::new(
            Target::new("query-machines"),
            Action::remove("/return/[deprecated=true]").expect("a pointer"),
        ),
    ];
    for mut edit in nowhere {
        let name = edit.to_string();
        let script = Script::from(vec![edit.clone()]);
        let error = apply(&script, &conversation).expect_err(&name);
        assert_eq!(error.to_string(), format!("{name}: matches nothing"));
        edit.allow_no_match = true;
        let edited = apply(&Script::from(vec![edit]), &conversation).expect(&name);
        assert_eq!((edited.text, edited.matches), (None, vec![0]));
    }
    // It is enough to match in one of the captures.
    let script = Script::from(vec![Edit::new(Target::new("query-kvm"), Action::Drop)]);
    let small = self::conversation(&EXCHANGES[..1]);
    let edited = [&small, &conversation].map(|c| script.apply(&Subject::new(c)).expect("edits"));
    assert_eq!(script.check_matched(&[&edited[0], &edited[1]]), Ok(()));
    assert_eq!(edited[0].text, None);
    // What is not edited is not formatted either.
    let unformatted = "{\"execute\": \"query-news\"}\n\n{\"return\": {}}\n";
    let unformatted = Conversation::parse(unformatted).expect("a conversation");
    let edited = script.apply(&Subject::new(&unformatted)).expect("no edits");
    assert_eq!((edited.text, edited.matches), (None, vec![0]));
}

#[test]
fn what_an_edit_does_not_touch_stays_as_it_was() {
    let text = "{\n  \"execute\": \"query-news\",\n  \"id\": \"libvirt-9999\"\n}\n\n{\n  \"return\": {\n    \"big\": 18446744073709551616,\n    \"f\": 1.0,\n    \"s\": \"\\u00e9\\ud800\",\n    \"x\": 1\n  },\n  \"id\": \"libvirt-9999\"\n}\n";
    let conversation = Conversation::parse(text).expect("a conversation");
    let edit =
        Edit::new(Target::new("query-news"), Action::set("/return/x", "2").expect("an edit"));
    let edited = apply(&Script::from(vec![edit]), &conversation).expect("an edit that matches");
    assert_eq!(edited.text, Some(text.replace("\"x\": 1", "\"x\": 2")));
    let list = "[\n      {\n        \"\\ud800\": 1,\n        \"y\": 2\n      },\n      {\n        \"\\ud800\": 3\n      }\n    ]";
    let with_list = text.replace("\"x\": 1", &format!("\"x\": {list}"));
    let conversation = Conversation::parse(&with_list).expect("a conversation");
    let remove = Action::remove("/return/x/*/y").expect("an edit");
    let edit = Edit::new(Target::new("query-news"), remove);
    let edited = apply(&Script::from(vec![edit]), &conversation).expect("an edit that matches");
    assert_eq!(edited.text, Some(with_list.replace(": 1,\n        \"y\": 2", ": 1")));
    // The same value again is a match, but no change.
    let conversation = Conversation::parse(text).expect("a conversation");
    let edit =
        Edit::new(Target::new("query-news"), Action::set("/return/x", "1").expect("an edit"));
    let edited = apply(&Script::from(vec![edit]), &conversation).expect("an edit that matches");
    assert_eq!((edited.text, edited.matches), (None, vec![1]));
}

#[test]
fn conditions_choose_captures() {
    let schema = r#"{"return": [{"name": "stop", "meta-type": "command"}]}"#;
    let with = conversation(&[(r#"{"execute": "query-qmp-schema"}"#, schema), EXCHANGES[1]]);
    let without = conversation(&EXCHANGES[1..2]);
    let id: CaptureId = "9.2.0_x86_64+amdsev".parse().expect("a name");
    let matches = |conditions: &str, conversation: &Conversation| {
        let script = format!(
            r#"[{{"action": "drop", "command": "query-kvm", "when": {{{conditions}}}}},
                {{"action": "insert-after", "command": "query-kvm", "allow-no-match": true,
                  "new": {{"execute": "x"}}, "reply": {{"return": {{}}}}}}]"#
        );
        let script = Script::from_json(&script).expect(conditions);
        let mut edit = script.edits()[0].clone();
        edit.allow_no_match = true;
        let script = Script::from(vec![script.edits()[1].clone(), edit]);
        let subject = Subject::new(conversation).with_id(&id);
        script.apply(&subject).expect(conditions).matches[1] == 1
    };
    for (conditions, expected) in [
        (r#""version": ">=9.2, <10""#, true),
        (r#""version": "9.2.0""#, true),
        (r#""version": "9.2.1""#, false),
        (r#""version": ">=10""#, false),
        (r#""arch": "x86_64""#, true),
        (r#""arch": ["aarch64", "x86_64"]"#, true),
        (r#""arch": ["aarch64"]"#, false),
        (r#""variant": """#, false),
        (r#""variant": ["", "+amdsev"]"#, true),
        (r#""schema": "stop""#, true),
        (r#""schema": ["stop", "cont"]"#, false),
        (r#""without-schema": "cont""#, true),
        (r#""without-schema": ["cont", "stop"]"#, false),
        (r#""arch": "x86_64", "schema": "stop", "version": "<9""#, false),
    ] {
        assert_eq!(matches(conditions, &with), expected, "{conditions}");
    }
    assert!(!matches(r#""schema": "stop""#, &without));
    assert!(matches(r#""without-schema": "stop""#, &without));

    let mut edit = Edit::new(Target::new("query-kvm"), Action::Drop);
    edit.when.versions = Some(">=9".parse().expect("versions"));
    let error = Script::from(vec![edit]).apply(&Subject::new(&with)).expect_err("no name");
    assert!(error.to_string().contains("the file is not named as a capture"), "{error}");
}

#[test]
fn a_malformed_capture_is_an_error_with_its_line() {
    let text = "{\"execute\": \"query-kvm\"}\n\n{\"return\": [}\n";
    let conversation = Conversation::parse(text).expect("replies are not looked at yet");
    let expected = "line 3: malformed JSON at column 13: expected a JSON value, found `}`";
    for action in [Action::remove("/return/0").expect("a pointer"), Action::Drop] {
        let mut edits = vec![Edit::new(Target::new("query-kvm"), action)];
        edits.push(Edit::new(Target::new("query-kvm"), Action::Drop));
        let error = Script::from(edits).apply(&Subject::new(&conversation)).expect_err("malformed");
        let dropped = error == EditError::Empty;
        assert!(dropped || error.to_string() == expected, "{error}");
    }
}

#[test]
fn conformance_dropping_and_inserting_again_changes_nothing() {
    let Some(captures) = captures("edits of whole captures") else { return };
    for (id, conversation) in conversations(&captures) {
        let exchange = conversation.find("query-target").expect("query-target");
        let new = NewExchange::new(exchange.command_text(), exchange.reply_text());
        let script = Script::from(vec![
            Edit::new(Target::new("query-target"), Action::Drop),
            Edit::new(Target::new("query-version"), Action::InsertAfter(new.expect("an exchange"))),
        ]);
        let edited = script.apply(&Subject::new(&conversation).with_id(&id)).expect("edits");
        assert_eq!(edited.matches, [1, 1], "{id}");
        assert_eq!(edited.text, None, "{id}");
    }
}
