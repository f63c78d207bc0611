//! No input makes the library panic: every reader reads captures with random changes. The results
//! don't matter.

use std::fs;

use qemu_caps::BaselineChoice;
use qemu_caps::Flag;
use qemu_caps::capture::Capture;
use qemu_caps::check::check;
use qemu_caps::flag::RuleKind;
use qemu_caps::prelude::caps_test;
use qemu_caps::probe::{Matching, derive};
use qemu_caps::qapi::Schema;
use qemu_caps::replies::Conversation;
use qemu_caps::xml;

/// Changed copies of each file.
const COPIES: u64 = 40;

/// Replacements that are meaningful to the parsers.
const PIECES: &[&str] = &[
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\n\n",
    "null",
    "true",
    "-",
    "1e999",
    "NaN",
    "\\ud800",
    "\u{7f}",
    "é",
    "<",
    ">",
    "&",
    "&amp;",
    "'",
    "/>",
    "</",
    "",
    "4294967296",
    "\"return\": ",
    "\"error\": {}",
    "\"execute\": \"qmp_capabilities\"",
    "0",
    "[]",
    "{}",
];

/// A small random number generator, to make failures reproducible (D. Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// Replaces some bytes, occasionally many.
fn mutated(original: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length =
            if random.below(5) == 0 { random.below(bytes.len() - at) } else { random.below(9) };
        let piece = PIECES[random.below(PIECES.len())].as_bytes();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, piece.iter().copied());
    }
    bytes
}

#[caps_test(oldest, ["riscv64", "s390x"])]
fn nothing_panics(capture: &Capture) {
    let replies = fs::read(capture.replies.as_ref().expect("replies")).expect("a capture");
    for seed in 0..COPIES {
        let bytes = mutated(&replies, seed);
        let _ = check(&bytes);
        let Ok(conversation) = Conversation::from_bytes(&bytes) else { continue };
        let _ = derive(&conversation, &capture.id, Matching::Strict, BaselineChoice::Auto);
        if let Ok(derived) =
            derive(&conversation, &capture.id, Matching::ByContent, BaselineChoice::Auto)
        {
            let _ = xml::read(&xml::write(&derived.capabilities));
        }
        let Ok(schema) = Schema::from_conversation(&conversation) else { continue };
        for rule in Flag::ALL.iter().flat_map(|flag| flag.rules()) {
            if let RuleKind::Query(query) = &rule.kind {
                let _ = query.evaluate(&schema);
            }
        }
    }
    let text = fs::read(capture.xml.as_ref().expect("xml")).expect("a capability XML");
    for seed in 0..10 * COPIES {
        let bytes = mutated(&text, seed);
        if let Ok(caps) = xml::read(&String::from_utf8_lossy(&bytes)) {
            let _ = xml::write(&caps);
        }
    }
}
