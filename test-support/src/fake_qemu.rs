//! A stand-in for QEMU that misbehaves according to the name it is started under; tests create
//! links to it. It accepts QEMU's options, daemonizes and serves QMP. Under the name `prober` it is
//! a program that probes one instead.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio, exit};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use caps_core::json::{Document, quote};
use caps_core::replies::Conversation;

#[path = "misbehavior.rs"]
mod misbehavior;
#[path = "prober.rs"]
mod prober;

/// Set in the environment of the daemon.
const DAEMON: &str = "FAKE_QEMU_DAEMON";

/// How long a fake is late.
const MOMENT: Duration = Duration::from_millis(50);

fn main() {
    let mut args: Vec<String> = env::args().collect();
    let name = PathBuf::from(args.remove(0));
    let mode = name.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    if mode == "prober" {
        return prober::main(&args);
    }
    let fake = Fake { name, mode, args };
    let result = if env::var_os(DAEMON).is_some() { fake.serve() } else { fake.launch() };
    // A client that closes the connection is not an error.
    drop(result);
}

struct Fake {
    name: PathBuf,
    mode: String,
    args: Vec<String>,
}

impl Fake {
    fn option(&self, option: &str) -> &str {
        let at = self.args.iter().position(|arg| arg == option).expect("an option of QEMU");
        &self.args[at + 1]
    }

    fn socket(&self) -> &str {
        let option = self.option("-qmp").strip_prefix("unix:").expect("a unix socket");
        option.strip_suffix(",server=on,wait=off").expect("QEMU's server options")
    }

    fn launch(&self) -> std::io::Result<()> {
        match self.mode.as_str() {
            "prints-garbage" => {
                std::io::stdout().write_all(b"\x07Hello, World!\n\n  good bye\n")?;
                exit(0);
            }
            "fails" => {
                eprintln!(
                    "qemu: warning: this one\nqemu: can't\nqemu: whatever\nqemu: no\nqemu: yes"
                );
                exit(3);
            }
            "kills-itself" => {
                let pid = rustix::process::getpid();
                rustix::process::kill_process(pid, rustix::process::Signal::KILL)?;
            }
            "prints-without-end" => loop {
                std::io::stderr().write_all(b"again\n")?;
            },
            "hangs" => {
                eprintln!("one moment");
                hang();
            }
            "has-no-tcg" if !self.args.iter().any(|arg| arg == "-machine") => exit(1),
            "has-no-tcg" if self.option("-machine").ends_with("accel=tcg") => {
                eprintln!("qemu: -machine none,accel=tcg: invalid accelerator tcg");
                exit(1);
            }
            "has-no-tcg" if !self.args.iter().any(|arg| arg == "-daemonize") => self.serve()?,
            "opens-a-file" => fs::write(self.socket(), "not a socket")?,
            _ if !self.args.iter().any(|arg| arg == "-qmp") => {
                eprintln!("no help is available");
                exit(1);
            }
            _ if !self.args.iter().any(|arg| arg == "-daemonize") => return self.serve(),
            _ => {
                let mut daemon = Command::new(env::current_exe()?)
                    .arg0(&self.name)
                    .args(&self.args)
                    .env(DAEMON, "")
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()?;
                let ready = daemon.stdout.take().expect("a pipe");
                BufReader::new(ready).read_line(&mut String::new())?;
                match self.mode.as_str() {
                    "forks-and-fails" => exit(1),
                    "forks-and-hangs" => hang(),
                    _ => exit(0),
                }
            }
        }
        Ok(())
    }

    fn serve(&self) -> std::io::Result<()> {
        if env::var_os(DAEMON).is_some() {
            rustix::process::setsid()?;
        }
        if self.mode == "listens-late" {
            // A file refuses connections like a socket on which nobody listens yet.
            fs::write(self.socket(), "")?;
        }
        if !self.mode.starts_with("forks") {
            fs::write(self.option("-pidfile"), format!("{}\n", std::process::id()))?;
        }
        let listener = if self.mode == "listens-late" {
            thread::park_timeout(MOMENT);
            let late = format!("{}.late", self.socket());
            let listener = UnixListener::bind(&late)?;
            fs::rename(late, self.socket())?;
            listener
        } else {
            UnixListener::bind(self.socket())?
        };
        std::io::stdout().write_all(b"ready\n")?;
        let (mut stream, _) = listener.accept()?;
        if self.mode == "hangs-before-greeting" {
            hang();
        }
        stream.write_all(GREETING)?;
        let mut lines = BufReader::new(stream.try_clone()?);
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                // Like QEMU, wait for the next client.
                (stream, _) = listener.accept()?;
                lines = BufReader::new(stream.try_clone()?);
            } else {
                self.answer(&mut stream, &line)?;
            }
        }
    }

    /// Counts the commands of all fakes of this name, and kills this one at the given number, from 1.
    fn count(&self, number: u64) -> std::io::Result<()> {
        let path = self.name.with_extension("count");
        let mut file = fs::File::options().create(true).append(true).open(&path)?;
        file.write_all(b".")?;
        if file.metadata()?.len() == number {
            rustix::process::kill_process(
                rustix::process::getpid(),
                rustix::process::Signal::KILL,
            )?;
            hang();
        }
        Ok(())
    }

    /// The answer in the conversation beside the program.
    fn recorded(&self, command: &Document, id: &str) -> String {
        static CONVERSATION: OnceLock<Conversation> = OnceLock::new();
        let conversation = CONVERSATION.get_or_init(|| {
            let text = fs::read(self.name.with_file_name("conversation")).expect("a file");
            Conversation::from_bytes(&text).expect("a conversation")
        });
        recorded(conversation, command, id)
    }

    fn answer(&self, stream: &mut UnixStream, line: &str) -> std::io::Result<()> {
        let command = Document::parse(line).expect("a command");
        let id = command.root().get("id").expect("an id").text().to_owned();
        let mut reply = |text: &str| write!(stream, "{{\"return\": {text}, \"id\": {id}}}\r\n");
        if command.root().get_str("execute").is_some_and(|name| name == "query-environment") {
            let env: Vec<String> = env::vars()
                .filter(|(name, _)| name != DAEMON)
                .map(|(name, value)| format!("{}: {}", quote(&name), quote(&value)))
                .collect();
            let args: Vec<String> = self.args.iter().map(|arg| quote(arg)).collect();
            return reply(&format!(
                "{{\"args\": [{}], \"env\": {{{}}}}}",
                args.join(", "),
                env.join(", ")
            ));
        }
        if self.mode == "misbehaves" {
            let is_tcg = self.option("-machine").ends_with("accel=tcg");
            let session = if is_tcg { "tcg" } else { "accelerated" };
            return misbehavior::answer(&self.name, session, stream, &command, &id);
        }
        if self.mode == "dies-of-two" {
            die_of_two(&command.root().get_str("execute").unwrap_or_default());
        }
        if let Some(number) = self.mode.strip_prefix("is-killed-at-") {
            self.count(number.parse().expect("a number"))?;
        }
        if command.root().get_str("execute").is_some_and(|name| name == "qmp_capabilities") {
            return reply("{}");
        }
        match self.mode.as_str() {
            "hangs-after-command" => {
                // Notifies the test, if it listens.
                drop(UnixStream::connect(self.name.with_file_name("asked")));
                hang();
            }
            "closes-within-reply" => {
                stream.write_all(b"{\"return\": {\"qemu")?;
                stream.shutdown(Shutdown::Both)?;
                hang();
            }
            "dies" => exit(1),
            "dies-late" => {
                stream.shutdown(Shutdown::Both)?;
                thread::park_timeout(MOMENT);
                exit(1)
            }
            "sends-100-mb" => {
                stream.write_all(b"{\"return\": \"")?;
                let chunk = vec![b'x'; 1_000_000];
                (0..100).try_for_each(|_| stream.write_all(&chunk))?;
                stream.write_all(b"\"}\r\n")
            }
            "has-no-tcg" => write!(stream, "{}\r\n", self.recorded(&command, &id)),
            "has-moods" => {
                let answer = self.recorded(&command, &id);
                write!(stream, "{}\r\n", in_mood(&command, answer))
            }
            "sends-no-json" => stream.write_all(b"What do you mean?\r\n"),
            "sends-no-utf8" => stream.write_all(b"{\"return\": \"\xff\"}\r\n"),
            "sends-no-message" => stream.write_all(b"[\"return\"]\r\n"),
            _ => reply("{}"),
        }
    }
}

/// Exchanges two types of `qom-list-types` when it was asked `query-accelerators` before.
fn in_mood(command: &Document, answer: String) -> String {
    static WAS_ASKED: AtomicBool = AtomicBool::new(false);
    match command.root().get_str("execute").as_deref() {
        Some("query-accelerators") => WAS_ASKED.store(true, Ordering::Relaxed),
        Some("qom-list-types") if WAS_ASKED.load(Ordering::Relaxed) => {
            let exchanged = answer.replace("\"virtio-net-pci\"", "\"\"");
            let exchanged = exchanged.replace("\"virtio-blk-pci\"", "\"virtio-net-pci\"");
            return exchanged.replace("\"\"", "\"virtio-blk-pci\"");
        }
        _ => {}
    }
    answer
}

/// The answer to a command in a recorded conversation, with the id of the command.
fn recorded(conversation: &Conversation, command: &Document, id: &str) -> String {
    let asked = conversation.exchanges().find(|exchange| {
        let member = |key| command.root().get(key).map(caps_core::json::Node::compact);
        let name = quote(exchange.command().execute());
        member("execute").is_some_and(|asked| asked == name)
            && member("arguments").as_deref() == exchange.command().arguments()
    });
    let Some(exchange) = asked else {
        let error = r#"{"class": "CommandNotFound", "desc": "not recorded"}"#;
        return format!("{{\"id\": {id}, \"error\": {error}}}");
    };
    let reply = exchange.reply().expect("a reply");
    let members = reply.document().root().members().map(|(key, value)| {
        let value = if key == "id" { id.to_owned() } else { value.compact() };
        format!("{}: {value}", quote(&key))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

const GREETING: &[u8] = b"{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n";

/// Dies of `query-cpu-model-expansion` when it was asked `human-monitor-command` before.
fn die_of_two(execute: &str) {
    static WAS_ASKED: AtomicBool = AtomicBool::new(false);
    match execute {
        "human-monitor-command" => WAS_ASKED.store(true, Ordering::Relaxed),
        "query-cpu-model-expansion" if WAS_ASKED.load(Ordering::Relaxed) => {
            eprintln!("two is too much");
            exit(1);
        }
        _ => {}
    }
}

/// Sleeps until it is killed.
fn hang() -> ! {
    loop {
        thread::park();
    }
}
