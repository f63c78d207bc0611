//! Every way in which a capability XML can be wrong, with the resulting message.

use caps_core::xml;

/// A capability XML with everything that can confuse a reader.
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

/// The original text, its replacement, and a part of the message.
const ERRORS: &[(&str, &str, &str)] = &[
    ("<qemuCaps>", "<qemuCaps", "line 1, column 1: malformed XML"),
    ("<qemuCaps>", "<domain>", "malformed XML"),
    ("  <selfctime>0</selfctime>\n", "", "line 1, column 1: expected the element `<selfctime>`"),
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
        "<cap name='relaxed'/>",
        "<cap name='relaxed'/>\n    <stimer_direct>maybe</stimer_direct>",
        "expected `on` or `off`",
    ),
    (
        "<flag name='kvm'/>",
        "<flag/>",
        "line 8, column 3: expected the attribute `name` of `<flag>`",
    ),
    (
        "<flag name='kvm'/>",
        "<flag name='kwm'/>",
        "line 8, column 3: `kwm` is not a capability flag, did you mean `kvm`?",
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
    ("<flc>yes<", "<flc>on<", "line 40, column 5: expected `yes` or `no` in `<flc>`, found `on`"),
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
    (
        "<qemuCaps>",
        "\n<!DOCTYPE qemuCaps [<!ENTITY x 'y'>]><qemuCaps>",
        "line 2, column 1: malformed XML: a document type, expected none",
    ),
    ("</qemuCaps>\n", "", "malformed XML"),
    ("</qemuCaps>\n", "</qemuCaps><x/>", "malformed XML: more than one root element"),
    ("a&amp;b", "a&nbsp;b", "malformed XML: unknown entity `&nbsp;`"),
    ("<flag name='kvm'/>", "<flag name='kvm' name='kvm'/>", "line 8, column 3: malformed XML: "),
    ("<flag name='kvm'/>", "<flag name='&kvm;'/>", "line 8, column 3: malformed XML: "),
];

#[test]
fn every_error_of_the_xml_reader() {
    for (from, to, message) in ERRORS {
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
fn text_and_values_are_read_across_markup() {
    let spelled = XML
        .replace("qemu-system-x86_64<", "<![CDATA[qemu]]><!-- - -->&#45;sys<?x y?>tem-x86_64<")
        .replace("<flag name='kvm'/>", "<flag\n  name = \"&#x6b;vm\"\n></flag>");
    assert_ne!(spelled, XML);
    assert_eq!(xml::read(&spelled), xml::read(XML));
}

#[test]
fn an_element_has_a_bounded_number_of_attributes() {
    let many = (0..1_000_000).fold(String::new(), |many, n| many + &format!(" a{n}=''"));
    let error = xml::read(&XML.replace("<flag name='kvm'", &format!("<flag{many}")));
    let error = error.expect_err("a million attributes").to_string();
    assert_eq!(error, "line 8, column 3: malformed XML: more than 64 attributes");
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

/// A document with names that no baseline knows, each inserted before the first line with the other text.
fn with_unknown_flags(names: &[(&str, &str)]) -> String {
    names.iter().fold(XML.to_owned(), |text, (name, before)| {
        assert!(text.contains(before), "{before}");
        let at = text.find(before).and_then(|at| text[..at].rfind('\n')).map_or(0, |at| at + 1);
        format!("{}  <flag name='{name}'/>\n{}", &text[..at], &text[at..])
    })
}

#[test]
fn flags_from_the_future_are_carried_through() {
    let names = [
        ("teleport", "<version>"),
        ("virtio-net.turbo", "<version>"),
        ("first", "<flag "),
        ("a&lt;b", "<flag name='sgx-epc'"),
    ];
    let text = with_unknown_flags(&names);
    let mut caps = xml::read_lenient(&text).expect("names from the future");
    assert_eq!(xml::write(&caps), text);
    let found: Vec<&str> = caps.unknown_flags.iter().map(|flag| flag.name.as_str()).collect();
    assert_eq!(found, ["first", "a<b", "teleport", "virtio-net.turbo"]);
    let known = xml::read(XML).expect("a capability XML");
    assert_eq!(caps.flags, known.flags);

    // The preceding flags can disappear: nothing is lost, and the order stays the same.
    caps.flags = [caps_core::Flag::SgxEpc].into_iter().collect();
    let lines = xml::write(&caps);
    let flags: Vec<&str> =
        lines.lines().filter_map(|line| line.strip_prefix("  <flag name='")).collect();
    assert_eq!(
        flags,
        ["first'/>", "a&lt;b'/>", "sgx-epc'/>", "teleport'/>", "virtio-net.turbo'/>"]
    );
    caps.unknown_flags.clear();
    caps.flags = known.flags;
    assert_eq!(caps, known);
}

#[test]
fn without_leave_flags_from_the_future_are_errors_that_name_line_and_nearest() {
    let text = with_unknown_flags(&[("sgx-epk", "<version>")]);
    let line = text.lines().position(|line| line.contains("sgx-epk")).expect("the name") + 1;
    let error = xml::read(&text).expect_err("an unknown name").to_string();
    let nearest = "`sgx-epk` is not a capability flag, did you mean `sgx-epc`?";
    assert_eq!(error, format!("line {line}, column 3: {nearest}"));
    let caps = xml::read_lenient(&text).expect("an unknown name");
    assert_eq!(caps.unknown_flags[0].error().to_string(), nearest);

    // Only the names of flags can be unknown.
    let nameless = XML.replacen("<flag name=", "<flag nam=", 1);
    assert_eq!(xml::read_lenient(&nameless), xml::read(&nameless));
    let strange = XML.replacen("<arch>x86_64<", "<arch>x87_64<", 1);
    assert_eq!(xml::read_lenient(&strange), xml::read(&strange));
    assert!(xml::read_lenient(&strange).is_err());
}
