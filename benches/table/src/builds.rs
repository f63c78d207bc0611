//! What the dev-dependency costs to build, and a suite to build again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::children_processor_time;
use crate::rows::Row;
use crate::{Failure, root};

/// Rows of clean builds of `qemu-caps` as a dev-dependency.
pub fn clean_builds() -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (name, features, goal) in [
        ("without default features", "default-features = false", "25"),
        ("that validates commands", "default-features = false\nfeatures = [\"validate\"]", ""),
        ("with default features", "", ""),
        ("with all features", "features = [\"live\", \"serde\", \"toml\", \"tools\"]", ""),
    ] {
        let place = std::env::temp_dir().join(format!("qemu-caps-build-{}", std::process::id()));
        let built = clean_build(&place, features);
        fs::remove_dir_all(&place)?;
        let (seconds, crates) = built?;
        let mut row = |what: String, unit, before, goal, value| {
            rows.push(Row { what, unit, before, goal, value });
        };
        row(format!("clean build of the dev-dependency {name}"), "s", "46", goal, seconds);
        row(format!("crates of the dev-dependency {name}"), "", "31", "", crates as f64);
    }
    Ok(rows)
}

/// The processor seconds and the number of crates.
fn clean_build(package: &Path, features: &str) -> Result<(f64, usize), Failure> {
    let root = root().canonicalize()?;
    fs::create_dir_all(package.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"suite\"\nedition = \"2024\"\n\n[workspace]\n\n[dev-dependencies.qemu-caps]\npath = \"{}\"\n{features}\n",
        root.display()
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    let before = children_processor_time();
    // In the default profile, whatever the environment says.
    let status = Command::new("cargo")
        .args(["test", "--no-run", "--offline"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env_remove("CARGO_INCREMENTAL")
        .env_remove("CARGO_PROFILE_DEV_DEBUG")
        .status()?;
    let seconds = children_processor_time() - before;
    if !status.success() {
        return Err("the package does not build".into());
    }
    let tree = Command::new("cargo")
        .args([
            "tree",
            "--offline",
            "--prefix=none",
            "--no-dedupe",
            "--edges=normal,build,dev",
            "--format={p}",
        ])
        .current_dir(package)
        .output()?;
    let tree = String::from_utf8(tree.stdout)?;
    let mut crates: Vec<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    crates.sort_unstable();
    crates.dedup();
    // All but the package itself.
    Ok((seconds, crates.len().saturating_sub(1)))
}

/// Rows of a suite of 1200 tests that is built again after its source was touched, as `benches/rebuild` measures them.
pub fn rebuilds(rounds: usize) -> Result<Vec<Row>, Failure> {
    let manifest: PathBuf = root().join("benches/rebuild/Cargo.toml").canonicalize()?;
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--manifest-path"])
        .arg(&manifest)
        .args(["--", &rounds.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut rows = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, _, processor, _] = *cells else { continue };
        let ratio = processor.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        let Some(value) = ratio.and_then(|ratio| ratio.parse().ok()) else { continue };
        let (before, goal) = if name == "caps_test" { ("1.12-1.14", "1.05") } else { ("", "") };
        let what = format!("touch-rebuild of 1200 tests, {name} / by hand");
        rows.push(Row { what, unit: "", before, goal, value });
    }
    if rows.is_empty() { Err("benches/rebuild printed no table".into()) } else { Ok(rows) }
}
