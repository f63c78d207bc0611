use std::borrow::Cow;
use std::fmt::Write as _;

/// A unit of a JSON string: a character, or an unpaired surrogate.
enum Unit {
    Char(char),
    LoneSurrogate(u16),
}

/// Iterates over the units of a validated string literal, without the quotes.
struct Units<'a>(&'a str);

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let first = self.0.chars().next()?;
        if first != '\\' {
            self.0 = &self.0[first.len_utf8()..];
            return Some(Unit::Char(first));
        }
        let escape = self.0.as_bytes().get(1).copied()?;
        if escape != b'u' {
            self.0 = &self.0[2..];
            return Some(Unit::Char(match escape {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                other => char::from(other),
            }));
        }
        let high = hex4(&self.0[2..])?;
        self.0 = &self.0[6..];
        if (0xd800..0xdc00).contains(&high)
            && let Some(low) = self.0.strip_prefix("\\u").and_then(hex4)
            && (0xdc00..0xe000).contains(&low)
        {
            self.0 = &self.0[6..];
            let code = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(low) - 0xdc00);
            return char::from_u32(code).map(Unit::Char);
        }
        Some(char::from_u32(u32::from(high)).map_or(Unit::LoneSurrogate(high), Unit::Char))
    }
}

/// Parses the four hexadecimal digits at the start of `text`.
pub(super) fn hex4(text: &str) -> Option<u16> {
    let digits = text.get(..4)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

/// Decodes a string literal, without the quotes; lone surrogates become U+FFFD.
pub(crate) fn decode(literal: &str) -> Cow<'_, str> {
    if !literal.contains('\\') {
        return Cow::Borrowed(literal);
    }
    Cow::Owned(
        Units(literal)
            .map(|unit| match unit {
                Unit::Char(c) => c,
                Unit::LoneSurrogate(_) => char::REPLACEMENT_CHARACTER,
            })
            .collect(),
    )
}

/// Appends a string literal in the spelling of captures, adding quotes.
pub(super) fn push_literal(out: &mut String, literal: &str) {
    out.push('"');
    if is_plain(literal) {
        out.push_str(literal);
    } else {
        for unit in Units(literal) {
            match unit {
                Unit::Char(c) => push_char(out, c),
                Unit::LoneSurrogate(half) => push_escape(out, half),
            }
        }
    }
    out.push('"');
}

/// Returns whether nothing in a text is escaped.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'))
}

/// Formats text as a JSON string literal in the spelling of captures.
///
/// ```
/// assert_eq!(caps_core::json::quote("a\"b\n\u{7f}"), r#""a\"b\n\u007f""#);
/// ```
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    if is_plain(text) {
        out.push_str(text);
    } else {
        text.chars().for_each(|c| push_char(&mut out, c));
    }
    out.push('"');
    out
}

fn push_char(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{c}' => out.push_str("\\f"),
        '\u{8}' => out.push_str("\\b"),
        ' '..='~' => out.push(c),
        _ => {
            for half in c.encode_utf16(&mut [0; 2]) {
                push_escape(out, *half);
            }
        }
    }
}

fn push_escape(out: &mut String, code: u16) {
    // Writing to a `String` can't fail.
    let _ = write!(out, "\\u{code:04x}");
}
