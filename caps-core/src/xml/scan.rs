//! Classes of bytes, and skipping them. A plain loop over a table is fast with and without
//! optimizations.

/// White space.
pub(super) const BLANK: u8 = 1;
/// A part of an ASCII name.
pub(super) const NAME: u8 = 2;
/// The start of an ASCII name.
pub(super) const NAME_START: u8 = 4;
/// A part of a name, which may be longer than ASCII.
pub(super) const WORD: u8 = 8;
/// Stands for itself in a value with any quotes.
pub(super) const VALUE: u8 = 16;
/// Stands for itself between tags.
pub(super) const TEXT: u8 = 32;
/// What is between the name and the value of an attribute.
pub(super) const EQUALS: u8 = 64;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = classes_of(byte);
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

const fn classes_of(byte: u8) -> u8 {
    let mut classes = 0;
    if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
        classes |= BLANK | TEXT;
    }
    if byte.is_ascii_alphabetic() || matches!(byte, b':' | b'_') {
        classes |= NAME_START | NAME | WORD;
    }
    if byte.is_ascii_digit() || matches!(byte, b'-' | b'.') {
        classes |= NAME | WORD;
    }
    if byte >= 0x80 {
        classes |= WORD;
    }
    // The noncharacters U+FFFE and U+FFFF begin with 0xef.
    if byte >= b' ' && !matches!(byte, b'<' | b'>' | b'&' | 0xef) {
        classes |= TEXT;
        if !matches!(byte, b'\'' | b'"') {
            classes |= VALUE;
        }
    }
    if byte == b'=' {
        classes |= EQUALS;
    }
    classes
}

/// Returns whether the byte at an offset is in one of the classes.
#[inline]
pub(super) fn is(bytes: &[u8], at: usize, classes: u8) -> bool {
    at < bytes.len() && CLASSES[bytes[at] as usize] & classes != 0
}

/// Returns whether the byte at an offset is this one.
#[inline]
pub(super) fn is_byte(bytes: &[u8], at: usize, byte: u8) -> bool {
    at < bytes.len() && bytes[at] == byte
}

/// The offset of the first byte, from an offset on, that is in none of the classes.
#[inline]
pub(super) fn skip(bytes: &[u8], mut at: usize, classes: u8) -> usize {
    while at < bytes.len() && CLASSES[bytes[at] as usize] & classes != 0 {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{BLANK, EQUALS, NAME, NAME_START, TEXT, VALUE, WORD, classes_of};

    #[test]
    fn bytes_are_what_xml_takes_them_for() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:_";
        let others = "0123456789-.";
        let marks = " !#$%()*+,/;=?@[\\]^`{|}~\u{7f}";
        for byte in 0..=u8::MAX {
            let is_in = |text: &str| byte.is_ascii() && text.contains(char::from(byte));
            // The bytes that can begin a character that XML forbids are looked at one by one.
            let is_wide = byte >= 0x80;
            let is_plain =
                is_in(letters) || is_in(others) || is_in(marks) || is_wide && byte != 0xef;
            for (class, expected) in [
                (BLANK, is_in(" \t\n\r")),
                (NAME_START, is_in(letters)),
                (NAME, is_in(letters) || is_in(others)),
                (WORD, is_in(letters) || is_in(others) || is_wide),
                (VALUE, is_plain),
                (TEXT, is_plain || is_in("\t\n\r\"'")),
                (EQUALS, byte == b'='),
            ] {
                assert_eq!(classes_of(byte) & class != 0, expected, "{byte:#x} in {class}");
            }
        }
    }
}
