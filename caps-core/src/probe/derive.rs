use super::error::ProbeError;
use super::plan::LIBVIRT_11_3;
use super::replay::{Matching, Replay};
use super::run::run;
use crate::caps::Capabilities;
use crate::capture::{CaptureId, CaptureVariant};
use crate::flag::Flag;
use crate::replies::Conversation;

/// The capture variant that stands for the Hypervisor.framework, which no exchange tells of.
const HVF_VARIANT: &str = "+hvf";

/// Does a capture of this variant come from a host with the Hypervisor.framework?
pub fn is_hvf(variant: &CaptureVariant) -> bool {
    variant.as_str() == HVF_VARIANT
}

/// What a recorded conversation says of a QEMU.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Derived {
    /// The capabilities, with the values that libvirt's test gives to what a file can't tell.
    pub capabilities: Capabilities,
    /// The questions that the recording has no answer to.
    pub missing: Vec<String>,
    /// The recorded commands that nothing asked for, with their lines.
    pub unused: Vec<String>,
}

/// Derives the capabilities from a recorded conversation, as libvirt's capability test does for a
/// file of that name.
///
/// ```
/// use caps_core::probe::{Matching, derive};
/// use caps_core::replies::Conversation;
///
/// let id = "10.0.0_x86_64".parse()?;
/// let conversation = Conversation::parse(
///     r#"{"execute": "qmp_capabilities", "id": "libvirt-1"}"#.to_owned().as_str(),
/// );
/// assert!(conversation.is_err(), "a command without a reply");
/// # let conversation = Conversation::parse("{\"execute\": \"qmp_capabilities\"}\n\n{\"return\": {}}\n")?;
/// let error = derive(&conversation, &id, Matching::ByContent).expect_err("no version");
/// assert_eq!(error.command.as_deref(), Some("query-version"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the recording lacks what nothing can do without, an answer is not what it should be, or, in
/// [`Matching::Strict`], it is not the conversation that libvirt 11.3.0 would have.
pub fn derive(
    conversation: &Conversation,
    id: &CaptureId,
    matching: Matching,
) -> Result<Derived, ProbeError> {
    let mut replay = Replay::new(conversation, matching).with_hvf(is_hvf(&id.variant));
    let mut capabilities = run(&LIBVIRT_11_3, &mut replay)?;
    capabilities.emulator = format!("/usr/bin/qemu-system-{}", id.arch);
    let accelerated = capabilities.has(Flag::Kvm) || capabilities.has(Flag::Hvf);
    if accelerated && capabilities.has(Flag::Tcg) {
        capabilities.microcode_version = fake_microcode_version(id);
    }
    Ok(Derived { capabilities, missing: replay.missing().to_vec(), unused: replay.unused() })
}

/// The number that stands for the microcode version in captures with acceleration: the bytes of the
/// architecture's name count a hundred thousand each, those of the version one each.
fn fake_microcode_version(id: &CaptureId) -> u32 {
    let sum = |text: &str| text.bytes().map(u32::from).sum::<u32>();
    sum(id.arch.name()) * 100_000 + sum(&id.version.to_string())
}
