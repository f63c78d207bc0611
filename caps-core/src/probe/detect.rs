use std::sync::OnceLock;

use super::host::Launch;
use super::plan;
use super::replay::{Matching, Replay};
use super::run::run;
use crate::baseline::Baseline;
use crate::capture::{CaptureId, CaptureVariant};
use crate::hash::NameSet;
use crate::qmp::Command;
use crate::replies::Conversation;

/// The capture variant that implies the Hypervisor.framework, which no exchange reveals.
const HVF_VARIANT: &str = "+hvf";

/// Returns whether captures of this variant come from a host with the Hypervisor.framework.
pub fn is_hvf(variant: &CaptureVariant) -> bool {
    variant.as_str() == HVF_VARIANT
}

/// Detects the baseline whose questions a recorded conversation contains: the one it fits exactly,
/// or else the one with the fewest surplus and missing questions. QEMU's version is irrelevant. A
/// conversation without any known question counts as one for the newest baseline.
///
/// ```
/// use caps_core::Baseline;
/// use caps_core::probe::detect;
/// use caps_core::replies::Conversation;
///
/// let text = "{\"execute\": \"query-tpm-models\"}\n\n{\"return\": []}\n";
/// let conversation = Conversation::parse(text)?;
/// assert_eq!(detect(&conversation, &"10.0.0_x86_64".parse()?), Baseline::Libvirt11_3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn detect(conversation: &Conversation, id: &CaptureId) -> Baseline {
    let commands: NameSet<String> =
        conversation.exchanges().map(|exchange| signature(exchange.command())).collect();
    let newest_first = Baseline::ALL.iter().rev().copied();
    let distances: Vec<(usize, Baseline)> = newest_first
        .filter_map(|baseline| Some((distance(&commands, baseline)?, baseline)))
        .collect();
    let least = distances.iter().map(|(distance, _)| *distance).min().unwrap_or_default();
    let mut nearest = distances.into_iter().filter(|(distance, _)| *distance == least);
    let (Some((_, first)), second) = (nearest.next(), nearest.next()) else {
        return Baseline::NEWEST;
    };
    if second.is_none() {
        return first;
    }
    // Plans can differ only in what they ask certain QEMUs; then a walk has to decide.
    let fits = |baseline: &Baseline| {
        let replay = Replay::new(conversation, Matching::Strict);
        run(*baseline, &mut replay.with_hvf(is_hvf(&id.variant))).is_ok()
    };
    let candidates = second.into_iter().chain(nearest).map(|(_, baseline)| baseline);
    std::iter::once(first).chain(candidates).find(fits).unwrap_or(first)
}

/// Identifies a command for comparing plans, without arguments that can depend on earlier answers.
fn signature(command: &Command) -> String {
    match (command.execute(), command.arguments()) {
        (name @ ("query-cpu-model-expansion" | "qom-list-properties"), _) | (name, None) => {
            name.to_owned()
        }
        (name, Some(arguments)) => [name, " ", arguments].concat(),
    }
}

/// The number of commands that the baseline never asks, plus the unconditional ones that are
/// missing; `None` if it asks none of the commands, so that the shortest plan would be the nearest.
fn distance(commands: &NameSet<String>, baseline: Baseline) -> Option<usize> {
    let mut known = NameSet::default();
    let mut lacking = 0;
    for (signature, always) in asked(baseline) {
        if commands.contains(signature) {
            known.insert(signature.as_str());
        } else {
            lacking += usize::from(*always);
        }
    }
    (!known.is_empty()).then(|| commands.len() - known.len() + lacking)
}

/// The signatures of the commands that a baseline asks, and whether it always does.
fn asked(baseline: Baseline) -> &'static [(String, bool)] {
    static ASKED: [OnceLock<Vec<(String, bool)>>; Baseline::ALL.len()] =
        [const { OnceLock::new() }; Baseline::ALL.len()];
    ASKED[baseline as usize].get_or_init(|| {
        let launches = [Launch::Accelerated, Launch::Tcg].into_iter();
        let steps = launches.flat_map(|launch| {
            plan::steps(baseline, launch).filter_map(move |step| {
                let is_always = launch == Launch::Accelerated && step.when.is_empty();
                Some((signature(&step.ask.command()?), is_always))
            })
        });
        steps.collect()
    })
}
