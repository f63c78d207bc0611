//! A QEMU that runs on this host.
//!
//! It is started as libvirt starts it for probing: without a machine, with a cleared environment, in
//! a private directory that only the caller can enter. Whatever happens (an error, a timeout, a
//! panic, an interrupt), its processes are ended and its files are removed when [`Live`] is dropped.
//! They are found even if QEMU forked, or was started by a script, because every one of them has the
//! private directory in its arguments.
//!
//! If this program itself dies so that nothing is dropped (of `SIGKILL`, by an abort), a reaper does
//! the same: a shell that runs beside each QEMU, and sees a pipe closed. There is none where there is
//! no `/bin/sh`, or the path of the private directory has a newline. Where the arguments of processes
//! can't be seen, as there is no `/proc`, it ends the process of QEMU's pid file only.

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
use crate::probe::{Answer, Host, HostError, Launch};
use crate::qmp::Command;
use leftovers::Mark;
use qemu::Qemu;

pub use binary::find_binary;
pub use error::{Ended, LiveError};
pub(crate) use run::{Finished, run_to_end};

/// How a live QEMU is treated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The longest silence of QEMU, at its start and after each command; 30 seconds by default.
    pub timeout: Duration,
    /// How long QEMU may take to end when it is told to, before it is killed; 10 seconds by default.
    pub grace: Duration,
    /// Start QEMU without acceleration, even where a session asks for it.
    pub force_tcg: bool,
    /// Keep QEMU a child instead of a daemon, so that its last words, and how it ended, are known when
    /// it ends while it is asked.
    pub foreground: bool,
    /// A descriptor that becomes readable when the user interrupts, such as the reading end of a
    /// pipe that signal handlers write to. Nothing is read from it. The other end must stay open:
    /// a closed pipe counts as an interrupt.
    pub interrupt: Option<Arc<OwnedFd>>,
    /// Can guests of this host be trust domains of Intel TDX? If `None`, which is the default, KVM is asked;
    /// without the feature `host` it can't be, and the answer is no.
    pub tdx: Option<bool>,
    /// Where the private directories are made; by default where temporary files go on this system.
    pub temp_dir: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            grace: Duration::from_secs(10),
            force_tcg: false,
            foreground: false,
            interrupt: None,
            tdx: None,
            temp_dir: None,
        }
    }
}

impl Options {
    /// Where the private directories are made. A `TMPDIR` that is set to nothing is as good as unset.
    fn parent(&self) -> PathBuf {
        let parent = self.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        if parent.as_os_str().is_empty() { PathBuf::from("/tmp") } else { parent }
    }
}

/// A host whose sessions are launches of a QEMU binary. All of its errors are [`LiveError`]s.
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
    /// A host that will launch `binary`, which is looked up as by [`find_binary`].
    pub fn new(binary: impl Into<PathBuf>, options: Options) -> Self {
        Self {
            binary: binary.into(),
            options,
            present: None,
            announced: Vec::new(),
            ending: Vec::new(),
        }
    }

    /// The accelerators that QEMU is offered, best first.
    fn accel(&self, launch: Launch) -> &'static str {
        match launch {
            Launch::Accelerated if self.options.force_tcg => "tcg",
            Launch::Accelerated if cfg!(target_os = "linux") => "kvm:tcg",
            Launch::Accelerated if cfg!(target_os = "macos") => "hvf:tcg",
            Launch::Accelerated | Launch::Tcg => "tcg",
        }
    }

    fn launch(&self, accel: &'static str) -> Result<Qemu, LiveError> {
        let binary = find_binary(&self.binary)?;
        Qemu::launch(&binary, accel, &self.options)
    }

    fn try_start(&mut self, launch: Launch) -> Result<(), LiveError> {
        // The end of the last QEMU is waited for when all is over.
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
        let until = Instant::now().checked_add(self.options.grace);
        for qemu in &self.ending {
            qemu.wait_for_end(until, &self.options)?;
        }
        // Those that were never connected to have nothing to end in good order, and may be forking.
        let forking = !self.announced.is_empty();
        self.ending.extend(self.announced.drain(..).map(|(_, qemu)| qemu));
        let marks: Vec<Mark<'_>> = self.ending.iter().filter_map(Qemu::mark).collect();
        let may_have_leftovers = forking || !leftovers::find(&marks).is_empty();
        for mut qemu in self.ending.drain(..) {
            qemu.clear(may_have_leftovers)?;
        }
        Ok(())
    }
}

impl Host for Live {
    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        Ok(self.try_start(launch)?)
    }

    fn announce(&mut self, launch: Launch) {
        let accel = self.accel(launch);
        if self.announced.iter().all(|(announced, _)| *announced != accel) {
            // If this fails, so will the start, which can say it.
            self.announced.extend(self.launch(accel).ok().map(|qemu| (accel, qemu)));
        }
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        let qemu = self.present.as_mut().ok_or(LiveError::NoSession)?;
        Ok(Answer::Reply(qemu.ask(command)?))
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        cfg!(target_os = "macos")
            && arch.name() == std::env::consts::ARCH
            && hypervisor_framework_works()
    }

    fn has_tdx(&mut self) -> bool {
        self.options.tdx.unwrap_or_else(kvm::has_tdx)
    }

    fn finish(&mut self) -> Result<(), HostError> {
        Ok(self.try_finish()?)
    }
}

/// Asks the kernel of macOS.
fn hypervisor_framework_works() -> bool {
    std::process::Command::new("/usr/sbin/sysctl")
        .args(["-n", "kern.hv_support"])
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() != b"0" && output.status.success())
}
