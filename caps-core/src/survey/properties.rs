use super::mark::End;
use crate::json::Node;
use crate::qmp::{CommandError, Reply};

/// A property of a type, from `device-list-properties` or `qom-list-properties`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Property {
    /// The name.
    pub name: String,
    /// The name of the property's type, such as `uint32` or `OnOffAuto`.
    pub type_name: String,
    /// QEMU's description.
    pub description: Option<String>,
    /// The default value, as JSON text.
    pub default: Option<String>,
}

/// The properties of a type, as far as a survey knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Properties {
    /// The properties.
    Listed(Vec<Property>),
    /// QEMU returned an error.
    Refused(CommandError),
    /// The question crashed QEMU.
    Ended(End),
    /// The survey has no usable answer.
    Unasked,
}

impl Properties {
    pub(super) fn read(reply: &Reply) -> Self {
        match reply.result() {
            Ok(answer) => Self::Listed(answer.elements().filter_map(Property::read).collect()),
            Err(error) => match End::from_reply(reply) {
                Some(end) => Self::Ended(end),
                None => Self::Refused(error),
            },
        }
    }

    /// The properties, if they are known.
    pub fn listed(&self) -> Option<&[Property]> {
        match self {
            Self::Listed(properties) => Some(properties),
            _ => None,
        }
    }
}

impl Property {
    fn read(node: Node<'_>) -> Option<Self> {
        let text = |key| node.get_str(key).map(std::borrow::Cow::into_owned);
        Some(Self {
            name: text("name")?,
            type_name: text("type")?,
            description: text("description"),
            default: node.get("default-value").map(Node::compact),
        })
    }
}
