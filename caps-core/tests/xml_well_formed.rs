//! The well-formedness rules of XML 1.0, each by changes to a capability description.

use caps_core::xml;

const XML: &str = "\
<qemuCaps>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <qemuctime>0</qemuctime>
  <selfctime>0</selfctime>
  <selfvers>0</selfvers>
  <flag name='vnc'/>
  <version>10000000</version>
  <microcodeVersion>43100245</microcodeVersion>
  <package>text</package>
  <arch>x86_64</arch>
  <cpu type='tcg' name='qemu64' typename='qemu64-x86_64-cpu' usable='yes'/>
  <machine type='tcg' name='none' maxCpus='1'/>
</qemuCaps>
";

/// The rule, what is replaced, and its replacement.
type Change = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const WELL_FORMED: &[Change] = &[
    ("nothing", "", ""),
    ("XML declaration", "<qemuCaps>", "<?xml version='1.0' encoding='UTF-8'?>\n<qemuCaps>"),
    ("comment", "  <arch>", "  <!-- a - b -->\n  <arch>"),
    ("comment at the end", "</qemuCaps>\n", "</qemuCaps>\n<!-- end -->\n"),
    ("processing instruction", "  <arch>", "  <?robots index='no'?>\n  <arch>"),
    ("double quotes", "'vnc'", "\"vnc\""),
    ("blanks in a tag", "<flag name='vnc'/>", "<flag  name = 'vnc'\n/>"),
    ("blanks in an end tag", "</arch>", "</arch \n>"),
    ("start and end tag of an empty element", "<flag name='vnc'/>", "<flag name='vnc'></flag>"),
    ("decimal reference", ">text<", ">&#65;<"),
    ("hexadecimal reference", ">text<", ">&#x1F600;<"),
    ("predefined entities", ">text<", ">&lt;&gt;&amp;&apos;&quot;<"),
    ("greater-than sign in a text", ">text<", ">a > b<"),
    ("quotes in a text", ">text<", ">'\"<"),
    ("CDATA section", ">text<", "><![CDATA[a < b & c]]><"),
    ("text beyond ASCII", ">text<", ">\u{e9}\u{20ac}\u{10ffff}<"),
    ("carriage returns", "\n", "\r\n"),
    ("tabs", "  <", "\t<"),
];

#[rustfmt::skip]
const MALFORMED: &[Change] = &[
    ("no element", XML, ""),
    ("text alone", XML, "text"),
    ("text before the root", "<qemuCaps>", "x<qemuCaps>"),
    ("text after the root", "</qemuCaps>\n", "</qemuCaps>x\n"),
    ("two roots", "</qemuCaps>\n", "</qemuCaps><qemuCaps/>\n"),
    ("no end tag of the root", "</qemuCaps>\n", ""),
    ("no end tag", "</arch>", ""),
    ("no start tag", "<arch>", ""),
    ("another end tag", "</arch>", "</Arch>"),
    ("crossed elements", "<arch>x86_64</arch>", "<a><b></a></b><arch>x86_64</arch>"),
    ("end tag with an attribute", "</arch>", "</arch a='1'>"),
    ("end tag of an empty element", "<flag name='vnc'/>", "<flag name='vnc'/></flag>"),
    ("tag that does not end", "</qemuCaps>\n", "</qemuCaps"),
    ("blank before a name", "<arch>", "< arch>"),
    ("unknown entity", ">text<", ">&nbsp;<"),
    ("reference to no character", ">text<", ">&#0;<"),
    ("reference to a surrogate", ">text<", ">&#xD800;<"),
    ("reference beyond Unicode", ">text<", ">&#x110000;<"),
    ("reference without digits", ">text<", ">&#;<"),
    ("reference with a capital X", ">text<", ">&#X41;<"),
    ("attribute without value", "name='vnc'", "name"),
    ("attribute without quotes", "name='vnc'", "name=vnc"),
    ("attribute with one quote", "name='vnc'", "name='vnc"),
    ("attribute with two kinds of quotes", "name='vnc'", "name='vnc\""),
    ("attribute twice", "name='vnc'", "name='vnc' name='vnc'"),
    ("ampersand in an attribute", "name='vnc'", "name='vnc' a='&'"),
    ("comment that does not end", "</qemuCaps>\n", "</qemuCaps>\n<!-- a"),
    ("processing instruction that does not end", "</qemuCaps>\n", "</qemuCaps>\n<?a"),
    ("document type", "<qemuCaps>", "<!DOCTYPE qemuCaps><qemuCaps>"),
    ("markup declaration", "  <arch>", "  <!ELEMENT a ANY>\n  <arch>"),
];

/// Not well-formed, but read: libvirt writes texts such as the package without escaping them, and the
/// rest changes no meaning.
#[rustfmt::skip]
const TOLERATED: &[Change] = &[
    ("name that begins with a digit", "  <arch>", "  <1a/>\n  <arch>"),
    ("name that begins with a hyphen", "  <arch>", "  <-a/>\n  <arch>"),
    ("less-than sign in a text", ">text<", ">a < b<"),
    ("ampersand in a text", ">text<", ">a & b<"),
    ("reference without semicolon", ">text<", ">&amp b<"),
    ("reference to a control character", ">text<", ">&#x1F;<"),
    ("reference to a noncharacter", ">text<", ">&#xFFFE;<"),
    ("control character", ">text<", ">a\u{1}b<"),
    ("NUL", ">text<", ">a\0b<"),
    ("noncharacter", ">text<", ">a\u{ffff}b<"),
    ("end of a CDATA section in a text", ">text<", ">a ]]> b<"),
    ("CDATA section that does not end", ">text<", "><![CDATA[a<"),
    ("attributes without a blank", "type='tcg' name='none'", "type='tcg'name='none'"),
    ("less-than sign in an attribute", "name='vnc'", "name='vnc' a='<'"),
    ("control character in an attribute", "name='vnc'", "name='vnc' a='\u{1}'"),
    ("comment with two hyphens", "  <arch>", "  <!-- a -- b -->\n  <arch>"),
    ("comment that ends with a hyphen", "  <arch>", "  <!-- a --->\n  <arch>"),
    ("processing instruction named xml", "  <arch>", "  <?xml version='1.0'?>\n  <arch>"),
    ("XML declaration after a blank", "<qemuCaps>", " <?xml version='1.0'?><qemuCaps>"),
    ("XML declaration without version", "<qemuCaps>", "<?xml encoding='UTF-8'?><qemuCaps>"),
];

fn changed(&(rule, from, to): &Change) -> String {
    let text = XML.replace(from, to);
    assert!(rule == "nothing" || text != XML, "{rule} changes nothing");
    if from.is_empty() { XML.to_owned() } else { text }
}

#[test]
fn well_formed_descriptions_are_read() {
    for change in WELL_FORMED {
        let text = changed(change);
        if let Err(error) = xml::read(&text) {
            panic!("{}: {error}\n{text}", change.0);
        }
    }
}

/// What is tolerated is read alike whenever it is read back.
#[test]
fn tolerated_descriptions_are_read_and_written_alike() {
    for change in TOLERATED {
        let text = changed(change);
        let read = xml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", change.0));
        let written = xml::write(&read);
        let again = xml::read(&written).unwrap_or_else(|error| panic!("{}: {error}", change.0));
        assert_eq!(xml::write(&again), written, "{}", change.0);
    }
}

#[test]
fn malformed_descriptions_are_rejected() {
    let accepted: Vec<&str> = MALFORMED
        .iter()
        .filter(|change| xml::read_lenient(&changed(change)).is_ok())
        .map(|change| change.0)
        .collect();
    assert!(accepted.is_empty(), "accepted: {accepted:#?}");
}
