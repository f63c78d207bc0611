use std::ops::Range;

use super::error::JsonError;
use super::string::hex4;

/// The deepest nesting allowed; QEMU's JSON parser has the same limit.
const MAX_DEPTH: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    Key,
    String,
    Integer,
    Float,
    True,
    False,
    Null,
}

/// A part of a JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) event: Event,
    /// Where the text is, without the quotes of keys and strings.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the key or string contains escapes.
    pub(super) escaped: bool,
}

/// What [`read`] hands the tokens of a text to.
pub(super) trait Visitor {
    fn token(&mut self, token: Token);
}

/// An error of the reader, boxed to keep its results small.
pub(super) type Failure = Box<JsonError>;

impl From<Failure> for JsonError {
    fn from(error: Failure) -> Self {
        *error
    }
}

/// Reads the value in `range` of `source` without recursion, validating it; errors have positions in
/// `source`.
pub(super) fn read(
    source: &str,
    range: Range<usize>,
    visitor: &mut impl Visitor,
) -> Result<(), Failure> {
    let text = Text::new(source, range.end);
    let mut open = Open::default();
    let mut at = text.space_end(range.start);
    let mut expected = "";
    loop {
        if open.in_object {
            at = text.key(at, expected, visitor)?;
        }
        match text.byte(at) {
            Some(b'"') => {
                let (end, escaped) = text.string(at)?;
                visitor.token(Token { event: Event::String, start: at + 1, end, escaped });
                at = end + 1;
            }
            Some(b'{') => {
                if open.push(true).is_none() {
                    return text.too_deep(at);
                }
                visitor.token(punctuation(Event::BeginObject, at));
                at = text.space_end(at + 1);
                if text.byte(at) != Some(b'}') {
                    expected = "a string as key or `}`";
                    continue;
                }
            }
            Some(b'[') => {
                if open.push(false).is_none() {
                    return text.too_deep(at);
                }
                visitor.token(punctuation(Event::BeginArray, at));
                at = text.space_end(at + 1);
                if text.byte(at) != Some(b']') {
                    continue;
                }
            }
            _ => {
                let (event, end) = text.word_or_number(at)?;
                visitor.token(Token { event, start: at, end, escaped: false });
                at = end;
            }
        }
        loop {
            at = text.space_end(at);
            match text.byte(at) {
                Some(b',') if open.depth > 0 => break,
                Some(b'}') if open.in_object => {
                    visitor.token(punctuation(Event::EndObject, at));
                }
                Some(b']') if open.depth > 0 && !open.in_object => {
                    visitor.token(punctuation(Event::EndArray, at));
                }
                None if open.depth == 0 => return Ok(()),
                _ if open.depth == 0 => {
                    return text.unexpected(at, "the end of the JSON text");
                }
                _ if open.in_object => return text.unexpected(at, "`,` or `}`"),
                _ => return text.unexpected(at, "`,` or `]`"),
            }
            open.pop();
            at += 1;
        }
        at = text.space_end(at + 1);
        expected = "a string as key";
    }
}

fn punctuation(event: Event, at: usize) -> Token {
    Token { event, start: at, end: at + 1, escaped: false }
}

/// The text of the first key of a text that starts with a non-empty object.
pub(super) fn first_key(source: &str, range: Range<usize>) -> Option<&str> {
    let text = Text::new(source, range.end);
    let brace = text.space_end(range.start);
    let quote = text.space_end(brace + 1);
    if text.byte(brace) != Some(b'{') || text.byte(quote) != Some(b'"') {
        return None;
    }
    let (end, _) = text.string(quote).ok()?;
    (text.byte(text.space_end(end + 1)) == Some(b':')).then(|| &source[quote + 1..end])
}

/// The open containers.
#[derive(Default)]
struct Open {
    depth: usize,
    /// Whether the innermost container is an object.
    in_object: bool,
    /// The same for those around it, by depth.
    outer: [u64; MAX_DEPTH / 64],
}

impl Open {
    /// Opens a container, if the limit permits.
    #[inline]
    fn push(&mut self, is_object: bool) -> Option<()> {
        let word = self.outer.get_mut(self.depth / 64)?;
        let bit = self.depth % 64;
        *word = *word & !(1 << bit) | u64::from(self.in_object) << bit;
        self.depth += 1;
        self.in_object = is_object;
        Some(())
    }

    #[inline]
    fn pop(&mut self) {
        self.depth -= 1;
        self.in_object = self.outer[self.depth / 64] >> (self.depth % 64) & 1 == 1;
    }
}

/// A text up to the end of a value.
#[derive(Clone, Copy)]
struct Text<'a> {
    source: &'a str,
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    fn new(source: &'a str, end: usize) -> Self {
        Self { source, bytes: &source.as_bytes()[..end] }
    }

    #[inline]
    fn byte(self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Reads a key and the colon after it; returns where its value starts.
    #[inline]
    fn key(self, at: usize, expected: &str, visitor: &mut impl Visitor) -> Result<usize, Failure> {
        if self.byte(at) != Some(b'"') {
            return self.unexpected(at, expected);
        }
        let (end, escaped) = self.string(at)?;
        visitor.token(Token { event: Event::Key, start: at + 1, end, escaped });
        // As in a capture.
        if let Some([b'"', b':', b' ', b'!'..=255]) = self.bytes.get(end..end + 4) {
            return Ok(end + 3);
        }
        let colon = self.space_end(end + 1);
        if self.byte(colon) != Some(b':') {
            return self.unexpected(colon, "`:`");
        }
        Ok(self.space_end(colon + 1))
    }

    /// The end of the string at a position, before its closing quote, and whether it has escapes.
    #[inline]
    fn string(self, quote: usize) -> Result<(usize, bool), Failure> {
        let end = plain_text_end(self.bytes, quote + 1);
        if self.byte(end) == Some(b'"') {
            return Ok((end, false));
        }
        self.unusual_string(quote, end)
    }

    /// As [`Text::string`], from the first escape or control character.
    #[cold]
    fn unusual_string(self, quote: usize, mut at: usize) -> Result<(usize, bool), Failure> {
        loop {
            match self.byte(at) {
                Some(b'"') => return Ok((at, true)),
                Some(b'\\') => at += self.escape(at)?,
                Some(_) => {
                    return self.fail(at, "control character in a string, expected an escape");
                }
                None => return self.fail(quote, "string without closing quote"),
            }
            at = plain_text_end(self.bytes, at);
        }
    }

    /// The length of the escape at a position.
    fn escape(self, at: usize) -> Result<usize, Failure> {
        let message = match self.byte(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(2),
            Some(b'u') => {
                if self.source.get(at + 2..self.bytes.len()).and_then(hex4).is_some() {
                    return Ok(6);
                }
                "expected four hexadecimal digits after `\\u`"
            }
            _ => "unknown escape in a string",
        };
        self.fail(at, message)
    }

    fn word_or_number(self, at: usize) -> Result<(Event, usize), Failure> {
        const WORDS: [(&str, Event); 6] = [
            ("null", Event::Null),
            ("true", Event::True),
            ("false", Event::False),
            ("NaN", Event::Float),
            ("Infinity", Event::Float),
            ("-Infinity", Event::Float),
        ];
        let rest = &self.bytes[at.min(self.bytes.len())..];
        match WORDS.iter().find(|(word, _)| rest.starts_with(word.as_bytes())) {
            Some((word, event)) => Ok((*event, at + word.len())),
            None if matches!(rest.first(), Some(b'-' | b'0'..=b'9')) => self.number(at),
            None => self.unexpected(at, "a JSON value"),
        }
    }

    fn number(self, start: usize) -> Result<(Event, usize), Failure> {
        let mut at = start + usize::from(self.byte(start) == Some(b'-'));
        at = match self.byte(at) {
            Some(b'0') => at + 1,
            _ => self.digits(at, "a digit")?,
        };
        let mut event = Event::Integer;
        if self.byte(at) == Some(b'.') {
            event = Event::Float;
            at = self.digits(at + 1, "a digit after the decimal point")?;
        }
        if let Some(b'e' | b'E') = self.byte(at) {
            event = Event::Float;
            at += 1;
            if let Some(b'+' | b'-') = self.byte(at) {
                at += 1;
            }
            at = self.digits(at, "a digit of the exponent")?;
        }
        Ok((event, at))
    }

    /// The end of at least one digit.
    fn digits(self, start: usize, expected: &str) -> Result<usize, Failure> {
        let mut at = start;
        while let Some(b'0'..=b'9') = self.byte(at) {
            at += 1;
        }
        if at == start { self.unexpected(at, expected) } else { Ok(at) }
    }

    /// The end of the white space at a position.
    #[inline]
    fn space_end(self, mut at: usize) -> usize {
        // Nearly half of a capture is indentation.
        if self.byte(at) == Some(b'\n') {
            at = spaces_end(self.bytes, at + 1);
        }
        match self.byte(at) {
            Some(0..=b' ') => self.any_space_end(at),
            _ => at,
        }
    }

    #[cold]
    fn any_space_end(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte(at) {
            at += 1;
        }
        at
    }

    #[cold]
    fn too_deep<T>(self, at: usize) -> Result<T, Failure> {
        self.fail(at, format!("more than {MAX_DEPTH} levels of nesting"))
    }

    #[cold]
    fn fail<T>(self, at: usize, message: impl Into<String>) -> Result<T, Failure> {
        Err(Box::new(JsonError::new(self.source, at, message)))
    }

    #[cold]
    fn unexpected<T>(self, at: usize, expected: &str) -> Result<T, Failure> {
        let rest = self.source.get(at..self.bytes.len()).unwrap_or_default();
        let found = match rest.chars().next() {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() => format!("`{}`", c.escape_debug()),
            Some(c) => format!("`{c}`"),
        };
        self.fail(at, format!("expected {expected}, found {found}"))
    }
}

/// The end of a run of spaces.
#[inline]
fn spaces_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, |word| word ^ u64::from_le_bytes([b' '; 8]), |byte| byte != b' ')
}

/// The end of a run of unescaped bytes in a string: a quote, a backslash, a control character, or
/// the end.
#[inline]
fn plain_text_end(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // Subtracting a limit from each byte sets the high bit of those below it; of the lowest such
    // byte, exactly. Flipping one bit makes the quote follow the control characters.
    let special = |word: u64| {
        let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        (control_or_quote | backslash) & !word & (ONES << 7)
    };
    run_end(bytes, at, special, |byte| matches!(byte, b'"' | b'\\' | 0..0x20))
}

/// The position of the first byte that ends a run, or the end. `others` has bits set in these bytes of
/// a word, and none below the first.
#[inline]
fn run_end(
    bytes: &[u8],
    mut at: usize,
    others: impl Fn(u64) -> u64,
    ends: impl Fn(u8) -> bool,
) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let others = others(u64::from_le_bytes(*chunk));
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < bytes.len() && !ends(bytes[at]) {
        at += 1;
    }
    at
}
