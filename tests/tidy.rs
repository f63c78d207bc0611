//! Project rules that a program can check.

use std::fs;
use std::path::{Path, PathBuf};

use qemu_caps::capture::Captures;

/// Files that are allowed to be longer: tables.
const TABLES: &[&str] = &["caps-core/src/flag/table.rs"];
const LONGEST: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with these extensions in a directory and below, without the output of builds.
fn files(dir: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found
}

fn sources() -> impl Iterator<Item = (String, String)> {
    files(root(), &[".rs"]).into_iter().map(|path| {
        let name = path.strip_prefix(root()).expect("below the root").display().to_string();
        (name, fs::read_to_string(path).expect("a source file"))
    })
}

#[test]
fn source_files_are_short() {
    let long: Vec<String> = sources()
        .filter(|(name, _)| !TABLES.contains(&name.as_str()))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("{name}: {lines} lines, expected at most {LONGEST}"))
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn the_core_has_no_terminal_and_no_arguments() {
    let manifest = |name: &str| fs::read_to_string(root().join(name)).expect("a manifest");
    for banned in ["clap", "indicatif", "anstream"] {
        for name in ["caps-core/Cargo.toml", "caps-macros/Cargo.toml", "Cargo.toml"] {
            let depends = manifest(name).lines().any(|line| line.starts_with(banned));
            assert!(!depends, "{name} depends on {banned}");
        }
    }
    assert!(!manifest("caps-core/Cargo.toml").contains("caps-macros"));
    assert!(!manifest("qemucapabilitiesdata/Cargo.toml").contains("[dependencies]"));
}

#[test]
fn replies_know_no_flags_and_no_schema() {
    for (name, text) in sources().filter(|(name, _)| name.starts_with("caps-core/src/replies")) {
        for module in ["flag", "qapi", "probe", "caps"] {
            assert!(!text.contains(&format!("crate::{module}")), "{name} uses {module}");
        }
    }
}

#[test]
fn every_dependency_has_its_reason_beside_it() {
    for path in files(root(), &["Cargo.toml"]) {
        if path.components().any(|part| part.as_os_str() == "packages") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a manifest");
        let mut inside = false;
        let mut before = "";
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]") && !line.contains("workspace");
            } else if inside && line.contains('=') && !line.contains("workspace = true") {
                let reason = before.starts_with('#') || line.contains(" # ");
                assert!(reason, "{}: `{line}` has no comment", path.display());
            }
            before = line;
        }
    }
}

#[test]
fn every_capture_of_the_project_is_whole() {
    let captures = Captures::discover(qemu_caps::data::DIR).expect("captures");
    for capture in &captures {
        let is_whole = capture.replies.is_some() && capture.xml.is_some();
        assert!(is_whole || capture.is_survey_alone(), "{}", capture.id);
    }
}

/// The types that implement `FromCase` for a lifetime, in the form of their references.
fn parameters() -> Vec<String> {
    let text = sources()
        .filter(|(name, _)| name.starts_with("caps-core/src/"))
        .map(|(_, text)| text)
        .collect::<String>();
    let implementations = text.lines().filter(|line| line.starts_with("impl"));
    let types =
        implementations.filter_map(|line| line.split_once(" FromCase<")?.1.split_once(" for "));
    let types = types.map(|(_, ty)| ty.trim_end_matches(" {").replace("&'c ", "&"));
    types.filter(|ty| !ty.contains("//")).collect()
}

#[test]
fn every_parameter_is_in_the_documentation_the_diagnostic_and_the_prelude() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect(name);
    let facade = read("src/lib.rs");
    let prelude = &facade[facade.find("pub mod prelude").expect("a prelude")..];
    let parameter = read("caps-core/src/testing/parameter.rs");
    let note = parameter.find("it can take").expect("a list of parameters");
    let note = parameter[note..].lines().next().expect("a line");
    let documentation = read("src/caps_test.md");
    let parameters = parameters();
    assert!(parameters.len() >= 14, "{parameters:?}");
    for ty in parameters {
        assert!(note.contains(&format!("`{ty}`")), "the diagnostic lacks {ty}");
        assert!(documentation.contains(&format!("`{ty}`")), "src/caps_test.md lacks {ty}");
        let name = ty.trim_start_matches('&');
        let is_there = prelude.split(|c: char| !c.is_alphanumeric()).any(|word| word == name);
        assert!(is_there, "the prelude lacks {name}");
        let is_known = qemu_caps::testing::PARAMETERS.iter().any(|(known, _)| *known == name);
        assert!(is_known, "PARAMETERS lacks {name}");
    }
}

#[test]
fn every_item_of_the_macro_is_in_its_documentation() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect(name);
    let parser = read("caps-macros/src/parse.rs");
    let words = &parser[parser.find("const WORDS").expect("the list of items")..];
    let words = &words[words.find("= [").expect("an array")..words.find("];").expect("its end")];
    let words: Vec<&str> = words.split('"').skip(1).step_by(2).collect();
    assert!(words.len() >= 15, "{words:?}");
    let documentation = read("src/caps_test.md");
    for word in words.into_iter().chain(["latest", "oldest", "all", "crate"]) {
        let is_there = [" ", "`", "(", "="].iter().any(|after| {
            documentation
                .lines()
                .any(|line| line.starts_with('|') && line.contains(&format!("`{word}{after}")))
        });
        assert!(is_there, "src/caps_test.md has no row for `{word}`");
    }
}
