//! Writing what QEMU does not report itself.

use super::mark::{ENDED, End, MEMBER, NOT_STARTED, Printed, quoted};
use crate::json::quote;
use crate::probe::Ended;
use crate::probe::live::{Finished, LiveError};
use crate::qmp::client::ClientError;

/// How many of QEMU's last lines of output to keep.
const LAST_WORDS: usize = 20;

impl End {
    /// Extracts how QEMU ended; `None` for an error of another kind.
    pub(super) fn from_error(error: &LiveError) -> Option<Self> {
        let (how, output) = match error {
            LiveError::Crashed { ended, output, .. } => (ended.to_string(), output.as_str()),
            // The deadline of the survey passed, which is not the fault of the question.
            LiveError::Qmp(ClientError::Deadline { .. }) => return None,
            LiveError::Qmp(source) | LiveError::Died { source } => (source.to_string(), ""),
            _ => return None,
        };
        let lines: Vec<String> = output.lines().map(|line| line.trim_end().to_owned()).collect();
        let first = lines.len().saturating_sub(LAST_WORDS);
        Some(Self { how, last_words: lines[first..].to_vec(), after: None })
    }

    /// Adds the mark to the reply to the question at fault; `None` if there was no reply.
    pub(super) fn mark(&self, reply: Option<&str>) -> String {
        let without = format!(
            "{{\"error\":{{\"class\":{},\"desc\":{}}}}}",
            quote(ENDED),
            quote(&format!("QEMU {}", self.how))
        );
        let reply = reply.unwrap_or(&without).trim_end();
        let how = quote(&self.how);
        let last_words = quoted(&self.last_words);
        let after = self.after.as_ref().map(|question| format!(",\"after\":{}", quote(question)));
        let after = after.unwrap_or_default();
        // A reply is an object with at least one member.
        let open = reply.strip_suffix('}').unwrap_or(reply);
        format!("{open},{}:{{\"how\":{how},\"last-words\":{last_words}{after}}}}}", quote(MEMBER))
    }
}

/// The recorded reply to the start of a session that failed.
pub(super) fn not_started(error: &dyn std::error::Error) -> String {
    let mut desc = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        desc = format!("{desc}: {error}");
        cause = error.source();
    }
    format!("{{\"error\":{{\"class\":{},\"desc\":{}}}}}", quote(NOT_STARTED), quote(&desc))
}

impl Printed {
    fn reply(finished: &Finished) -> String {
        let status = match finished.ended {
            Ended::Exited(status) => format!("\"status\":{status}"),
            Ended::Killed(signal) => format!("\"signal\":{signal}"),
        };
        let [stdout, stderr] = [&finished.stdout, &finished.stderr].map(|text| {
            quoted(&text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>())
        });
        format!("{{\"return\":{{{status},\"stdout\":{stdout},\"stderr\":{stderr}}}}}")
    }
}

/// The recorded reply to a run. One that hangs is an answer, too.
pub(super) fn reply_of_run(run: Result<Finished, LiveError>) -> Result<String, LiveError> {
    match run {
        Ok(finished) => Ok(Printed::reply(&finished)),
        Err(error) if error.is_of_qemu() => Ok(failed(&error)),
        Err(error) => Err(error),
    }
}

fn failed(error: &dyn std::error::Error) -> String {
    format!("{{\"error\":{{\"class\":{},\"desc\":{}}}}}", quote(ENDED), quote(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::{End, failed, not_started, reply_of_run};
    use crate::json::Document;
    use crate::probe::Ended;
    use crate::probe::live::{Finished, LiveError};
    use crate::qmp::client::{Awaited, ClientError};

    #[test]
    fn qemu_ends_by_itself_and_not_by_the_deadline() {
        let closed = || ClientError::Closed { awaited: Awaited::Greeting };
        let deadline = ClientError::Deadline { awaited: Awaited::Greeting };
        let words: Vec<String> = (0..30).map(|line| format!("{line} \n")).collect();
        let crashed = LiveError::Crashed {
            ended: Ended::Killed(6),
            output: words.concat(),
            source: closed(),
        };
        let end = End::from_error(&crashed).expect("an end");
        assert_eq!(end.how, "was killed by signal 6 (SIGABRT)");
        let last: Vec<String> = (10..30).map(|line| line.to_string()).collect();
        assert_eq!(end.last_words, last);
        for error in [LiveError::Qmp(closed()), LiveError::Died { source: closed() }] {
            let end = End::from_error(&error).expect("an end");
            assert_eq!(end.how, "QEMU closed the connection before its QMP greeting");
        }
        assert_eq!(End::from_error(&LiveError::Qmp(deadline)), None);
        assert_eq!(End::from_error(&LiveError::Missing { binary: PathBuf::from("x") }), None);
    }

    #[test]
    fn what_failed_is_recorded_with_its_error() {
        let closed = || ClientError::Closed { awaited: Awaited::Greeting };
        let words = "QEMU closed the connection before its QMP greeting";
        let died = LiveError::Died { source: closed() };
        let causes = format!("{died}: {words}");
        for (reply, class, desc) in [
            (failed(&closed()), "qemu-caps:Ended", words),
            (not_started(&died), "qemu-caps:NotStarted", &causes),
        ] {
            let reply = Document::parse(reply).expect("JSON");
            let error = reply.root().get("error").expect("an error");
            assert_eq!(error.get_str("class").as_deref(), Some(class));
            assert_eq!(error.get_str("desc").as_deref(), Some(desc));
        }
    }

    #[test]
    fn a_run_that_hangs_has_an_answer_and_one_that_is_interrupted_has_none() {
        let finished =
            Finished { ended: Ended::Exited(0), stdout: "a \nb".to_owned(), stderr: String::new() };
        let expected = r#"{"return":{"status":0,"stdout":["a","b"],"stderr":[]}}"#;
        assert_eq!(reply_of_run(Ok(finished)).expect("an answer"), expected);
        let hangs = || LiveError::Hangs {
            binary: PathBuf::from("qemu"),
            after: Duration::from_secs(1),
            output: String::new(),
        };
        assert_eq!(reply_of_run(Err(hangs())).expect("an answer"), failed(&hangs()));
        let interrupted = reply_of_run(Err(LiveError::Interrupted));
        assert!(matches!(interrupted, Err(LiveError::Interrupted)));
    }
}
