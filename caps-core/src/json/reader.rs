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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    Key,
    CommaOrEnd,
    Nothing,
}

/// An error of the reader, boxed to keep its results small.
pub(super) type Failure = Box<JsonError>;

impl From<Failure> for JsonError {
    fn from(error: Failure) -> Self {
        *error
    }
}

/// A validating pull reader over one JSON value, without recursion.
pub(super) struct Reader<'a> {
    source: &'a str,
    /// The source up to the end of the value.
    bytes: &'a [u8],
    at: usize,
    /// Whether each container around the innermost one is an object.
    open: Vec<bool>,
    /// Whether the innermost container is an object.
    in_object: bool,
    expect: Expect,
    start: usize,
    end: usize,
    escaped: bool,
}

impl<'a> Reader<'a> {
    /// Reads the value in `range` of `source`; errors have positions in `source`.
    pub(super) fn new(source: &'a str, range: Range<usize>) -> Self {
        Self {
            source,
            bytes: &source.as_bytes()[..range.end],
            at: range.start,
            open: Vec::new(),
            in_object: false,
            expect: Expect::Value,
            start: range.start,
            end: range.start,
            escaped: false,
        }
    }

    /// The range of the last event's text, without the quotes of keys and strings.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The text of the last event, without the quotes of keys and strings.
    pub(super) fn text(&self) -> &'a str {
        &self.source[self.start..self.end]
    }

    /// The number of objects and arrays around the next event.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Returns whether the last key or string contains escapes.
    pub(super) fn escaped(&self) -> bool {
        self.escaped
    }

    /// The next event; `None` at the end of the value.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Failure> {
        let mut byte = self.skip_space();
        if self.expect == Expect::CommaOrEnd {
            match byte {
                Some(b',') => {
                    self.at += 1;
                    byte = self.skip_space();
                    self.expect = if self.in_object { Expect::Key } else { Expect::Value };
                }
                Some(b'}') if self.in_object => return Ok(Some(self.close(Event::EndObject))),
                Some(b']') if !self.in_object => return Ok(Some(self.close(Event::EndArray))),
                _ if self.in_object => return self.unexpected("`,` or `}`"),
                _ => return self.unexpected("`,` or `]`"),
            }
        }
        match self.expect {
            Expect::Key => self.key(byte, "a string as key"),
            Expect::KeyOrEnd if byte == Some(b'}') => Ok(Some(self.close(Event::EndObject))),
            Expect::KeyOrEnd => self.key(byte, "a string as key or `}`"),
            Expect::ValueOrEnd if byte == Some(b']') => Ok(Some(self.close(Event::EndArray))),
            Expect::Value | Expect::ValueOrEnd | Expect::CommaOrEnd => self.value(byte),
            Expect::Nothing if byte.is_some() => self.unexpected("the end of the JSON text"),
            Expect::Nothing => Ok(None),
        }
    }

    fn key(&mut self, byte: Option<u8>, expected: &str) -> Result<Option<Event>, Failure> {
        if byte != Some(b'"') {
            return self.unexpected(expected);
        }
        self.string()?;
        if self.skip_space() != Some(b':') {
            return self.unexpected("`:`");
        }
        self.at += 1;
        self.expect = Expect::Value;
        Ok(Some(Event::Key))
    }

    fn value(&mut self, byte: Option<u8>) -> Result<Option<Event>, Failure> {
        match byte {
            Some(b'"') => {
                self.string()?;
                self.after_value();
                Ok(Some(Event::String))
            }
            Some(b'{') => self.begin(Event::BeginObject),
            Some(b'[') => self.begin(Event::BeginArray),
            Some(b'n') => self.word("null", Event::Null),
            Some(b't') => self.word("true", Event::True),
            Some(b'f') => self.word("false", Event::False),
            Some(b'N') => self.word("NaN", Event::Float),
            Some(b'I') => self.word("Infinity", Event::Float),
            Some(b'-') if self.bytes[self.at..].starts_with(b"-Infinity") => {
                self.word("-Infinity", Event::Float)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.unexpected("a JSON value"),
        }
    }

    fn word(&mut self, word: &str, event: Event) -> Result<Option<Event>, Failure> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return self.unexpected("a JSON value");
        }
        self.start = self.at;
        self.at += word.len();
        self.end = self.at;
        self.after_value();
        Ok(Some(event))
    }

    fn begin(&mut self, event: Event) -> Result<Option<Event>, Failure> {
        // The outermost value is in no container.
        if self.open.len() == MAX_DEPTH {
            return self.fail(format!("more than {MAX_DEPTH} levels of nesting"));
        }
        self.open.push(self.in_object);
        self.in_object = event == Event::BeginObject;
        self.expect = if self.in_object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        self.punctuation();
        Ok(Some(event))
    }

    fn close(&mut self, event: Event) -> Event {
        self.in_object = self.open.pop().unwrap_or_default();
        self.punctuation();
        self.after_value();
        event
    }

    fn punctuation(&mut self) {
        self.start = self.at;
        self.at += 1;
        self.end = self.at;
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    fn string(&mut self) -> Result<(), Failure> {
        let bytes = self.bytes;
        self.start = self.at + 1;
        self.escaped = false;
        let mut at = self.start;
        loop {
            at = plain_text_end(bytes, at);
            match bytes.get(at) {
                Some(b'"') => {
                    self.end = at;
                    self.at = at + 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escaped = true;
                    at += self.escape(at)?;
                }
                Some(_) => {
                    self.at = at;
                    return self.fail("control character in a string, expected an escape");
                }
                None => return self.fail("string without closing quote"),
            }
        }
    }

    /// The length of the escape at a position.
    fn escape(&mut self, at: usize) -> Result<usize, Failure> {
        let message = match self.source.as_bytes().get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(2),
            Some(b'u') => {
                if self.source.get(at + 2..self.bytes.len()).and_then(hex4).is_some() {
                    return Ok(6);
                }
                "expected four hexadecimal digits after `\\u`"
            }
            _ => "unknown escape in a string",
        };
        self.at = at;
        self.fail(message)
    }

    fn number(&mut self) -> Result<Option<Event>, Failure> {
        self.start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return self.unexpected("a digit");
        }
        let mut event = Event::Integer;
        if self.peek() == Some(b'.') {
            self.at += 1;
            event = Event::Float;
            if self.digits() == 0 {
                return self.unexpected("a digit after the decimal point");
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            event = Event::Float;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.unexpected("a digit of the exponent");
            }
        }
        self.end = self.at;
        self.after_value();
        Ok(Some(event))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    /// Skips white space and returns the byte after it.
    fn skip_space(&mut self) -> Option<u8> {
        let bytes = self.bytes;
        let mut at = self.at;
        while at < bytes.len() {
            match bytes[at] {
                // Nearly half of a capture is indentation.
                b'\n' => at = spaces_end(bytes, at + 1),
                b' ' | b'\r' | b'\t' => at += 1,
                byte => {
                    self.at = at;
                    return Some(byte);
                }
            }
        }
        self.at = at;
        None
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[cold]
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Failure> {
        Err(Box::new(JsonError::new(self.source, self.at, message)))
    }

    #[cold]
    fn unexpected<T>(&self, expected: &str) -> Result<T, Failure> {
        let rest = self.source.get(self.at..self.bytes.len()).unwrap_or_default();
        let found = match rest.chars().next() {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() => format!("`{}`", c.escape_debug()),
            Some(c) => format!("`{c}`"),
        };
        self.fail(format!("expected {expected}, found {found}"))
    }
}

/// The end of a run of spaces.
fn spaces_end(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::from_le_bytes(*b"        ");
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let others = u64::from_le_bytes(*chunk) ^ SPACES;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] == b' ' {
        at += 1;
    }
    at
}

/// The end of a run of unescaped bytes in a string: a quote, a backslash, a control character, or
/// the end.
fn plain_text_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // Sets the high bit of bytes below `limit`; exact for the lowest such byte.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*chunk);
        let special = below(word, 0x20)
            | below(word ^ (ONES * u64::from(b'"')), 1)
            | below(word ^ (ONES * u64::from(b'\\')), 1);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        at += 1;
    }
    at
}
