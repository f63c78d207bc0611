use std::borrow::Cow;
use std::ops::Range;

use super::error::JsonError;
use super::format::{Style, Writer};
use super::reader::{Event, Token, Visitor, read};
use super::string::decode;

/// Appends the value in a range of a text as [`pretty`](super::pretty) prints it, with the `id` of
/// the top-level object set to `id`: in place, or else at the end. The id contains nothing that
/// JSON escapes. Calls `see` with the keys of the top-level object.
///
/// # Errors
///
/// Fails, appending nothing, if the range is not exactly one JSON value.
pub(crate) fn push_pretty(
    out: &mut String,
    source: &str,
    range: Range<usize>,
    id: Option<&str>,
    see: impl FnMut(Cow<'_, str>),
) -> Result<(), JsonError> {
    let length = out.len();
    let writer = Writer::new(std::mem::take(out), Style::Pretty);
    let mut printer =
        Printer { source, writer, id, see, depth: 0, replaced: false, skipping: false };
    let result = read(source, range, &mut printer);
    *out = printer.writer.into_text();
    if result.is_err() {
        out.truncate(length);
    }
    Ok(result?)
}

struct Printer<'s, F> {
    source: &'s str,
    writer: Writer,
    /// The id to set.
    id: Option<&'s str>,
    see: F,
    depth: usize,
    /// Whether the id was set.
    replaced: bool,
    /// Whether the value of the old id is being skipped.
    skipping: bool,
}

impl<F: FnMut(Cow<'_, str>)> Visitor for Printer<'_, F> {
    fn token(&mut self, token: Token) {
        let text = &self.source[token.start..token.end];
        match token.event {
            Event::BeginObject | Event::BeginArray => self.depth += 1,
            Event::EndObject | Event::EndArray => self.depth -= 1,
            Event::Key if self.depth == 1 => self.skipping = false,
            _ => {}
        }
        let is_end = token.event == Event::EndObject && self.depth == 0;
        if self.skipping && !is_end {
            return;
        }
        if let (true, false, Some(id)) = (is_end, self.replaced, self.id) {
            self.writer.event(Event::Key, "id");
            self.writer.event(Event::String, id);
        }
        self.writer.event(token.event, text);
        if token.event == Event::Key && self.depth == 1 {
            let key = decode(text);
            let is_id = key == "id";
            (self.see)(key);
            if is_id && let Some(id) = self.id {
                self.replaced = true;
                self.skipping = true;
                self.writer.event(Event::String, id);
            }
        }
    }
}
