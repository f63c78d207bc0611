//! A QEMU that runs on this host.
//!
//! QEMU is started as libvirt starts it for probing: without a machine, with a cleared environment,
//! in a private directory that only the caller can enter. Dropping [`Live`] always ends its
//! processes and removes its files, even after an error, a timeout, a panic or an interrupt. All
//! processes are found, even those that QEMU forked or a wrapper script started, because they have
//! the private directory in their arguments or, unless they clear it, in their environment.
//!
//! If this program itself dies without dropping anything (by `SIGKILL` or an abort), a reaper does
//! the cleanup: a shell that runs beside each QEMU and notices a closed pipe. There is no reaper
//! without `/bin/sh`, or if the path of the private directory contains a newline. Without `/proc`,
//! where the arguments of processes can't be seen, only the process in QEMU's pid file is ended.

mod binary;
mod error;
mod kvm;
mod launcher;
mod leftovers;
mod output;
mod private_dir;
mod process;
mod qemu;
mod reaper;
mod run;

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Arch;
use crate::probe::{Answer, Host, Launch};
use crate::qmp::Command;
use crate::qmp::client::ClientOptions;
use qemu::Qemu;

pub use super::ended::Ended;
pub use binary::find_binary;
pub use error::LiveError;
pub(crate) use run::{Finished, run_to_end};

/// Options for launching QEMU.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// How long QEMU may be silent, at startup and after each command; 30 seconds by default.
    pub timeout: Duration,
    /// How long a whole reply may take, even if QEMU keeps sending; 5 minutes by default.
    pub reply_timeout: Duration,
    /// The deadline for everything; none by default.
    pub deadline: Option<Instant>,
    /// How long QEMU may take to quit before it is killed; 10 seconds by default.
    pub grace: Duration,
    /// The accelerators to offer QEMU.
    pub accelerators: Accelerators,
    /// Keep QEMU as a child instead of a daemon, so that its last output and exit status are
    /// available if it ends during a session.
    pub foreground: bool,
    /// A descriptor that becomes readable when the user interrupts, such as the read end of a pipe
    /// that signal handlers write to. It is never read. Keep the other end open: a closed pipe
    /// counts as an interrupt.
    pub interrupt: Option<Arc<OwnedFd>>,
    /// Whether guests of this host can be Intel TDX trust domains. By default, `None`, KVM is
    /// queried; without the feature `host` it can't be, and the answer is no.
    pub tdx: Option<bool>,
    /// The parent of the private directories; defaults to the system's directory for temporary
    /// files.
    pub temp_dir: Option<PathBuf>,
}

/// The accelerators that QEMU is offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Accelerators {
    /// The host's acceleration if it works, else TCG; then TCG alone in a session of its own.
    #[default]
    All,
    /// The host's acceleration alone, for a QEMU whose TCG can't be started.
    Host,
    /// TCG alone, even where a session asks for acceleration.
    Tcg,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            reply_timeout: ClientOptions::default().reply_timeout,
            deadline: None,
            grace: Duration::from_secs(10),
            accelerators: Accelerators::default(),
            foreground: false,
            interrupt: None,
            tdx: None,
            temp_dir: None,
        }
    }
}

impl Options {
    /// The time limit of a wait that starts now.
    fn until(&self) -> Option<Instant> {
        let silent = Instant::now().checked_add(self.timeout);
        [silent, self.deadline].into_iter().flatten().min()
    }

    /// The error for a program that is not ready at the end of the wait.
    fn hangs(&self, binary: PathBuf, output: String) -> LiveError {
        match self.deadline.filter(|&deadline| deadline <= Instant::now()) {
            Some(_) => LiveError::Deadline { binary, output },
            None => LiveError::Hangs { binary, after: self.timeout, output },
        }
    }

    /// The parent of the private directories. An empty `TMPDIR` counts as unset.
    fn parent(&self) -> PathBuf {
        let parent = self.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        if parent.as_os_str().is_empty() { PathBuf::from("/tmp") } else { parent }
    }
}

/// A host that launches a QEMU binary for each session. All of its errors are [`LiveError`]s.
///
/// ```no_run
/// use caps_core::probe::live::{Live, Options};
/// use caps_core::probe::{Answer, Host, Launch};
/// use caps_core::qmp::Command;
///
/// let mut live = Live::new("/usr/bin/qemu-system-x86_64", Options::default());
/// live.start(Launch::Accelerated)?;
/// live.ask(&Command::new("qmp_capabilities"))?;
/// if let Answer::Reply(reply) = live.ask(&Command::new("query-version"))? {
///     println!("{:?}", reply.result()?);
/// }
/// live.finish()?;
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug)]
pub struct Live {
    binary: PathBuf,
    options: Options,
    present: Option<Qemu>,
    announced: Vec<(&'static str, Qemu)>,
    ending: Vec<Qemu>,
}

impl Live {
    /// Creates a host that will launch `binary`, looked up as by [`find_binary`].
    pub fn new(binary: impl Into<PathBuf>, options: Options) -> Self {
        Self {
            binary: binary.into(),
            options,
            present: None,
            announced: Vec::new(),
            ending: Vec::new(),
        }
    }

    fn accel(&self, launch: Launch) -> &'static str {
        accel(launch, self.options.accelerators, std::env::consts::OS)
    }

    fn launch(&self, accel: &'static str) -> Result<Qemu, LiveError> {
        let binary = find_binary(&self.binary)?;
        Qemu::launch(&binary, accel, &self.options)
    }

    fn try_start(&mut self, launch: Launch) -> Result<(), LiveError> {
        // The last QEMU is only waited for at the very end.
        self.dismiss_present();
        let accel = self.accel(launch);
        let announced = self.announced.iter().position(|(announced, _)| *announced == accel);
        let mut qemu = match announced {
            Some(index) => self.announced.swap_remove(index).1,
            None => self.launch(accel)?,
        };
        qemu.connect(&self.options)?;
        self.present = Some(qemu);
        Ok(())
    }

    fn dismiss_present(&mut self) {
        if let Some(mut qemu) = self.present.take() {
            qemu.dismiss();
            self.ending.push(qemu);
        }
    }

    fn try_finish(&mut self) -> Result<(), LiveError> {
        self.dismiss_present();
        // The QEMUs quit in parallel, so they share one grace period.
        let until = Instant::now().checked_add(self.options.grace);
        for qemu in &self.ending {
            qemu.wait_for_end(until, &self.options)?;
        }
        let marks: Vec<_> = self.ending.iter().filter_map(Qemu::mark).collect();
        let may_have_leftovers = !leftovers::find(&marks).is_empty();
        let ended = self.ending.drain(..).map(|qemu| (qemu, may_have_leftovers));
        // A QEMU without a connection can't quit cleanly and may still be forking.
        let announced = self.announced.drain(..).map(|(_, qemu)| (qemu, true));
        for (mut qemu, may_have_leftovers) in ended.chain(announced) {
            qemu.clear(may_have_leftovers)?;
        }
        Ok(())
    }
}

impl Host for Live {
    type Error = LiveError;

    fn start(&mut self, launch: Launch) -> Result<(), LiveError> {
        self.try_start(launch)
    }

    fn announce(&mut self, launch: Launch) {
        let accel = self.accel(launch);
        // One QEMU per accelerator is enough, because each is used by a single session.
        if self.announced.iter().all(|(announced, _)| *announced != accel) {
            // If this fails, so will the later start, which reports it.
            self.announced.extend(self.launch(accel).ok().map(|qemu| (accel, qemu)));
        }
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, LiveError> {
        let qemu = self.present.as_mut().ok_or(LiveError::NoSession)?;
        Ok(Answer::Reply(qemu.ask(command)?))
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        launch == Launch::Accelerated || self.options.accelerators != Accelerators::Host
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        has_hvf(std::env::consts::OS, arch, hypervisor_framework_works)
    }

    fn has_tdx(&mut self) -> bool {
        self.options.tdx.unwrap_or_else(kvm::has_tdx)
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        self.try_finish()
    }
}

/// The accelerators to offer to QEMU, best first.
fn accel(launch: Launch, offered: Accelerators, os: &str) -> &'static str {
    match (launch, offered, os) {
        (Launch::Tcg, ..) | (_, Accelerators::Tcg, _) => "tcg",
        (_, Accelerators::Host, "macos") => "hvf",
        (_, Accelerators::Host, _) => "kvm",
        (_, Accelerators::All, "macos") => "hvf:tcg",
        (_, Accelerators::All, "linux") => "kvm:tcg",
        (_, Accelerators::All, _) => "tcg",
    }
}

fn has_hvf(os: &str, arch: Arch, framework_works: impl FnOnce() -> bool) -> bool {
    os == "macos" && arch.name() == std::env::consts::ARCH && framework_works()
}

/// Queries the kernel of macOS.
fn hypervisor_framework_works() -> bool {
    std::process::Command::new("/usr/sbin/sysctl")
        .args(["-n", "kern.hv_support"])
        .output()
        .is_ok_and(|output| is_supported(output.status.success(), &output.stdout))
}

/// What the output of a query tells, which fails where the kernel knows of no such framework.
fn is_supported(succeeded: bool, output: &[u8]) -> bool {
    succeeded && output.trim_ascii() != b"0"
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{
        Accelerators, Live, Options, accel, has_hvf, hypervisor_framework_works, is_supported,
    };
    use crate::Arch;
    use crate::probe::{Host as _, Launch};

    #[test]
    fn the_kernel_of_macos_tells_of_its_framework() {
        for (succeeded, output, is) in
            [(true, "1\n", true), (true, "0\n", false), (false, "", false), (false, "1\n", false)]
        {
            assert_eq!(is_supported(succeeded, output.as_bytes()), is, "{succeeded} {output:?}");
        }
        assert!(cfg!(target_os = "macos") || !hypervisor_framework_works(), "another system");
    }

    #[test]
    fn accelerators_are_those_of_the_system() {
        for (os, host, all) in
            [("linux", "kvm", "kvm:tcg"), ("macos", "hvf", "hvf:tcg"), ("freebsd", "kvm", "tcg")]
        {
            assert_eq!(accel(Launch::Accelerated, Accelerators::Host, os), host, "{os}");
            assert_eq!(accel(Launch::Accelerated, Accelerators::All, os), all, "{os}");
            assert_eq!(accel(Launch::Accelerated, Accelerators::Tcg, os), "tcg", "{os}");
            for offered in [Accelerators::Host, Accelerators::All, Accelerators::Tcg] {
                assert_eq!(accel(Launch::Tcg, offered, os), "tcg", "{os}");
            }
        }
    }

    #[test]
    fn the_framework_is_for_guests_of_the_same_kind_on_macos() {
        let own = Arch::host().expect("a known architecture");
        let other = if own == Arch::S390x { Arch::X86_64 } else { Arch::S390x };
        for (os, arch, works, expected) in [
            ("macos", own, true, true),
            ("macos", own, false, false),
            ("macos", other, true, false),
            ("linux", own, true, false),
        ] {
            assert_eq!(has_hvf(os, arch, || works), expected, "{os} {arch} {works}");
        }
        let mut live = Live::new("no-qemu", Options::default());
        assert!(cfg!(target_os = "macos") || !live.has_hvf(own));
    }

    #[test]
    fn a_stated_answer_about_trust_domains_is_given() {
        for tdx in [true, false] {
            let options = Options { tdx: Some(tdx), ..Options::default() };
            assert_eq!(Live::new("no-qemu", options).has_tdx(), tdx);
        }
    }

    /// KVM says yes only where the kernel has it switched on.
    #[cfg(target_os = "linux")]
    #[test]
    fn trust_domains_need_a_host_that_has_them() {
        let parameter = std::fs::read_to_string("/sys/module/kvm_intel/parameters/tdx");
        let is_on = parameter.is_ok_and(|text| matches!(text.trim(), "Y" | "1"));
        assert!(is_on || !Live::new("no-qemu", Options::default()).has_tdx());
    }

    #[test]
    fn a_wait_ends_at_the_timeout_or_at_the_deadline() {
        let now = Instant::now();
        let mut options = Options { timeout: Duration::from_secs(60), ..Options::default() };
        let until = options.until().expect("a limit");
        assert!(until >= now + options.timeout && until <= Instant::now() + options.timeout);
        let deadline = |seconds| Some(now + Duration::from_secs(seconds));
        options.deadline = deadline(20);
        assert_eq!(options.until(), options.deadline);
        options.deadline = deadline(3600);
        assert!(options.until() < options.deadline);
        options.timeout = Duration::MAX;
        assert_eq!(options.until(), options.deadline);
    }
}
