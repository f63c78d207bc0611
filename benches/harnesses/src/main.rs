//! What harnesses make of a directory of input files, and what that costs. Each cell of the tables is
//! tried in a package of its own in the temporary directory.
//!
//! `cargo run --manifest-path benches/harnesses/Cargo.toml features [HARNESS]` or `... cost`.

mod cost;
mod features;
mod harness;
mod package;
#[path = "../../rebuild/src/processor.rs"]
mod processor;

use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let place = env::temp_dir().join(format!("qemu-caps-harnesses-{}", std::process::id()));
    fs::create_dir_all(&place)?;
    let printed = match env::args().nth(1).as_deref() {
        Some("features") => features::print(&place, &env::args().nth(2).unwrap_or_default()),
        Some("cost") => cost::print(&place),
        _ => Err("expected `features` or `cost`".into()),
    };
    fs::remove_dir_all(&place)?;
    printed
}
