use crate::baseline::Baseline;
use crate::json::{Document, Node, quote};
use crate::probe::Ended;
use crate::qmp::{Command, ErrorClass, Reply};

/// The made-up command for runs outside QMP. No QMP command has a colon in its name.
pub(super) const RUN: &str = "qemu-caps:run";
/// The made-up command for an answer that a release of libvirt gets and the survey's own order does not.
const WALK: &str = "qemu-caps:walk";
/// The made-up command for the origin of the survey.
pub(super) const PROVENANCE: &str = "qemu-caps:provenance";
/// The error class in place of an answer from a QEMU that died.
pub(super) const ENDED: &str = "qemu-caps:Ended";
/// The error class in place of an answer from a QEMU that did not start.
pub(super) const NOT_STARTED: &str = "qemu-caps:NotStarted";
/// The member that marks replies to questions that crashed QEMU.
pub(super) const MEMBER: &str = "qemu-caps:ended";
/// How QEMU died of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// How QEMU ended, such as `was killed by signal 6 (SIGABRT)`.
    pub how: String,
    /// Its last lines of output.
    pub last_words: Vec<String>,
    /// The preceding question, as JSON, without which this one does not kill QEMU.
    pub after: Option<String>,
}

/// The output of a QEMU that was run for the purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Printed {
    /// The arguments.
    pub arguments: Vec<String>,
    /// How it ended, such as `exited with status 0`.
    pub ended: String,
    /// Standard output, line by line.
    pub stdout: Vec<String>,
    /// Standard error, line by line.
    pub stderr: Vec<String>,
}

impl End {
    /// Reads the mark of a reply.
    pub(super) fn from_reply(reply: &Reply) -> Option<Self> {
        let member = reply.document().root().get(MEMBER)?;
        let last_words = strings(member.get("last-words")?);
        let after = member.get_str("after").map(std::borrow::Cow::into_owned);
        Some(Self { how: member.get_str("how")?.into_owned(), last_words, after })
    }
}

/// The reason why a session did not start, if this reply has one.
pub(super) fn reason_not_started(reply: &Reply) -> Option<String> {
    let error = reply.result().err()?;
    (error.class == ErrorClass::Other(NOT_STARTED.to_owned())).then_some(error.desc)
}

impl Printed {
    pub(super) fn command(arguments: &[&str]) -> Command {
        let words: Vec<String> = arguments.iter().map(|word| quote(word)).collect();
        let json = format!("{{\"argv\":[{}]}}", words.join(","));
        Command::new(RUN).with_arguments(&json).unwrap_or_else(|_| Command::new(RUN))
    }

    pub(super) fn read(command: &Command, reply: &Reply) -> Option<Self> {
        let arguments = Document::parse(command.arguments()?).ok()?;
        let arguments = strings(arguments.root().get("argv")?);
        let answer = reply.result().ok()?;
        let ended = match (answer.get("status"), answer.get("signal")) {
            (Some(status), _) => Ended::Exited(i32::try_from(status.as_i64()?).ok()?),
            (None, signal) => Ended::Killed(i32::try_from(signal?.as_i64()?).ok()?),
        };
        let [stdout, stderr] = ["stdout", "stderr"].map(|key| answer.get(key).map(strings));
        Some(Self { arguments, ended: ended.to_string(), stdout: stdout?, stderr: stderr? })
    }
}

/// The made-up question for an answer in the walk of a baseline.
pub(super) fn walked(baseline: Baseline, command: &Command) -> Command {
    let json = format!(
        "{{\"baseline\":{},\"command\":{}}}",
        quote(baseline.name()),
        command.to_json(None)
    );
    Command::new(WALK).with_arguments(&json).unwrap_or_else(|_| Command::new(WALK))
}

/// Returns whether an exchange describes the recording and not the QEMU: where it was made, or in which
/// order an answer differs.
pub(crate) fn is_about_recording(command: &Command) -> bool {
    [WALK, PROVENANCE].contains(&command.execute())
}

/// The name of the command that QEMU was asked, also in the walk of a baseline.
pub(super) fn asked_name(command: &Command) -> String {
    let inner = || {
        let arguments = Document::parse(command.arguments()?).ok()?;
        Some(arguments.root().get("command")?.get_str("execute")?.into_owned())
    };
    let inner = if command.execute() == WALK { inner() } else { None };
    inner.unwrap_or_else(|| command.execute().to_owned())
}

/// Formats a JSON array of strings.
pub(super) fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    format!("[{}]", words.join(","))
}

/// Reads a JSON array of strings.
pub(super) fn strings(node: Node<'_>) -> Vec<String> {
    node.elements().filter_map(|word| Some(word.as_str()?.into_owned())).collect()
}
