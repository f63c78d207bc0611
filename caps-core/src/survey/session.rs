use super::log::Log;
use super::mark::End;
use super::marking::not_started;
use crate::json::Document;
use crate::probe::live::LiveError;
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
pub(super) struct Session<'o, H> {
    /// Makes a host that launches another QEMU.
    host: &'o dyn Fn() -> H,
    launch: Launch,
    live: Option<H>,
    /// How many of the recorded questions the current QEMU was asked.
    asked_of_present: usize,
    pub(super) log: Log,
    /// Whether QEMU can't be started.
    pub(super) failed: bool,
}

impl<'o, H: Host<Error = LiveError>> Session<'o, H> {
    /// Starts QEMU and records a failure to start.
    pub(super) fn start(host: &'o dyn Fn() -> H, launch: Launch) -> (Self, Option<LiveError>) {
        let (live, log) = (None, Log::default());
        let mut session = Self { host, launch, live, asked_of_present: 0, log, failed: false };
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
    fn fresh(&self) -> Result<(H, String), LiveError> {
        match self.try_fresh() {
            Err(error) if End::from_error(&error).is_some() => self.try_fresh(),
            done => done,
        }
    }

    fn try_fresh(&self) -> Result<(H, String), LiveError> {
        let mut live = (self.host)();
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

#[cfg(test)]
mod tests {
    use super::Session;
    use crate::probe::Launch;
    use crate::probe::live::LiveError;
    use crate::qmp::Command;
    use crate::qmp::client::{Awaited, ClientError};
    use crate::survey::scripted::Scripted;

    fn died() -> LiveError {
        LiveError::Died { source: ClientError::Closed { awaited: Awaited::Greeting } }
    }

    const START: [&str; 2] = ["start Accelerated", "qmp_capabilities"];

    #[test]
    fn a_qemu_that_ends_early_is_started_again_and_one_that_does_not_start_is_not() {
        let qemu = Scripted::failing("qmp_capabilities", died());
        let host = || qemu.clone();
        let (session, error) = Session::start(&host, Launch::Accelerated);
        assert!(error.is_none() && !session.failed, "{error:?}");
        assert_eq!(qemu.take_told(), [START, START].concat());

        let missing = LiveError::NotOnPath { name: "qemu".into() };
        let qemu = Scripted::failing("start Accelerated", missing);
        let host = || qemu.clone();
        let (session, error) = Session::start(&host, Launch::Accelerated);
        assert!(matches!(error, Some(LiveError::NotOnPath { .. })) && session.failed, "{error:?}");
        assert_eq!(qemu.take_told(), START[..1]);
    }

    #[test]
    fn another_qemu_loads_the_modules_that_the_last_one_loaded() {
        let qemu = Scripted::failing("query-fatal", died());
        let host = || qemu.clone();
        let (mut session, _) = Session::start(&host, Launch::Accelerated);
        let loads = Command::new("qom-list-types").with_arguments(r#"{"abstract":true}"#);
        for command in [Command::new("query-name"), loads.expect("an object")] {
            session.ask(&command).expect("an answer");
        }
        qemu.take_told();
        session.ask(&Command::new("query-fatal")).expect("an answer");
        let told = qemu.take_told();
        let afresh = [&START[..], &[r#"qom-list-types {"abstract":true}"#, "query-fatal"]].concat();
        assert_eq!(told[0], "query-fatal");
        assert_eq!(told[1..=afresh.len()], afresh);
    }

    #[test]
    fn the_end_of_a_session_is_that_of_its_qemu() {
        let qemu = Scripted::failing("finish", LiveError::Interrupted);
        let host = || qemu.clone();
        let (mut session, _) = Session::start(&host, Launch::Accelerated);
        qemu.take_told();
        assert!(matches!(session.finish(), Err(LiveError::Interrupted)));
        session.finish().expect("nothing to end");
        assert_eq!(qemu.take_told(), ["finish"]);
    }
}
