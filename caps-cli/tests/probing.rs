//! `probe` with a real QEMU.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use caps_core::Arch;
use caps_test_support::require_qemu;
use support::{data, finished, qemu_caps, run, text};

/// The processes whose arguments name a directory.
fn processes_of(dir: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("a /proc").filter_map(Result::ok);
    entries
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(dir))
        .collect()
}

#[test]
fn a_capture_of_a_real_qemu_is_complete() {
    let Some(binary) = require_qemu("probing", "qemu-system-x86_64") else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (binary, dir) = (binary.to_string_lossy(), dir.path().to_string_lossy());
    let (exit, out, errors) = run(["probe", &binary, "--dir", &dir]);
    assert_eq!(exit, 0, "{errors}");
    let files: Vec<&str> = out.lines().collect();
    assert_eq!(files.len(), 2, "{out}");
    let (exit, out, _) = run(["check", files[0]]);
    assert_eq!(exit, 0, "{out}");
    let (exit, xml, errors) = run(["derive", "--strict", files[0]]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert_eq!(xml, fs::read_to_string(files[1]).expect("the XML"));
}

#[test]
fn the_conversation_goes_to_standard_output_or_a_file() {
    let Some(binary) = require_qemu("probing", "qemu-system-x86_64") else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("recorded");
    let (binary, file) = (binary.to_string_lossy(), file.to_string_lossy());
    let (exit, out, _) = run(["probe", &binary, "--accel", "tcg"]);
    assert_eq!(exit, 0);
    assert!(
        out.starts_with("{\n  \"execute\": \"qmp_capabilities\",\n  \"id\": \"libvirt-1\"\n}\n\n")
    );
    let (exit, summary, _) =
        run(["probe", &binary, "--accel", "tcg", "--output", &file, "--summary"]);
    assert_eq!(exit, 0);
    assert!(summary.contains("accelerators  tcg\n"), "{summary}");
    let recorded = fs::read_to_string(&*file).expect("a file");
    assert_eq!(recorded.lines().count(), out.lines().count());
}

/// Writes a program in QEMU's place that answers from a capture, and refuses arguments with this pattern.
fn write_daemon(dir: &Path, capture: &str, refused: &str) -> PathBuf {
    let qemu = dir.join("qemu");
    let script = format!(
        "#!/bin/sh\n\
         for argument; do\n\
           case $argument in\n\
             {refused}) echo 'qemu: invalid accelerator tcg' >&2; exit 1 ;;\n\
             unix:*) socket=${{argument#unix:}}; socket=${{socket%%,*}} ;;\n\
           esac\n\
         done\n\
         : >'{log}'\n\
         '{program}' serve '{data}/caps_{capture}.replies' --socket \"$socket\" >'{log}' 2>&1 &\n\
         until [ -s '{log}' ]; do /bin/sleep 0.01; done\n",
        log = dir.join("log").display(),
        program = env!("CARGO_BIN_EXE_qemu-caps"),
        data = data().display(),
    );
    fs::write(&qemu, script).expect("a file");
    fs::set_permissions(&qemu, fs::Permissions::from_mode(0o755)).expect("a file");
    qemu
}

/// A QEMU of another architecture, and perhaps a user who may not use KVM.
#[test]
fn what_a_capture_will_lack_is_said() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let qemu = write_daemon(dir.path(), "7.2.22_loongarch64", "none");
    let kvm = Path::new("/dev/kvm");
    let opened = fs::File::options().read(true).write(true).open(kvm);
    for (accel, wants_kvm) in [("auto", true), ("tcg", false)] {
        let (exit, _, errors) = run(["probe", text(&qemu), "--accel", accel, "--baseline", "12.8"]);
        assert_eq!(exit, 0, "{errors}");
        let is_foreign = Arch::host() != Some(Arch::Loongarch64);
        assert_eq!(
            errors.contains("of QEMU (loongarch64) is not the host's"),
            is_foreign,
            "{errors}"
        );
        let lacks_kvm = wants_kvm && kvm.exists() && opened.is_err();
        assert_eq!(errors.contains("`/dev/kvm` can't be opened"), lacks_kvm, "{errors}");
    }
}

/// A QEMU whose TCG is a module that is not installed. Its answers are those of a capture.
#[test]
fn without_tcg_there_is_a_hint_to_probe_with_kvm() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let qemu = write_daemon(dir.path(), "10.0.13_x86_64", "*accel=tcg");
    let qemu = text(&qemu);
    // The capture has the answers of this release alone.
    let baseline = ["--baseline", "12.8"];
    let (exit, _, errors) = run(["probe", qemu].into_iter().chain(baseline));
    assert_eq!(exit, 4, "{errors}");
    for part in ["with TCG; `--accel kvm` records without it", "invalid accelerator tcg"] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    let (exit, out, errors) = run(["probe", qemu, "--accel", "kvm"].into_iter().chain(baseline));
    assert_eq!(exit, 0, "{errors}");
    let recorded = fs::read_to_string(data().join("caps_10.0.13_x86_64.replies"));
    let recorded = recorded.expect("a capture");
    assert!(recorded.len() > out.len() && recorded.starts_with(&out), "not its first session");
}

#[test]
fn a_signal_ends_qemu_and_then_the_program() {
    use rustix::process::Signal;
    for signal in [Signal::TERM, Signal::QUIT, Signal::ABORT, Signal::USR1, Signal::ALARM] {
        ends_by(signal);
    }
}

fn ends_by(signal: rustix::process::Signal) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    // A QEMU that never opens its socket, and has a child.
    let slow = dir.path().join("slow-qemu");
    let script = format!("#!/bin/sh\necho ready > {}/ready\nsleep 600\n", dir.path().display());
    fs::write(&slow, script).expect("a script");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&slow, mode).expect("an executable script");
    let mut child = qemu_caps(["probe", &slow.to_string_lossy()])
        .env("TMPDIR", dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !dir.path().join("ready").exists() {
        assert!(child.try_wait().expect("a child").is_none(), "the program ended by itself");
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, signal).expect("a process");
    let output = child.wait_with_output().expect("an end");
    let ended = std::os::unix::process::ExitStatusExt::signal(&output.status);
    assert_eq!(ended, Some(signal.as_raw()), "{}", finished(output).2);
    let name = dir.path().to_string_lossy();
    assert_eq!(processes_of(&name), [""; 0]);
    let left: Vec<String> = fs::read_dir(dir.path())
        .expect("a directory")
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("qmp-"))
        .collect();
    assert_eq!(left, [""; 0]);
}

/// Of this host's architecture, and the first on `PATH`.
#[test]
fn without_a_binary_the_hosts_qemu_is_probed() {
    let Some(arch) = Arch::host() else {
        eprintln!("without_a_binary_the_hosts_qemu_is_probed: not run, the host is unknown");
        return;
    };
    let dir = tempfile::tempdir().expect("a directory");
    let qemu = dir.path().join(format!("qemu-system-{}", arch.qemu_target()));
    let on_path = |arguments: &[&str]| {
        let mut program = qemu_caps(arguments.iter().copied());
        finished(program.env("PATH", dir.path()).output().expect("the program starts"))
    };
    let (exit, _, errors) = on_path(&["probe"]);
    assert_eq!(exit, 4, "{errors}");
    assert!(errors.contains("no QEMU to probe, name a BINARY"), "{errors}");
    fs::write(&qemu, "#!/bin/sh\necho this is a test >&2\nexit 3\n").expect("a script");
    fs::set_permissions(&qemu, fs::Permissions::from_mode(0o755)).expect("a mode");
    let name = qemu.file_name().and_then(|name| name.to_str()).expect("a name");
    for arguments in [&["probe"][..], &["domcaps", name]] {
        let (exit, _, errors) = on_path(arguments);
        assert_eq!(exit, 4, "{errors}");
        assert!(errors.contains(text(&qemu)), "{errors}");
    }
    // A path is taken as it is.
    let path = format!("{name}/no");
    let (exit, _, errors) = on_path(&["domcaps", &path]);
    assert!(exit != 4 && errors.contains(&format!("`{path}`")), "{exit} {errors}");
}

#[test]
fn what_is_no_qemu_exits_with_4() {
    for (binary, message) in [
        ("/nonexistent/qemu", "error: can't probe `/nonexistent/qemu`"),
        ("/bin/true", "caused by: `/bin/true` is not a QEMU"),
        ("/", "is a directory, expected a QEMU binary"),
    ] {
        let (exit, out, errors) = run(["probe", binary, "--timeout", "5"]);
        assert_eq!((exit, out.as_str()), (4, ""), "{errors}");
        assert!(errors.contains(message), "{errors}");
    }
}
