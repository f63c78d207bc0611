//! What a probe asks the host itself, with recorded answers of QEMU.

use std::path::Path;
use std::process::Command as Process;
use std::{env, fs};

use caps_core::probe::live::{Live, Options};
use caps_core::probe::{Answer, Host, Launch, Matching, Recorder, Replay, ReplayError, run};
use caps_core::qmp::Command;
use caps_core::replies::Conversation;
use caps_core::{Baseline, xml};
use caps_test_support::{has_strace, not_run};

/// A recorded QEMU on a live host.
struct OnHost<'c> {
    qemu: Replay<'c>,
    host: Live,
}

impl Host for OnHost<'_> {
    type Error = ReplayError;

    fn start(&mut self, launch: Launch) -> Result<(), ReplayError> {
        self.qemu.start(launch)
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, ReplayError> {
        self.qemu.ask(command)
    }

    fn has_tdx(&mut self) -> bool {
        self.host.has_tdx()
    }
}

fn recorded(capture: &str) -> Conversation {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let bytes = fs::read(dir.join(format!("caps_{capture}.replies"))).expect("a capture");
    Conversation::from_bytes(&bytes).expect("a conversation")
}

fn xml_of(host: impl Host) -> String {
    // A recorder around it asks the same host.
    xml::write(&run(Baseline::Libvirt12_8, &mut Recorder::new(host)).expect("a probe"))
}

#[test]
fn a_live_host_is_asked_for_tdx_and_a_recording_says_yes() {
    const FLAG: &str = "  <flag name='tdx-guest'/>\n";
    for (capture, has_guests) in [("11.1.3_x86_64", true), ("7.2.22_x86_64", false)] {
        let conversation = recorded(capture);
        let qemu = || Replay::new(&conversation, Matching::ByContent);
        let on_host = |tdx| {
            let mut options = Options::default();
            options.tdx = Some(tdx);
            xml_of(OnHost { qemu: qemu(), host: Live::new("no-qemu", options) })
        };
        let replayed = xml_of(qemu());
        assert_eq!(replayed.contains(FLAG), has_guests, "{capture}");
        // The XMLs are too long for a message.
        assert!(on_host(true) == replayed, "{capture}, with TDX");
        assert!(on_host(false) == replayed.replace(FLAG, ""), "{capture}, without TDX");
    }
}

/// Runs itself under `strace`, where KVM says what the test wants of the types of virtual machines.
#[test]
fn kvm_says_whether_a_host_has_trust_domains() {
    const NAME: &str = "host_checks::kvm_says_whether_a_host_has_trust_domains";
    const EXPECTED: &str = "QEMU_CAPS_TEST_HAS_TDX";
    if let Ok(expected) = env::var(EXPECTED) {
        let has_tdx = Live::new("no-qemu", Options::default()).has_tdx();
        assert_eq!(has_tdx.to_string(), expected);
        return;
    }
    if fs::File::options().read(true).write(true).open("/dev/kvm").is_err() {
        not_run(NAME, "/dev/kvm can't be opened");
        return;
    }
    if !has_strace(NAME) {
        return;
    }
    for (types, expected) in [(0b1, false), (0b10_0001, true)] {
        let output = Process::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-P", "/dev/kvm"])
            .args(["-e", &format!("inject=ioctl:retval={types}")])
            .arg(env::current_exe().expect("a path"))
            .args(["--exact", NAME])
            .env(EXPECTED, expected.to_string())
            .output()
            .expect("strace");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("1 passed"), "{types:b}: {said}");
    }
}
