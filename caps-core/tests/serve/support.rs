use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caps_core::replies::Conversation;
use caps_core::serve::Server;

/// The project's own captures.
pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata")
}

/// The conversation of one of the project's own captures.
pub(crate) fn capture(name: &str) -> Conversation {
    let path = data().join(format!("caps_{name}.replies"));
    let bytes = std::fs::read(&path).expect("a capture of the project");
    Conversation::from_bytes(&bytes).expect("a good capture")
}

/// A server over a capture that has two sessions.
pub(crate) fn server() -> Server {
    Server::builder(&capture("10.0.13_x86_64")).start().expect("a server")
}

/// A client that sends bytes and receives lines.
pub(crate) struct Peer {
    pub(crate) stream: UnixStream,
    lines: BufReader<UnixStream>,
}

impl Peer {
    /// Connects and reads the greeting.
    pub(crate) fn greeted(socket: &Path) -> (Self, String) {
        let mut peer = Self::new(UnixStream::connect(socket).expect("a listening server"));
        let greeting = peer.line();
        (peer, greeting)
    }

    pub(crate) fn new(stream: UnixStream) -> Self {
        // A test that waits longer than this would wait forever.
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
        let lines = BufReader::new(stream.try_clone().expect("a second handle"));
        Self { stream, lines }
    }

    /// Connects and completes the negotiation.
    pub(crate) fn negotiated(socket: &Path) -> Self {
        let (mut peer, _) = Self::greeted(socket);
        assert_eq!(peer.ask(r#"{"execute":"qmp_capabilities"}"#), r#"{"return": {}}"#);
        peer
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).expect("a server that reads");
    }

    /// The next line without its CR LF; empty at the end of the connection.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line of UTF-8");
        assert!(line.is_empty() || line.ends_with("\r\n"), "lines end with CR LF: {line:?}");
        line.trim_end().to_owned()
    }

    pub(crate) fn ask(&mut self, command: impl AsRef<[u8]>) -> String {
        self.send(command);
        self.line()
    }

    /// Sends bytes and a terminator for unfinished values, and returns the lines received before
    /// the answer to a final command.
    pub(crate) fn lines_for(&mut self, bytes: &[u8]) -> Vec<String> {
        self.send(bytes);
        self.send(b"\xff\n{\"execute\":\"query-name\",\"id\":\"end of case\"}");
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "the connection is open");
            if line.contains("\"end of case\"") {
                return lines;
            }
            lines.push(line);
        }
    }
}

/// An event's line without its time.
pub(crate) fn timeless(line: &str) -> String {
    match line.split_once("}, \"event\"") {
        Some((_, rest)) => format!("{{\"event\"{rest}"),
        None => line.to_owned(),
    }
}

/// Collects the failures in a table of cases.
pub(crate) fn assert_none(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
