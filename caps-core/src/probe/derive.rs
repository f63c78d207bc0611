use super::detect::{detect, is_hvf};
use super::error::ProbeError;
use super::question::Ask;
use super::replay::{Matching, Replay};
use super::run::walk;
use crate::baseline::{Baseline, BaselineChoice};
use crate::caps::Capabilities;
use crate::capture::CaptureId;
use crate::flag::{Flag, Rule};
use crate::replies::Conversation;

/// The result of deriving a recorded conversation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Derived {
    /// The capabilities. What a file can't contain has the value that libvirt's test uses.
    pub capabilities: Capabilities,
    /// The libvirt release whose questions were used.
    pub baseline: Baseline,
    /// The questions without an answer in the recording.
    pub missing: Vec<String>,
    /// The recorded commands that no question asked for, with their lines.
    pub unused: Vec<String>,
    /// The questions that were answered.
    answered: Vec<Ask>,
}

impl Derived {
    /// Do the answers settle whether the QEMU has the flag? Of those that they don't, the release of
    /// libvirt does not know the flag, or does not ask this QEMU.
    pub fn settles(&self, flag: Flag) -> bool {
        let answered = |rule: &Rule| self.answered.iter().any(|ask| ask.settles(&rule.kind));
        flag.rules_in(self.baseline).any(answered)
    }
}

/// Derives the capabilities from a recorded conversation, as libvirt's capability test does for a
/// file of that name.
///
/// ```
/// use caps_core::BaselineChoice;
/// use caps_core::probe::{Matching, derive};
/// use caps_core::replies::Conversation;
///
/// let id = "10.0.0_x86_64".parse()?;
/// let conversation = Conversation::parse(
///     r#"{"execute": "qmp_capabilities", "id": "libvirt-1"}"#.to_owned().as_str(),
/// );
/// assert!(conversation.is_err(), "a command without a reply");
/// # let conversation = Conversation::parse("{\"execute\": \"qmp_capabilities\"}\n\n{\"return\": {}}\n")?;
/// let error = derive(&conversation, &id, Matching::ByContent, BaselineChoice::Auto).expect_err("no version");
/// assert_eq!(error.command.as_deref(), Some("query-version"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Fails if the recording lacks an indispensable answer, an answer is invalid, or, in
/// [`Matching::Strict`], the conversation differs from that of the baseline's libvirt.
pub fn derive(
    conversation: &Conversation,
    id: &CaptureId,
    matching: Matching,
    baseline: impl Into<BaselineChoice>,
) -> Result<Derived, ProbeError> {
    let baseline = match baseline.into() {
        BaselineChoice::Auto => detect(conversation, id),
        BaselineChoice::Only(baseline) => baseline,
    };
    let mut replay = Replay::new(conversation, matching).with_hvf(is_hvf(&id.variant));
    let (mut capabilities, answered) = walk(baseline, &mut replay)?;
    capabilities.emulator = format!("/usr/bin/qemu-system-{}", id.arch);
    if capabilities.is_accelerated() && capabilities.has(Flag::Tcg) {
        capabilities.microcode_version = fake_microcode_version(id);
    }
    let (missing, unused) = (replay.missing().to_vec(), replay.unused());
    Ok(Derived { capabilities, baseline, missing, unused, answered })
}

/// The substitute for the microcode version in captures with acceleration: the sum of the bytes of
/// the architecture's name times 100000, plus the bytes of the version.
fn fake_microcode_version(id: &CaptureId) -> u32 {
    let sum = |text: &str| text.bytes().map(u32::from).sum::<u32>();
    sum(id.arch.name()) * 100_000 + sum(&id.version.to_string())
}
