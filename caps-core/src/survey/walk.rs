//! The answers that depend on the questions before them.

use std::collections::{HashMap, HashSet};

use super::log::Log;
use super::mark::{End, walked};
use super::session::{parse, text};
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::json::Node;
use crate::probe::live::LiveError;
use crate::probe::{self, Answer, Host, Launch};
use crate::qmp::{Command, CommandError};

/// Walks the plan of a baseline in a QEMU of its own, and adds to the logs of the two sessions the
/// answers that differ from those recorded before.
pub(super) fn record_differences<H: Host<Error = LiveError>>(
    baseline: Baseline,
    host: &dyn Fn() -> H,
    recorded: [Option<&mut Log>; 2],
) -> Result<(), LiveError> {
    let walk = || {
        let mut own = Own {
            live: host(),
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
struct Own<H> {
    live: H,
    has_second: bool,
    session: usize,
    logs: [Log; 2],
    error: Option<LiveError>,
}

impl<H> Own<H> {
    fn note<T>(&mut self, result: Result<T, LiveError>) -> Result<T, LiveError> {
        result.map_err(|error| {
            self.error = Some(error);
            // The walk only needs to stop; the real error is kept in `error`.
            LiveError::NoSession
        })
    }
}

impl<H: Host<Error = LiveError>> Host for Own<H> {
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

#[cfg(test)]
mod tests {
    use super::{Log, Own, add_differences, record_differences};
    use crate::arch::Arch;
    use crate::baseline::Baseline;
    use crate::probe::live::LiveError;
    use crate::probe::{Host as _, Launch};
    use crate::qmp::Command;
    use crate::survey::scripted::Scripted;

    fn log(answers: &[(&'static str, &str)]) -> Log {
        let mut log = Log::default();
        for (name, answer) in answers {
            log.push(Command::new(*name), format!("{{\"return\":{answer}}}"));
        }
        log
    }

    #[test]
    fn each_answer_is_compared_with_the_one_to_the_same_repetition() {
        const RECORDED: [(&str, &str); 3] = [("a", "1"), ("b", "2"), ("a", "3")];
        for (own, added) in [
            (RECORDED, 0),
            ([("a", "1"), ("a", "3"), ("b", "2")], 0),
            ([("a", "1"), ("b", "4"), ("a", "3")], 1),
            // All answers to a question are kept together.
            ([("a", "1"), ("b", "2"), ("a", "1")], 2),
        ] {
            let mut recorded = log(&RECORDED);
            add_differences(Baseline::NEWEST, &log(&own), &mut recorded);
            assert_eq!(recorded.iter().count(), RECORDED.len() + added, "{own:?}");
        }
    }

    fn own(live: Scripted, has_second: bool) -> Own<Scripted> {
        Own { live, has_second, session: 0, logs: Default::default(), error: None }
    }

    #[test]
    fn a_walk_has_the_sessions_of_the_survey_and_of_the_qemu() {
        for (launch, has_second, is_alone, expected) in [
            (Launch::Accelerated, false, false, true),
            (Launch::Accelerated, true, true, true),
            (Launch::Tcg, true, false, true),
            (Launch::Tcg, false, false, false),
            (Launch::Tcg, true, true, false),
        ] {
            let qemu = Scripted { is_alone, ..Scripted::default() };
            let has_session = own(qemu, has_second).has_session(launch);
            assert_eq!(has_session, expected, "{launch:?} {has_second} {is_alone}");
        }
    }

    #[test]
    fn a_walk_asks_its_qemu() {
        for hvf in [true, false] {
            let qemu = Scripted { hvf, ..Scripted::failing("finish", LiveError::Interrupted) };
            let mut own = own(qemu.clone(), true);
            assert_eq!(own.has_hvf(Arch::Aarch64), hvf);
            own.announce(Launch::Tcg);
            own.finish().expect_err("an interrupt");
            assert!(matches!(own.error, Some(LiveError::Interrupted)));
            assert_eq!(qemu.take_told(), ["announce Tcg", "finish"]);
        }
    }

    #[test]
    fn a_walk_that_fails_is_tried_again() {
        let interrupted = || ("qmp_capabilities", LiveError::Interrupted);
        for (failures, expected) in
            [(vec![interrupted()], true), (vec![interrupted(), interrupted()], false)]
        {
            let qemu = Scripted::default();
            qemu.failures.replace(failures);
            let mut first = Log::default();
            let logs = [Some(&mut first), None];
            let recorded = record_differences(Baseline::NEWEST, &|| qemu.clone(), logs);
            assert_eq!(recorded.is_ok(), expected, "{recorded:?}");
        }
    }
}
