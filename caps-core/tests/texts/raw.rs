//! What the XML holds unescaped.

use caps_core::caps::{CpuModel, HyperV, MachineType};
use caps_core::xml::{raw_texts, read, write};
use caps_core::{Arch, Capabilities, Flag};

fn capabilities() -> Capabilities {
    let mut caps = Capabilities::new(Arch::X86_64);
    caps.version = "10.0.0".parse().expect("a version");
    caps
}

#[test]
fn texts_that_xml_can_not_hold_are_listed_once() {
    let mut caps = capabilities();
    caps.flags.extend([Flag::Kvm]);
    caps.kvm.machines = ["p<q", "plain", "r&s"].map(MachineType::new).to_vec();
    caps.tcg.machines = vec![MachineType::new("p<q")];
    let mut model = CpuModel::new("fine");
    model.blockers = ["a\tb", "c'd"].into_iter().collect();
    caps.tcg.cpus = Some(vec![model]);
    let xml = "<a b='p<q' c='plain' d='r&s' e='fine' f='a\tb' g='c'd'/>";
    let found: Vec<String> = raw_texts(&caps, xml).iter().map(|raw| raw.text.clone()).collect();
    assert_eq!(found, ["p<q", "r&s", "a\tb", "c'd"]);
    assert_eq!(raw_texts(&caps, "<a b='p&lt;q' c='fine'>plain</a>"), [], "escaped or not there");
    // In a text between tags, a carriage return is the only white space that XML changes.
    for (package, is_raw) in [("a\rb", true), ("a\tb", false), ("it's", false)] {
        let mut caps = capabilities();
        caps.package = Some(package.to_owned());
        let xml = write(&caps);
        assert_eq!(raw_texts(&caps, &xml).len(), usize::from(is_raw), "{package:?}");
    }
}

#[test]
fn an_escaped_package_is_unescaped() {
    let mut caps = capabilities();
    caps.package = Some("text".to_owned());
    let xml = write(&caps);
    for (written, expected) in [
        ("a &amp; b", "a & b"),
        ("a &lt;b&gt;", "a <b>"),
        ("a & b", "a & b"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ] {
        let xml = xml.replace("<package>text<", &format!("<package>{written}<"));
        assert_eq!(read(&xml).expect(written).package.as_deref(), Some(expected));
    }
}

#[test]
fn markup_is_escaped_and_control_characters_are_dropped() {
    for (emulator, expected) in [
        ("/bin/qemu", "/bin/qemu"),
        ("<&>", "&lt;&amp;&gt;"),
        ("'\"", "&apos;&quot;"),
        ("\u{1}\u{2}", ""),
        ("a\u{1}<", "a&lt;"),
    ] {
        let mut caps = capabilities();
        caps.emulator = emulator.to_owned();
        let line = format!("  <emulator>{expected}</emulator>");
        assert!(write(&caps).lines().any(|found| found == line), "{emulator:?}");
    }
}

#[test]
fn what_was_written_reads_back() {
    for supported in [true, false] {
        let mut caps = capabilities();
        caps.emulator = "/opt/qemu/bin/qemu".to_owned();
        (caps.emulator_ctime, caps.self_ctime) = (1_600_000_000, 1_700_000_000);
        // The first flags of the table, whose neighbors are looked at first.
        caps.flags.extend(Flag::ALL.iter().copied().take(3));
        let mut hyper_v = HyperV::default();
        hyper_v.supported = supported;
        caps.hyperv = Some(hyper_v);
        let xml = write(&caps);
        let word = if supported { "yes" } else { "no" };
        let line = format!("  <hypervCapabilities supported='{word}'/>");
        assert!(xml.lines().any(|found| found == line), "{xml}");
        assert!(read(&xml).expect("an XML") == caps, "{xml}");
    }
}
