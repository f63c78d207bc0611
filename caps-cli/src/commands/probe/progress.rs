use caps_core::Arch;
use caps_core::probe::{Answer, Host, Launch};
use caps_core::qmp::Command;
use indicatif::{ProgressBar, ProgressStyle};

/// A host that shows the questions to another host on standard error if that is a terminal.
pub(super) struct Progress<H> {
    host: H,
    bar: ProgressBar,
    session: usize,
    /// The launch that failed.
    pub(super) failed: Option<Launch>,
}

impl<H> Progress<H> {
    pub(super) fn new(host: H) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {pos} answers, {msg}")
        {
            bar.set_style(style);
        }
        Self { host, bar, session: 0, failed: None }
    }
}

impl<H: Host> Host for Progress<H> {
    type Error = H::Error;

    fn start(&mut self, launch: Launch) -> Result<(), H::Error> {
        self.session += 1;
        self.bar.set_prefix(format!("session {}", self.session));
        self.bar.set_message("starting QEMU");
        self.bar.tick();
        let started = self.host.start(launch);
        self.failed = started.is_err().then_some(launch);
        started
    }

    fn announce(&mut self, launch: Launch) {
        self.host.announce(launch);
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, H::Error> {
        self.bar.set_message(command.to_string());
        let answer = self.host.ask(command);
        self.bar.inc(1);
        answer
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        self.host.has_session(launch)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.host.has_hvf(arch)
    }

    fn has_tdx(&mut self) -> bool {
        self.host.has_tdx()
    }

    fn finish(&mut self) -> Result<(), H::Error> {
        self.bar.set_message("ending QEMU");
        let result = self.host.finish();
        self.bar.finish_and_clear();
        result
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Notes what it is asked.
    #[derive(Default)]
    struct Noting {
        seen: Vec<String>,
        has_tdx: bool,
    }

    impl Host for Noting {
        type Error = Infallible;

        fn start(&mut self, launch: Launch) -> Result<(), Infallible> {
            self.seen.push(format!("start {launch:?}"));
            Ok(())
        }

        fn announce(&mut self, launch: Launch) {
            self.seen.push(format!("announce {launch:?}"));
        }

        fn ask(&mut self, command: &Command) -> Result<Answer, Infallible> {
            self.seen.push(format!("ask {command}"));
            Ok(Answer::Missing)
        }

        fn finish(&mut self) -> Result<(), Infallible> {
            self.seen.push("finish".to_owned());
            Ok(())
        }

        fn has_hvf(&mut self, arch: Arch) -> bool {
            arch == Arch::Aarch64
        }

        fn has_tdx(&mut self) -> bool {
            self.has_tdx
        }
    }

    #[test]
    fn sessions_are_counted_and_the_last_one_is_cleared() {
        let mut progress = Progress::new(Noting::default());
        for session in ["session 1", "session 2"] {
            let Ok(()) = progress.start(Launch::Tcg);
            assert_eq!(progress.bar.prefix(), session);
        }
        assert!(!progress.bar.is_finished());
        let Ok(()) = progress.finish();
        assert!(progress.bar.is_finished());
    }

    #[test]
    fn the_host_behind_it_decides() {
        for has_tdx in [false, true] {
            let mut progress = Progress::new(Noting { has_tdx, ..Noting::default() });
            progress.announce(Launch::Tcg);
            let Ok(()) = progress.start(Launch::Tcg);
            let Ok(answer) = progress.ask(&Command::new("query-kvm"));
            assert!(matches!(answer, Answer::Missing));
            assert_eq!(progress.has_tdx(), has_tdx);
            assert!(progress.has_hvf(Arch::Aarch64) && !progress.has_hvf(Arch::X86_64));
            let Ok(()) = progress.finish();
            let seen = ["announce Tcg", "start Tcg", "ask query-kvm", "finish"];
            assert_eq!(progress.host.seen, seen);
        }
    }
}
