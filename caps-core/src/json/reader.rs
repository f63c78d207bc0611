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

/// A validating pull reader over one JSON value, without recursion.
pub(super) struct Reader<'a> {
    source: &'a str,
    end: usize,
    at: usize,
    /// Whether each open container is an object.
    open: Vec<bool>,
    expect: Expect,
    escaped: bool,
}

impl<'a> Reader<'a> {
    /// Reads the value in `range` of `source`; errors have positions in `source`.
    pub(super) fn new(source: &'a str, range: Range<usize>) -> Self {
        Self {
            source,
            end: range.end,
            at: range.start,
            open: Vec::new(),
            expect: Expect::Value,
            escaped: false,
        }
    }

    /// Returns whether the last key or string contains escapes.
    pub(super) fn escaped(&self) -> bool {
        self.escaped
    }

    /// The next event with the range of its text; `None` at the end of the value. The ranges of
    /// keys and strings exclude the quotes.
    pub(super) fn next(&mut self) -> Result<Option<(Event, Range<usize>)>, JsonError> {
        self.skip_space();
        if self.expect == Expect::CommaOrEnd {
            match (self.peek(), self.open.last()) {
                (Some(b','), Some(&object)) => {
                    self.at += 1;
                    self.skip_space();
                    self.expect = if object { Expect::Key } else { Expect::Value };
                }
                (Some(b'}'), Some(true)) => return Ok(Some(self.close(Event::EndObject))),
                (Some(b']'), Some(false)) => return Ok(Some(self.close(Event::EndArray))),
                (_, Some(true)) => return Err(self.unexpected("`,` or `}`")),
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        match self.expect {
            Expect::Nothing => {
                if self.at < self.end {
                    return Err(self.unexpected("the end of the JSON text"));
                }
                Ok(None)
            }
            Expect::KeyOrEnd if self.peek() == Some(b'}') => Ok(Some(self.close(Event::EndObject))),
            Expect::ValueOrEnd if self.peek() == Some(b']') => {
                Ok(Some(self.close(Event::EndArray)))
            }
            Expect::Key | Expect::KeyOrEnd => {
                if self.peek() != Some(b'"') {
                    return Err(self.unexpected(if self.expect == Expect::Key {
                        "a string as key"
                    } else {
                        "a string as key or `}`"
                    }));
                }
                let range = self.string()?;
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.unexpected("`:`"));
                }
                self.at += 1;
                self.expect = Expect::Value;
                Ok(Some((Event::Key, range)))
            }
            Expect::Value | Expect::ValueOrEnd | Expect::CommaOrEnd => self.value().map(Some),
        }
    }

    fn value(&mut self) -> Result<(Event, Range<usize>), JsonError> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.begin(Event::BeginObject),
            Some(b'[') => self.begin(Event::BeginArray),
            Some(b'"') => {
                let range = self.string()?;
                self.after_value();
                Ok((Event::String, range))
            }
            Some(b'-' | b'0'..=b'9') if !self.rest().starts_with("-Infinity") => self.number(),
            _ => {
                let (word, event) = [
                    ("true", Event::True),
                    ("false", Event::False),
                    ("null", Event::Null),
                    ("NaN", Event::Float),
                    ("Infinity", Event::Float),
                    ("-Infinity", Event::Float),
                ]
                .into_iter()
                .find(|(word, _)| self.rest().starts_with(word))
                .ok_or_else(|| self.unexpected("a JSON value"))?;
                self.at += word.len();
                self.after_value();
                Ok((event, start..self.at))
            }
        }
    }

    fn begin(&mut self, event: Event) -> Result<(Event, Range<usize>), JsonError> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("more than {MAX_DEPTH} levels of nesting")));
        }
        let object = event == Event::BeginObject;
        self.open.push(object);
        self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        self.at += 1;
        Ok((event, self.at - 1..self.at))
    }

    fn close(&mut self, event: Event) -> (Event, Range<usize>) {
        self.open.pop();
        self.at += 1;
        self.after_value();
        (event, self.at - 1..self.at)
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    fn string(&mut self) -> Result<Range<usize>, JsonError> {
        let open = self.at;
        self.at += 1;
        let start = self.at;
        let bytes = self.source.as_bytes();
        self.escaped = false;
        loop {
            self.at = plain_text_end(bytes, self.at, self.end);
            if self.at >= self.end {
                break;
            }
            match bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
                b'\\' => {
                    let length = match bytes.get(self.at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                        Some(b'u') if self.rest().get(2..).and_then(hex4).is_some() => 6,
                        Some(b'u') => {
                            return Err(self.error("expected four hexadecimal digits after `\\u`"));
                        }
                        _ => return Err(self.error("unknown escape in a string")),
                    };
                    self.at += length;
                    self.escaped = true;
                }
                _ => {
                    return Err(self.error("control character in a string, expected an escape"));
                }
            }
        }
        self.at = open;
        Err(self.error("string without closing quote"))
    }

    fn number(&mut self) -> Result<(Event, Range<usize>), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return Err(self.unexpected("a digit"));
        }
        let mut event = Event::Integer;
        if self.peek() == Some(b'.') {
            self.at += 1;
            event = Event::Float;
            if self.digits() == 0 {
                return Err(self.unexpected("a digit after the decimal point"));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            event = Event::Float;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.unexpected("a digit of the exponent"));
            }
        }
        self.after_value();
        Ok((event, start..self.at))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
            // Nearly half of a capture is indentation.
            while self.word() == Some(*b"        ") {
                self.at += 8;
            }
        }
    }

    fn word(&self) -> Option<[u8; 8]> {
        let rest = self.source.as_bytes().get(self.at..self.end)?;
        rest.first_chunk().copied()
    }

    fn peek(&self) -> Option<u8> {
        if self.at < self.end { self.source.as_bytes().get(self.at).copied() } else { None }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    fn error(&self, message: impl Into<String>) -> JsonError {
        JsonError::new(self.source, self.at, message)
    }

    fn unexpected(&self, expected: &str) -> JsonError {
        let found = match self.rest().chars().next() {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() => format!("`{}`", c.escape_debug()),
            Some(c) => format!("`{c}`"),
        };
        self.error(format!("expected {expected}, found {found}"))
    }
}

/// The end of a run of unescaped bytes in a string: a quote, a backslash, a control character, or
/// `end`.
fn plain_text_end(bytes: &[u8], mut at: usize, end: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // Sets the high bit of bytes below `limit`; exact for the lowest such byte.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    while let Some(chunk) = bytes.get(at..end).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*chunk);
        let special = below(word, 0x20)
            | below(word ^ (ONES * u64::from(b'"')), 1)
            | below(word ^ (ONES * u64::from(b'\\')), 1);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < end && !matches!(bytes[at], b'"' | b'\\' | 0..0x20) {
        at += 1;
    }
    at
}
