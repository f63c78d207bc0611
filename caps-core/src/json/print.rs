use std::borrow::Cow;
use std::ops::Range;

use super::error::JsonError;
use super::format::{Style, Writer};
use super::reader::{Event, Failure, Reader};
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
    let mut writer = Writer::new(std::mem::take(out), Style::Pretty);
    let printed = print(&mut writer, Reader::new(source, range), id, see);
    *out = writer.into_text();
    if printed.is_err() {
        out.truncate(length);
    }
    Ok(printed?)
}

fn print(
    writer: &mut Writer,
    mut reader: Reader<'_>,
    id: Option<&str>,
    mut see: impl FnMut(Cow<'_, str>),
) -> Result<(), Failure> {
    let mut has_id = false;
    while let Some(event) = reader.next()? {
        if event == Event::EndObject
            && reader.depth() == 0
            && !has_id
            && let Some(id) = id
        {
            writer.event(Event::Key, "id");
            writer.event(Event::String, id);
        }
        writer.event(event, reader.text());
        if event == Event::Key && reader.depth() == 1 {
            let key = decode(reader.text());
            let is_id = key == "id";
            see(key);
            if is_id && let Some(id) = id {
                has_id = true;
                skip_value(&mut reader)?;
                writer.event(Event::String, id);
            }
        }
    }
    Ok(())
}

/// Skips the value after a key.
fn skip_value(reader: &mut Reader<'_>) -> Result<(), Failure> {
    let depth = reader.depth();
    loop {
        reader.next()?;
        if reader.depth() == depth {
            return Ok(());
        }
    }
}
