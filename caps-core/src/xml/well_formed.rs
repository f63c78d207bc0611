//! The rules of XML 1.0 that `quick_xml` leaves to its callers.

use quick_xml::events::attributes::Attributes;

/// The byte offset of the first character that XML does not allow anywhere.
pub(super) fn illegal_character(text: &str) -> Option<usize> {
    text.char_indices().find(|&(_, c)| !is_character(c)).map(|(at, _)| at)
}

/// Returns whether XML allows a character in a document, as itself or as a reference.
pub(super) fn is_character(c: char) -> bool {
    c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
}

/// Returns whether a character is white space in XML.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Returns whether a text is a name of an element, attribute or processing instruction.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_in_name)
}

fn is_in_name(c: char) -> bool {
    is_name_start(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, ':' | '_')
        || matches!(c, '\u{c0}'..='\u{2ff}' if !matches!(c, '\u{d7}' | '\u{f7}'))
        || matches!(c, '\u{370}'..='\u{1fff}' if c != '\u{37e}')
        || matches!(
            c,
            '\u{200c}'..='\u{200d}'
                | '\u{2070}'..='\u{218f}'
                | '\u{2c00}'..='\u{2fef}'
                | '\u{3001}'..='\u{d7ff}'
                | '\u{f900}'..='\u{fdcf}'
                | '\u{fdf0}'..='\u{fffd}'
                | '\u{10000}'..='\u{effff}'
        )
}

/// Returns whether a text is a comment, without its delimiters.
pub(super) fn is_comment(text: &str) -> bool {
    !text.contains("--") && !text.ends_with('-')
}

/// Returns whether a text is an XML declaration, without its delimiters: a version, then an
/// encoding and `standalone`, which may be missing.
pub(super) fn is_declaration(text: &str) -> bool {
    let mut expected = ["version", "encoding", "standalone"].into_iter();
    let mut has_version = false;
    for attribute in Attributes::new(text, "xml".len()) {
        let Ok(attribute) = attribute else { return false };
        let (name, value) = (attribute.key.as_ref(), &*attribute.value);
        let is_valid = match name {
            "version" => value.strip_prefix("1.").is_some_and(is_number),
            "encoding" => {
                value.starts_with(|c: char| c.is_ascii_alphabetic())
                    && value.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            }
            _ => matches!(value, "yes" | "no"),
        };
        if !is_valid || !follows_blank(text, name) || !expected.any(|expected| expected == name) {
            return false;
        }
        has_version |= name == "version";
    }
    has_version
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a part of a tag has white space before it.
pub(super) fn follows_blank(tag: &str, part: &str) -> bool {
    let at = part.as_ptr().addr().wrapping_sub(tag.as_ptr().addr());
    tag.get(..at).is_some_and(|before| before.ends_with(is_blank))
}
