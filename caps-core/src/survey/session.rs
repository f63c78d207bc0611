use std::path::Path;

use super::log::Log;
use super::mark::End;
use super::marking::not_started;
use crate::json::Document;
use crate::probe::live::{Live, LiveError, Options};
use crate::probe::{Answer, Host, Launch};
use crate::qmp::{Command, Reply};

/// How many of the preceding questions to suspect when QEMU dies.
const SUSPECTS: usize = 3;
/// How many of the preceding questions to combine with the one at which QEMU dies.
const COMPANIONS: usize = 40;
/// The question that makes QEMU load its modules, which changes other answers, such as that to
/// `query-chardev-backends`.
const LOADS_MODULES: &str = "qom-list-types";
/// How many harmless questions to ask to see whether QEMU survives.
const NUDGES: usize = 3;

/// A session that outlives its QEMU: if a question kills QEMU, that is recorded, and another QEMU
/// gets the next question.
#[derive(Debug)]
pub(super) struct Session<'o> {
    binary: &'o Path,
    options: &'o Options,
    launch: Launch,
    live: Option<Live>,
    /// How many of the recorded questions the current QEMU was asked.
    asked_of_present: usize,
    pub(super) log: Log,
    /// Whether QEMU can't be started.
    pub(super) failed: bool,
}

impl<'o> Session<'o> {
    /// Starts QEMU and records a failure to start.
    pub(super) fn start(
        binary: &'o Path,
        options: &'o Options,
        launch: Launch,
    ) -> (Self, Option<LiveError>) {
        let (live, log) = (None, Log::default());
        let mut session =
            Self { binary, options, launch, live, asked_of_present: 0, log, failed: false };
        let error = match session.fresh() {
            Ok((live, reply)) => {
                session.live = Some(live);
                session.log.push(negotiation(), reply);
                None
            }
            Err(error) => {
                session.failed = true;
                session.log.push(negotiation(), not_started(&error));
                Some(error)
            }
        };
        (session, error)
    }

    /// Starts a QEMU that has completed negotiation, and loaded its modules if an earlier one had. One that
    /// ends or falls silent meanwhile gets a second try: on a busy machine, QEMU 7.2 can miss its first command.
    fn fresh(&self) -> Result<(Live, String), LiveError> {
        match self.try_fresh() {
            Err(error) if End::from_error(&error).is_some() => self.try_fresh(),
            done => done,
        }
    }

    fn try_fresh(&self) -> Result<(Live, String), LiveError> {
        let mut live = Live::new(self.binary, self.options.clone());
        let reply = live.start(self.launch).and_then(|()| live.ask(&negotiation())).map(text)?;
        let mut asked = self.log.iter().map(|(command, _)| command);
        if let Some(command) = asked.find(|command| command.execute() == LOADS_MODULES) {
            live.ask(command)?;
        }
        Ok((live, reply))
    }

    /// Asks a question and records it with its answer.
    pub(super) fn ask(&mut self, command: &Command) -> Result<Reply, LiveError> {
        let mut live = if let Some(live) = self.live.take() {
            live
        } else {
            self.asked_of_present = 0;
            self.fresh()?.0
        };
        let reply = match live.ask(command) {
            Ok(answer) => {
                self.live = Some(live);
                self.asked_of_present += 1;
                text(answer)
            }
            Err(error) => {
                let end = End::from_error(&error).ok_or(error)?;
                // Clean up what may be left of it.
                drop(live);
                self.explain(command, &end)?
            }
        };
        let parsed = parse(&reply)?;
        self.log.push(command.clone(), reply);
        Ok(parsed)
    }

    /// Handles the death of QEMU at this question: determines whether this question, an earlier one or
    /// both together are to blame, marks the culprit, and returns the answer to this question.
    fn explain(&mut self, command: &Command, end: &End) -> Result<String, LiveError> {
        // The question itself is the most likely culprit.
        let (answer, ended) = self.try_afresh(&[command])?;
        if let Some(end) = ended {
            return Ok(end.mark(answer.as_deref()));
        }
        let Some(answer) = answer else { return Ok(end.mark(None)) };
        let earlier = self.log.last(self.asked_of_present).to_vec();
        // A crash can follow its cause with a delay, so try the preceding questions, latest first.
        for (from_end, (suspect, reply)) in (1..=SUSPECTS).zip(earlier.iter().rev()) {
            if let (_, Some(end)) = self.try_afresh(&[suspect])? {
                self.log.replace(from_end, end.mark(Some(reply)));
                return Ok(answer);
            }
        }
        for (companion, _) in earlier.iter().rev().take(COMPANIONS) {
            if let (_, Some(mut end)) = self.try_afresh(&[companion, command])? {
                end.after = Some(companion.to_json(None));
                return Ok(end.mark(Some(&answer)));
            }
        }
        // No question kills QEMU again, so something else did.
        Ok(answer)
    }

    /// Asks a fresh QEMU some questions, and some harmless ones to see whether it survives. Returns
    /// the last answer and, if QEMU died, how.
    fn try_afresh(
        &self,
        commands: &[&Command],
    ) -> Result<(Option<String>, Option<End>), LiveError> {
        let (mut live, _) = self.fresh()?;
        let mut last = None;
        for command in commands {
            match live.ask(command) {
                Ok(answer) => last = Some(text(answer)),
                Err(error) => return Ok((None, Some(End::from_error(&error).ok_or(error)?))),
            }
        }
        // QEMU can answer and die a moment later.
        for _ in 0..NUDGES {
            if let Err(error) = live.ask(&Command::new("query-version")) {
                return Ok((last, Some(End::from_error(&error).ok_or(error)?)));
            }
        }
        Ok((last, None))
    }

    /// Stops QEMU.
    pub(super) fn finish(&mut self) -> Result<(), LiveError> {
        self.live.take().map_or(Ok(()), |mut live| live.finish())
    }
}

fn negotiation() -> Command {
    Command::new("qmp_capabilities")
}

pub(super) fn text(answer: Answer) -> String {
    match answer {
        Answer::Reply(reply) => reply.document().root().text().to_owned(),
        // A live QEMU answers or fails; it never lacks an answer.
        Answer::Missing => not_started(&LiveError::NoSession),
    }
}

pub(super) fn parse(reply: &str) -> Result<Reply, LiveError> {
    let document = Document::parse(reply).map_err(|_| LiveError::NoSession)?;
    Reply::from_document(document).map_err(|_| LiveError::NoSession)
}
