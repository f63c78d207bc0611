use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// Writes XML in libvirt's layout: one element per line, indented by two spaces per level.
#[derive(Default)]
pub(crate) struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    /// Returns the text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Writes a line without escaping.
    pub(crate) fn line(&mut self, line: impl Display) {
        self.indent();
        // Writing to a `String` can't fail.
        let _ = write!(self.out, "{line}");
        self.out.push('\n');
    }

    /// Writes a line made of parts, without escaping. Most of a document are such lines.
    pub(crate) fn parts(&mut self, parts: &[&str]) {
        self.indent();
        for part in parts {
            self.out.push_str(part);
        }
        self.out.push('\n');
    }

    /// Begins a line with the start of an element.
    pub(crate) fn tag(&mut self, name: &str) -> Tag<'_> {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        Tag { out: &mut self.out }
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// Writes an element with text, without escaping.
    pub(crate) fn text(&mut self, name: &str, content: impl Display) {
        self.line(format_args!("<{name}>{content}</{name}>"));
    }

    /// Writes an element with nested lines.
    pub(crate) fn block(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.line(format_args!("<{name}>"));
        self.indented(inside);
        self.line(format_args!("</{name}>"));
    }

    /// Writes lines one level deeper.
    pub(crate) fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }
}

/// The start of an element, whose attributes are being written.
pub(crate) struct Tag<'w> {
    out: &'w mut String,
}

impl Tag<'_> {
    /// Writes an attribute, if it has a value, without escaping it.
    pub(crate) fn attribute(self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            for part in [" ", name, "='", value, "'"] {
                self.out.push_str(part);
            }
        }
        self
    }

    /// Ends the tag of an element with nested lines.
    pub(crate) fn open(self) {
        self.out.push_str(">\n");
    }

    /// Ends the tag of an element without contents.
    pub(crate) fn empty(self) {
        self.out.push_str("/>\n");
    }
}

pub(crate) fn yes_no(on: bool) -> &'static str {
    if on { "yes" } else { "no" }
}

/// Escapes text as libvirt does: markup characters become entities, most control characters are
/// dropped.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte >= 0x1a && !matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{19}' => {}
            // Like libvirt, keep characters from 0x1a on.
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}
