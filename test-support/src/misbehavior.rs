//! A fake QEMU that answers from a recording and misbehaves once.
//!
//! Beside its binary are the file `answers`, with a line for each recorded exchange (session,
//! command, arguments and reply, separated by tabs), and the file `fault`: a misbehavior, and the
//! number of the command at which it shows, counted from 1 over all sessions.

use std::fs;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio, exit};
use std::sync::OnceLock;

use caps_core::json::{Document, Node, quote};

/// How much a QEMU that floods sends; the client stops reading long before.
const FLOOD: usize = 100_000_000;

/// How much it prints to standard error, which the client reads and forgets.
const STDERR_FLOOD: usize = 1_000_000_000;

/// The contents of the file `answers`, read once.
static ANSWERS: OnceLock<String> = OnceLock::new();

/// Replies to a command, or misbehaves.
pub(crate) fn answer(
    binary: &Path,
    session: &str,
    stream: &mut UnixStream,
    command: &Document,
    id: &str,
) -> io::Result<()> {
    let reply = recorded(binary, session, command);
    let reply = format!("{}, \"id\": {id}}}", reply.strip_suffix('}').unwrap_or(&reply));
    let fault = fs::read_to_string(binary.with_file_name("fault"))?;
    let (kind, at) = fault.trim().rsplit_once(' ').expect("a misbehavior and a number");
    if count(binary)? == at.parse::<u64>().expect("a number") {
        misbehave(kind, stream, &reply, id)
    } else {
        write!(stream, "{reply}\r\n")
    }
}

/// The number of commands so far, including this one, in all sessions.
fn count(binary: &Path) -> io::Result<u64> {
    let mut file =
        fs::File::options().create(true).append(true).open(binary.with_file_name("count"))?;
    file.write_all(b".")?;
    Ok(file.metadata()?.len())
}

/// The recorded reply without its id.
fn recorded(binary: &Path, session: &str, command: &Document) -> String {
    let name = command.root().get_str("execute").unwrap_or_default();
    let arguments = command.root().get("arguments").map(Node::compact).unwrap_or_default();
    let question = format!("{session}\t{name}\t{arguments}\t");
    let read = || fs::read_to_string(binary.with_file_name("answers")).expect("a file of answers");
    let answers = ANSWERS.get_or_init(read);
    let found = answers.lines().find_map(|line| line.strip_prefix(&question));
    let missing = r#"{"error": {"class": "CommandNotFound", "desc": "not recorded"}}"#;
    found.unwrap_or(missing).to_owned()
}

fn misbehave(kind: &str, stream: &mut UnixStream, reply: &str, id: &str) -> io::Result<()> {
    let text = match kind {
        "exits" => exit(1),
        "is killed" => {
            let pid = rustix::process::getpid();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL)?;
            String::new()
        }
        "closes" => {
            stream.shutdown(Shutdown::Both)?;
            crate::hang();
        }
        "half a line" => {
            stream.write_all(&reply.as_bytes()[..reply.len() / 2])?;
            stream.shutdown(Shutdown::Both)?;
            crate::hang();
        }
        "leaves a child" => {
            let socket = OwnedFd::from(stream.try_clone()?);
            drop(Command::new("sleep").arg("600").stdin(Stdio::from(socket)).spawn()?);
            exit(1);
        }
        "hangs" | "ignores SIGTERM" => crate::hang(),
        "no line end" => {
            stream.write_all(reply.as_bytes())?;
            crate::hang();
        }
        "100 MB" => {
            stream.write_all(b"{\"return\": \"")?;
            let chunk = vec![b'x'; 1_000_000];
            (0..FLOOD / chunk.len()).try_for_each(|_| stream.write_all(&chunk))?;
            "\"}".to_owned()
        }
        "one byte a time" => {
            for byte in reply.as_bytes() {
                stream.write_all(&[*byte])?;
                std::thread::yield_now();
            }
            String::new()
        }
        "floods stderr" => {
            let chunk = vec![b'e'; 1_000_000];
            (0..STDERR_FLOOD / chunk.len()).try_for_each(|_| io::stderr().write_all(&chunk))?;
            reply.to_owned()
        }
        "event storm" => {
            let event = r#"{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "RESUME"}"#;
            stream.write_all(format!("{event}\r\n").repeat(1000).as_bytes())?;
            reply.to_owned()
        }
        "garbage" => "What do you mean?".to_owned(),
        "no message" => "[\"return\"]".to_owned(),
        "invalid UTF-8" => {
            stream.write_all(b"{\"return\": \"\xff\"}")?;
            String::new()
        }
        "wrong id" => format!("{{\"return\": {{}}, \"id\": {}}}", quote("libvirt-999")),
        "wrong type" => format!("{{\"return\": \"?\", \"id\": {id}}}"),
        "both" => format!("{{\"return\": {{}}, \"error\": {{}}, \"id\": {id}}}"),
        "twice" => format!("{reply}\r\n{reply}"),
        class => {
            format!(
                "{{\"error\": {{\"class\": {}, \"desc\": \"no\"}}, \"id\": {id}}}",
                quote(class)
            )
        }
    };
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"\r\n")
}
