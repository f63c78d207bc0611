//! What is published: which files the packages have, what is said of them, and the oldest Rust that compiles them.

use std::path::Path;
use std::process::Command;

use qemu_caps::json::{Document, Node};

/// The packages, in the order in which they can be published.
const PACKAGES: [&str; 5] =
    ["caps-core", "qemu-caps-data", "caps-macros", "qemu-caps", "qemu-caps-cli"];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn metadata() -> Document {
    let text = cargo(&["metadata", "--format-version", "1", "--locked", "--offline"]);
    Document::parse(text.as_str()).expect("JSON")
}

fn text<'a>(node: Node<'a>, key: &str) -> std::borrow::Cow<'a, str> {
    node.get_str(key).unwrap_or_default()
}

fn elements<'a>(node: Node<'a>, key: &str) -> Vec<Node<'a>> {
    node.get(key).into_iter().flat_map(Node::elements).collect()
}

#[test]
fn packages_have_their_sources_and_nothing_else() {
    for package in PACKAGES {
        let list = cargo(&["package", "--list", "--allow-dirty", "--offline", "-p", package]);
        let files: Vec<&str> = list.lines().collect();
        for needed in ["LICENSE", "README.md", "Cargo.toml"] {
            assert!(files.contains(&needed), "{package} has no {needed}");
        }
        for file in &files {
            let top = file.split('/').next().unwrap_or_default();
            let is_capture = package == "qemu-caps-data" && top.starts_with("caps_");
            let known = ["src", "lib.rs", "build.rs", "LICENSE", "README.md", "CHANGELOG.md"];
            let is_cargos = top.starts_with("Cargo.") || top == ".cargo_vcs_info.json";
            assert!(is_capture || is_cargos || known.contains(&top), "{package} has {file}");
        }
        let source = if package == "qemu-caps-data" { "lib.rs" } else { "src/" };
        assert!(files.iter().any(|file| file.starts_with(source)), "{package}: {files:?}");
    }
}

#[test]
fn packages_say_what_they_are() {
    let metadata = metadata();
    for package in elements(metadata.root(), "packages") {
        let name = text(package, "name").into_owned();
        if !PACKAGES.contains(&name.as_str()) {
            continue;
        }
        for key in ["description", "license", "repository", "readme", "rust_version"] {
            assert!(!text(package, key).is_empty(), "{name} has no {key}");
        }
        for key in ["keywords", "categories"] {
            let count = elements(package, key).len();
            assert!((1..=5).contains(&count), "{name} has {count} {key}");
        }
    }
}

/// The numbers of `1.88` or `1.88.0`.
fn version(text: &str) -> Vec<u32> {
    text.split('.').take(2).map(|number| number.parse().expect(text)).collect()
}

/// Clippy's `incompatible_msrv` holds the other half: nothing of the standard library that is newer.
#[test]
fn dependencies_compile_with_the_oldest_rust() {
    let metadata = metadata();
    let root = metadata.root();
    let packages = elements(root, "packages");
    let package =
        |id: &str| packages.iter().copied().find(|one| text(*one, "id") == id).expect("it");
    let nodes = root.get("resolve").map(|resolve| elements(resolve, "nodes")).unwrap_or_default();
    let mut open: Vec<String> = packages
        .iter()
        .filter(|one| PACKAGES.contains(&&*text(**one, "name")))
        .map(|one| text(*one, "id").into_owned())
        .collect();
    let oldest = version(&text(package(&open[0]), "rust_version"));
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let one = package(&id);
        let needed = text(one, "rust_version");
        if !needed.is_empty() {
            let name = text(one, "name");
            assert!(version(&needed) <= oldest, "{name} needs Rust {needed}, expected {oldest:?}");
        }
        let node = nodes.iter().find(|node| text(**node, "id") == id).expect("a node");
        for dependency in elements(*node, "deps") {
            // Dependencies of tests alone are another matter.
            let is_used =
                elements(dependency, "dep_kinds").iter().any(|kind| text(*kind, "kind") != "dev");
            if is_used {
                open.push(text(dependency, "pkg").into_owned());
            }
        }
    }
    assert!(seen.len() > 40, "{} packages", seen.len());
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let stated = format!("({}.{} or newer)", oldest[0], oldest[1]);
    assert!(readme.expect("a README").contains(&stated), "README.md does not say {stated}");
}
