//! The QMP client, against scripted servers.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use caps_core::qmp::client::{Client, ClientError, ClientOptions, MAX_REPLY};
use caps_core::qmp::{Command, ErrorClass, Reply};

const GREETING: &str = "{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}\r\n";

/// A server that sends the first of `says` at once, and another one after each line it receives. It
/// returns the lines, and closes the connection after its last message.
fn serve(says: &[&str]) -> (UnixStream, JoinHandle<Vec<String>>) {
    let (stream, mut server) = UnixStream::pair().expect("a pair");
    let says: Vec<String> = says.iter().map(|&text| text.to_owned()).collect();
    let thread = thread::spawn(move || {
        let mut heard = Vec::new();
        let mut lines = BufReader::new(server.try_clone().expect("a clone"));
        for (index, text) in says.iter().enumerate() {
            let mut line = String::new();
            if index > 0 && lines.read_line(&mut line).expect("a line") == 0 {
                break;
            }
            heard.push(line);
            // The client may have closed the connection already.
            if server.write_all(text.as_bytes()).is_err() {
                break;
            }
        }
        heard
    });
    (stream, thread)
}

fn options(timeout: Duration) -> ClientOptions {
    let mut options = ClientOptions::default();
    options.timeout = timeout;
    options
}

/// Connects and asks `query-name` once.
fn ask(says: &[&str]) -> Result<Reply, ClientError> {
    let (stream, _server) = serve(says);
    Client::new(stream, ClientOptions::default())?.execute(&Command::new("query-name"))
}

fn error(says: &[&str]) -> String {
    let error = ask(says).expect_err("this is no conversation");
    let source = error.source().map(|source| format!(" <- {source}")).unwrap_or_default();
    format!("{error}{source}")
}

#[test]
fn commands_are_numbered_from_the_first_of_the_connection() {
    for _ in 0..2 {
        let says = [
            GREETING,
            "{\"return\": {}, \"id\": \"libvirt-1\"}\r\n",
            "{\"id\": \"libvirt-2\", \"return\": []}\r\n",
        ];
        let (stream, server) = serve(&says);
        let mut client = Client::new(stream, ClientOptions::default()).expect("a greeting");
        let greeting = client.greeting().document().root().get("QMP").expect("a greeting");
        assert!(greeting.get("capabilities").is_some());
        client.execute(&Command::new("qmp_capabilities")).expect("a reply");
        let list = Command::new("qom-list-properties").with_strings(&[("typename", "none")]);
        let reply = client.execute(&list).expect("a reply");
        assert_eq!(reply.document().root().text(), "{\"id\": \"libvirt-2\", \"return\": []}");
        let expected = [
            "",
            "{\"execute\":\"qmp_capabilities\",\"id\":\"libvirt-1\"}\r\n",
            "{\"execute\":\"qom-list-properties\",\"arguments\":{\"typename\":\"none\"},\
             \"id\":\"libvirt-2\"}\r\n",
        ];
        assert_eq!(server.join().expect("a server"), expected);
    }
}

#[test]
fn events_are_set_aside() {
    let says = [
        &format!("{{\"event\": \"ZERO\"}}\r\n{GREETING}{{\"event\": \"ONE\"}}\r\n{{\"even"),
        "t\": \"TWO\"}\r\n{\"return\": 1}\r\n{\"event\": \"THREE\"}\r\n",
        "{\"return\": 2}\r\n",
    ];
    let (stream, _server) = serve(&says);
    let mut client = Client::new(stream, ClientOptions::default()).expect("a greeting");
    let names = |client: &mut Client| -> Vec<String> {
        client.take_events().iter().map(caps_core::qmp::Event::name).collect()
    };
    assert_eq!(names(&mut client), ["ZERO"]);
    client.execute(&Command::new("a")).expect("a reply");
    assert_eq!(names(&mut client), ["ONE", "TWO"]);
    let reply = client.execute(&Command::new("b")).expect("a reply");
    assert_eq!(reply.result().expect("a result").as_i64(), Some(2));
    assert_eq!(names(&mut client), ["THREE"]);
    assert!(names(&mut client).is_empty());
}

#[test]
fn errors_have_their_class() {
    let says =
        "{\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"no\"}, \"id\": \"libvirt-1\"}\r\n";
    let reply = ask(&[GREETING, says]).expect("a reply");
    let error = reply.result().expect_err("an error");
    assert_eq!((error.class, error.desc.as_str()), (ErrorClass::DeviceNotFound, "no"));
}

#[test]
fn what_is_not_understood_is_shown() {
    for (says, message) in [
        (
            vec!["{\"return\": 1}\r\n"],
            "expected a QMP greeting, found the line `{\"return\": 1}`, which answers no command that \
             was sent",
        ),
        (
            vec!["SSH-2.0-OpenSSH\r\n"],
            "expected a QMP greeting, found the line `SSH-2.0-OpenSSH`, which is not JSON <- line 1, \
             column 1: expected a JSON value, found `S`",
        ),
        (vec![""], "QEMU closed the connection before its QMP greeting"),
        (
            vec!["{\"QMP\""],
            "QEMU closed the connection in the middle of its QMP greeting, after 6 bytes",
        ),
        (vec![GREETING, ""], "QEMU closed the connection before its reply to `query-name`"),
        (
            vec![GREETING, "{\"return\": 1, \"id\": \"libvirt-0\"}\r\n"],
            "expected a reply to `query-name`, found the line `{\"return\": 1, \"id\": \
             \"libvirt-0\"}`, which answers no command that was sent",
        ),
        (
            vec![GREETING, "\r\n"],
            "expected a reply to `query-name`, found the line ``, which is not JSON <- line 1, column \
             1: expected a JSON value, found the end of the text",
        ),
        (
            vec![GREETING, "{\"return\": {}} {\"return\": {}}\r\n"],
            "expected a reply to `query-name`, found the line `{\"return\": {}} {\"return\": {}}`, \
             which is not JSON <- line 1, column 16: expected the end of the JSON text, found `{`",
        ),
    ] {
        assert_eq!(error(&says), message);
    }
    let long = "\u{1f980}\u{7}".repeat(1000) + "\r\n";
    let shown = "\u{1f980}\u{fffd}".repeat(40) + "...";
    assert!(error(&[GREETING, &long]).contains(&format!("found the line `{shown}`")));
}

#[test]
fn a_reply_has_at_most_10_mib() {
    let most = 10_485_760;
    assert_eq!(MAX_REPLY, most);
    let reply = |length: usize| {
        let frame = "{\"return\": \"\"}\r\n".len();
        format!("{{\"return\": \"{}\"}}\r\n", "x".repeat(length - frame))
    };
    let largest = ask(&[GREETING, &reply(most)]).expect("a reply");
    let result = largest.result().expect("a result").as_str().expect("a string").into_owned();
    assert!(result.len() > most - 20);
    let message = "expected a reply to `query-name` of at most 10 MiB, found more";
    assert_eq!(error(&[GREETING, &reply(most + 1)]), message);
    let events = "{\"event\": \"AGAIN\"}\r\n".repeat(most / 20 + 20);
    assert_eq!(error(&[GREETING, &events]), message);
}

#[test]
fn silence_is_bounded() {
    let (stream, _server) = UnixStream::pair().expect("a pair");
    let error = Client::new(stream, options(Duration::from_millis(10))).expect_err("silence");
    assert_eq!(error.to_string(), "no QMP greeting within 10ms");

    let (stream, mut server) = UnixStream::pair().expect("a pair");
    server.write_all(GREETING.as_bytes()).expect("a server");
    let mut client = Client::new(stream, options(Duration::from_millis(10))).expect("a greeting");
    server.write_all(b"{\"event\": \"ONE\"}\r\n{\"ret").expect("a server");
    let command = Command::new("device-list-properties").with_strings(&[("typename", "none")]);
    let error = client.execute(&command).expect_err("silence");
    assert_eq!(
        error.to_string(),
        "no reply to `device-list-properties {\"typename\":\"none\"}` within 10ms"
    );
}

/// A server that greets and then sends a space every millisecond.
fn drip() -> UnixStream {
    let (stream, mut server) = UnixStream::pair().expect("a pair");
    thread::spawn(move || {
        let mut text = GREETING;
        while server.write_all(text.as_bytes()).is_ok() {
            text = " ";
            thread::sleep(Duration::from_millis(1));
        }
    });
    stream
}

#[test]
fn a_reply_that_never_ends_is_given_up() {
    let mut options = options(Duration::from_secs(60));
    options.reply_timeout = Duration::from_millis(50);
    let mut client = Client::new(drip(), options).expect("a greeting");
    let error = client.execute(&Command::new("query-name")).expect_err("no end");
    assert_eq!(error.to_string(), "the reply to `query-name` was not complete within 50ms");
}

#[test]
fn everything_ends_at_the_deadline() {
    let mut options = options(Duration::from_secs(60));
    options.deadline = Some(Instant::now() + Duration::from_millis(50));
    let mut client = Client::new(drip(), options.clone()).expect("a greeting");
    let error = client.execute(&Command::new("query-name")).expect_err("no end");
    assert_eq!(error.to_string(), "the deadline passed before the reply to `query-name`");
    let (stream, _server) = UnixStream::pair().expect("a pair");
    let error = Client::new(stream, options).expect_err("no greeting");
    assert_eq!(error.to_string(), "the deadline passed before the QMP greeting");
}

#[test]
fn a_second_reply_names_its_command() {
    let says = [
        GREETING,
        "{\"return\": {}, \"id\": \"libvirt-1\"}\r\n{\"return\": {}, \"id\": \"libvirt-1\"}\r\n",
        "{\"return\": {}, \"id\": \"libvirt-2\"}\r\n",
    ];
    let (stream, _server) = serve(&says);
    let mut client = Client::new(stream, ClientOptions::default()).expect("a greeting");
    client.execute(&Command::new("query-status")).expect("a reply");
    let error = client.execute(&Command::new("query-name")).expect_err("an old reply");
    assert_eq!(
        error.to_string(),
        "expected a reply to `query-name`, found the line `{\"return\": {}, \"id\": \"libvirt-1\"}`, a \
         second reply to `query-status`"
    );
}

#[test]
fn a_reply_is_a_success_or_a_failure() {
    let both = "{\"return\": {}, \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\r\n";
    assert_eq!(
        error(&[GREETING, both]),
        "expected a reply to `query-name`, found the line `{\"return\": {}, \"error\": {\"class\": \
         \"GenericError\", \"desc\": \"no\"}}`, which is not a QMP message <- expected a JSON object with \
         one of the members `QMP`, `event`, `return` and `error`, found an object with `return`, `error`"
    );
}

#[test]
fn a_timeout_may_be_longer_than_time_itself() {
    let (stream, _server) = serve(&[GREETING]);
    Client::new(stream, options(Duration::MAX)).expect("a greeting");
}

#[test]
fn a_wait_can_be_interrupted() {
    let (stream, _server) = UnixStream::pair().expect("a pair");
    let (mut trigger, interrupt) = UnixStream::pair().expect("a pair");
    trigger.write_all(b"x").expect("a trigger");
    let mut options = ClientOptions::default();
    options.interrupt = Some(Arc::new(OwnedFd::from(interrupt)));
    let error = Client::new(stream, options).expect_err("an interrupt");
    assert!(matches!(error, ClientError::Interrupted { .. }), "{error}");
    assert_eq!(error.to_string(), "interrupted while waiting for the QMP greeting");
}
