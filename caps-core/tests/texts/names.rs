//! Names, their suggestions, and how they are printed.

use std::io;

use caps_core::qapi::Query;
use caps_core::qmp::Command;
use caps_core::{Arch, Flag, FlagSet, escape, fs, nearest::nearest};

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
    assert!(flags.is_empty() && flags.len() == 0);
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
