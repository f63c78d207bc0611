//! The QMP client and the QMP server, with a peer that sends anything.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::LazyLock;
use std::time::Duration;

use caps_core::json::Document;
use caps_core::qmp::Command;
use caps_core::qmp::client::{Client, ClientOptions};
use caps_core::serve::Server;

use crate::judge::CONVERSATION;

/// What a socket takes without a reader.
const ROOM: usize = 60_000;

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Server::builder(&CONVERSATION).start().expect("a server"));

/// The input is what a server sends.
pub(crate) fn client(data: &[u8]) -> bool {
    let (mut server, stream) = UnixStream::pair().expect("a pair");
    server.write_all(&data[..data.len().min(ROOM)]).expect("room");
    server.shutdown(Shutdown::Write).expect("an end");
    let mut options = ClientOptions::default();
    options.timeout = Duration::from_secs(20);
    let Ok(mut client) = Client::new(stream, options) else { return false };
    let is_answered = client.execute(&Command::new("qmp_capabilities")).is_ok();
    let _ = client.execute(&Command::new("query-version"));
    let _ = client.take_events();
    is_answered
}

/// The input is what a client sends; each line of the server is a message.
pub(crate) fn serve(data: &[u8]) -> bool {
    let mut stream = UnixStream::connect(SERVER.socket()).expect("a server");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    let mut peer = stream.try_clone().expect("a handle");
    let data = data[..data.len().min(ROOM)].to_vec();
    // The server may disconnect first.
    let writer = std::thread::spawn(move || {
        let _ = peer.write_all(&data).and_then(|()| peer.shutdown(Shutdown::Write));
    });
    let mut text = Vec::new();
    let ended = stream.read_to_end(&mut text);
    writer.join().expect("a thread");
    // Unread input makes the end a reset.
    assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    let text = String::from_utf8(text).expect("UTF-8");
    let mut lines = text.split_inclusive("\r\n").peekable();
    assert!(lines.peek().is_some_and(|line| line.starts_with("{\"QMP\"")), "{text}");
    let mut count = 0;
    for line in lines {
        Document::parse(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        count += 1;
    }
    count > 1
}
