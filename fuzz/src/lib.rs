//! Fuzz targets of `qemu-caps`: what reads bytes from outside, and what must hold of it.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run TARGET --features libfuzzer` finds inputs by coverage;
//! `cargo test` mutates the corpus for a bounded number of runs.

mod judge;
mod macros;
pub mod mutate;
mod parse;
mod socket;

/// A target: returns whether it accepted the input, and panics if something does not hold.
pub type Target = fn(&[u8]) -> bool;

/// The targets by name, each with a corpus of the same name, and how many times slower than the
/// fastest ones it is.
pub const TARGETS: &[(&str, Target, u32)] = &[
    ("replies", parse::replies, 1),
    ("survey", parse::survey, 10),
    ("xml", parse::xml, 2),
    ("json", parse::json, 1),
    ("schema", parse::schema, 1),
    ("query", judge::query, 1),
    ("validate", judge::validate, 1),
    ("device", judge::device, 1),
    ("command_line", judge::command_line, 20),
    ("edit_script", parse::edit_script, 1),
    ("names", parse::names, 1),
    ("macros", macros::macros, 10),
    ("client", socket::client, 2),
    ("serve", socket::serve, 10),
    ("answers", parse::answers, 1),
    ("domcaps", parse::domcaps, 4),
    ("firmware", parse::firmware, 1),
];

/// Runs a target.
///
/// # Panics
///
/// Panics if there is no such target, or something does not hold.
pub fn run(name: &str, data: &[u8]) -> bool {
    let (_, target, _) = TARGETS.iter().find(|(target, ..)| *target == name).expect("a target");
    target(data)
}
