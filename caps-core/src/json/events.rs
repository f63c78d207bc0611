use super::document::{Document, JsonType, Node};
use super::reader::Event;

/// Replays a value of a [`Document`] as reader events, without parsing its text again.
pub(super) struct Events<'d> {
    document: &'d Document,
    at: usize,
    end: usize,
    open: Vec<Open>,
}

struct Open {
    object: bool,
    /// Whether a key comes next in this object.
    key: bool,
    end: usize,
}

impl<'d> Events<'d> {
    pub(super) fn new(value: Node<'d>) -> Self {
        let at = value.index();
        Self { document: value.document(), at, end: value.end(), open: Vec::new() }
    }

    /// The number of objects and arrays around the last event.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Skips the next value.
    pub(super) fn skip_value(&mut self) {
        if let Some(value) = self.document.node(self.at) {
            self.at = value.end();
        }
        self.value_begins();
    }

    /// Once a value has started, the enclosing object expects a key again.
    fn value_begins(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.key = open.object;
        }
    }
}

impl<'d> Iterator for Events<'d> {
    type Item = (Event, &'d str);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(open) = self.open.pop_if(|open| open.end == self.at) {
            return Some((if open.object { Event::EndObject } else { Event::EndArray }, ""));
        }
        if self.at == self.end {
            return None;
        }
        let node = self.document.node(self.at)?;
        self.at += 1;
        if let Some(open) = self.open.last_mut()
            && open.key
        {
            open.key = false;
            return Some((Event::Key, node.inner_text()));
        }
        self.value_begins();
        let event = match node.kind() {
            JsonType::Null => Event::Null,
            JsonType::Bool => Event::True,
            JsonType::Integer => Event::Integer,
            JsonType::Float => Event::Float,
            JsonType::String => Event::String,
            JsonType::Array | JsonType::Object => {
                let object = node.kind() == JsonType::Object;
                self.open.push(Open { object, key: object, end: node.end() });
                return Some((if object { Event::BeginObject } else { Event::BeginArray }, ""));
            }
        };
        Some((event, node.inner_text()))
    }
}
