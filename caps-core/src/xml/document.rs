//! A document and how it is parsed.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::error::{XmlError, XmlErrorKind};
use super::node::{MAX_ATTRIBUTES, MAX_DEPTH, Node, narrow};
use super::plain;
use super::well_formed::{
    follows_blank, illegal_character, is_blank, is_character, is_comment, is_declaration, is_name,
};

/// May precede a document.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A well-formed document: its text, and where its elements are in it. Nothing is copied.
#[derive(Debug)]
pub(crate) struct Document<'x> {
    pub(super) xml: &'x str,
    /// The elements in text order, the root first.
    pub(super) nodes: Vec<Node>,
}

/// The text is not XML: the byte offset and the message.
type Malformed = (u64, String);

impl<'x> Document<'x> {
    /// Parses a document.
    pub(crate) fn parse(xml: &'x str) -> Result<Self, XmlError> {
        // The positions of `quick_xml` do not count it.
        let xml = xml.strip_prefix(BYTE_ORDER_MARK).unwrap_or(xml);
        if let Some(nodes) = plain::read(xml) {
            return Ok(Self { xml, nodes });
        }
        let mut document = Self { xml, nodes: Vec::new() };
        match document.read() {
            Ok(()) => Ok(document),
            Err((at, message)) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                Err(XmlError::at(xml, at, XmlErrorKind::Malformed(message)))
            }
        }
    }

    fn read(&mut self) -> Result<(), Malformed> {
        if u32::try_from(self.xml.len()).is_err() {
            return Err((0, "a text larger than 4 GiB".to_owned()));
        }
        if let Some(at) = illegal_character(self.xml) {
            return Err((at as u64, "a control character or noncharacter".to_owned()));
        }
        let mut reader = quick_xml::Reader::from_str(self.xml);
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = reader.buffer_position();
            let event = reader
                .read_event()
                .map_err(|error| (reader.error_position(), error.to_string()))?;
            match event {
                Event::Start(tag) => {
                    if !self.nodes.is_empty() && open.is_empty() || open.len() == MAX_DEPTH {
                        return Err((at, "more elements than expected".to_owned()));
                    }
                    open.push(self.nodes.len());
                    self.push(&tag, at)?;
                }
                Event::Empty(tag) => {
                    if !self.nodes.is_empty() && open.is_empty() {
                        return Err((at, "more than one root element".to_owned()));
                    }
                    self.push(&tag, at)?;
                }
                Event::End(_) => {
                    let next = narrow(self.nodes.len());
                    if let Some(node) = open.pop().and_then(|index| self.nodes.get_mut(index)) {
                        node.next = next;
                    }
                }
                Event::Text(text) => {
                    if open.is_empty() && !text.chars().all(is_blank) {
                        return Err((at, "text outside the root element".to_owned()));
                    }
                    if text.contains('>') && text.contains("]]>") {
                        return Err((at, "`]]>` in a text, expected `]]&gt;`".to_owned()));
                    }
                }
                Event::GeneralRef(_) | Event::CData(_) if open.is_empty() => {
                    return Err((at, "text outside the root element".to_owned()));
                }
                Event::GeneralRef(reference) => {
                    resolve(&reference).ok_or_else(|| {
                        (at, format!("unknown entity `&{};`", reference.xml10_content()))
                    })?;
                }
                Event::CData(_) => {}
                Event::Comment(text) => {
                    if !is_comment(&text) {
                        let message = "`--` in a comment, expected it only in `-->`";
                        return Err((at, message.to_owned()));
                    }
                }
                Event::PI(text) => {
                    let target = text.target();
                    if !is_name(target) || target.eq_ignore_ascii_case("xml") {
                        return Err((at, format!("invalid processing instruction `{target}`")));
                    }
                }
                Event::Decl(text) => {
                    if at != 0 {
                        let message = "an XML declaration, expected it at the start of the file";
                        return Err((at, message.to_owned()));
                    }
                    if !is_declaration(&text) {
                        let message = "invalid XML declaration, expected `<?xml version=\"1.0\"?>`";
                        return Err((at, message.to_owned()));
                    }
                }
                Event::Eof => break,
                // Entity definitions are not read, so references to them can't be resolved.
                Event::DocType(_) => return Err((at, "a document type, expected none".to_owned())),
            }
        }
        let end = reader.buffer_position();
        if let Some(node) = open.last().and_then(|&index| self.nodes.get(index)) {
            let name = self.name(*node);
            return Err((end, format!("`<{name}>` is not closed")));
        }
        if self.nodes.is_empty() {
            return Err((end, "no element at all".to_owned()));
        }
        Ok(())
    }

    /// Adds an element without descendants.
    fn push(&mut self, tag: &BytesStart<'_>, start: u64) -> Result<(), Malformed> {
        if !is_name(tag.name().as_ref()) {
            return Err((start, format!("`{}` is not a name", tag.name().as_ref())));
        }
        check_attributes(tag).map_err(|message| (start, message))?;
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let name_end = start.saturating_add(1 + narrow(tag.name().as_ref().len()));
        self.nodes.push(Node { start, name_end, next: narrow(self.nodes.len() + 1) });
        Ok(())
    }

    /// The name of an element.
    pub(super) fn name(&self, node: Node) -> &'x str {
        &self.xml[node.start as usize + 1..node.name_end as usize]
    }
}

fn check_attributes(tag: &BytesStart<'_>) -> Result<(), String> {
    let mut names: Vec<&str> = Vec::new();
    // Repeated names are looked for below, without a list for each tag.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let (name, value) = (attribute.key.into_inner(), &*attribute.value);
        if !is_name(name) {
            return Err(format!("`{name}` is not a name"));
        }
        if !follows_blank(tag, name) {
            return Err(format!("expected a blank before the attribute `{name}`"));
        }
        if value.contains('<') {
            return Err(format!("`<` in the attribute `{name}`, expected `&lt;`"));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        if illegal_character(&value.map_err(|error| error.to_string())?).is_some() {
            return Err(format!("a reference to no character in the attribute `{name}`"));
        }
        if names.len() == MAX_ATTRIBUTES {
            return Err(format!("more than {MAX_ATTRIBUTES} attributes"));
        }
        if names.contains(&name) {
            let error = tag.attributes().find_map(Result::err);
            return Err(error.map_or_else(String::new, |error| error.to_string()));
        }
        names.push(name);
    }
    Ok(())
}

/// The text that a reference stands for.
pub(super) fn resolve(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => is_character(c).then(|| Cow::Owned(c.to_string())),
        _ => resolve_predefined_entity(&reference.xml10_content()).map(Cow::Borrowed),
    }
}

#[cfg(test)]
mod tests {
    use super::Document;
    use crate::accel::Accel;
    use crate::arch::Arch;
    use crate::baseline::Baseline;
    use crate::caps::{Capabilities, CpuModel, CpuProperty, HostCpu, MachineType, PropertyValue};
    use crate::flag::Flag;
    use crate::xml::{plain, write};

    const TEXT: &str = "<a b='1'>\n <c-d e='x y' b=\"\"/> <f>t\r\n</f ><f></f>\n</a>\n";

    /// Everything that can stand for a byte of the text, or before it.
    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "", " ", "\n", "\t", "<", ">", "/", "=", "'", "\"", "&", "&lt;", "&#x41;", "&#1;", ";", "!", "?", "-", ".", ":", "_", "1", "a", "b",
        "e", "<!--", "-->", "<!---->", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<?p?>", "<!DOCTYPE a>", "\u{1}", "\0", "\r", "\u{7f}",
        "\u{e9}", "\u{d7}", "\u{a0}", "\u{feff}", "\u{fffd}", "\u{ffff}", "\u{1f600}", "<f>", "</f>", "<g/>", "</a>", " b='2'", "b='2'",
    ];

    /// What the reader of plain documents accepts, the whole reader accepts, with the same elements.
    fn agree(text: &str) -> bool {
        let Some(nodes) = plain::read(text) else { return false };
        let mut whole = Document { xml: text, nodes: Vec::new() };
        if let Err((at, message)) = whole.read() {
            panic!("{at}: {message}: {text}");
        }
        assert_eq!(nodes, whole.nodes, "{text}");
        true
    }

    #[test]
    fn a_plain_document_is_read_as_a_whole_one_is() {
        assert!(agree(TEXT));
        let mut plain = 0;
        for at in 0..=TEXT.len() {
            for part in PARTS {
                plain += usize::from(agree(&[&TEXT[..at], part, &TEXT[at..]].concat()));
                if at < TEXT.len() {
                    plain += usize::from(agree(&[&TEXT[..at], part, &TEXT[at + 1..]].concat()));
                }
            }
            // The line break at the end is not needed.
            assert_eq!(agree(&TEXT[..at]), at + 1 >= TEXT.len());
        }
        assert!(plain > 300, "only {plain} plain documents");
    }

    #[test]
    fn limits_are_the_same() {
        for depth in [1, 63, 64, 65] {
            let text = ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
            assert_eq!(agree(&text), depth <= 64, "{depth}");
            assert_eq!(Document::parse(&text).is_ok(), depth <= 64, "{depth}");
        }
        for count in [1, 63, 64, 65] {
            let attributes: Vec<String> = (0..count).map(|n| format!(" a{n}='{n}'")).collect();
            let text = format!("<a{}/>", attributes.concat());
            assert_eq!(agree(&text), count <= 64, "{count}");
            assert_eq!(Document::parse(&text).is_ok(), count <= 64, "{count}");
        }
    }

    /// A description with these flags and some of everything else.
    fn description(flags: impl Iterator<Item = Flag>) -> String {
        let mut caps = Capabilities::new(Arch::X86_64);
        caps.flags = flags.collect();
        let mut cpu = HostCpu::new("base");
        cpu.properties.push(CpuProperty::new("avx2", PropertyValue::Boolean(true)));
        let mut machine = MachineType::new("pc-q35-11.1");
        machine.alias = Some("q35".to_owned());
        let mut model = CpuModel::new("EPYC-v4");
        model.blockers.push("sse4.1");
        let kvm = caps.acceleration_mut(Accel::Kvm);
        kvm.machines.push(machine);
        kvm.cpus = Some(vec![model]);
        kvm.host_cpu = Some(cpu);
        write(&caps)
    }

    /// Otherwise it would be read several times more slowly.
    #[test]
    fn a_capability_xml_is_plain() {
        let flags = Flag::ALL.iter().copied();
        assert!(agree(&description(flags.filter(|flag| flag.is_live(Baseline::NEWEST)))));
    }

    /// At every byte: it is missing, it is twice, it and the next are swapped, the text ends.
    #[test]
    fn a_damaged_capability_xml_is_read_as_a_whole_one_is() {
        let text = description([Flag::Kvm, Flag::Vnc].into_iter());
        let mut plain = 0;
        for at in 0..text.len() - 1 {
            let (before, byte, next, rest) =
                (&text[..at], &text[at..=at], &text[at + 1..at + 2], &text[at + 2..]);
            plain += usize::from(agree(&[before, next, rest].concat()));
            plain += usize::from(agree(&[before, byte, byte, next, rest].concat()));
            plain += usize::from(agree(&[before, next, byte, rest].concat()));
            assert!(!agree(before), "{before}");
        }
        assert!(plain > text.len(), "only {plain} plain documents");
    }
}
