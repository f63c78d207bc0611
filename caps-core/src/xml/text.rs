//! Character data and values of attributes as XML means them.

use std::borrow::Cow;

/// What becomes of line breaks and tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spaces {
    /// They stay; in character data.
    Keep,
    /// Each becomes a space; in values of attributes.
    Normalize,
}

/// Resolves references and normalizes line breaks. Fails with the message if a reference is
/// unknown.
pub(super) fn decode(raw: &str, spaces: Spaces) -> Result<String, String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r', '\n', '\t']) {
        out.push_str(&rest[..at]);
        let found = &rest[at..];
        if let Some(after) = found.strip_prefix('&') {
            let (name, after) = after.split_once(';').ok_or("`&` without `;`")?;
            out.push(resolve(name).ok_or_else(|| format!("unknown entity `&{name};`"))?);
            rest = after;
        } else {
            rest = found.strip_prefix("\r\n").unwrap_or(&found[1..]);
            out.push(match (spaces, found.as_bytes()[0]) {
                (Spaces::Normalize, _) => ' ',
                (Spaces::Keep, b'\t') => '\t',
                (Spaces::Keep, _) => '\n',
            });
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Text without references.
pub(super) fn plain(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        return Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Cow::Borrowed(raw)
}

/// The character that a reference stands for.
fn resolve(name: &str) -> Option<char> {
    let number = match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => name.strip_prefix('#')?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` accepts a sign, XML does not.
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    char::from_u32(code).filter(|&character| character != '\0')
}

#[cfg(test)]
mod tests {
    use super::{Spaces, decode, plain};

    #[test]
    fn references_and_line_breaks_are_read_as_xml_says() {
        for (raw, text, value) in [
            ("a&amp;b&lt;c&gt;&apos;&quot;", "a&b<c>'\"", "a&b<c>'\""),
            ("&#65;&#x42;&#xe9;&#10;", "ABé\n", "ABé\n"),
            ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te", "a b c d e"),
            ("&amp;amp;", "&amp;", "&amp;"),
        ] {
            assert_eq!(decode(raw, Spaces::Keep).as_deref(), Ok(text));
            assert_eq!(decode(raw, Spaces::Normalize).as_deref(), Ok(value));
        }
        assert_eq!(plain("a\r\nb\r&amp;"), "a\nb\n&amp;");
    }

    #[test]
    fn unknown_references_are_errors() {
        for raw in ["&nbsp;", "&#0;", "&#xd800;", "&#+65;", "&#x;", "&;", "&#99999999999;"] {
            let error = decode(raw, Spaces::Keep).expect_err(raw);
            assert_eq!(error, format!("unknown entity `{raw}`"));
        }
        assert_eq!(decode("a & b", Spaces::Keep).expect_err("no name"), "`&` without `;`");
    }
}
