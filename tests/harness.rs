//! The macros as a suite uses them.

use std::io::Read as _;
use std::os::unix::net::UnixStream;

use qemu_caps::caps_test;
use qemu_caps::prelude::*;
use qemu_caps::testing::Server;

#[caps_test(latest, "x86_64")]
fn newest_has_vnc(caps: &Capabilities) {
    assert!(caps.has(Flag::Vnc));
}

#[caps_test(all, variant = any)]
fn takes_everything(
    caps: &Capabilities,
    schema: &Schema,
    conversation: &Conversation,
    capture: &Capture,
    version: Version,
    arch: Arch,
    case: &Case,
) -> Result<(), String> {
    assert_eq!((caps.arch, capture.id.arch), (arch, arch));
    assert_eq!((capture.id.version, case.capture()), (version, capture));
    assert!(schema.has_command("quit"));
    if conversation.sessions().is_empty() { Err("no session".to_owned()) } else { Ok(()) }
}

/// Captures in a custom directory have micro version 0.
#[caps_test(files("src/*.rs"), values(verb = ["run", "walk"]))]
fn files_can_have_values_of_any_name(file: &InputFile, verb: &str) {
    assert!(file.text().is_ok_and(|text| text.contains("mod")) && verb.len() < 5);
}

/// In the first run from the XML, then from its compact form.
#[caps_test(all, variant = any)]
fn capabilities_are_those_of_the_xml(
    caps: &Capabilities,
    capture: &Capture,
) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(xml) = &capture.xml {
        assert_eq!(*caps, qemu_caps::xml::read(&std::fs::read_to_string(xml)?)?);
    }
    Ok(())
}

#[caps_test(all, "x86_64", dir = ["caps-macros/tests/captures", built_in])]
fn own_captures_stand_beside_built_in_ones(capture: &Capture) {
    let dir = capture.xml.as_deref().and_then(|path| path.parent()).expect("an .xml");
    assert_eq!(dir.ends_with("caps-macros/tests/captures"), capture.id.version.micro() == 0);
}

#[caps_test(latest, "x86_64")]
fn a_client_can_be_tested(server: Server) -> std::io::Result<()> {
    let mut greeting = [0; 8];
    UnixStream::connect(server.socket())?.read_exact(&mut greeting)?;
    assert_eq!(&greeting, b"{\"QMP\": ");
    drop(server);
    Ok(())
}

#[caps_test(">=7.2, <11", ["x86_64", "aarch64"], allow_empty)]
#[should_panic(expected = "on purpose")]
fn panics(_: &CaptureId) {
    panic!("on purpose");
}

/// The expansion has a function of the name of a value.
#[caps_test(latest(2), "x86_64", values(verb = ["run", "walk"]))]
fn values_can_have_any_name(id: &CaptureId, verb: &str) {
    assert!(id.arch == Arch::X86_64 && ["run", "walk"].contains(&verb));
}

#[caps_test(latest(2), "x86_64", fails = "no luck")]
fn fails(id: &CaptureId) -> Result<(), String> {
    Err(format!("{id} has no luck"))
}

caps_test!(all, variant = any);
caps_test!(path: latest, "x86_64" => check);
caps_test!(closure: oldest, "x86_64" => |caps: &Capabilities, arch: Arch| {
    assert_eq!(caps.arch, arch);
});

fn check(caps: &Capabilities, schema: &Schema) -> Result<(), String> {
    let ok = caps.has(Flag::Vnc) && schema.has_command("quit");
    if ok { Ok(()) } else { Err("no VNC".to_owned()) }
}
