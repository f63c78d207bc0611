use crate::arch::Arch;
use crate::qmp::{Command, Reply};

/// Which QEMU a session talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Launch {
    /// The machine `none` with `accel=kvm:tcg` on Linux, `hvf:tcg` on macOS and `tcg` elsewhere.
    Accelerated,
    /// The machine `none` with `accel=tcg`.
    Tcg,
}

/// Why a host has no answer.
pub type HostError = Box<dyn std::error::Error + Send + Sync>;

/// What came back.
#[derive(Debug, Clone)]
pub enum Answer {
    /// QEMU's reply, be it an error.
    Reply(Reply),
    /// Nothing: the recording has no such exchange.
    Missing,
}

/// Answers the questions of the plan.
pub trait Host {
    /// Begins a session; `qmp_capabilities` is asked first in it.
    ///
    /// # Errors
    ///
    /// When there is no QEMU to talk to.
    fn start(&mut self, launch: Launch) -> Result<(), HostError>;

    /// Says that a session will be started later, so that its QEMU can be launched beside the present
    /// one.
    fn announce(&mut self, launch: Launch) {
        let _ = launch;
    }

    /// Asks one question.
    ///
    /// # Errors
    ///
    /// When there is no answer at all. An error that QEMU replies is an answer.
    fn ask(&mut self, command: &Command) -> Result<Answer, HostError>;

    /// Can guests of this architecture use the Hypervisor.framework of macOS?
    fn has_hvf(&mut self, arch: Arch) -> bool {
        let _ = arch;
        false
    }

    /// Can guests of this host be trust domains of Intel TDX? libvirt's tests take that for granted, and so
    /// does every host that is no live QEMU.
    fn has_tdx(&mut self) -> bool {
        true
    }

    /// All sessions are over.
    ///
    /// # Errors
    ///
    /// When they did not end as they should.
    fn finish(&mut self) -> Result<(), HostError> {
        Ok(())
    }
}

impl<H: Host + ?Sized> Host for &mut H {
    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        (**self).start(launch)
    }

    fn announce(&mut self, launch: Launch) {
        (**self).announce(launch);
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        (**self).ask(command)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        (**self).has_hvf(arch)
    }

    fn has_tdx(&mut self) -> bool {
        (**self).has_tdx()
    }

    fn finish(&mut self) -> Result<(), HostError> {
        (**self).finish()
    }
}
