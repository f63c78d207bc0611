//! The answers that depend on the questions before them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::log::Log;
use super::mark::{End, walked};
use super::session::{parse, text};
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::json::Node;
use crate::probe::live::{Live, LiveError, Options};
use crate::probe::{self, Answer, Host, Launch};
use crate::qmp::{Command, CommandError};

/// Walks the plan of a baseline in a QEMU of its own, and adds to the logs of the two sessions the
/// answers that differ from those recorded before.
pub(super) fn record_differences(
    baseline: Baseline,
    binary: &Path,
    options: &Options,
    recorded: [Option<&mut Log>; 2],
) -> Result<(), LiveError> {
    let walk = || {
        let mut own = Own {
            live: Live::new(binary, options.clone()),
            has_second: recorded[1].is_some(),
            session: 0,
            logs: [Log::default(), Log::default()],
            error: None,
        };
        // Answers that the plan rejects are still fine for a survey.
        let _ = probe::run(baseline, &mut own);
        own
    };
    let mut own = walk();
    if own.error.is_some() {
        own = walk();
    }
    // If a question of the plan ends QEMU, the survey has that already, and the walk ends there.
    if let Some(error) = own.error.filter(|error| End::from_error(error).is_none()) {
        return Err(error);
    }
    for (own, recorded) in own.logs.iter().zip(recorded) {
        if let Some(recorded) = recorded {
            add_differences(baseline, own, recorded);
        }
    }
    Ok(())
}

fn add_differences(baseline: Baseline, own: &Log, recorded: &mut Log) {
    let mut times: HashMap<&Command, usize> = HashMap::new();
    let mut differing = HashSet::new();
    for (command, reply) in own.iter() {
        let n = times.entry(command).or_default();
        if recorded.nth(command, *n).map(content) != Some(content(reply)) {
            differing.insert(command);
        }
        *n += 1;
    }
    for (command, reply) in own.iter().filter(|(command, _)| differing.contains(command)) {
        recorded.push(walked(baseline, command), reply.clone());
    }
}

/// What a reply says, without its id and marks.
fn content(reply: &str) -> Option<Result<String, CommandError>> {
    Some(parse(reply).ok()?.result().map(Node::compact))
}

/// A live QEMU that notes its answers.
struct Own {
    live: Live,
    has_second: bool,
    session: usize,
    logs: [Log; 2],
    error: Option<LiveError>,
}

impl Own {
    fn note<T>(&mut self, result: Result<T, LiveError>) -> Result<T, LiveError> {
        result.map_err(|error| {
            self.error = Some(error);
            // The walk only needs to stop; the real error is kept in `error`.
            LiveError::NoSession
        })
    }
}

impl Host for Own {
    type Error = LiveError;

    fn start(&mut self, launch: Launch) -> Result<(), LiveError> {
        self.session = usize::from(launch == Launch::Tcg);
        let started = self.live.start(launch);
        self.note(started)
    }

    fn announce(&mut self, launch: Launch) {
        self.live.announce(launch);
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, LiveError> {
        let answer = self.live.ask(command);
        let answer = self.note(answer)?;
        self.logs[self.session].push(command.clone(), text(answer.clone()));
        Ok(answer)
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        (launch == Launch::Accelerated || self.has_second) && self.live.has_session(launch)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.live.has_hvf(arch)
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        let finished = self.live.finish();
        self.note(finished)
    }
}
