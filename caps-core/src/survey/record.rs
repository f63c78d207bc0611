#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::{RecordError, SurveyError};
use super::known::Known;
use super::log::Log;
use super::mark::Printed;
use super::marking::reply_of_run;
use super::provenance::Provenance;
use super::question::{Ask, QUESTIONS, Sessions};
use super::read::Survey;
use super::session::{Session, parse};
use super::walk::record_differences;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::probe::live::{Live, LiveError, Options, run_to_end};
use crate::probe::{self, Answer, Host, Launch};
use crate::qmp::Command;
use crate::replies::ConversationBuilder;

/// Options for recording a survey.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordOptions {
    /// Options for launching QEMU.
    pub live: Options,
    /// How many QEMUs to run at once; defaults to the number of processors, at most four.
    pub jobs: NonZero<usize>,
}

impl Default for RecordOptions {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get).min(4);
        let jobs = NonZero::new(processors).unwrap_or(NonZero::<usize>::MIN);
        Self { live: Options::default(), jobs }
    }
}

/// The progress of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of questions answered.
    pub done: usize,
    /// The number of questions known so far, which grows.
    pub total: usize,
}

/// Records everything that a QEMU reports without side effects: see [`QUESTIONS`].
///
/// A question that crashes QEMU is recorded as such, and another QEMU answers the rest.
///
/// ```no_run
/// use caps_core::survey::{RecordOptions, record};
///
/// let survey = record("/usr/bin/qemu-system-x86_64".as_ref(), &RecordOptions::default(), &|_| {})?;
/// println!("{} device types", survey.devices().len());
/// # Ok::<(), caps_core::survey::RecordError>(())
/// ```
///
/// # Errors
///
/// Fails if QEMU can't be started, sends something other than QMP, or the user interrupts.
pub fn record(
    binary: &Path,
    options: &RecordOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Survey, RecordError> {
    let live = |error| RecordError::Live { binary: binary.to_owned(), source: Box::new(error) };
    let mut qemu = options.live.clone();
    qemu.foreground = true;
    let host = || Live::new(binary, qemu.clone());
    let (first, error) = Session::start(&host, Launch::Accelerated);
    if let Some(error) = error {
        return Err(live(error));
    }
    let meter = Meter { done: AtomicUsize::new(0), total: AtomicUsize::new(0), progress };
    let mut sessions = Both { host: &host, first, second: None, hvf: false };
    // Afterwards the survey can answer every question of these libvirt releases.
    for &baseline in Baseline::ALL {
        sessions.walk(baseline).map_err(live)?;
    }
    sessions.complete().map_err(live)?;
    let Both { mut first, mut second, hvf, .. } = sessions;
    let runs = runs(binary, &qemu);
    meter.expect(runs.len());
    let jobs = options.jobs.get();
    let printed = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..jobs).map(|_| scope.spawn(|| runs.work(&meter))).collect();
        let mut result = ask_all(&mut first, Sessions::First, &meter);
        if let Some(second) = second.as_mut().filter(|_| result.is_ok()) {
            result = ask_all(second, Sessions::Both, &meter);
        }
        for &baseline in Baseline::ALL {
            let second = second.as_mut().filter(|session| !session.failed);
            let logs = [Some(&mut first.log), second.map(|session| &mut session.log)];
            result = result.and_then(|()| record_differences(baseline, &host, logs));
        }
        let result = result.and_then(|()| runs.work(&meter));
        let others = threads.into_iter().map(|thread| thread.join().unwrap_or(Ok(())));
        others.fold(result, Result::and)
    });
    printed.map_err(live)?;
    let logs = [Some(&first.log), second.as_ref().map(|session| &session.log)];
    let text = text(&logs, &runs.into_log(), &Provenance::of_this_host(&first.log, hvf))?;
    Survey::parse(&text).map_err(RecordError::Survey)
}

/// The sessions of a QEMU as a host; repeated questions get their recorded answers.
struct Both<'o, H> {
    host: &'o dyn Fn() -> H,
    first: Session<'o, H>,
    second: Option<Session<'o, H>>,
    /// Whether the Hypervisor.framework is usable, which QEMU before 11 does not report.
    hvf: bool,
}

impl<'o, H: Host<Error = LiveError>> Both<'o, H> {
    /// Starts the second session if QEMU has one and no walk got that far.
    fn complete(&mut self) -> Result<(), LiveError> {
        if self.second.is_none() && (self.hvf || Known::new(&self.first.log).is_accelerated()) {
            self.start_second()?;
        }
        Ok(())
    }

    /// Starts the second session, which a QEMU can refuse.
    fn start_second(&mut self) -> Result<&mut Session<'o, H>, LiveError> {
        let second = match self.second.take() {
            Some(second) => second,
            None => match Session::start(self.host, Launch::Tcg) {
                (_, Some(error)) if !error.is_of_qemu() => return Err(error),
                (second, _) => second,
            },
        };
        Ok(self.second.insert(second))
    }

    /// Walks a plan. Answers that the plan rejects are still fine for a survey.
    fn walk(&mut self, baseline: Baseline) -> Result<(), LiveError> {
        let mut walk = Walk { sessions: self, launch: None, asked: HashMap::new(), error: None };
        let walked = probe::run(baseline, &mut walk);
        match (walked, walk.error) {
            (Err(_), Some(error)) => Err(error),
            _ => Ok(()),
        }
    }
}

struct Walk<'w, 'o, H> {
    sessions: &'w mut Both<'o, H>,
    launch: Option<Launch>,
    /// How often this walk asked each question in this session.
    asked: HashMap<Command, usize>,
    error: Option<LiveError>,
}

impl<H: Host<Error = LiveError>> Walk<'_, '_, H> {
    fn answer(&mut self, command: &Command) -> Result<Answer, LiveError> {
        let session = match (self.launch, &mut self.sessions.second) {
            (Some(Launch::Tcg), Some(second)) => second,
            _ => &mut self.sessions.first,
        };
        let times = self.asked.entry(command.clone()).or_default();
        *times += 1;
        match session.log.nth(command, *times - 1) {
            Some(reply) => parse(reply),
            None => session.ask(command),
        }
        .map(Answer::Reply)
    }
}

impl<H: Host<Error = LiveError>> Host for Walk<'_, '_, H> {
    type Error = LiveError;

    fn start(&mut self, launch: Launch) -> Result<(), LiveError> {
        self.launch = Some(launch);
        self.asked.clear();
        if launch == Launch::Tcg {
            match self.sessions.start_second() {
                Ok(second) if !second.failed => {}
                Ok(_) => return Err(LiveError::NoSession),
                Err(error) => {
                    self.error = Some(error);
                    return Err(LiveError::NoSession);
                }
            }
        }
        Ok(())
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.sessions.hvf = (self.sessions.host)().has_hvf(arch);
        self.sessions.hvf
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, LiveError> {
        self.answer(command).map_err(|error| {
            self.error = Some(error);
            // The walk only needs to stop; the real error is kept in `error`.
            LiveError::NoSession
        })
    }
}

/// Asks the table's questions for a session, except for those already asked.
fn ask_all<H: Host<Error = LiveError>>(
    session: &mut Session<'_, H>,
    sessions: Sessions,
    meter: &Meter<'_>,
) -> Result<(), LiveError> {
    // A second session that did not start is recorded as such; there is nobody to ask.
    if session.failed {
        return Ok(());
    }
    for question in QUESTIONS {
        if !matches!(
            (question.sessions, sessions),
            (Sessions::Both, _) | (Sessions::First, Sessions::First)
        ) {
            continue;
        }
        // Later questions depend on earlier answers, such as the list of types.
        let mut commands = Known::new(&session.log).commands(question.ask);
        commands.retain(|command| !session.log.contains(command));
        meter.expect(commands.len());
        for command in &commands {
            session.ask(command)?;
            meter.advance();
        }
    }
    session.finish()
}

/// The runs outside QMP, a queue shared by several threads.
struct Runs<'o> {
    binary: &'o Path,
    options: &'o Options,
    arguments: Vec<&'static [&'static str]>,
    next: AtomicUsize,
    replies: Mutex<Vec<(usize, String)>>,
}

fn runs<'o>(binary: &'o Path, options: &'o Options) -> Runs<'o> {
    let arguments = QUESTIONS.iter().filter_map(|question| match question.ask {
        Ask::Run(arguments) => Some(arguments),
        _ => None,
    });
    let (next, replies) = (AtomicUsize::new(0), Mutex::default());
    Runs { binary, options, arguments: arguments.collect(), next, replies }
}

impl Runs<'_> {
    fn len(&self) -> usize {
        self.arguments.len()
    }

    fn work(&self, meter: &Meter<'_>) -> Result<(), LiveError> {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(arguments) = self.arguments.get(index) else { return Ok(()) };
            let reply = reply_of_run(run_to_end(self.binary, arguments, self.options))?;
            if let Ok(mut replies) = self.replies.lock() {
                replies.push((index, reply));
            }
            meter.advance();
        }
    }

    fn into_log(self) -> Log {
        let mut replies = self.replies.into_inner().unwrap_or_default();
        // Threads finish in any order, but a survey is the same every time.
        replies.sort();
        let mut log = Log::default();
        for (index, reply) in replies {
            log.push(Printed::command(self.arguments[index]), reply);
        }
        log
    }
}

struct Meter<'p> {
    done: AtomicUsize,
    total: AtomicUsize,
    progress: &'p (dyn Fn(Progress) + Sync),
}

impl Meter<'_> {
    fn expect(&self, more: usize) {
        self.total.fetch_add(more, Ordering::Relaxed);
    }

    fn advance(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(Progress { done, total: self.total.load(Ordering::Relaxed) });
    }
}

/// Assembles the text of a survey: the sessions, the runs, the origin.
fn text(
    sessions: &[Option<&Log>],
    runs: &Log,
    provenance: &Provenance,
) -> Result<String, SurveyError> {
    let mut builder = ConversationBuilder::default();
    let exchanges = sessions.iter().flatten().flat_map(|log| log.iter()).chain(runs.iter());
    for (command, reply) in exchanges {
        builder.push(&command.to_json(None), reply).map_err(crate::replies::RepliesError::from)?;
    }
    builder
        .push(&Provenance::command().to_json(None), &provenance.reply())
        .map_err(crate::replies::RepliesError::from)?;
    Ok(builder.into_text())
}
