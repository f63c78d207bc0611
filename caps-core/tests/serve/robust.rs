use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use caps_core::serve::Server;

use crate::support::{Peer, capture, server};

const TARGET: &str = r#"{"return": {"arch": "x86_64"}, "id": 1}"#;

fn works(server: &Server) {
    let mut peer = Peer::negotiated(server.socket());
    assert_eq!(peer.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
}

#[test]
fn a_client_that_leaves_in_the_middle_leaves_room_for_the_next() {
    let server = server();
    drop(UnixStream::connect(server.socket()).expect("a server"));
    drop(Peer::greeted(server.socket()));
    for unfinished in
        ["{\"execute\":\"quer", "{\"a\":[{", "\"", "{\"execute\":\"query-qmp-schema\"}"]
    {
        let mut peer = Peer::negotiated(server.socket());
        peer.send(unfinished);
    }
    works(&server);
}

#[test]
fn clients_wait_for_their_turn() {
    let server = server();
    let first = Peer::negotiated(server.socket());
    let second = UnixStream::connect(server.socket()).expect("a server");
    let third = UnixStream::connect(server.socket()).expect("a server");
    drop(first);
    for stream in [second, third] {
        assert!(Peer::new(stream).line().starts_with("{\"QMP\""));
    }
}

#[test]
fn a_hundred_megabytes_in_one_string_are_cut_off() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    peer.send("{\"execute\":\"query-target\",\"id\":\"");
    let chunk = vec![b'a'; 1 << 20];
    for _ in 0..100 {
        peer.send(&chunk);
    }
    let limit = r#"{"error": {"class": "GenericError", "desc": "JSON token size limit exceeded"}}"#;
    assert_eq!(peer.ask("\"}\n"), limit);
    // The rest of the string reads as a keyword; QEMU prints its first kilobyte.
    let keyword = peer.line();
    assert!(keyword.contains("JSON parse error, invalid keyword 'aaaa"), "{keyword}");
    assert_eq!(keyword.len(), 1089);
    assert!(peer.line().contains("JSON parse error, stray "));
    assert_eq!(peer.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
}

#[test]
fn a_hundred_megabytes_of_strings_and_of_blanks_are_cut_off() {
    let server = Server::builder(&capture("11.1.3_x86_64")).start().expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    peer.send("[");
    let chunk = format!("\"{}\",", "a".repeat(997)).repeat(1000);
    for _ in 0..100 {
        peer.send(&chunk);
        peer.send(" ".repeat(1000));
    }
    let limit = r#"{"error": {"class": "GenericError", "desc": "JSON token size limit exceeded"}}"#;
    // Since 11.1, the rest of the value is dropped.
    assert_eq!(peer.ask("1]"), limit);
    assert_eq!(peer.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
}

#[test]
fn too_many_tokens_and_levels_are_refused() {
    let server = Server::builder(&capture("11.1.3_x86_64")).start().expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    let refused = |limit: &str| {
        format!(
            "{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"JSON {limit} limit exceeded\"}}}}"
        )
    };
    let deep = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
    assert!(peer.ask(deep(1024)).contains("QMP input must be a JSON object"));
    assert_eq!(peer.ask(deep(1025)), refused("nesting depth"));
    assert_eq!(peer.ask(deep(100_000)), refused("nesting depth"));
    assert_eq!(peer.ask(format!("[{}1]", "1,".repeat(1 << 20))), refused("token count"));
    let mut object = "{\"a\":".repeat(1024);
    object.push('1');
    object.push_str(&"}".repeat(1024));
    assert!(peer.ask(object).contains("QMP input member 'a' is unexpected"));
    assert_eq!(peer.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
}

#[test]
fn a_client_that_never_reads_is_sent_away() {
    let conversation = capture("10.0.13_x86_64");
    let server = Server::builder(&conversation)
        .write_timeout(Duration::from_millis(50))
        .start()
        .expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    for _ in 0..20 {
        peer.send("{\"execute\":\"query-qmp-schema\"}");
    }
    works(&server);
    let mut rest = Vec::new();
    // Data sent before the client was disconnected can still be read; then the connection ends.
    let _ = peer.stream.read_to_end(&mut rest);
    assert!(rest.len() < 20 * 200_000, "{}", rest.len());
}

#[test]
fn a_client_that_never_reads_does_not_keep_the_server() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    for _ in 0..20 {
        peer.send("{\"execute\":\"query-qmp-schema\"}");
    }
    server.stop().expect("a server that stops");
}

#[test]
fn clients_that_are_silent_or_talk_without_end_do_not_keep_the_server() {
    let server = server();
    let stop = server.stop_handle();
    let mut peer = Peer::negotiated(server.socket());
    let talker = std::thread::spawn(move || {
        let chunk = [b' '; 4096];
        while peer.stream.write_all(&chunk).is_ok() {}
    });
    let waiting = UnixStream::connect(server.socket()).expect("a server");
    stop.stop();
    server.wait().expect("a server that stops");
    talker.join().expect("a connection that ends");
    let mut nothing = Vec::new();
    let _ = (&waiting).read_to_end(&mut nothing);
    assert!(nothing.is_empty());
}

/// Each byte is an error, whose reply is a hundred times as long.
#[test]
fn a_client_that_sends_no_commands_is_sent_away() {
    let server = server();
    for garbage in ["]", "1 ", "{}", "[]"] {
        let mut peer = Peer::negotiated(server.socket());
        let mut stream = peer.stream.try_clone().expect("a second handle");
        let text = garbage.repeat(4_000_000 / garbage.len());
        // Ends early, when the server closes the connection.
        let writer = std::thread::spawn(move || stream.write_all(text.as_bytes()).is_err());
        let mut replies = Vec::new();
        // The connection may end by a reset.
        let _ = peer.stream.read_to_end(&mut replies);
        assert!((1000..300_000).contains(&replies.len()), "{garbage}: {}", replies.len());
        assert!(writer.join().expect("a thread"), "{garbage}");
        works(&server);
    }
    // Commands in between show that it is a client with a fault, not an attack.
    let mut peer = Peer::negotiated(server.socket());
    for _ in 0..3 {
        for _ in 0..900 {
            assert!(peer.ask("]").contains("JSON parse error"));
        }
        assert_eq!(peer.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
    }
}

#[test]
fn an_idle_client_gives_way_to_one_that_waits() {
    let conversation = capture("10.0.13_x86_64");
    let timeout = Duration::from_millis(50);
    let server = Server::builder(&conversation).idle_timeout(timeout).start().expect("a server");
    let mut idle = Peer::negotiated(server.socket());
    idle.send("{\"execute\":");
    works(&server);
    assert_eq!(idle.line(), "", "the connection is closed");
    // A client that is alone may be silent for longer.
    let mut alone = Peer::negotiated(server.socket());
    std::thread::park_timeout(timeout * 4);
    assert_eq!(alone.ask(r#"{"execute":"query-target","id":1}"#), TARGET);
}
