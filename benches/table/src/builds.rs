//! What the dev-dependency costs to build.

use std::fs;
use std::process::Command;

use crate::process::children_processor_time;
use crate::{Failure, root};

/// The processor seconds and the number of crates of a clean build of `qemu-caps` as a dev-dependency.
pub fn clean_build() -> Result<(f64, usize), Failure> {
    let place = std::env::temp_dir().join(format!("qemu-caps-clean-build-{}", std::process::id()));
    let manifest = root().join("examples/tiny/Cargo.toml").canonicalize()?;
    let cargo = |target: &str| -> Result<(), Failure> {
        let mut command = Command::new("cargo");
        command.args(["test", "--no-run", "--offline", "--manifest-path"]).arg(&manifest);
        let status = command.env("CARGO_TARGET_DIR", place.join(target)).status()?;
        if status.success() { Ok(()) } else { Err("the example does not build".into()) }
    };
    let before = children_processor_time();
    let built = cargo("target");
    let seconds = children_processor_time() - before;
    fs::remove_dir_all(&place)?;
    built?;
    let tree = Command::new("cargo")
        .args(["tree", "--offline", "--prefix=none", "--no-dedupe", "--edges=all", "--format={p}"])
        .arg("--manifest-path")
        .arg(&manifest)
        .output()?;
    let tree = String::from_utf8(tree.stdout)?;
    let mut crates: Vec<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    crates.sort_unstable();
    crates.dedup();
    // All but the example itself.
    Ok((seconds, crates.len().saturating_sub(1)))
}
