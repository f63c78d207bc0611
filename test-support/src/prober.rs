use caps_core::probe::live::{Live, Options};
use caps_core::probe::{Host, Launch};
use caps_core::qmp::Command;
use rustix::io::Errno;
use rustix::process::{WaitOptions, wait};

/// Probes the given binary with two sessions, and shuts it down properly if it gets that far.
pub(crate) fn main(args: &[String]) {
    let mut live = Live::new(&args[0], Options::default());
    live.announce(Launch::Tcg);
    live.start(Launch::Accelerated).expect("a session");
    live.ask(&Command::new("query-version")).expect("an answer");
    live.start(Launch::Tcg).expect("a session");
    live.finish().expect("an end");
    assert_eq!(wait(WaitOptions::NOHANG).expect_err("no children"), Errno::CHILD);
}
