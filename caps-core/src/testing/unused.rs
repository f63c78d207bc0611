use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::registry;
use super::suite::package_dir;

/// Fails if a file in a directory of golden files belongs to no `caps_test` of the running test
/// program. Files of the same test can differ in their extension.
///
/// The check runs the program again to list its golden files. The directory must therefore belong
/// to a single test program and contain golden files only. Names with a leading dot are ignored.
///
/// # Panics
///
/// Panics with the names of unused files, or if the check fails.
#[track_caller]
pub fn assert_no_unused_golden_files(package: &str, dir: &str) {
    let package = package_dir(package);
    match unused(&package, &package.join(dir)) {
        Ok(unused) if unused.is_empty() => {}
        Ok(unused) => {
            let lines: Vec<String> =
                unused.iter().map(|path| format!("unused file: {}", path.display())).collect();
            panic!("no test has these golden files any more, remove them\n{}", lines.join("\n"));
        }
        Err(message) => panic!("{message}"),
    }
}

fn unused(package: &Path, dir: &Path) -> Result<Vec<PathBuf>, String> {
    // Either nothing was written yet, or another test is about to write it.
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut files = BTreeSet::new();
    list(dir, &mut files)
        .map_err(|error| format!("can't list the golden files in `{}`: {error}", dir.display()))?;
    let entries = registry::entries().map_err(ToString::to_string)?;
    if entries.is_empty() {
        return Err("no `caps_test` of this test program has a golden file".to_owned());
    }
    let stems: BTreeSet<PathBuf> = entries.iter().map(|entry| package.join(&entry.stem)).collect();
    Ok(files.into_iter().filter(|file| !is_used(file, &stems)).collect())
}

/// The extension is arbitrary and can be absent; the rest must be a test's.
fn is_used(file: &Path, stems: &BTreeSet<PathBuf>) -> bool {
    stems.contains(file) || stems.contains(&file.with_extension(""))
}

fn list(dir: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.insert(entry.path());
        }
    }
    Ok(())
}
