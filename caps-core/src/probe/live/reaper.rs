use std::io::{self, PipeWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

use super::process::{Process, reap};

const SHELL: &str = "/bin/sh";

/// Kills the processes of a private directory and removes it, once its input ends.
///
/// The directory is passed as the first line of the input rather than as an argument, so that the
/// reaper does not match its own search. `read` ignores the NULs between the arguments of a
/// process and between the variables of its environment. A process can fork during the search, so
/// two rounds must find nothing. `command -p` looks `rm` up in the system's own directories.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM
IFS= read -r dir || exit
case $dir in /*qmp-?*) ;; *) exit 1 ;; esac
read -r more && exit

is_marked() {
    for file in "$1/cmdline" "$1/environ"; do
        while IFS= read -r line || [ -n "$line" ]; do
            case $line in *"$dir"*) return 0 ;; esac
        done <"$file"
    done
    return 1
}

if [ -r "$1/self/cmdline" ]; then
    rounds=0 quiet=0
    while [ $rounds -lt 100 ] && [ $quiet -lt 2 ]; do
        rounds=$((rounds + 1)) quiet=$((quiet + 1))
        for process in "$1"/[0-9]*; do
            is_marked "$process" && kill -9 "${process##*/}" && quiet=0
        done
        command -p rm -rf -- "$dir"
    done
else
    read -r pid <"$dir/qmp.pid"
    case $pid in '' | 0* | *[!0-9]*) ;; *) kill -9 "$pid" ;; esac
    command -p rm -rf -- "$dir"
fi
"#;

/// A process that cleans up a private directory if this program dies without doing so. Dropping it
/// kills the process, however the shell behaves.
#[derive(Debug)]
pub(super) struct Reaper {
    shell: Child,
    process: Process,
    /// The system closes it when this program dies.
    _lifeline: PipeWriter,
}

impl Reaper {
    /// Watches over a private directory. Without a shell, or with a newline in the path, there is
    /// no reaper; it is only a precaution.
    pub(super) fn new(dir: &Path) -> Option<Self> {
        let has_newline = dir.as_os_str().as_bytes().contains(&b'\n');
        if has_newline { None } else { Self::spawn(SHELL, "/proc", dir).ok() }
    }

    fn spawn(shell: &str, proc: &str, dir: &Path) -> io::Result<Self> {
        let (reader, mut lifeline) = io::pipe()?;
        // Written before the reaper starts, so that an orphaned reaper always knows its directory.
        lifeline.write_all(&[dir.as_os_str().as_bytes(), b"\n"].concat())?;
        let shell = command(shell, proc).stdin(reader).spawn()?;
        let process = Process::of_child(Pid::from_child(&shell));
        Ok(Self { shell, process, _lifeline: lifeline })
    }
}

fn command(shell: &str, proc: &str) -> Command {
    let mut command = Command::new(shell);
    command
        .args(["-c", SCRIPT, "qemu-caps-reaper", proc])
        .env_clear()
        .current_dir("/")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Shield the reaper from the terminal's signals to this program.
        .process_group(0);
    command
}

impl Drop for Reaper {
    fn drop(&mut self) {
        // The lifeline is still open, so the shell waits and can't have begun to clean up. The group
        // exists until the shell is reaped.
        let _ = kill_process_group(Pid::from_child(&self.shell), Signal::KILL);
        reap(&mut self.shell, &self.process);
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};
    use std::time::Instant;

    use super::{Reaper, SHELL, command};
    use crate::probe::live::process::DEATH;

    fn dir(parent: &Path, name: &[u8]) -> PathBuf {
        let dir = parent.join(OsStr::from_bytes(name));
        fs::create_dir(&dir).expect("a directory");
        fs::write(dir.join("file"), "").expect("a file");
        dir
    }

    /// A process with `text` among its arguments.
    fn sleeper(text: &[u8]) -> Child {
        Command::new("sleep").arg0(OsStr::from_bytes(text)).arg("60").spawn().expect("a process")
    }

    /// Feeds a reaper this input, then closes it.
    fn tell(proc: &str, words: &[&[u8]]) {
        let mut reaper = command(SHELL, proc).stdin(Stdio::piped()).spawn().expect("a shell");
        let mut input = reaper.stdin.take().expect("a pipe");
        input.write_all(&words.concat()).expect("a reader");
        drop(input);
        reaper.wait().expect("a status");
    }

    fn assert_killed(mut child: Child) {
        assert_eq!(child.wait().expect("a status").signal(), Some(9));
    }

    #[test]
    fn an_orphan_clears_away_by_arguments() {
        let parent = tempfile::tempdir().expect("a directory");
        for name in [&b"qmp-plain"[..], b"qmp-a b, 'c' \"d\" $(e) *[f] \\n-", b"qmp-\xc4\x81\xff"] {
            let dir = dir(parent.path(), name);
            let bytes = dir.as_os_str().as_bytes();
            let marked = sleeper(&[b"a\nunix:", bytes, b"/socket\nb"].concat());
            let mut other = sleeper(&[&bytes[..bytes.len() - 1], b"?"].concat());
            tell("/proc", &[bytes, b"\n"]);
            assert!(!dir.exists(), "{}", dir.display());
            assert_killed(marked);
            assert_eq!(other.try_wait().expect("a status"), None);
            other.kill().expect("a process");
            assert_killed(other);
        }
    }

    #[test]
    fn an_orphan_clears_away_by_the_environment() {
        let parent = tempfile::tempdir().expect("a directory");
        let dir = dir(parent.path(), b"qmp-1");
        let marked = Command::new("sleep").arg("60").env("X", &dir).spawn().expect("a process");
        tell("/proc", &[dir.as_os_str().as_bytes(), b"\n"]);
        assert!(!dir.exists());
        assert_killed(marked);
    }

    /// A shell that ignores its input and everything else.
    #[test]
    fn a_shell_that_hangs_is_killed() {
        let parent = tempfile::tempdir().expect("a directory");
        let dir = dir(parent.path(), b"qmp-1");
        let shell = parent.path().join("sh");
        fs::write(&shell, "#!/bin/sh\ntrap '' TERM HUP\nsleep 60 &\nwhile :; do wait; done\n")
            .expect("a file");
        fs::set_permissions(&shell, fs::Permissions::from_mode(0o755)).expect("a mode");
        let started = Instant::now();
        // A parallel test can have the file open for a moment while it starts a process.
        let mut reaper = Reaper::spawn(shell.to_str().expect("UTF-8"), "/proc", &dir);
        while reaper.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::ExecutableFileBusy) {
            reaper = Reaper::spawn(shell.to_str().expect("UTF-8"), "/proc", &dir);
        }
        drop(reaper.expect("a reaper"));
        assert!(started.elapsed() < DEATH, "{:?}", started.elapsed());
        assert!(dir.join("file").exists());
    }

    #[test]
    fn an_orphan_clears_away_by_the_pid_file() {
        let parent = tempfile::tempdir().expect("a directory");
        let dir = dir(parent.path(), b"qmp-1");
        let child = sleeper(b"sleep");
        fs::write(dir.join("qmp.pid"), format!("{}\n", child.id())).expect("a file");
        tell("/nowhere", &[dir.as_os_str().as_bytes(), b"\n"]);
        assert!(!dir.exists());
        assert_killed(child);
    }

    #[test]
    fn nothing_is_touched_without_a_reason() {
        let parent = tempfile::tempdir().expect("a directory");
        let (ours, other) = (dir(parent.path(), b"qmp-1"), dir(parent.path(), b"other"));
        let path = |dir: &Path| dir.as_os_str().as_bytes().to_owned();
        tell("/proc", &[&path(&ours), b"\nfarewell\n"]);
        tell("/proc", &[&path(&ours)]);
        tell("/proc", &[&path(&other), b"\n"]);
        drop(Reaper::new(&ours).expect("a reaper"));
        assert!(Reaper::new(&dir(parent.path(), b"qmp-\n2")).is_none());
        assert!(Reaper::spawn("/no/such/shell", "/proc", &ours).is_err());
        assert!(ours.join("file").exists() && other.join("file").exists());
    }
}
