//! Converting single tokens to values.

use super::lexer::{Token, TokenKind};
use super::value::Value;

/// The maximum length of a problem in QEMU's messages, in bytes.
const MESSAGE_ROOM: usize = 1023;

/// The value of a token other than a mark.
pub(super) fn value(token: &Token<'_>) -> Result<Value, String> {
    match token.kind {
        TokenKind::String => string(token.bytes).map(Value::Str),
        TokenKind::Integer => Ok(integer(token.bytes)),
        TokenKind::Float => Ok(Value::Float(double(token.bytes))),
        _ => match token.bytes {
            b"null" => Ok(Value::Null),
            b"true" => Ok(Value::Bool(true)),
            b"false" => Ok(Value::Bool(false)),
            other => {
                let mut problem = b"invalid keyword '".to_vec();
                problem.extend_from_slice(&other[..other.len().min(MESSAGE_ROOM)]);
                problem.push(b'\'');
                problem.truncate(MESSAGE_ROOM);
                Err(String::from_utf8_lossy(&problem).into_owned())
            }
        },
    }
}

/// How QEMU prints an invalid token; as a C string, it ends at a NUL.
pub(super) fn shown(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn integer(bytes: &[u8]) -> Value {
    let text = str::from_utf8(bytes).unwrap_or_default();
    if let Ok(value) = text.parse::<i64>() {
        Value::Int(value)
    } else if let Ok(value) = text.parse::<u64>() {
        Value::Uint(value)
    } else {
        Value::Float(double(bytes))
    }
}

fn double(bytes: &[u8]) -> f64 {
    // The lexer accepts only digits, sign, point and exponent; values out of range become infinity.
    str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

fn string(token: &[u8]) -> Result<String, String> {
    let inside = &token[1..token.len() - 1];
    let mut out = String::with_capacity(inside.len());
    let mut at = 0;
    while let Some(&byte) = inside.get(at) {
        if byte == b'\\' {
            // A message about a broken escape can include the closing quote.
            at = escape(&token[1..], at, &mut out)?;
            continue;
        }
        if (0x20..0x7f).contains(&byte) {
            out.push(char::from(byte));
            at += 1;
            continue;
        }
        let (c, length) =
            character(&inside[at..]).ok_or("invalid UTF-8 sequence in string".to_owned())?;
        out.push(c);
        at += length;
    }
    Ok(out)
}

/// Decodes the escape at `at`; returns its end.
fn escape(text: &[u8], at: usize, out: &mut String) -> Result<usize, String> {
    let plain = match text.get(at + 1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&byte @ (b'"' | b'\'' | b'\\' | b'/')) => char::from(byte),
        Some(b'u') => return unicode_escape(text, at, out),
        _ => return Err("invalid escape sequence in string".to_owned()),
    };
    out.push(plain);
    Ok(at + 2)
}

fn unicode_escape(text: &[u8], at: usize, out: &mut String) -> Result<usize, String> {
    let refuse = |length: usize| {
        let shown = String::from_utf8_lossy(&text[at..text.len().min(at + length)]).into_owned();
        Err(format!("{shown} is not a valid Unicode character"))
    };
    let Some(first) = hex4(text, at + 2) else { return refuse(6) };
    let mut code = u32::from(first);
    let mut length = 6;
    if (0xd800..0xdc00).contains(&first)
        && text.get(at + 6..at + 8) == Some(b"\\u")
        && let Some(second @ 0xdc00..0xe000) = hex4(text, at + 8)
    {
        code = 0x1_0000 + ((code - 0xd800) << 10) + (u32::from(second) - 0xdc00);
        length = 12;
    }
    match char::from_u32(code).filter(|&c| !is_noncharacter(c)) {
        Some(c) => out.push(c),
        None => return refuse(length),
    }
    Ok(at + length)
}

fn hex4(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// The first character of a UTF-8 text, in which NUL may be encoded as two bytes.
fn character(text: &[u8]) -> Option<(char, usize)> {
    if text.starts_with(&[0xc0, 0x80]) {
        return Some(('\0', 2));
    }
    let length = match text.first()? {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let c = str::from_utf8(text.get(..length)?).ok()?.chars().next()?;
    (!is_noncharacter(c)).then_some((c, length))
}

/// Returns whether Unicode reserves this code point as a noncharacter.
fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe
}
