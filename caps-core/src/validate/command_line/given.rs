//! The keys of a device with their values, from text or JSON.

use std::borrow::Cow;

use crate::command_line::Pairs;
use crate::command_line::scalar::{boolean, integer};
use crate::json::Node;

/// The value of a key.
pub(super) enum Given<'v> {
    Text(&'v str),
    Json(Node<'v>),
}

/// The keys of a device, each once.
pub(super) struct Keys<'v>(Vec<(Cow<'v, str>, Given<'v>)>);

impl<'v> Keys<'v> {
    pub(super) fn of_pairs(pairs: &'v Pairs) -> Self {
        let last = pairs.last_of_each();
        Self(last.map(|pair| (Cow::Borrowed(&*pair.key), Given::Text(&pair.value))).collect())
    }

    pub(super) fn of_json(root: Node<'v>) -> Self {
        let members = root.members();
        Self(members.map(|(key, node)| (key, Given::Json(node))).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Given<'v>)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Given<'v>> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value of a key that takes a string.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'v, str>> {
        match self.get(key)? {
            Given::Text(text) => Some(Cow::Borrowed(text)),
            Given::Json(node) => node.as_str(),
        }
    }

    /// The value of a key that takes an integer.
    pub(super) fn number(&self, key: &str) -> Option<i128> {
        match self.get(key)? {
            Given::Text(text) => integer(text),
            Given::Json(node) => integer(node.text()).or_else(|| integer(&node.as_str()?)),
        }
    }

    /// The value of a key that takes a size.
    pub(super) fn size(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Given::Text(text) => crate::command_line::scalar::size(text, 1).ok(),
            Given::Json(node) => node.as_u64(),
        }
    }

    /// Whether a key that takes a Boolean is on.
    pub(super) fn is_on(&self, key: &str) -> bool {
        match self.get(key) {
            Some(Given::Text(text)) => boolean(text) == Some(true),
            Some(Given::Json(node)) => {
                node.as_bool() == Some(true) || node.as_str().is_some_and(|text| text == "on")
            }
            None => false,
        }
    }
}
