use crate::command_line::{Tree, scalar};
use crate::json::{JsonType, Node};

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::validate) enum Given {
    Number(i128),
    Bool(bool),
    Text(String),
    /// From a command line, where a number or Boolean is text, too.
    Written(String),
    List(Vec<Self>),
}

impl Given {
    /// Reads a JSON value; only the limits of these kinds are known.
    pub(in crate::validate) fn of_node(node: Node<'_>) -> Option<Self> {
        Some(match node.kind() {
            JsonType::Integer => Self::Number(node.text().parse().ok()?),
            JsonType::Bool => Self::Bool(node.as_bool()?),
            JsonType::String => Self::Text(node.as_str()?.into_owned()),
            JsonType::Array => Self::List(node.elements().filter_map(Self::of_node).collect()),
            _ => return None,
        })
    }

    fn of_tree(tree: &Tree) -> Option<Self> {
        Some(match tree {
            Tree::Text(text) => Self::Written(text.clone()),
            Tree::List(list) => Self::List(list.iter().filter_map(Self::of_tree).collect()),
            Tree::Members(_) => return None,
        })
    }

    pub(super) fn number(&self) -> Option<i128> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Written(text) => match scalar::size(text, 1) {
                Ok(number) => Some(number.into()),
                Err(_) => scalar::integer(text),
            },
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Written(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_off(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Written(text) => scalar::boolean(text) == Some(false),
            _ => false,
        }
    }

    /// Whether it is another value than the default: not 0, off, empty or `default`.
    pub(super) fn is_set(&self) -> bool {
        !self.is_empty()
            && !self.is_off()
            && self.number() != Some(0)
            && self.text() != Some("default")
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(list) => list.is_empty(),
            other => other.text().is_some_and(str::is_empty),
        }
    }

    /// The value as in QEMU's messages.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Text(text) | Self::Written(text) => text.clone(),
            Self::List(list) => list.iter().map(Self::plain).collect::<Vec<_>>().join(","),
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Text(text) | Self::Written(text) => format!("string {text:?}"),
            Self::List(list) if list.is_empty() => "an empty list".to_owned(),
            other => other.plain(),
        }
    }
}

/// The properties of a JSON object, and the members of their values.
pub(in crate::validate) fn properties(node: Node<'_>) -> Vec<(String, Given)> {
    let mut properties = Vec::new();
    for (key, value) in node.members() {
        for (member, value) in value.members() {
            properties
                .extend(Given::of_node(value).map(|value| (format!("{key}.{member}"), value)));
        }
        properties.extend(Given::of_node(value).map(|value| (key.into_owned(), value)));
    }
    properties
}

/// The properties in a command line, and the members of their values.
pub(in crate::validate) fn written_properties(tree: &Tree) -> Vec<(String, Given)> {
    let Tree::Members(members) = tree else { return Vec::new() };
    let mut properties = Vec::new();
    for (key, value) in members {
        if let Tree::Members(members) = value {
            let named = members.iter().map(|(member, value)| (format!("{key}.{member}"), value));
            properties.extend(named.filter_map(|(key, value)| Some((key, Given::of_tree(value)?))));
        }
        properties.extend(Given::of_tree(value).map(|value| (key.clone(), value)));
    }
    properties
}
