use std::collections::HashMap;
use std::ops::Range;

use super::error::JsonError;
use super::number;
use super::reader::{Event, Token, Visitor, read};
use super::string::push_literal;

/// Larger objects look up repeated keys in a map instead of scanning.
const SCANNED_MEMBERS: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Pretty,
    Compact,
}

/// Formats a JSON value as captures do: indented by two spaces, one member or element per line,
/// without a final newline.
///
/// ```
/// let text = caps_core::json::pretty(r#"{"a":[],"b":[1,-0,1e400,"\u00E9/"]}"#)?;
/// assert_eq!(text, "{\n  \"a\": [],\n  \"b\": [\n    1,\n    0,\n    Infinity,\n    \"\\u00e9/\"\n  ]\n}");
/// # Ok::<(), caps_core::json::JsonError>(())
/// ```
///
/// # Errors
///
/// Fails if the text is not exactly one JSON value.
pub fn pretty(text: &str) -> Result<String, JsonError> {
    format(text, 0..text.len(), Style::Pretty)
}

/// Like [`pretty`], for a range of a larger text; error positions refer to the whole text.
///
/// # Errors
///
/// Fails if the range is not exactly one JSON value.
pub fn pretty_range(source: &str, range: Range<usize>) -> Result<String, JsonError> {
    format(source, range, Style::Pretty)
}

/// Formats a JSON value without whitespace, as sent to QEMU.
///
/// # Errors
///
/// Fails if the text is not exactly one JSON value.
pub fn compact(text: &str) -> Result<String, JsonError> {
    format(text, 0..text.len(), Style::Compact)
}

/// Like [`compact`], for a range of a larger text; error positions refer to the whole text.
///
/// # Errors
///
/// Fails if the range is not exactly one JSON value.
pub fn compact_range(source: &str, range: Range<usize>) -> Result<String, JsonError> {
    format(source, range, Style::Compact)
}

fn format(source: &str, range: Range<usize>, style: Style) -> Result<String, JsonError> {
    let out = String::with_capacity(range.len());
    let mut formatter = Formatter { source, writer: Writer::new(out, style) };
    read(source, range, &mut formatter)?;
    Ok(formatter.writer.into_text())
}

struct Formatter<'s> {
    source: &'s str,
    writer: Writer,
}

impl Visitor for Formatter<'_> {
    #[inline]
    fn token(&mut self, token: Token) {
        self.writer.event(token.event, &self.source[token.start..token.end]);
    }
}

/// As deep as most values are indented.
const SPACES: &str = "                                                                ";

pub(super) struct Writer {
    out: String,
    style: Style,
    /// The open containers, and behind them closed ones, whose memory is used again.
    containers: Vec<Container>,
    depth: usize,
    /// Whether a key has just been written.
    after_key: bool,
}

/// A container, with the positions of its members in the output.
#[derive(Default)]
struct Container {
    written: usize,
    members: Vec<Member>,
    by_key: HashMap<String, usize>,
    /// Whether a key was repeated, so that not all that is written belongs to the result.
    has_repeated: bool,
}

struct Member {
    key: Range<usize>,
    value: Range<usize>,
}

impl Writer {
    pub(super) fn new(out: String, style: Style) -> Self {
        Self { out, style, containers: Vec::new(), depth: 0, after_key: false }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    fn innermost(&mut self) -> Option<&mut Container> {
        self.depth.checked_sub(1).and_then(|index| self.containers.get_mut(index))
    }

    /// Appends an event.
    pub(super) fn event(&mut self, event: Event, text: &str) {
        match event {
            Event::EndObject | Event::EndArray => {
                self.drop_repeated();
                let is_empty = self.innermost().is_none_or(|container| container.written == 0);
                self.depth = self.depth.saturating_sub(1);
                if !is_empty {
                    self.new_line();
                }
                self.out.push(if event == Event::EndObject { '}' } else { ']' });
                self.value_done();
            }
            Event::Key => {
                self.separate();
                let start = self.out.len();
                push_literal(&mut self.out, text);
                let key = start..self.out.len();
                self.colon();
                let value = self.out.len()..self.out.len();
                if let Some(container) = self.innermost() {
                    container.members.push(Member { key, value });
                }
                self.after_key = true;
            }
            _ => {
                if !std::mem::take(&mut self.after_key) {
                    self.separate();
                }
                self.value(event, text);
            }
        }
    }

    fn value(&mut self, event: Event, text: &str) {
        match event {
            Event::BeginObject | Event::BeginArray => {
                self.out.push(if event == Event::BeginObject { '{' } else { '[' });
                self.open();
                return;
            }
            Event::String => push_literal(&mut self.out, text),
            Event::Integer => self.out.push_str(number::integer(text)),
            Event::Float => self.out.push_str(&number::float(text)),
            _ => self.out.push_str(text),
        }
        self.value_done();
    }

    fn open(&mut self) {
        match self.containers.get_mut(self.depth) {
            Some(container) => container.clear(),
            None => self.containers.push(Container::default()),
        }
        self.depth += 1;
    }

    fn separate(&mut self) {
        let Some(container) = self.innermost() else { return };
        container.written += 1;
        if container.written > 1 {
            self.out.push(',');
        }
        self.new_line();
    }

    fn colon(&mut self) {
        self.out.push_str(if self.style == Style::Pretty { ": " } else { ":" });
    }

    fn new_line(&mut self) {
        if self.style == Style::Pretty {
            self.out.push('\n');
            let mut missing = 2 * self.depth;
            while missing > 0 {
                let spaces = missing.min(SPACES.len());
                self.out.push_str(&SPACES[..spaces]);
                missing -= spaces;
            }
        }
    }

    /// Closes the member whose value was just written. Of a repeated key, the last value wins and
    /// takes the position of the first.
    fn value_done(&mut self) {
        let end = self.out.len();
        let index = self.depth.checked_sub(1);
        let Some(container) = index.and_then(|index| self.containers.get_mut(index)) else {
            return;
        };
        let Some((last, others)) = container.members.split_last_mut() else { return };
        last.value.end = end;
        let found = if others.len() <= SCANNED_MEMBERS {
            let key = &self.out[last.key.clone()];
            others.iter().position(|other| &self.out[other.key.clone()] == key)
        } else {
            container.by_key.get(&self.out[last.key.clone()]).copied()
        };
        match found {
            None => container.remember(&self.out),
            Some(index) => container.replace(index),
        }
    }

    /// Writes the members of the innermost container again, if a key was repeated. Moving each
    /// value when it is read would take quadratic time.
    fn drop_repeated(&mut self) {
        let Some(container) = self.innermost().filter(|container| container.has_repeated) else {
            return;
        };
        let members = std::mem::take(&mut container.members);
        let Some(start) = members.first().map(|first| first.key.start) else { return };
        let written = self.out.split_off(start);
        let text = |range: &Range<usize>| &written[range.start - start..range.end - start];
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                self.new_line();
            }
            self.out.push_str(text(&member.key));
            self.colon();
            self.out.push_str(text(&member.value));
        }
    }
}

impl Container {
    fn clear(&mut self) {
        self.written = 0;
        self.members.clear();
        self.by_key.clear();
        self.has_repeated = false;
    }

    /// Gives the last member's value to an earlier one with the same key.
    fn replace(&mut self, index: usize) {
        let Some(last) = self.members.pop() else { return };
        self.members[index].value = last.value;
        self.has_repeated = true;
    }

    /// Prepares to look up the last member, once there are too many to scan.
    fn remember(&mut self, out: &str) {
        let count = self.members.len();
        if count > SCANNED_MEMBERS {
            let known = if count == SCANNED_MEMBERS + 1 { 0 } else { count - 1 };
            for (index, member) in self.members.iter().enumerate().skip(known) {
                self.by_key.insert(out[member.key.clone()].to_owned(), index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, pretty};

    #[test]
    fn the_last_of_a_repeated_key_takes_the_place_of_the_first() {
        let cases = [
            (r#"{"a":1,"b":2,"a":[3,{"x":1}]}"#, r#"{"a":[3,{"x":1}],"b":2}"#),
            (
                r#"{"a":[1,2,3],"b":{"c":1,"c":2},"c":0,"a":1,"d":4,"b":7}"#,
                r#"{"a":1,"b":7,"c":0,"d":4}"#,
            ),
            (r#"{"a":1,"a":2,"a":3}"#, r#"{"a":3}"#),
            (
                r#"[{"a":{"b":1,"c":[],"b":{}},"a":{"c":1,"c":{"d":1,"d":[]}}}]"#,
                r#"[{"a":{"c":{"d":[]}}}]"#,
            ),
            (r#"[{"\u0061":1,"a":2},5]"#, r#"[{"a":2},5]"#),
        ];
        for (text, expected) in cases {
            assert_eq!(compact(text).as_deref(), Ok(expected));
            assert_eq!(pretty(text), pretty(expected), "{text}");
        }
        let many: Vec<String> = (0..40).map(|i| format!("\"k{}\":{i}", i % 30)).collect();
        let text = compact(&format!("{{{}}}", many.join(","))).expect("valid JSON");
        assert!(text.starts_with("{\"k0\":30,") && text.ends_with("\"k29\":29}"), "{text}");
    }

    #[test]
    fn strings_and_numbers_follow_the_rules_of_captures() {
        let cases = [
            (r#""\u007f\u00E9\ud83d\ude00\udc00x\/""#, r#""\u007f\u00e9\ud83d\ude00\udc00x/""#),
            ("\"é\u{1F600}\u{7f}\"", r#""\u00e9\ud83d\ude00\u007f""#),
            (r#""\b\f\n\r\t\u0001""#, r#""\b\f\n\r\t\u0001""#),
            ("18446744073709551616000", "18446744073709551616000"),
            ("[-0, -0.0, 1E2, NaN, -Infinity, 1e999]", "[0,-0.0,100.0,NaN,-Infinity,Infinity]"),
        ];
        for (text, expected) in cases {
            assert_eq!(compact(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn malformed_text_is_refused_where_it_is_wrong() {
        let cases = [
            ("", "line 1, column 1: expected a JSON value, found the end of the text"),
            ("{\n \"a\" 1}", "line 2, column 6: expected `:`, found `1`"),
            ("{\"a\":1,}", "line 1, column 8: expected a string as key, found `}`"),
            ("[1,]", "line 1, column 4: expected a JSON value, found `]`"),
            ("[1 2]", "line 1, column 4: expected `,` or `]`, found `2`"),
            ("{} x", "line 1, column 4: expected the end of the JSON text, found `x`"),
            ("\"a", "line 1, column 1: string without closing quote"),
            ("\"\n\"", "line 1, column 2: control character in a string, expected an escape"),
            (r#""\x""#, "line 1, column 2: unknown escape in a string"),
            (r#""\u12g4""#, "line 1, column 2: expected four hexadecimal digits after `\\u`"),
            ("01", "line 1, column 2: expected the end of the JSON text, found `1`"),
            (
                "1.",
                "line 1, column 3: expected a digit after the decimal point, found the end of the text",
            ),
            ("-", "line 1, column 2: expected a digit, found the end of the text"),
        ];
        for (text, expected) in cases {
            assert_eq!(compact(text).expect_err(text).to_string(), expected);
        }
        assert!(
            compact(&"[".repeat(100_000))
                .expect_err("too deep")
                .to_string()
                .contains("1024 levels")
        );
    }
}
