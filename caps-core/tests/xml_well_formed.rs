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
  <hostCPUSignature>sign</hostCPUSignature>
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
    ("declaration with all", "<qemuCaps>", "<?xml version=\"1.1\" encoding='utf-8' standalone='no' ?><qemuCaps>"),
    ("byte order mark", "<qemuCaps>", "\u{feff}<qemuCaps>"),
    ("byte order mark before a declaration", "<qemuCaps>", "\u{feff}<?xml version='1.0'?><qemuCaps>"),
    ("names beyond ASCII", "  <arch>", "  <\u{e9}l\u{e9}ment _1.a-b\u{b7}='' :=''/>\n  <arch>"),
    ("names of other scripts", "  <arch>", "  <\u{416}/><\u{3042}/><\u{10000}/><\u{370}/><\u{2070}/>\n  <arch>"),
    ("attribute with a reference", "name='vnc'", "name='vnc' a='&#x41;&lt;>'"),
    ("processing instruction without content", "  <arch>", "  <?a?>\n  <arch>"),
    ("comment without content", "  <arch>", "  <!---->\n  <arch>"),
    ("brackets in a text", ">sign<", ">a ]] > b ]>]&#93;><"),
    ("comment", "  <arch>", "  <!-- a - b -->\n  <arch>"),
    ("comment at the end", "</qemuCaps>\n", "</qemuCaps>\n<!-- end -->\n"),
    ("processing instruction", "  <arch>", "  <?robots index='no'?>\n  <arch>"),
    ("double quotes", "'vnc'", "\"vnc\""),
    ("blanks in a tag", "<flag name='vnc'/>", "<flag  name = 'vnc'\n/>"),
    ("blanks in an end tag", "</arch>", "</arch \n>"),
    ("start and end tag of an empty element", "<flag name='vnc'/>", "<flag name='vnc'></flag>"),
    ("decimal reference", ">sign<", ">&#65;<"),
    ("hexadecimal reference", ">sign<", ">&#x1F600;<"),
    ("predefined entities", ">sign<", ">&lt;&gt;&amp;&apos;&quot;<"),
    ("greater-than sign in a text", ">sign<", ">a > b<"),
    ("quotes in a text", ">sign<", ">'\"<"),
    ("CDATA section", ">sign<", "><![CDATA[a < b & c]]><"),
    ("text beyond ASCII", ">sign<", ">\u{e9}\u{20ac}\u{10ffff}<"),
    ("carriage returns", "\n", "\r\n"),
    ("tabs", "  <", "\t<"),
];

#[rustfmt::skip]
const MALFORMED: &[Change] = &[
    ("no element", XML, ""),
    ("text alone", XML, "text"),
    ("text before the root", "<qemuCaps>", "x<qemuCaps>"),
    ("two roots", "</qemuCaps>\n", "</qemuCaps><qemuCaps></qemuCaps>\n"),
    ("two roots, one with a reference", "</qemuCaps>\n", "</qemuCaps><a>&#65;</a>\n"),
    ("letter in the version of XML", "<qemuCaps>", "<?xml version='1.a'?><qemuCaps>"),
    ("version of XML without its number", "<qemuCaps>", "<?xml version='1.'?><qemuCaps>"),
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
    ("unknown entity", ">sign<", ">&nbsp;<"),
    ("reference to no character", ">sign<", ">&#0;<"),
    ("reference to a surrogate", ">sign<", ">&#xD800;<"),
    ("reference beyond Unicode", ">sign<", ">&#x110000;<"),
    ("reference without digits", ">sign<", ">&#;<"),
    ("reference with a capital X", ">sign<", ">&#X41;<"),
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
    ("name that begins with a digit", "  <arch>", "  <1a/>\n  <arch>"),
    ("name that begins with a hyphen", "  <arch>", "  <-a/>\n  <arch>"),
    ("name with an operator", "  <arch>", "  <a\u{d7}/>\n  <arch>"),
    ("element without a name", "  <arch>", "  <></>\n  <arch>"),
    ("attribute name that begins with a digit", "name='vnc'", "name='vnc' 1a=''"),
    ("attribute without a name", "name='vnc'", "name='vnc' =''"),
    ("processing instruction without a name", "  <arch>", "  <??>\n  <arch>"),
    ("processing instruction that begins with a blank", "  <arch>", "  <? a?>\n  <arch>"),
    ("less-than sign in a text", ">sign<", ">a < b<"),
    ("ampersand in a text", ">sign<", ">a & b<"),
    ("reference without semicolon", ">sign<", ">&amp b<"),
    ("reference to a control character", ">sign<", ">&#x1F;<"),
    ("reference to a noncharacter", ">sign<", ">&#xFFFE;<"),
    ("control character", ">sign<", ">a\u{1}b<"),
    ("control character that libvirt does not drop", ">sign<", ">a\u{1a}b<"),
    ("NUL", ">sign<", ">a\0b<"),
    ("noncharacter", ">sign<", ">a\u{ffff}b<"),
    ("noncharacter in a comment", "  <arch>", "  <!-- \u{fffe} -->\n  <arch>"),
    ("end of a CDATA section in a text", ">sign<", ">a ]]> b<"),
    ("end of a CDATA section after one", ">sign<", "><![CDATA[a]]>]]><"),
    ("CDATA section that does not end", ">sign<", "><![CDATA[a<"),
    ("CDATA section outside the root", "</qemuCaps>\n", "</qemuCaps><![CDATA[]]>\n"),
    ("reference outside the root", "</qemuCaps>\n", "</qemuCaps>&#32;\n"),
    ("no-break space outside the root", "</qemuCaps>\n", "</qemuCaps>\u{a0}\n"),
    ("attributes without a blank", "type='tcg' name='none'", "type='tcg'name='none'"),
    ("slash in a tag", "<flag name='vnc'/>", "<flag / name='vnc'/>"),
    ("blank after a slash", "<flag name='vnc'/>", "<flag name='vnc'/ >"),
    ("less-than sign in an attribute", "name='vnc'", "name='vnc' a='<'"),
    ("control character in an attribute", "name='vnc'", "name='vnc' a='\u{1}'"),
    ("reference to a control character in an attribute", "name='vnc'", "name='vnc' a='&#1;'"),
    ("reference without semicolon in an attribute", "name='vnc'", "name='vnc' a='&lt'"),
    ("comment with two hyphens", "  <arch>", "  <!-- a -- b -->\n  <arch>"),
    ("comment that ends with a hyphen", "  <arch>", "  <!-- a --->\n  <arch>"),
    ("processing instruction named xml", "  <arch>", "  <?xml version='1.0'?>\n  <arch>"),
    ("processing instruction named XML", "  <arch>", "  <?XML version='1.0'?>\n  <arch>"),
    ("XML declaration after a blank", "<qemuCaps>", " <?xml version='1.0'?><qemuCaps>"),
    ("XML declaration without version", "<qemuCaps>", "<?xml encoding='UTF-8'?><qemuCaps>"),
    ("XML declaration without attributes", "<qemuCaps>", "<?xml?><qemuCaps>"),
    ("XML declaration of version 2", "<qemuCaps>", "<?xml version='2.0'?><qemuCaps>"),
    ("version after encoding", "<qemuCaps>", "<?xml encoding='UTF-8' version='1.0'?><qemuCaps>"),
    ("encoding that is no name", "<qemuCaps>", "<?xml version='1.0' encoding='-'?><qemuCaps>"),
    ("standalone maybe", "<qemuCaps>", "<?xml version='1.0' standalone='maybe'?><qemuCaps>"),
    ("something else in a declaration", "<qemuCaps>", "<?xml version='1.0' a='b'?><qemuCaps>"),
    ("declaration without blanks", "<qemuCaps>", "<?xml version='1.0'encoding='a'?><qemuCaps>"),
];

/// Not well-formed, but read: libvirt writes the package without escaping it.
#[rustfmt::skip]
const TOLERATED: &[Change] = &[
    ("less-than sign in the package", ">text<", ">a < b<"),
    ("tags in the package", ">text<", "><a></b><"),
    ("ampersand in the package", ">text<", ">a & b<"),
    ("reference without semicolon in the package", ">text<", ">&amp b<"),
    ("unknown entity in the package", ">text<", ">&nbsp;<"),
    ("reference to no character in the package", ">text<", ">&#0;<"),
    ("reference to a control character in the package", ">text<", ">&#x1F;<"),
    ("control character in the package", ">text<", ">a\u{1}b<"),
    ("NUL in the package", ">text<", ">a\0b<"),
    ("noncharacter in the package", ">text<", ">a\u{ffff}b<"),
    ("end of a CDATA section in the package", ">text<", ">a ]]> b<"),
    ("CDATA section that does not end in the package", ">text<", "><![CDATA[a<"),
    ("comment that does not end in the package", ">text<", "><!-- a<"),
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

/// What is tolerated is the text as it stands, and written in the same way.
#[test]
fn tolerated_descriptions_are_read_and_written_alike() {
    for change in TOLERATED {
        let text = changed(change);
        let read = xml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", change.0));
        let package = change.2.trim_matches(|c| c == '>' || c == '<');
        assert!(read.package.as_deref().is_some_and(|read| read.contains(package)), "{}", change.0);
        assert_eq!(xml::write(&read), text, "{}", change.0);
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

/// Each error names the line of the change.
#[test]
fn errors_name_the_line() {
    for change in MALFORMED.iter().filter(|change| change.1.starts_with("  <arch>")) {
        let line = 1 + XML.lines().position(|line| line.starts_with("  <arch>")).expect("a line");
        let error = xml::read_lenient(&changed(change)).expect_err(change.0);
        assert_eq!(error.line, line, "{}: {error}", change.0);
    }
}
