use super::document::{JsonType, Node};
use super::events::Events;
use super::format::{Style, Writer};
use super::reader::Event;
use super::string::decode;

/// Appends a value as [`pretty`](super::pretty) prints it, with the `id` of the top-level object
/// set to `id`: in place, or else at the end. The id contains nothing that JSON escapes.
pub(crate) fn push_pretty(out: &mut String, value: Node<'_>, id: Option<&str>) {
    let mut writer = Writer::new(std::mem::take(out), Style::Pretty);
    let mut events = Events::new(value);
    let mut id = id.filter(|_| value.kind() == JsonType::Object);
    let all = value.get("id").is_some();
    while let Some((event, text)) = events.next() {
        let last = event == Event::EndObject && events.depth() == 0;
        if last
            && !all
            && let Some(id) = id.take()
        {
            writer.event(Event::Key, "id");
            writer.event(Event::String, id);
        }
        writer.event(event, text);
        if event == Event::Key
            && events.depth() == 1
            && decode(text) == "id"
            && let Some(id) = id
        {
            events.skip_value();
            writer.event(Event::String, id);
        }
    }
    *out = writer.into_text();
}
