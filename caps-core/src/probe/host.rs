use crate::arch::Arch;
use crate::qmp::{Command, Reply};

/// The kind of QEMU that a session talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Launch {
    /// The machine `none` with `accel=kvm:tcg` on Linux, `hvf:tcg` on macOS and `tcg` elsewhere.
    Accelerated,
    /// The machine `none` with `accel=tcg`.
    Tcg,
}

/// The type that the errors of all hosts convert into; the error type of hosts that combine several.
pub type HostError = Box<dyn std::error::Error + Send + Sync>;

/// The answer to a question.
#[derive(Debug, Clone)]
pub enum Answer {
    /// QEMU's reply, which can be an error.
    Reply(Reply),
    /// The recording has no such exchange.
    Missing,
}

/// Answers the questions of the plan.
pub trait Host {
    /// The reason why it has no answer.
    type Error: Into<HostError>;

    /// Starts a session, whose first question is `qmp_capabilities`.
    ///
    /// # Errors
    ///
    /// Fails if no QEMU can be reached.
    fn start(&mut self, launch: Launch) -> Result<(), Self::Error>;

    /// Announces that a session will start later, so that its QEMU can be launched in parallel with
    /// the current one.
    fn announce(&mut self, launch: Launch) {
        let _ = launch;
    }

    /// Asks a question.
    ///
    /// # Errors
    ///
    /// Fails if there is no answer. An error returned by QEMU is an answer.
    fn ask(&mut self, command: &Command) -> Result<Answer, Self::Error>;

    /// Returns whether a session of this kind can be started. Without the one for TCG, a probe ends after
    /// the first.
    fn has_session(&mut self, launch: Launch) -> bool {
        let _ = launch;
        true
    }

    /// Returns whether guests of this architecture can use macOS's Hypervisor.framework.
    fn has_hvf(&mut self, arch: Arch) -> bool {
        let _ = arch;
        false
    }

    /// Returns whether guests of this host can be Intel TDX trust domains. Every host other than a
    /// live QEMU says yes, as libvirt's tests do.
    fn has_tdx(&mut self) -> bool {
        true
    }

    /// Ends the last session.
    ///
    /// # Errors
    ///
    /// Fails if a session did not end properly.
    fn finish(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl<H: Host + ?Sized> Host for &mut H {
    type Error = H::Error;

    fn start(&mut self, launch: Launch) -> Result<(), Self::Error> {
        (**self).start(launch)
    }

    fn announce(&mut self, launch: Launch) {
        (**self).announce(launch);
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        (**self).has_session(launch)
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, Self::Error> {
        (**self).ask(command)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        (**self).has_hvf(arch)
    }

    fn has_tdx(&mut self) -> bool {
        (**self).has_tdx()
    }

    fn finish(&mut self) -> Result<(), Self::Error> {
        (**self).finish()
    }
}
