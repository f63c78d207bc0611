//! The subcommand `edit`.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::{copies, qemu_caps, run, text};

/// The files of a directory, sorted, with their contents.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

#[test]
fn edit_changes_many_captures_and_mends_their_numbers() {
    let dir = copies("_riscv64");
    let before = contents(dir.path());
    let path = text(dir.path());
    let drop = ["edit", "--drop", "query-command-line-options", path];
    let (exit, out, errors) = run(drop.iter().copied().chain(["--dry-run"]));
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(out.contains("-  \"execute\": \"query-command-line-options\",\n"), "{out}");
    assert_eq!(contents(dir.path()), before, "a dry run changes nothing");

    fs::set_permissions(&before[0].0, fs::Permissions::from_mode(0o600)).expect("a mode");
    let (exit, out, _) = run(drop);
    assert_eq!((exit, out.matches("changed in 1 place\n").count()), (0, before.len()), "{out}");
    let mode = fs::metadata(&before[0].0).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (exit, _, errors) = run(["check", path]);
    assert_eq!(exit, 0, "{errors}");
    let (exit, _, errors) = run(drop);
    assert_eq!(
        (exit, errors.as_str()),
        (2, "error: drop `query-command-line-options`: matches nothing\n")
    );
    assert_eq!(run(drop.iter().copied().chain(["--allow-no-match"])).0, 0);

    let (exit, out, errors) = run([
        "edit",
        "--insert-after",
        "query-machines",
        "--new",
        r#"{"execute": "query-news"}"#,
        "--reply",
        r#"{"return": {"enabled": "kvm", "present": ["kvm", "tcg"]}}"#,
        "--if-version",
        ">=11",
        "--format",
        "json",
        path,
    ]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    let value: Value = serde_json::from_str(&out).expect("JSON");
    let changed: Vec<&Value> = value["captures"].as_array().expect("a list").iter().collect();
    assert_eq!(changed.iter().filter(|capture| capture["changed"] == true).count(), 1);
    let new = fs::read_to_string(dir.path().join("caps_11.1.3_riscv64.replies")).expect("it");
    assert!(new.contains("\"execute\": \"query-news\",\n"));
}

/// A description that can't be derived any more is no obstacle, unless it was asked for.
#[test]
fn edit_leaves_the_description_of_what_is_no_capture_any_more() {
    let dir = copies("11.1.3_riscv64");
    let xml = dir.path().join("caps_11.1.3_riscv64.xml");
    fs::copy(support::data().join("caps_11.1.3_riscv64.xml"), &xml).expect("a copy");
    let before = contents(dir.path());
    let drop = ["edit", "--drop", "query-version", "--dry-run", text(dir.path())];
    let (exit, out, errors) = run(drop);
    assert_eq!(exit, 0, "{errors}");
    assert!(out.contains("-  \"execute\": \"query-version\",\n"), "{out}");
    let (exit, _, errors) = run(drop.iter().copied().chain(["--regenerate"]));
    assert_eq!(exit, 3, "{errors}");
    assert!(errors.contains("caps_11.1.3_riscv64.replies` has no description"), "{errors}");
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn edit_takes_several_edits_from_a_script() {
    let dir = copies("_riscv64");
    let script = dir.path().join("bulk.toml");
    let apply = |text: &str| {
        fs::write(&script, text).expect("a writable directory");
        run(["edit", "--script", self::text(&script), self::text(dir.path())])
    };
    let (exit, _, errors) = apply(
        r#"
        [[edit]]
        action = "set"
        command = "query-machines"
        pointer = "/return/[name=virt]/deprecated"
        value = true
        when = { version = "11.1.3", schema = "query-machines" }

        [[edit]]
        action = "drop"
        command = "query-command-line-options"
        "#,
    );
    assert_eq!((exit, errors.as_str()), (0, ""));
    let (_, out, _) = run(["dump", "--machine-types", text(dir.path())]);
    assert_eq!(out.matches("(machine) virt (deprecated)\n").count(), 1, "{out}");

    let before = contents(dir.path());
    for (script, expected) in [
        (
            "[[edit]]\naction = \"drop\"\n\ncomand = \"x\"\n",
            "caused by: line 4: unknown key `comand`, did you mean `command`?",
        ),
        ("[[edit]]\naction = \"drop\"\ncommand = \"x\n", "caused by: line 3: "),
        (
            "\n[[edit]]\naction = \"drop\"\ncommand = \"query-nothing\"\n",
            "caused by: line 2: drop `query-nothing`: matches nothing",
        ),
    ] {
        let (exit, _, errors) = apply(script);
        assert!(exit == 2 || exit == 3, "{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
    fs::write(&script, &before.iter().find(|file| file.0 == script).expect("the script").1)
        .expect("it");
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn edit_writes_all_files_or_none() {
    let dir = copies("11.1.3");
    let path = text(dir.path());
    let before = contents(dir.path());
    let arguments = ["edit", "--drop", "query-command-line-options", path];
    let unchanged = |(exit, errors): (i32, &str), expected: &str| {
        assert!(exit == 3 || exit == 5, "{errors}");
        assert!(errors.contains(expected), "{errors}");
        assert!(contents(dir.path()) == before, "a file was changed");
    };

    // A file that is no capture.
    let bad = dir.path().join("caps_12.0.0_x86_64.replies");
    fs::write(&bad, "{\"execute\": \"query-command-line-options\"}\n")
        .expect("a writable directory");
    let (exit, _, errors) = run(arguments);
    fs::remove_file(&bad).expect("the file");
    unchanged((exit, &errors), "caps_12.0.0_x86_64.replies");

    // A disk that is full for the larger files, but not for the smaller ones.
    let sizes = before.iter().map(|file| file.1.len());
    let (least, most) = (sizes.clone().min().expect("files"), sizes.max().expect("files"));
    let blocks = least.midpoint(most) / 512;
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_qemu-caps")])
        .args(arguments)
        .output()
        .expect("a shell");
    let (exit, _, errors) = support::finished(output);
    unchanged((exit, &errors), "error: can't write `");

    // A directory without write permission, which stops everyone but root.
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).expect("a mode");
    let (exit, _, errors) = run(arguments);
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    if rustix::process::geteuid().is_root() {
        eprintln!("NOT RUN: root may write to a directory without permission");
    } else {
        unchanged((exit, &errors), "error: can't write `");
    }
}

/// Starts the program on the original files and waits for some time, which `looks` at the directory
/// take; returns whether it has ended. With more looks it gets further, and finally completes.
fn started<'a>(
    arguments: impl IntoIterator<Item = &'a str>,
    dir: &Path,
    original: &[(PathBuf, Vec<u8>)],
    looks: usize,
) -> (Child, bool) {
    for (path, old) in original {
        fs::write(path, old).expect("a writable directory");
    }
    let mut program = qemu_caps(arguments);
    let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    for _ in 0..looks {
        if child.try_wait().expect("a child").is_some() {
            return (child, true);
        }
        let _ = fs::read_dir(dir).expect("a directory").count();
    }
    (child, false)
}

#[test]
fn what_a_killed_program_left_is_removed_but_not_by_a_dry_run() {
    let dir = copies("7.2.22_loongarch64");
    let left = dir.path().join(".caps.qemu-caps.tmp");
    fs::write(&left, "").expect("a file");
    let arguments = ["edit", "--drop", "none", "--allow-no-match", text(dir.path())];
    for (more, stays) in [(&["--dry-run"][..], true), (&[], false)] {
        let (exit, _, errors) = run(arguments.iter().chain(more).copied());
        assert_eq!((exit, left.exists()), (0, stays), "{errors}");
    }
}

#[test]
fn an_edit_that_is_killed_leaves_each_file_old_or_new() {
    let dir = copies("_x86_64");
    let original = contents(dir.path());
    let arguments = ["edit", "--drop", "query-command-line-options", text(dir.path())];
    assert_eq!(run(arguments).0, 0);
    let edited = contents(dir.path());
    let (mut killed, mut looks) = (0, 0);
    loop {
        let (mut child, ended) = started(arguments, dir.path(), &original, looks);
        child.kill().expect("a child");
        child.wait().expect("a child");
        for (((path, old), (_, new)), now) in
            original.iter().zip(&edited).map(|pair| (pair, fs::read(&pair.0.0).expect("a file")))
        {
            assert!(now == *old || now == *new, "{}", path.display());
        }
        for entry in fs::read_dir(dir.path()).expect("a directory") {
            // A killed program's leftovers have names that nothing mistakes for a capture's.
            let path = entry.expect("an entry").path();
            if !original.iter().any(|(known, _)| *known == path) {
                assert!(path.extension().is_some_and(|extension| extension == "tmp"));
                fs::remove_file(path).expect("a file");
            }
        }
        if ended {
            break;
        }
        killed += 1;
        looks = looks * 5 / 4 + 50;
    }
    assert!(killed > 3, "the program was killed only {killed} times");
}

#[test]
fn a_signal_leaves_all_files_old_or_all_new_and_nothing_else() {
    let dir = copies("_x86_64");
    let original = contents(dir.path());
    let arguments = ["edit", "--drop", "query-command-line-options", text(dir.path())];
    assert_eq!(run(arguments).0, 0);
    let edited = contents(dir.path());
    let (mut ended_by_signal, mut looks) = (0, 0);
    for signal in
        [rustix::process::Signal::INT, rustix::process::Signal::TERM, rustix::process::Signal::HUP]
            .into_iter()
            .cycle()
    {
        let (mut child, ended) = started(arguments, dir.path(), &original, looks);
        if !ended {
            let pid = rustix::process::Pid::from_child(&child);
            rustix::process::kill_process(pid, signal).expect("a process");
        }
        let status = child.wait().expect("a child");
        let now = contents(dir.path());
        assert!(
            now == original || now == edited,
            "{:?}",
            now.iter().map(|file| &file.0).collect::<Vec<_>>()
        );
        ended_by_signal +=
            usize::from(std::os::unix::process::ExitStatusExt::signal(&status).is_some());
        if ended {
            break;
        }
        looks = looks * 5 / 4 + 50;
    }
    assert!(ended_by_signal > 3, "signals ended the program only {ended_by_signal} times");
}
