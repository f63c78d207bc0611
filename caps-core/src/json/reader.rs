use std::ops::Range;

use super::error::JsonError;
use super::nesting::{MAX_DEPTH, Open};
use super::scan::{indentation_end, plain_text_end, spaces_end};
use super::string::hex4;

/// Most keys of captures, as they are written there.
const COMMON_KEYS: [u64; 2] =
    [u64::from_le_bytes(*b"\"name\": "), u64::from_le_bytes(*b"\"type\": ")];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
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
pub(crate) struct Token {
    pub(crate) event: Event,
    /// Where the text is, without the quotes of keys and strings.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether the key or string contains escapes.
    pub(crate) escaped: bool,
}

/// What [`read`] hands the tokens of a text to.
pub(crate) trait Visitor {
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
    read_tokens::<false>(source, range, visitor)
}

/// As [`read`], but returns `false` if the text is malformed, or its white space is not that of
/// captures.
pub(super) fn read_pretty(source: &str, range: Range<usize>, visitor: &mut impl Visitor) -> bool {
    read_tokens::<true>(source, range, visitor).is_ok()
}

fn read_tokens<const PRETTY: bool>(
    source: &str,
    range: Range<usize>,
    visitor: &mut impl Visitor,
) -> Result<(), Failure> {
    let text = Input::<PRETTY>::new(source, range.end);
    let mut open = Open::default();
    let mut at = if PRETTY { range.start } else { text.space_end(range.start) };
    loop {
        if open.in_object() {
            at = text.key(at, visitor)?;
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
                let (first, is_empty) = text.first(at + 1, open.depth(), b'}')?;
                at = first;
                if !is_empty {
                    continue;
                }
                visitor.token(punctuation(Event::EndObject, at));
                open.pop();
                at += 1;
            }
            Some(b'[') => {
                if open.push(false).is_none() {
                    return text.too_deep(at);
                }
                visitor.token(punctuation(Event::BeginArray, at));
                let (first, is_empty) = text.first(at + 1, open.depth(), b']')?;
                at = first;
                if !is_empty {
                    continue;
                }
                visitor.token(punctuation(Event::EndArray, at));
                open.pop();
                at += 1;
            }
            _ => {
                let (event, end) = text.word_or_number(at)?;
                visitor.token(Token { event, start: at, end, escaped: false });
                at = end;
            }
        }
        // A value has ended, and with it perhaps those around it.
        while text.byte(at) != Some(b',') || open.depth() == 0 {
            let Some(depth) = open.depth().checked_sub(1) else {
                return text.finish(at);
            };
            at = text.line(at, depth)?;
            match text.byte(at) {
                Some(b'}') if open.in_object() => {
                    visitor.token(punctuation(Event::EndObject, at));
                }
                Some(b']') if !open.in_object() => {
                    visitor.token(punctuation(Event::EndArray, at));
                }
                Some(b',') if !PRETTY => break,
                _ if open.in_object() => return text.unexpected(at, "`,` or `}`"),
                _ => return text.unexpected(at, "`,` or `]`"),
            }
            open.pop();
            at += 1;
        }
        at = text.line(at + 1, open.depth())?;
    }
}

fn punctuation(event: Event, at: usize) -> Token {
    Token { event, start: at, end: at + 1, escaped: false }
}

/// The text of the first key of a text that starts with a non-empty object.
pub(super) fn first_key(source: &str, range: Range<usize>) -> Option<&str> {
    let text = Input::<false>::new(source, range.end);
    let brace = text.space_end(range.start);
    let quote = text.space_end(brace + 1);
    if text.byte(brace) != Some(b'{') || text.byte(quote) != Some(b'"') {
        return None;
    }
    let (end, _) = text.string(quote).ok()?;
    (text.byte(text.space_end(end + 1)) == Some(b':')).then(|| &source[quote + 1..end])
}

/// A text up to the end of a value. If it is `PRETTY`, white space other than that of captures is an
/// error.
#[derive(Clone, Copy)]
struct Input<'a, const PRETTY: bool> {
    source: &'a str,
    bytes: &'a [u8],
}

impl<'a, const PRETTY: bool> Input<'a, PRETTY> {
    fn new(source: &'a str, end: usize) -> Self {
        Self { source, bytes: &source.as_bytes()[..end] }
    }

    #[inline]
    fn byte(self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Reads a key and the colon after it; returns where its value starts.
    #[inline]
    fn key(self, at: usize, visitor: &mut impl Visitor) -> Result<usize, Failure> {
        // As in a capture.
        if let Some((start, [b'!'..=255, ..])) =
            self.bytes.get(at..).and_then(<[u8]>::split_first_chunk)
            && COMMON_KEYS.contains(&u64::from_le_bytes(*start))
        {
            let (start, end) = (at + 1, at + 5);
            visitor.token(Token { event: Event::Key, start, end, escaped: false });
            return Ok(at + 8);
        }
        if self.byte(at) != Some(b'"') {
            return self.no_key(at);
        }
        let (end, escaped) = self.string(at)?;
        visitor.token(Token { event: Event::Key, start: at + 1, end, escaped });
        if let Some([b'"', b':', b' ', b'!'..=255]) = self.bytes.get(end..end + 4) {
            return Ok(end + 3);
        }
        if PRETTY {
            return self.not_pretty(end + 1);
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

    /// As [`Input::string`], from the first escape or control character.
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

    #[inline]
    fn word_or_number(self, at: usize) -> Result<(Event, usize), Failure> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        match rest {
            [b't', b'r', b'u', b'e', ..] => Ok((Event::True, at + 4)),
            [b'n', b'u', b'l', b'l', ..] => Ok((Event::Null, at + 4)),
            [b'f', b'a', b'l', b's', b'e', ..] => Ok((Event::False, at + 5)),
            [b'0'..=b'9', ..] => self.number(at),
            _ => self.minus_or_float_word(at, rest),
        }
    }

    fn minus_or_float_word(self, at: usize, rest: &[u8]) -> Result<(Event, usize), Failure> {
        const WORDS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];
        match WORDS.iter().find(|word| rest.starts_with(word.as_bytes())) {
            Some(word) => Ok((Event::Float, at + word.len())),
            None if rest.first() == Some(&b'-') => self.number(at),
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

    /// Where the first key or value of a container is, which makes it so many containers; or else its
    /// end, and `true`.
    #[inline]
    fn first(self, at: usize, depth: usize, end: u8) -> Result<(usize, bool), Failure> {
        if self.byte(at) == Some(end) {
            return Ok((at, true));
        }
        let at = self.line(at, depth)?;
        Ok((at, !PRETTY && self.byte(at) == Some(end)))
    }

    /// The end of the white space at a position: in captures, a line break, and two spaces for each
    /// open container.
    #[inline]
    fn line(self, at: usize, depth: usize) -> Result<usize, Failure> {
        match indentation_end(self.bytes, at, 2 * depth) {
            Some(end) if PRETTY || !matches!(self.byte(end), Some(0..=b' ')) => Ok(end),
            _ if PRETTY => self.not_pretty(at),
            _ => Ok(self.space_end(at)),
        }
    }

    /// Checks that only white space follows.
    fn finish(self, at: usize) -> Result<(), Failure> {
        let at = if PRETTY { at } else { self.space_end(at) };
        if at < self.bytes.len() { self.unexpected(at, "the end of the JSON text") } else { Ok(()) }
    }

    /// The end of any white space at a position.
    #[inline]
    fn space_end(self, at: usize) -> usize {
        match self.byte(at) {
            Some(0..=b' ') => self.any_space_end(at),
            _ => at,
        }
    }

    #[inline(never)]
    fn any_space_end(self, mut at: usize) -> usize {
        if self.byte(at) == Some(b'\n') {
            at = spaces_end(self.bytes, at + 1);
        }
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte(at) {
            at += 1;
        }
        at
    }

    #[cold]
    fn no_key<T>(self, at: usize) -> Result<T, Failure> {
        let before = self.source.get(..at).unwrap_or_default().trim_ascii_end();
        let is_first = before.ends_with('{');
        self.unexpected(at, if is_first { "a string as key or `}`" } else { "a string as key" })
    }

    #[cold]
    fn too_deep<T>(self, at: usize) -> Result<T, Failure> {
        self.fail(at, format!("more than {MAX_DEPTH} levels of nesting"))
    }

    #[cold]
    fn not_pretty<T>(self, at: usize) -> Result<T, Failure> {
        self.fail(at, "expected the white space of captures")
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
