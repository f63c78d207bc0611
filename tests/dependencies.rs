//! What the project depends on: under which licenses, from where, and in which versions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use qemu_caps::json::{Document, Node};

/// Licenses that LGPL-2.1-or-later code may depend on.
const LICENSES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "LGPL-2.1-or-later",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates in two versions; `vmm-sys-util` needs the old one.
const TWICE: [&str; 1] = ["bitflags"];

/// The workspaces, each with its lock file.
const WORKSPACES: &[&str] = &["", "benches/table", "examples/downstream", "examples/tiny", "fuzz"];

/// The dependency graph of the workspace, with all features.
fn metadata() -> Document {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {errors}");
    Document::parse(String::from_utf8(output.stdout).expect("UTF-8")).expect("JSON")
}

/// The packages of a workspace and its dependencies.
fn packages(metadata: &Document) -> Vec<Node<'_>> {
    elements(metadata.root(), "packages")
}

fn elements<'a>(node: Node<'a>, key: &str) -> Vec<Node<'a>> {
    node.get(key).into_iter().flat_map(Node::elements).collect()
}

fn text(node: Node<'_>, key: &str) -> String {
    node.get_str(key).unwrap_or_default().into_owned()
}

/// Returns whether an SPDX expression offers a choice of known licenses.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some(inner) = expression.trim().strip_prefix('(') {
        // Only a parenthesis at the start occurs; its end splits the rest off.
        let Some((inner, rest)) = inner.split_once(')') else { return false };
        return match rest.trim().split_once(' ') {
            None => rest.trim().is_empty() && is_allowed(inner),
            Some(("AND", rest)) => is_allowed(inner) && is_allowed(rest),
            Some(("OR", rest)) => is_allowed(inner) || is_allowed(rest),
            Some(_) => false,
        };
    }
    expression
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|license| LICENSES.contains(&license.trim())))
}

#[test]
fn licenses_are_compatible() {
    let metadata = metadata();
    let packages = packages(&metadata);
    for package in &packages {
        let (name, license) = (text(*package, "name"), text(*package, "license"));
        assert!(is_allowed(&license), "{name} has the license `{license}`");
    }
    assert!(packages.len() > 100, "{} packages", packages.len());
}

#[test]
fn unknown_licenses_are_noticed() {
    for allowed in ["MIT", "MIT OR X", "X OR MIT", "MIT/X", "(X OR MIT) AND Zlib", "(X) OR MIT"] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in ["", "X", "MIT AND X", "(MIT OR X) AND X", "(MIT", "(MIT) XOR MIT"] {
        assert!(!is_allowed(refused), "{refused}");
    }
}

#[test]
fn crates_come_from_the_registry_or_from_here() {
    for workspace in WORKSPACES {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join(workspace).join("Cargo.lock");
        let lock = fs::read_to_string(lock).expect("a lock file");
        let mut seen = 0;
        for package in lock.split("[[package]]").skip(1) {
            let Some((_, source)) = package.split_once("\nsource = \"") else { continue };
            let source = source.lines().next().unwrap_or_default();
            let is_registry =
                source.starts_with("registry+") && source.ends_with("/crates.io-index\"");
            assert!(is_registry && package.contains("\nchecksum = "), "{workspace}: {package}");
            seen += 1;
        }
        assert!(seen > 10, "{workspace}: {seen} crates");
    }
}

#[test]
fn crates_are_compiled_once() {
    let metadata = metadata();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages(&metadata) {
        versions.entry(text(package, "name")).or_default().insert(text(package, "version"));
    }
    let twice: Vec<&str> =
        versions.iter().filter(|(_, all)| all.len() > 1).map(|(name, _)| name.as_str()).collect();
    assert_eq!(twice, TWICE, "crates in two versions");
}

/// The macros run on the host, for which Cargo chooses features on its own. Where they differ from those of the tests, it
/// compiles a crate for each.
#[test]
fn macros_and_tests_share_their_crates() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--duplicates", "--edges", "normal,build,dev"])
        .args(["--depth", "0", "--prefix", "none", "--format", "{p}", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {errors}");
    let tree = String::from_utf8(output.stdout).expect("UTF-8");
    let twice: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(twice.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>(), TWICE);
}

/// So a build with the lowest versions is the ordinary build, which all tests use.
#[test]
fn the_lowest_versions_are_the_locked_ones() {
    let metadata = metadata();
    let packages = packages(&metadata);
    let without_build = |version: &str| version.split('+').next().unwrap_or_default().to_owned();
    let locked: BTreeSet<(String, String)> = packages
        .iter()
        .map(|package| (text(*package, "name"), without_build(&text(*package, "version"))))
        .collect();
    let mut seen = 0;
    for package in packages.iter().filter(|package| package.get_str("source").is_none()) {
        for dependency in elements(*package, "dependencies") {
            if dependency.get_str("source").is_none() {
                continue;
            }
            let (name, required) = (text(dependency, "name"), text(dependency, "req"));
            let lowest = required.trim_start_matches('^').to_owned();
            assert!(
                locked.contains(&(name.clone(), lowest)),
                "{} requires {name} {required}, expected the version in Cargo.lock",
                text(*package, "name")
            );
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen} dependencies");
}
