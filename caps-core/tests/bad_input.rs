//! Every way in which a file can be wrong, with the message that says so.

use caps_core::check::check;
use caps_core::probe::{Mode, derive};
use caps_core::qapi::Schema;
use caps_core::replies::Conversation;
use caps_core::xml;

/// A conversation that is as it should be.
const GOOD: &str = r#"{
  "execute": "qmp_capabilities",
  "id": "libvirt-1"
}

{
  "return": {},
  "id": "libvirt-1"
}

{
  "execute": "query-qmp-schema",
  "id": "libvirt-2"
}

{
  "return": [
    {
      "name": "stop",
      "meta-type": "command",
      "arg-type": "0",
      "ret-type": "0"
    }
  ],
  "id": "libvirt-2"
}
"#;

/// The message of `check` for the good conversation with one change.
fn checked(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "nothing to change: {from}");
    let text = GOOD.replacen(from, to, 1);
    check(text.as_bytes()).expect_err("a doctored file").to_string()
}

#[test]
fn the_good_conversation_is_good() {
    assert_eq!(check(GOOD.as_bytes()), Ok(()));
    assert_eq!(check(GOOD.replace('\n', "\r\n").as_bytes()), Ok(()), "CR LF counts as LF");
}

#[test]
fn pairing() {
    let reply = "{\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}\n\n";
    assert_eq!(checked(reply, ""), "line 1: command `qmp_capabilities` has no reply");
    let command = "{\n  \"execute\": \"query-qmp-schema\",\n  \"id\": \"libvirt-2\"\n}\n\n";
    assert_eq!(
        checked(command, ""),
        "line 11: expected a command with `execute`, found a reply (an object with `return`)"
    );
    assert_eq!(
        checked("\"execute\": \"query-qmp-schema\"", "\"exec\": \"query-qmp-schema\""),
        "line 11: expected a command with `execute`, found an object with `exec`"
    );
    assert_eq!(
        checked("\"return\": {}", "\"returns\": {}"),
        "line 6: expected the reply to `qmp_capabilities` with `return` or `error`, found an object with `returns`"
    );
    assert_eq!(
        checked("{\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}", "{}"),
        "line 6: expected the reply to `qmp_capabilities` with `return` or `error`, found an empty object"
    );
    let last = GOOD.rfind("{\n  \"return\"").expect("a reply");
    let error = check(&GOOD.as_bytes()[..last]).expect_err("no last reply");
    assert_eq!(error.to_string(), "line 11: command `query-qmp-schema` has no reply");
}

#[test]
fn numbering_and_formatting() {
    assert_eq!(
        checked("\"libvirt-2\"", "\"libvirt-3\""),
        "line 13: expected `  \"id\": \"libvirt-2\"`, found `  \"id\": \"libvirt-3\"`"
    );
    assert_eq!(
        checked("\"return\": {}", "\"return\": { }"),
        "line 7: expected `  \"return\": {},`, found `  \"return\": { },`"
    );
    assert_eq!(
        checked("  \"id\": \"libvirt-2\"\n}\n\n", "  \"id\": \"libvirt-2\"}\n\n"),
        "line 13: expected `  \"id\": \"libvirt-2\"`, found `  \"id\": \"libvirt-2\"}`"
    );
    let error = check(GOOD.trim_end().as_bytes()).expect_err("no newline at the end");
    assert_eq!(error.to_string(), "line 27: expected ``, found the end of the file");
    let error = check(GOOD[GOOD.find("{\n  \"execute\": \"query").expect("it")..].as_bytes());
    assert_eq!(
        error.expect_err("no session").to_string(),
        "line 3: expected `  \"id\": \"libvirt-9999\"`, found `  \"id\": \"libvirt-2\"`"
    );
}

#[test]
fn text() {
    assert_eq!(
        checked("\"arg-type\": \"0\",", "\"arg-type\": \"0\""),
        "line 22: malformed JSON at column 7: expected `,` or `}`, found `\"`"
    );
    assert_eq!(
        checked("}\n\n{", "}\n\n\n{"),
        "line 6: expected a JSON object, found an empty line"
    );
    let error = check(b"").expect_err("nothing");
    assert_eq!(error.to_string(), "line 1: expected a QMP conversation, found an empty file");
    let error = check(b"{\n\"execute\": \"\xff\"}").expect_err("no text");
    assert_eq!(error.to_string(), "line 2: expected UTF-8, found the byte 0xff");
    let deep = format!("{{\"execute\": {}", "[".repeat(1 << 20));
    assert!(check(deep.as_bytes()).expect_err("too deep").to_string().contains("1024 levels"));
}

#[test]
fn schema_coverage() {
    let cases = [
        (
            "\"command\"",
            "\"order\"",
            "line 18: schema entry `stop`: unknown meta-type `order`, expected command, event, object, array, enum, alternate or builtin",
        ),
        (
            "      \"arg-type\": \"0\",\n",
            "",
            "line 18: schema entry `stop`: expected the key `arg-type`",
        ),
        (
            "\"arg-type\": \"0\"",
            "\"arg-type\": 0",
            "line 21: schema entry `stop`: expected `arg-type` to be a JSON string, found a JSON number",
        ),
        (
            "\"meta-type\": \"command\",",
            "\"meta-type\": \"command\",\n      \"colour\": 1,",
            "line 18: schema entry `stop`: unknown key `colour`",
        ),
        (
            "\"meta-type\": \"command\",",
            "\"meta-type\": \"command\",\n      \"features\": [\n        1\n      ],",
            "line 22: schema entry `stop`: expected `features` to be a JSON string, found a JSON number",
        ),
        (
            "      \"meta-type\": \"command\",\n",
            "",
            "line 18: schema entry `stop`: expected the string `meta-type`",
        ),
    ];
    for (from, to, message) in cases {
        assert_eq!(checked(from, to), message);
    }
    let object = |members: &str| {
        let entry = format!(r#"{{"name":"o","meta-type":"object","members":[{members}]}}"#);
        let text = format!("{{\"execute\":\"query-qmp-schema\"}}\n\n{{\"return\":[{entry}]}}\n");
        check(text.as_bytes()).expect_err("not formatted, at least").to_string()
    };
    assert_eq!(
        object(r#"{"name":"m"}"#),
        "line 3: schema entry `o`, members: expected the key `type`"
    );
    assert_eq!(
        object(r#"{"name":"m","type":"str","default":1}"#),
        "line 3: schema entry `o`, members: expected `default` to be a JSON null, found a JSON number"
    );
    assert!(object(r#"{"name":"m","type":"str","default":null}"#).starts_with("line 1: expected"));
}

#[test]
fn schemas_that_can_not_be_used() {
    let schema = |value: &str| {
        let text = format!("{{\"execute\":\"query-qmp-schema\"}}\n\n{{{value}}}\n");
        let conversation = Conversation::parse(&text).expect("a conversation");
        Schema::from_conversation(&conversation).expect_err("no schema").to_string()
    };
    assert_eq!(
        schema(r#""return":{}"#),
        "line 3: expected the array of schema entries, found a JSON object"
    );
    assert_eq!(schema(r#""return":[{}]"#), "line 3: schema entry without the string `name`");
    assert_eq!(
        schema("\"return\":[{\"name\":\"a\"},\n{\"name\":\"a\"}]"),
        "line 4: schema entry `a` is there twice"
    );
    assert_eq!(
        schema(r#""error":{"class":"CommandNotFound","desc":"no"}"#),
        "`query-qmp-schema` failed: CommandNotFound: no"
    );
}

#[test]
fn strict_and_by_content() {
    let conversation = Conversation::parse(GOOD).expect("a conversation");
    let id = "9.1.0_x86_64".parse().expect("a name");
    let strict = derive(&conversation, &id, Mode::Strict).expect_err("another conversation");
    assert_eq!(
        strict.kind.to_string(),
        "line 11: expected the recorded command `{\"execute\":\"query-qmp-schema\",\"id\":\"libvirt-2\"}`, asked was `{\"execute\":\"query-version\",\"id\":\"libvirt-2\"}`"
    );
    let loose = derive(&conversation, &id, Mode::ByContent).expect_err("no version");
    assert_eq!(loose.to_string(), "can't use the answer to `query-version`");
    assert_eq!(loose.kind.to_string(), "the recording has no such exchange");
}

/// A capability XML with everything that a reader can stumble over.
const XML: &str = "<qemuCaps>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <qemuctime>0</qemuctime>
  <qemumoddirmtime>7</qemumoddirmtime>
  <selfctime>0</selfctime>
  <selfvers>11003000</selfvers>
  <flag name='drive'/>
  <flag name='kvm'/>
  <flag name='sev-guest'/>
  <flag name='sgx-epc'/>
  <version>9001000</version>
  <microcodeVersion>1</microcodeVersion>
  <hostCPUSignature>a&amp;b</hostCPUSignature>
  <package></package>
  <kernelVersion>6.1 #1</kernelVersion>
  <cpudata arch='x86'>
    <cpuid eax_in='0x00000000' ecx_in='0x00' eax='0x00000010'/>
  </cpudata>
  <arch>x86_64</arch>
  <hostCPU type='kvm' model='base' migratability='yes'>
    <property name='b' type='boolean' value='true' migratable='no'/>
    <property name='s' type='string' value='x&lt;'/>
    <property name='n' type='number' value='-3'/>
    <deprecatedFeatures>
    </deprecatedFeatures>
  </hostCPU>
  <cpu type='kvm' name='max' typename='t' usable='no'>
    <blocker name='lahf-lm'/>
  </cpu>
  <machine type='kvm' name='pc-1' alias='pc' hotplugCpus='yes' maxCpus='255' default='yes' defaultCPU='q' numaMemSupported='yes' defaultRAMid='r' deprecated='yes' acpi='no'/>
  <gic version='3' kernel='no' emulated='yes'/>
  <sev>
    <cbitpos>51</cbitpos>
    <reducedPhysBits>1</reducedPhysBits>
    <pdh>P</pdh>
    <certChain>C</certChain>
    <cpu0Id>I</cpu0Id>
  </sev>
  <sgx supported='yes'>
    <flc>yes</flc>
    <sgx1>no</sgx1>
    <sgx2>yes</sgx2>
    <section_size unit='KiB'>2</section_size>
    <sections>
      <section node='0' size='2' unit='KiB'/>
    </sections>
  </sgx>
  <hypervCapabilities supported='yes'>
    <cap name='relaxed'/>
  </hypervCapabilities>
  <kvmSupportsNesting/>
  <kvmSupportsSecureGuest/>
</qemuCaps>
";

#[test]
fn everything_that_can_be_in_a_capability_xml_reads_and_prints() {
    let caps = xml::read(XML).expect("a capability XML");
    assert_eq!(xml::write(&caps), XML);
}

#[test]
fn every_error_of_the_xml_reader() {
    let cases: &[(&str, &str, &str)] = &[
        ("<qemuCaps>", "<qemuCaps", "line 1, column 1: malformed XML"),
        ("<qemuCaps>", "<domain>", "malformed XML"),
        (
            "  <selfctime>0</selfctime>\n",
            "",
            "line 1, column 1: expected the element `<selfctime>`",
        ),
        (
            "<selfctime>0<",
            "<selfctime>0x<",
            "line 5, column 3: expected an integer in `<selfctime>`, found `0x`",
        ),
        (
            "<selfvers>11003000<",
            "<selfvers>-1<",
            "line 6, column 3: expected an unsigned integer in `<selfvers>`, found `-1`",
        ),
        (
            "<emulator>/usr/bin/qemu-system-x86_64<",
            "<emulator><",
            "line 2, column 3: expected a text in `<emulator>`, found ``",
        ),
        (
            "<qemuctime>0<",
            "<qemuctime><",
            "line 3, column 3: expected an integer in `<qemuctime>`, found ``",
        ),
        (
            "<flag name='kvm'/>",
            "<flag/>",
            "line 8, column 3: expected the attribute `name` of `<flag>`",
        ),
        (
            "<flag name='kvm'/>",
            "<flag name='kwm'/>",
            "line 8, column 3: unknown capability flag `kwm`, did you mean `kvm`?",
        ),
        (
            "<version>9001000<",
            "<version>4294967296<",
            "line 11, column 3: expected an unsigned integer in `<version>`, found `4294967296`",
        ),
        (
            "  <microcodeVersion>1</microcodeVersion>\n",
            "",
            "line 1, column 1: expected the element `<microcodeVersion>`",
        ),
        (
            "<kernelVersion>6.1 #1<",
            "<kernelVersion><",
            "line 15, column 3: expected a text in `<kernelVersion>`, found ``",
        ),
        ("  <arch>x86_64</arch>\n", "", "line 1, column 1: expected the element `<arch>`"),
        (
            "<arch>x86_64<",
            "<arch>none<",
            "line 19, column 3: `none` is not an architecture that libvirt knows",
        ),
        (
            "<cpudata arch='x86'>",
            "<cpudata>",
            "line 16, column 3: expected the attribute `arch` of `<cpudata>`",
        ),
        (" model='base'", "", "line 20, column 3: expected the attribute `model` of `<hostCPU>`"),
        (
            "migratability='yes'",
            "migratability='maybe'",
            "line 20, column 3: expected `yes` or `no` as `migratability` of `<hostCPU>`, found `maybe`",
        ),
        (
            "<property name='b' ",
            "<property ",
            "line 21, column 5: expected the attribute `name` of `<property>`",
        ),
        (
            "type='boolean'",
            "type='bool'",
            "line 21, column 5: expected `boolean`, `string` or `number` as `type` of `<property>`, found `bool`",
        ),
        (" value='x&lt;'", "", "line 22, column 5: expected the attribute `value` of `<property>`"),
        (
            "value='-3'",
            "value='3.0'",
            "line 23, column 5: expected an integer as `value` of `<property>`, found `3.0`",
        ),
        (
            "migratable='no'",
            "migratable='1'",
            "line 21, column 5: expected `yes` or `no` as `migratable` of `<property>`, found `1`",
        ),
        (
            "<deprecatedFeatures>\n",
            "<deprecatedFeatures><property/>\n",
            "line 24, column 25: expected the attribute `name` of `<property>`",
        ),
        (
            "usable='no'",
            "usable='perhaps'",
            "line 27, column 3: expected `unknown`, `yes` or `no` as `usable` of `<cpu>`, found `perhaps`",
        ),
        (
            "type='kvm' name='max'",
            "type='kvm'",
            "line 27, column 3: expected the attribute `name` of `<cpu>`",
        ),
        (
            "<blocker name='lahf-lm'/>",
            "<blocker/>",
            "line 28, column 5: expected the attribute `name` of `<blocker>`",
        ),
        ("name='pc-1' ", "", "line 30, column 3: expected the attribute `name` of `<machine>`"),
        (
            "maxCpus='255'",
            "maxCpus='many'",
            "line 30, column 3: expected an unsigned integer as `maxCpus` of `<machine>`, found `many`",
        ),
        (
            "acpi='no'",
            "acpi=''",
            "line 30, column 3: expected `yes` or `no` as `acpi` of `<machine>`, found ``",
        ),
        (
            "<gic version='3' ",
            "<gic ",
            "line 31, column 3: expected the attribute `version` of `<gic>`",
        ),
        (
            "<gic version='3'",
            "<gic version='v3'",
            "line 31, column 3: expected an unsigned integer as `version` of `<gic>`, found `v3`",
        ),
        (" emulated='yes'", "", "line 31, column 3: expected the attribute `emulated` of `<gic>`"),
        ("<cbitpos>51</cbitpos>", "", "line 32, column 3: expected the element `<cbitpos>`"),
        (
            "<reducedPhysBits>1<",
            "<reducedPhysBits>x<",
            "line 34, column 5: expected an unsigned integer in `<reducedPhysBits>`, found `x`",
        ),
        ("<pdh>P</pdh>", "<pdh/>", "line 35, column 5: expected a text in `<pdh>`, found ``"),
        ("<certChain>C</certChain>", "", "line 32, column 3: expected the element `<certChain>`"),
        (
            "<flc>yes<",
            "<flc>on<",
            "line 40, column 5: expected `yes` or `no` in `<flc>`, found `on`",
        ),
        ("<sgx2>yes</sgx2>", "", "line 39, column 3: expected the element `<sgx2>`"),
        (
            "<section_size unit='KiB'>2<",
            "<section_size>-2<",
            "line 43, column 5: expected an unsigned integer in `<section_size>`, found `-2`",
        ),
        (
            "<section node='0' ",
            "<section ",
            "line 45, column 7: expected the attribute `node` of `<section>`",
        ),
        (
            "<hypervCapabilities supported='yes'>",
            "<hypervCapabilities>",
            "line 48, column 3: expected the attribute `supported` of `<hypervCapabilities>`",
        ),
        (
            "<cap name='relaxed'/>",
            "<cap/>",
            "line 49, column 5: expected the attribute `name` of `<cap>`",
        ),
        (
            "<cap name='relaxed'/>",
            "<cap name='relax'/>",
            "line 49, column 5: `relax` is not a Hyper-V enlightenment, did you mean `relaxed`?",
        ),
        ("</qemuCaps>\n", "", "malformed XML"),
        ("</qemuCaps>\n", "</qemuCaps><x/>", "malformed XML: more than one root element"),
        ("a&amp;b", "a&nbsp;b", "malformed XML: unknown entity `&nbsp;`"),
    ];
    for (from, to, message) in cases {
        assert!(XML.contains(from), "nothing to change: {from}");
        let doctored = XML.replacen(from, to, 1);
        let error = xml::read(&doctored).expect_err(from).to_string();
        assert!(error.contains(message), "{from} -> {to}\n  {error}\n  {message}");
    }
    let error = xml::read("<domain/>").expect_err("another root").to_string();
    assert_eq!(error, "line 1, column 1: expected the root element `<qemuCaps>`, found `<domain>`");
    assert!(xml::read("").expect_err("nothing").to_string().contains("no element at all"));
    assert!(xml::read(&"<a>".repeat(100_000)).is_err());
}

#[test]
fn what_the_flags_do_not_show_is_not_read() {
    for (flag, element) in [("kvm", "<hostCPU "), ("sev-guest", "<sev>"), ("sgx-epc", "<sgx")] {
        let without = XML.replacen(&format!("  <flag name='{flag}'/>\n"), "", 1);
        let text = xml::write(&xml::read(&without).expect(flag));
        assert!(XML.contains(element) && !text.contains(element), "{flag}");
    }
    let needed = XML.replacen("<sev>", "<sew>", 1).replacen("</sev>", "</sew>", 1);
    let error = xml::read(&needed).expect_err("the flag says that there is one");
    assert_eq!(error.to_string(), "line 1, column 1: expected the element `<sev>`");
}
