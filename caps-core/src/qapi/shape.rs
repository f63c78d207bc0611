use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::meta_type::MetaType;
use crate::json::Node;

/// What was read of an entry before. Types of arguments are looked at again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    head: OnceLock<Head>,
    shape: OnceLock<Shape>,
    values: OnceLock<Arc<[String]>>,
}

/// The keys of entries that are asked for most.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    Name,
    Members,
    Variants,
    Values,
    Tag,
    Features,
    JsonType,
    ElementType,
}

impl Key {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "members" => Self::Members,
            "variants" => Self::Variants,
            "values" => Self::Values,
            "tag" => Self::Tag,
            "features" => Self::Features,
            "json-type" => Self::JsonType,
            "element-type" => Self::ElementType,
            _ => return None,
        })
    }
}

/// The kind of an entry, and where the values of its keys are.
#[derive(Debug, Clone)]
struct Head {
    meta_type: Option<MetaType>,
    places: [Option<u32>; 8],
}

impl Head {
    fn of(entry: Node<'_>) -> Self {
        let mut head = Self { meta_type: None, places: [None; 8] };
        for (key, value) in entry.members() {
            // Of a repeated key, the last value counts.
            if let Some(key) = Key::of(&key) {
                head.places[key as usize] = Some(value.position());
            } else if key == "meta-type" {
                head.meta_type = value.as_str().and_then(|name| MetaType::from_name(&name));
            }
        }
        head
    }
}

impl About {
    fn head(&self, entry: Node<'_>) -> &Head {
        self.head.get_or_init(|| Head::of(entry))
    }

    pub(super) fn meta_type(&self, entry: Node<'_>) -> Option<MetaType> {
        self.head(entry).meta_type
    }

    pub(super) fn get<'s>(&self, entry: Node<'s>, key: Key) -> Option<Node<'s>> {
        self.head(entry).places[key as usize].map(|place| entry.node_at(place))
    }

    pub(super) fn shape(&self, entry: Node<'_>) -> &Shape {
        self.shape.get_or_init(|| {
            let list = |key| self.get(entry, key).into_iter().flat_map(Node::elements);
            let text = |node: Node<'_>, key| node.get_str(key).map(Cow::into_owned);
            let variant = |node| Some((text(node, "case")?, text(node, "type")?));
            Shape {
                members: list(Key::Members).map(MemberShape::of).collect(),
                variants: list(Key::Variants).filter_map(variant).collect(),
            }
        })
    }

    /// The values of an enum, which `read` returns.
    pub(super) fn values<'s>(&self, read: impl FnOnce() -> Vec<Cow<'s, str>>) -> &Arc<[String]> {
        self.values.get_or_init(|| read().into_iter().map(Cow::into_owned).collect())
    }
}

/// The members and variants of an object type, in schema order. They are read once, since each value
/// of the type is compared with all of them.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) members: Vec<MemberShape>,
    /// The cases with their types.
    variants: Vec<(String, String)>,
}

/// A member of an object type.
#[derive(Debug, Clone)]
pub(crate) struct MemberShape {
    pub(crate) name: Option<String>,
    pub(crate) type_name: Option<String>,
    pub(crate) is_optional: bool,
    pub(crate) has_features: bool,
    /// Where the entry has it.
    pub(super) position: u32,
}

impl Shape {
    /// The type of the variant for a value of the tag.
    pub(crate) fn variant(&self, value: &str) -> Option<&str> {
        let found = self.variants.iter().find(|(case, _)| case == value);
        found.map(|(_, type_name)| type_name.as_str())
    }

    /// The types of all variants.
    pub(crate) fn variant_types(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().map(|(_, type_name)| type_name.as_str())
    }

    /// The member with this name.
    pub(crate) fn member(&self, name: &str) -> Option<&MemberShape> {
        self.members.iter().find(|member| member.name.as_deref() == Some(name))
    }

    /// The type of the member with this name.
    pub(crate) fn member_type(&self, name: &str) -> Option<&str> {
        self.member(name)?.type_name.as_deref()
    }
}

impl MemberShape {
    fn of(node: Node<'_>) -> Self {
        let mut shape = Self {
            name: None,
            type_name: None,
            is_optional: false,
            has_features: false,
            position: node.position(),
        };
        let text = |value: Node<'_>| value.as_str().map(Cow::into_owned);
        for (key, value) in node.members() {
            match &*key {
                "name" => shape.name = text(value),
                "type" => shape.type_name = text(value),
                "default" => shape.is_optional = true,
                "features" => shape.has_features = true,
                _ => {}
            }
        }
        shape
    }
}
