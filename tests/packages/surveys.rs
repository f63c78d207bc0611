use std::fs;
use std::path::Path;

use crate::results;
use crate::support::Package;

#[test]
fn surveys_are_captures_and_earlier_directories_win() {
    let package = Package::new("surveys", "qemu-caps", "");
    package.write(
        "tests/suite.rs",
        r#"
use qemu_caps::prelude::*;

fn directory(capture: &Capture) -> &str {
    let file = capture.xml.as_deref().or(capture.recording()).expect("a file");
    file.parent().unwrap().file_name().unwrap().to_str().unwrap()
}

#[caps_test(all, has("vnc"), lacks("hvf"), dir = "surveys")]
fn alone(
    capture: &Capture,
    caps: &Capabilities,
    conversation: &Conversation,
    schema: &Schema,
    survey: &Survey,
    validator: &Validator,
) {
    assert!(capture.is_survey_alone() && caps.has(Flag::Vnc) && schema.has_command("quit"));
    assert!(conversation.exchanges().next().is_some() && !survey.machines().is_empty());
    assert_qmp_valid!(validator, qemu_caps::qmp::Command::new("quit"));
}

// The directory `own` has no .replies of this capture.
#[caps_test(latest, "x86_64", dir = ["own", built_in])]
fn earlier_survey(capture: &Capture, caps: &Capabilities) {
    assert_eq!(directory(capture), "own");
    assert!(capture.is_survey_alone() && caps.has(Flag::Vnc));
}

#[caps_test(all, ["x86_64", "s390x"], dir = ["own", "surveys", built_in])]
fn three(capture: &Capture, arch: Arch, version: Version, caps: &Capabilities) {
    let expected = match (arch, version.micro()) {
        (Arch::S390x, 13) => "surveys",
        (Arch::X86_64, 3 | 22) => "own",
        _ => "qemucapabilitiesdata",
    };
    assert_eq!(directory(capture), expected);
    assert_eq!(caps.arch, arch);
}

qemu_caps::caps_test!(derives: all, dir = ["own", "surveys"]);
"#,
    );
    let data = Path::new(qemu_caps::data::DIR);
    for (dir, id) in [("surveys", "10.0.13_s390x"), ("own", "11.1.3_x86_64")] {
        let file = format!("caps_{id}.survey");
        package.write(&format!("{dir}/README"), "");
        fs::copy(data.join(&file), package.path(&format!("{dir}/{file}"))).expect("a survey");
    }
    package.add_capture("own", "7.2.22_x86_64", "7.2.22_x86_64");
    let run = package.cargo(&["test", "--test", "suite"], &[]);
    assert!(run.success, "{}{}", run.stdout, run.stderr);
    let results = results(&run);
    for test in [
        "alone::s390x::v10_0_13",
        "earlier_survey::x86_64::latest",
        "three::s390x::v10_0_13",
        "three::x86_64::v11_1_3",
        "three::x86_64::v7_2_22",
        "three::x86_64::v10_0_13",
        "derives::s390x::v10_0_13",
        "derives::x86_64::v7_2_22",
    ] {
        assert!(results.contains(&format!("test {test} ... ok")), "no {test} in {results:#?}");
    }
}
