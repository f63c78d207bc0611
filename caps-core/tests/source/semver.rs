//! A change of the public interface that breaks its users needs a version that says so: the listings in `api/` are
//! compared with those of the last release, in `api/VERSION/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// An entry of a listing: its line, after those that it is indented below.
type Entry = Vec<String>;

#[test]
fn the_version_allows_what_changed_since_the_last_release() {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source/api");
    let released = last_release(&api);
    let version = released.file_name().expect("a version").to_string_lossy().into_owned();
    if breaks_allowed(&version, env!("CARGO_PKG_VERSION")) {
        return;
    }
    for name in ["caps-core.txt", "qemu-caps.txt"] {
        let read = |dir: &Path| fs::read_to_string(dir.join(name)).expect(name);
        let breaks = breaks(&read(&released), &read(&api));
        assert!(
            breaks.is_empty(),
            "{} is compatible with {version} by its number, but not in {name}:\n{}",
            env!("CARGO_PKG_VERSION"),
            breaks.join("\n")
        );
    }
}

fn last_release(api: &Path) -> PathBuf {
    let entries = fs::read_dir(api).expect("a directory").map(|entry| entry.expect("an entry"));
    let releases = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.path());
    let version = |path: &PathBuf| numbers(&path.file_name().expect("a name").to_string_lossy());
    releases.max_by_key(version).expect("the listings of a release")
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().expect("a number")).collect()
}

/// Whether cargo regards a version as incompatible with an earlier one.
fn breaks_allowed(earlier: &str, version: &str) -> bool {
    let (earlier, version) = (numbers(earlier), numbers(version));
    let significant = if version[0] == 0 { 2 } else { 1 };
    earlier[..significant] != version[..significant]
}

/// The changes between two listings that can break a user's build.
fn breaks(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (entries(before), entries(after));
    let lost = before.difference(&after).map(|entry| format!("- {}", entry.join(" / ")));
    let added = after.difference(&before).filter(|entry| {
        let (line, parents) = entry.split_last().expect("not empty");
        before.contains(parents) && is_closed(parents, line, &before)
    });
    lost.chain(added.map(|entry| format!("+ {}", entry.join(" / ")))).collect()
}

/// Whether a further line below these breaks users: a variant that a `match` lacks, an item that an
/// implementation of a trait lacks, a field that a literal lacks.
fn is_closed(parents: &[String], line: &str, before: &BTreeSet<Entry>) -> bool {
    let Some(parent) = parents.last() else { return false };
    let is_part = ["fn ", "const ", "async ", "impl", "derive ", "#["]
        .iter()
        .all(|other| !line.starts_with(other));
    let has_hidden = || before.contains(&[parents, &["..".to_owned()]].concat());
    parent.starts_with("trait ")
        || is_part && parent.starts_with("enum ")
        || is_part && parent.starts_with("struct ") && !has_hidden()
}

/// Each derived trait is an entry of its own, since its neighbors don't matter.
fn entries(listing: &str) -> BTreeSet<Entry> {
    let mut open = Entry::new();
    let lines = listing.lines().filter(|line| !line.trim().is_empty());
    lines
        .flat_map(|line| {
            let text = line.trim_start();
            open.truncate((line.len() - text.len()) / 2);
            let lines: Vec<String> = match text.strip_prefix("derive ") {
                Some(derived) => derived.split(", ").map(|name| format!("derive {name}")).collect(),
                None => vec![text.to_owned()],
            };
            let entries: Vec<Entry> =
                lines.iter().map(|line| [&open[..], std::slice::from_ref(line)].concat()).collect();
            open.push(text.to_owned());
            entries
        })
        .collect()
}

#[test]
fn what_breaks_a_build_is_found() {
    let before = "mod crate\n  enum Open\n    A\n  struct Closed\n    a: u8\n    derive Clone\n  struct Hidden\n    ..\n  fn f()\n";
    for (after, expected) in [
        (before.to_owned(), ""),
        (before.replace("  fn f()\n", ""), "- mod crate / fn f()"),
        (before.replace("f()", "f(a: u8)"), "- mod crate / fn f()"),
        (before.replace("    A\n", "    A\n    B\n"), "+ mod crate / enum Open / B"),
        (before.replace("a: u8\n", "a: u8\n    b: u8\n"), "+ mod crate / struct Closed / b: u8"),
        (before.replace("    ..\n", "    ..\n    b: u8\n"), ""),
        (before.replace("a: u8\n", "a: u8\n    fn new()\n"), ""),
        (before.replace("derive Clone", "derive Clone, Debug"), ""),
        (before.replace("    derive Clone\n", ""), "- mod crate / struct Closed / derive Clone"),
        (before.replace("  fn f()\n", "  fn f()\n  fn g()\n"), ""),
    ] {
        assert_eq!(breaks(before, &after).join("\n"), expected, "{after}");
    }
}

#[test]
fn numbers_say_what_may_break() {
    for (earlier, version, expected) in [
        ("0.1.0", "0.2.0", true),
        ("0.2.0", "0.2.1", false),
        ("0.2.0", "1.0.0", true),
        ("1.0.0", "1.1.0", false),
        ("1.1.0", "2.0.0", true),
    ] {
        assert_eq!(breaks_allowed(earlier, version), expected, "{earlier} {version}");
    }
}
