use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;

use caps_core::serve::{CannedAnswers, ServeError, Server, SessionChoice, StopHandle};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Context;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::input::read_text;
use crate::output::say;

/// Answer QMP clients on a Unix socket as the QEMU of a capture would.
///
/// Greeting, negotiation, malformed input, unknown commands and wrong arguments get the same
/// replies as from QEMU, and every recorded question gets its recorded answer. A valid command that
/// was never recorded fails with a `GenericError` that says so, unless `--answers` provides a
/// reply.
///
/// Serves one client at a time until interrupted. The n-th client to complete negotiation gets the
/// n-th session of the capture, starting over after the last. A client that sends no complete
/// message for a minute while another one waits, or a thousand messages in a row that are no
/// commands, is disconnected.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Answers:
  FILE has one JSON object a line; lines that begin with `#` are skipped. The
  first answer that matches and isn't used up is given:

  {\"execute\": \"query-status\", \"times\": 1,
   \"return\": {\"running\": false, \"status\": \"paused\"}}
  {\"execute\": \"device_del\", \"arguments\": {\"id\": \"net0\"},
   \"after\": [{\"event\": \"DEVICE_DELETED\"}]}
  {\"execute\": \"migrate\", \"close\": true,
   \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}

  (each on one line). `arguments` are members that the command's arguments must
  have; `before` and `after` are events that are sent before and after the
  reply; `times` is how often the answer is given; `close` ends the connection.

Examples:
  qemu-caps serve 10.0.13_x86_64 --socket /tmp/qmp.sock
  qemu-caps serve latest:aarch64 --socket qmp.sock --answers hotplug.jsonl
  qemu-caps probe --connect /tmp/qmp.sock --summary")]
pub(crate) struct Args {
    /// The capture to answer from.
    #[arg(add = complete::captures())]
    capture: OsString,

    /// The path to listen on. The socket is removed at exit.
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,

    /// Replace a stale socket at PATH.
    #[arg(long)]
    replace: bool,

    /// Answers and events for commands that the capture does not answer, or answers differently.
    #[arg(long, alias = "script", value_name = "FILE")]
    answers: Option<PathBuf>,

    /// Serve only this session of the capture, counted from 1.
    #[arg(long, value_name = "N")]
    session: Option<usize>,

    /// Exit after the first client.
    #[arg(long, conflicts_with = "connections")]
    once: bool,

    /// Exit after N clients.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    connections: Option<u64>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let loaded = context.sources.find(&args.capture)?.prefer_survey().load()?;
    let mut builder = Server::builder(&loaded.conversation).socket(&args.socket);
    if let Some(path) = &args.answers {
        builder = builder.answers(read_answers(path)?);
    }
    if let Some(number) = args.session {
        builder = builder.sessions(SessionChoice::Only(number));
    }
    if args.replace {
        builder = builder.replace_stale();
    }
    if let Some(id) = &loaded.source.id {
        builder = builder.version(id.version);
    }
    if let Some(connections) = args.connections.or(args.once.then_some(1)) {
        builder = builder.connections(connections);
    }
    let server = builder.start().map_err(|error| match error {
        ServeError::Replies(_)
        | ServeError::Schema(_)
        | ServeError::Empty
        | ServeError::NoVersion => {
            let path = loaded.source.replies.display();
            CliError::input(error).context(format!("can't serve the capture `{path}`"))
        }
        _ => CliError::usage(error),
    })?;
    stop_on_signals(server.stop_handle())
        .map_err(|error| CliError::usage(error).context("can't set up the handling of signals"))?;
    say!("serving {} at {}", loaded.source.name, server.socket().display());
    server.wait().map_err(CliError::usage)?;
    Ok(Exit::Ok)
}

fn read_answers(path: &Path) -> Result<CannedAnswers, CliError> {
    let failed = || format!("can't read the answers `{}`", path.display());
    let text = read_text(path)?;
    CannedAnswers::parse(&text).map_err(|error| CliError::input(error).context(failed()))
}

fn stop_on_signals(stop: StopHandle) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _ in signals.forever() {
            stop.stop();
        }
    })?;
    Ok(())
}
