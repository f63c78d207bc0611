//! Selecting captures by name only.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;

use caps_core::capture::{Arches, CaptureId, Captures, Label, Pick, Seen, Selection};
use caps_core::{Arch, Flag, FlagSet};

const NAMES: [&str; 9] = [
    "8.2.0_aarch64",
    "9.2.0_aarch64+hvf",
    "10.0.0_s390x",
    "7.2.0_x86_64",
    "9.2.0_x86_64",
    "10.0.0_x86_64",
    "11.1.3_x86_64",
    "7.2.0_x86_64+hvf",
    "9.2.0_x86_64+hvf",
];

fn captures() -> Captures {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (index, name) in NAMES.iter().enumerate() {
        // One file of the two suffices.
        let ending = if index % 2 == 0 { "xml" } else { "replies" };
        fs::write(dir.path().join(format!("caps_{name}.{ending}")), "").expect(name);
    }
    Captures::discover(dir.path()).expect("well-named files")
}

fn selected(selection: &Selection) -> Vec<String> {
    let captures = captures();
    let selected = selection.names(&captures);
    selected.iter().map(|s| format!("{} {}", s.capture.id, s.label)).collect()
}

#[test]
fn versions_are_picked_in_each_group() {
    for (pick, expected) in [
        ("latest", &["8.2.0_aarch64 latest", "10.0.0_s390x latest", "11.1.3_x86_64 latest"][..]),
        (
            "latest(2)",
            &[
                "8.2.0_aarch64 latest",
                "10.0.0_s390x latest",
                "10.0.0_x86_64 latest-1",
                "11.1.3_x86_64 latest",
            ],
        ),
        ("oldest", &["8.2.0_aarch64 oldest", "10.0.0_s390x oldest", "7.2.0_x86_64 oldest"]),
        (
            "all",
            &[
                "8.2.0_aarch64 8.2.0",
                "10.0.0_s390x 10.0.0",
                "7.2.0_x86_64 7.2.0",
                "9.2.0_x86_64 9.2.0",
                "10.0.0_x86_64 10.0.0",
                "11.1.3_x86_64 11.1.3",
            ],
        ),
        ("9.2.0", &["9.2.0_x86_64 9.2.0"]),
        (">=8.2, <10", &["8.2.0_aarch64 8.2.0", "9.2.0_x86_64 9.2.0"]),
        (">=12", &[]),
    ] {
        let selection = Selection::new(pick.parse().expect(pick));
        assert_eq!(selected(&selection), expected, "{pick}");
    }
}

#[test]
fn architectures_and_variants_are_filters() {
    let mut selection = Selection::new(Pick::Latest(1));
    selection.variant = None;
    let expected = [
        "8.2.0_aarch64 latest",
        "9.2.0_aarch64+hvf latest",
        "10.0.0_s390x latest",
        "11.1.3_x86_64 latest",
        "9.2.0_x86_64+hvf latest",
    ];
    assert_eq!(selected(&selection), expected);
    selection.variant = Some("+hvf".parse().expect("a variant"));
    selection.arches = Arches::Except(vec![Arch::X86_64]);
    assert_eq!(selected(&selection), ["9.2.0_aarch64+hvf latest"]);
    selection.arches = Arches::Only(vec![Arch::X86_64, Arch::S390x]);
    assert_eq!(selected(&selection), ["9.2.0_x86_64+hvf latest"]);
}

#[test]
fn flags_filter_before_versions_are_picked() {
    let flags: HashMap<&str, FlagSet> = [
        ("7.2.0_x86_64", vec![Flag::Kvm]),
        ("9.2.0_x86_64", vec![Flag::Kvm, Flag::Vnc]),
        ("10.0.0_x86_64", vec![Flag::Vnc]),
    ]
    .into_iter()
    .map(|(name, flags)| (name, flags.into_iter().collect()))
    .collect();
    let captures = captures();
    let select = |has: &[Flag], lacks: &[Flag]| {
        let mut selection = Selection::new(Pick::Latest(1));
        (selection.has, selection.lacks) = (has.to_vec(), lacks.to_vec());
        let Ok(selected) = selection.select::<Infallible>(&captures, |capture| {
            Ok(flags.get(capture.id.to_string().as_str()).copied().unwrap_or_default())
        });
        selected.iter().map(|selected| selected.capture.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(select(&[Flag::Vnc], &[]), ["10.0.0_x86_64"]);
    assert_eq!(select(&[Flag::Vnc, Flag::Kvm], &[]), ["9.2.0_x86_64"]);
    assert_eq!(select(&[Flag::Kvm], &[Flag::Vnc]), ["7.2.0_x86_64"]);
    assert_eq!(select(&[], &[Flag::Vnc]), ["8.2.0_aarch64", "10.0.0_s390x", "11.1.3_x86_64"]);
}

#[test]
fn what_picks_nothing_is_an_error_that_helps() {
    for (text, message) in [
        (
            "lates",
            "unknown selector `lates`, expected `latest`, `latest(N)`, `oldest`, `all`, a version as \
             \"9.2.0\" or a range as \">=8.2, <10\", did you mean `latest`?",
        ),
        ("latest(0)", "`latest(0)` selects nothing, expected a number of captures, at least 1"),
        ("latest(x)", "`latest(x)` selects nothing, expected a number of captures, at least 1"),
        (
            "10.0.0-rc1",
            "`10.0.0-rc1` is not a version, expected MAJOR.MINOR.MICRO with numbers of at most 999",
        ),
        ("9.2", "`9.2` can be a version or a range, write \"9.2.0\" or \">=9.2, <9.3\""),
        ("", "`` is not a version, expected MAJOR.MINOR.MICRO with numbers of at most 999"),
        (
            "9.2.0.1",
            "`9.2.0.1` is not a version, expected MAJOR.MINOR.MICRO with numbers of at most 999",
        ),
        (
            ">9.x.1",
            "`>9.x.1` is not a range of versions: unexpected character after wildcard in version req",
        ),
    ] {
        assert_eq!(text.parse::<Pick>().expect_err(text).to_string(), message);
    }
    for text in ["latest", "latest(3)", "oldest", "all", "9.2.0", ">=8.2, <10"] {
        assert_eq!(text.parse::<Pick>().expect(text).to_string(), text);
    }
}

#[test]
fn captures_can_be_left_out() {
    let mut captures = captures();
    assert!(!captures.is_empty());
    captures.retain(|capture| capture.id.arch == Arch::S390x);
    assert_eq!((captures.is_empty(), captures.iter().count()), (false, 1));
    captures.retain(|_| false);
    assert!(captures.is_empty());
}

#[test]
fn labels_hide_the_version_or_name_it() {
    let version = Label::Version("9.2.0".parse().expect("a version"));
    for (label, is_relative) in [
        (Label::Latest(0), true),
        (Label::Latest(2), true),
        (Label::Oldest, true),
        (version, false),
    ] {
        assert_eq!(label.is_relative(), is_relative, "{label}");
    }
}

#[test]
fn captures_without_a_variant_are_plain() {
    for (name, is_plain) in [("10.0.0_x86_64", true), ("10.0.0_x86_64+hvf", false)] {
        let id: CaptureId = name.parse().expect(name);
        assert_eq!(id.variant.is_plain(), is_plain, "{name}");
    }
}

#[test]
fn only_a_selection_by_flags_reads_flags() {
    for (has, lacks) in [(true, false), (false, true), (true, true), (false, false)] {
        let mut selection = Selection::new(Pick::All);
        selection.has.extend(has.then_some(Flag::Kvm));
        selection.lacks.extend(lacks.then_some(Flag::Kvm));
        assert_eq!(selection.reads_flags(), has || lacks);
        let captures = captures();
        let mut read = 0;
        let selected = selection.select::<Infallible>(&captures, |_| {
            read += 1;
            Ok(FlagSet::default())
        });
        assert!(selected.is_ok());
        assert_eq!(read > 0, has || lacks);
    }
}

#[test]
fn a_capture_consists_of_the_files_that_are_there() {
    for (endings, expected) in [
        (&["survey"][..], true),
        (&["survey", "replies"], false),
        (&["survey", "xml"], false),
        (&["replies", "xml"], false),
        (&["survey", "replies", "xml"], false),
    ] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for ending in endings {
            let name = format!("caps_10.0.0_x86_64.{ending}");
            fs::write(dir.path().join(&name), "").expect(&name);
        }
        // A document of libvirt's other test, which is no capture.
        fs::write(dir.path().join("qemu_10.0.0-q35.x86_64.xml"), "").expect("a file");
        let captures = Captures::discover(dir.path()).expect("well-named files");
        assert!(!captures.is_empty());
        let alone: Vec<bool> =
            captures.iter().map(caps_core::capture::Capture::is_survey_alone).collect();
        assert_eq!(alone, [expected], "{endings:?}");
    }
}

#[test]
fn versions_around_and_between_those_that_have_it_are_named() {
    let seen = |captures: &[(&str, bool)]| {
        let captures: Vec<(CaptureId, bool)> = captures
            .iter()
            .map(|(version, holds)| (format!("{version}_x86_64").parse().expect(version), *holds))
            .collect();
        let seen = Seen::sum_up(captures.iter().map(|(id, holds)| (id, *holds)));
        let [one] = &seen[..] else { panic!("one architecture: {seen:?}") };
        let named = |version: Option<caps_core::Version>| {
            version.map_or_else(|| "-".to_owned(), |version| version.to_string())
        };
        let gaps: Vec<String> = one.gaps.iter().map(ToString::to_string).collect();
        let around = [one.absent_before, one.first, one.last, one.absent_after].map(named);
        format!("{} [{}]", around.join(" "), gaps.join(" "))
    };
    let all = [
        ("7.0.0", false),
        ("7.2.0", false),
        ("8.0.0", true),
        ("8.1.0", false),
        ("9.0.0", false),
        ("9.1.0", true),
        ("10.0.0", false),
        ("10.1.0", false),
    ];
    assert_eq!(seen(&all), "7.2.0 8.0.0 9.1.0 10.0.0 [8.1.0 9.0.0]");
    assert_eq!(seen(&all[2..6]), "- 8.0.0 9.1.0 - [8.1.0 9.0.0]");
    assert_eq!(seen(&all[..3]), "7.2.0 8.0.0 8.0.0 - []");
    assert_eq!(seen(&all[..2]), "- - - - []");
}
