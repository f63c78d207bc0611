//! Names, their suggestions, and how they are printed.

use std::io;

use caps_core::baseline::Span;
use caps_core::caps::MachineType;
use caps_core::flag::{FlagState, RELEASED, lint};
use caps_core::inputs::FilePattern;
use caps_core::nearest::nearest;
use caps_core::qapi::Query;
use caps_core::qmp::Command;
use caps_core::survey::{Sessions, Types};
use caps_core::{Arch, Baseline, Capabilities, Flag, FlagSet, escape, fs};

#[test]
fn a_suggestion_is_the_most_similar_name() {
    let as_many = |count| "a".repeat(count);
    let [a255, a256, a257] = [255, 256, 257].map(as_many);
    for (name, candidates, expected) in [
        ("tgc", &["kvm", "tcg"][..], Some("tcg")),
        ("ţcg", &["kvm", "tcg"], Some("tcg")),
        ("tcg", &["kvm", "ţcg"], Some("ţcg")),
        // The beginning counts more than the rest.
        ("usb-disc", &["usb-mouse"], Some("usb-mouse")),
        ("disc-usb", &["mouse-usb"], None),
        // The same letters in another order are another word.
        ("abcdef", &["fedcba"], None),
        ("abc", &["cba"], None),
        ("abc", &["cab", "abd"], Some("abd")),
        // As similar as is just enough.
        ("abcdefgh", &["zbcdefyx"], Some("zbcdefyx")),
        ("abcdefgh", &["zbcdewyx"], None),
        (&a256, &[&a255, &a256], Some(&a256)),
        (&a257, &[&a255, &a256], None),
        (&a255, &[&a257], None),
    ] {
        assert_eq!(nearest(name, candidates.iter().copied()), expected, "{name}");
    }
}

#[test]
fn a_word_is_quoted_for_the_shell_where_necessary() {
    for (word, expected) in [
        ("caps_9.2.0_x86_64+a.replies", "caps_9.2.0_x86_64+a.replies"),
        ("", "''"),
        ("it's; rm", r"'it'\''s; rm'"),
        ("é", "'é'"),
        ("a\n\t\rb", r"$'a\n\t\rb'"),
        ("a\u{1b}b 'c\\", r"$'a\U0000001bb \'c\\'"),
    ] {
        assert_eq!(escape::shell(word), expected);
    }
}

#[test]
fn a_set_of_flags_has_a_size() {
    let mut flags = FlagSet::default();
    assert!(flags.is_empty());
    flags.extend([Flag::Kvm, Flag::Vnc, Flag::Kvm]);
    assert!(!flags.is_empty());
    assert_eq!(flags.len(), 2);
}

#[test]
fn architectures_have_interrupt_controllers_that_libvirt_queries() {
    for (arch, expected) in [
        (Arch::Aarch64, true),
        (Arch::Armv6l, true),
        (Arch::Armv7l, true),
        (Arch::Armv7b, false),
        (Arch::X86_64, false),
        (Arch::Riscv64, false),
    ] {
        assert_eq!(arch.has_gic(), expected, "{arch}");
    }
}

#[test]
fn commands_and_queries_are_printed() {
    let command = Command::new("x").with_strings(&[("a", "1"), ("b", "\"")]);
    assert_eq!(command.to_string(), r#"x {"a":"1","b":"\""}"#);
    let query: Query = "go/arg-type/*x".parse().expect("a query");
    assert_eq!(format!("{query}|{query:>16}"), "go/arg-type/*x|  go/arg-type/*x");
}

#[test]
fn a_file_that_can_not_be_written_is_refused_before_anything_is_changed() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut batch = fs::Batch::default();
    let error = batch.stage(dir.path(), b"").expect_err("a directory");
    assert_eq!(error.source.kind(), io::ErrorKind::IsADirectory);
    batch.stage(dir.path().join("x".repeat(300)), b"").expect_err("a name that is too long");
    let left = std::fs::read_dir(dir.path()).expect("a directory");
    assert_eq!(left.count(), 0);
}

#[test]
fn text_is_escaped_for_its_place() {
    for (text, expected) in [
        ("[1]", "[1]"),
        ("[\"\u{9b}2J\u{202e}\"]\n", "[\"\\u009b2J\\u202e\"]\n"),
        ("\u{7f}", "\\u007f"),
        ("é", "é"),
    ] {
        assert_eq!(escape::json(text), expected);
    }
    for (text, expected) in [
        ("plain", "plain"),
        ("a|x86_64 _<d>", r"a\|x86_64 \_\<d\>"),
        ("_a_ a_ _b a_b", r"\_a\_ a\_ \_b a_b"),
        ("a\u{1b}\n", r"a\\u{1b}\\n"),
        ("#1 & ~2 [3](4) `5` *6*", r"\#1 \& \~2 \[3\](4) \`5\` \*6\*"),
    ] {
        assert_eq!(escape::markdown(text), expected);
    }
    for (text, expected) in
        [("a_b", "`a_b`"), ("a`b|", r"`` a`b\| ``"), ("``a`", "``` ``a` ```"), ("", "`  `")]
    {
        assert_eq!(escape::markdown_code(text), expected);
    }
}

#[test]
fn a_span_names_its_ends() {
    let (old, new) = (Baseline::ALL[0], Baseline::NEWEST);
    assert_ne!(old, new);
    for (span, expected) in [
        (Span::ALWAYS, String::new()),
        (Span::ALWAYS.since(old), String::new()),
        (Span::ALWAYS.since(new), format!(" since {new}")),
        (Span::ALWAYS.until(new), format!(" until {new}")),
        (Span::ALWAYS.since(new).until(new), format!(" since {new} until {new}")),
    ] {
        assert_eq!(span.to_string(), expected);
    }
}

#[test]
fn the_table_of_flags_is_compared_with_a_release() {
    assert_eq!(lint(RELEASED), []);
    let names: Vec<&str> = RELEASED.lines().collect();
    let found = |released: &[&str]| {
        lint(&released.join("\n")).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let longer = [&names[..], &["forgotten"]].concat();
    let at = names.len();
    let [finding] = &found(&longer)[..] else { panic!("{:?}", found(&longer)) };
    let expected = format!("expected the released flag `forgotten` at position {at}, found ");
    assert!(finding.starts_with(&expected), "{finding}");
    let swapped = [&[names[1], names[0]], &names[2..]].concat();
    // The rest would only repeat it.
    let expected =
        [format!("expected the released flag `{}` at position 0, found `{}`", names[1], names[0])];
    assert_eq!(found(&swapped), expected);
}

#[test]
fn a_machine_type_takes_the_name_of_its_alias() {
    let mut caps = Capabilities::new(Arch::X86_64);
    let machine = |name: &str, alias: Option<&str>, is_default| {
        let mut machine = MachineType::new(name);
        machine.alias = alias.map(str::to_owned);
        machine.is_default = is_default;
        machine
    };
    let machines = [machine("pc-10.0", Some("pc"), true), machine("none", None, false)];
    caps.tcg.machines = machines.to_vec();
    caps.strip_machine_aliases();
    let expected =
        [machine("pc", None, true), machine("none", None, false), machine("pc-10.0", None, false)];
    assert_eq!(caps.tcg.machines, expected);
}

#[test]
fn files_are_named_after_the_base_of_their_pattern() {
    let files =
        ["a/x2.y.txt", "a/.hidden", "a/b/x10.txt", "x.txt", "a/b/.x.txt", "a/b/.y", "a/b/c/z"];
    let dir = tempfile::tempdir().expect("a temporary directory");
    for file in files {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, "").expect("a file");
    }
    for (pattern, base, expected) in [
        ("a/*.txt", "a", &[("x2.y", "a/x2.y.txt")][..]),
        ("a/**/*.txt", "a", &[("b/x10", "a/b/x10.txt"), ("x2.y", "a/x2.y.txt")]),
        ("a/**/z", "a", &[("b/c/z", "a/b/c/z")]),
        ("a/.*", "a", &[(".hidden", "a/.hidden")]),
        ("a/b/x10.txt", "a/b", &[("x10", "a/b/x10.txt")]),
        ("./x.*", "", &[("x", "x.txt")]),
        ("a/?/*.txt", "a", &[("b/x10", "a/b/x10.txt")]),
        ("a/b/.*", "a/b", &[(".x", "a/b/.x.txt"), (".y", "a/b/.y")]),
        ("a/*/.*", "a", &[("b/.x", "a/b/.x.txt"), ("b/.y", "a/b/.y")]),
        ("a/*/*/z", "a", &[("b/c/z", "a/b/c/z")]),
        ("b/*", "b", &[]),
    ] {
        let parsed: FilePattern = pattern.parse().expect(pattern);
        assert_eq!(parsed.base(), base, "{pattern}");
        let found = parsed.files(dir.path()).expect("files");
        let found: Vec<_> =
            found.iter().map(|file| (file.name.as_str(), file.path.as_str())).collect();
        assert_eq!(found, expected, "{pattern}");
    }
    let inside: FilePattern = "x.txt/*".parse().expect("a pattern");
    inside.files(dir.path()).expect_err("no directory");
    // A pattern selects by the path in the package, below the base, or by the name alone.
    let all: FilePattern = "a/**/*.txt".parse().expect("a pattern");
    let file = all.files(dir.path()).expect("files").remove(0);
    assert_eq!(file.path, "a/b/x10.txt");
    for (pattern, expected) in [
        ("a/b/x10.txt", true),
        ("b/x10.txt", true),
        ("x10.txt", true),
        ("x*", true),
        ("b/*", true),
        ("10.txt", false),
        ("/x10.txt", false),
        ("*", true),
        ("a/*", false),
    ] {
        let Ok(parsed) = pattern.parse::<FilePattern>() else {
            assert!(pattern.starts_with('/') && !expected);
            continue;
        };
        assert_eq!(parsed.matches(&file), expected, "{pattern}");
    }
}

#[test]
fn names_are_printed_as_they_are_written() {
    assert_eq!(format!("{}|{:>8}", FlagState::Live, FlagState::Retired), "live| retired");
    let query: Query = "a/b".parse().expect("a query");
    assert_eq!(query.as_str(), "a/b");
    let words = [Types::Machines, Types::Accelerators, Types::Cpus, Types::Devices, Types::Others];
    let words = words.map(|types| types.to_string()).join(", ");
    assert_eq!(words, "machine type, accelerator, CPU type, device type, other type");
    let words = [Sessions::First, Sessions::Both, Sessions::Outside].map(|one| one.to_string());
    assert_eq!(words, ["first", "both", "outside"]);
    if let Some(arch) = Arch::ALL.iter().find(|arch| arch.name() == std::env::consts::ARCH) {
        assert_eq!(Arch::host(), Some(*arch));
    }
}

/// Who holds the old file open, or has another name for it, keeps the old content.
#[test]
fn a_file_is_replaced_and_not_changed() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let [path, other] = ["file", "other"].map(|name| dir.path().join(name));
    std::fs::write(&path, "old").expect("a file");
    std::fs::hard_link(&path, &other).expect("a second name");
    fs::write_atomically(&path, b"new").expect("a file");
    let read = |path| std::fs::read_to_string(path).expect("a file");
    assert_eq!((read(&path), read(&other)), ("new".to_owned(), "old".to_owned()));
    let mut batch = fs::Batch::default();
    assert!(batch.is_empty());
    batch.stage(&path, b"newer").expect("a file");
    assert!(!batch.is_empty());
}
