use std::borrow::Cow;
use std::sync::Arc;

use super::meta_type::MetaType;
use super::shape::{About, Key, MemberShape, Shape};
use crate::json::{NamedElement, Node};

/// An entry of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'s> {
    node: Node<'s>,
    about: &'s About,
}

/// A member of an object, an enum or an alternate (which has no name).
#[derive(Debug, Clone, Copy)]
pub struct Member<'s> {
    node: Node<'s>,
}

/// The additional members of an object for one value of its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant<'s> {
    /// The tag's value.
    pub case: Cow<'s, str>,
    /// The name of the object type with the additional members.
    pub type_name: Cow<'s, str>,
}

impl<'s> Entry<'s> {
    pub(super) fn new(element: &'s NamedElement<About>) -> Self {
        Self { node: element.node(), about: &element.about }
    }

    /// The member of the entry with this key.
    fn get(self, key: Key) -> Option<Node<'s>> {
        self.about.get(self.node, key)
    }

    fn list(self, key: Key) -> impl Iterator<Item = Node<'s>> {
        self.get(key).into_iter().flat_map(Node::elements)
    }

    /// The entry as received.
    pub fn node(self) -> Node<'s> {
        self.node
    }

    /// The name.
    pub fn name(self) -> Cow<'s, str> {
        self.get(Key::Name).and_then(Node::as_str).unwrap_or_default()
    }

    /// The kind; `None` if QEMU 11.1 does not have it.
    pub fn meta_type(self) -> Option<MetaType> {
        self.about.meta_type(self.node)
    }

    /// The string member `key`, which names the type of a command's or event's arguments, of a
    /// command's return value, or of an array's elements.
    pub fn type_member(self, key: &str) -> Option<Cow<'s, str>> {
        self.node.get_str(key)
    }

    /// The entry's features, from `features`.
    pub fn features(self) -> impl Iterator<Item = Cow<'s, str>> {
        self.list(Key::Features).filter_map(Node::as_str)
    }

    /// The members of an object, enum or alternate. An enum of QEMU before 6.2 has only
    /// [`Entry::values`].
    pub fn members(self) -> impl Iterator<Item = Member<'s>> {
        self.list(Key::Members).map(|node| Member { node })
    }

    /// The member with this name.
    pub fn member(self, name: &str) -> Option<Member<'s>> {
        self.members().find(|member| member.name().is_some_and(|found| found == name))
    }

    /// The values of an enum, from `members` or the older list `values`.
    pub fn values(self) -> Vec<Cow<'s, str>> {
        match self.get(Key::Members) {
            Some(members) => members.elements().filter_map(|m| m.get_str("name")).collect(),
            None => self.list(Key::Values).filter_map(Node::as_str).collect(),
        }
    }

    /// The member whose value selects a variant of an object.
    pub fn tag(self) -> Option<Cow<'s, str>> {
        self.get(Key::Tag)?.as_str()
    }

    /// The variants of an object, in schema order.
    pub fn variants(self) -> impl Iterator<Item = Variant<'s>> {
        self.list(Key::Variants).filter_map(|variant| {
            Some(Variant { case: variant.get_str("case")?, type_name: variant.get_str("type")? })
        })
    }

    /// The members and variants of an object, read once.
    pub(crate) fn shape(self) -> &'s Shape {
        self.about.shape(self.node)
    }

    /// The type of an array's elements.
    pub(crate) fn element_type(self) -> Option<Cow<'s, str>> {
        self.get(Key::ElementType)?.as_str()
    }

    /// The features of the member at a place in the shape.
    pub(crate) fn features_at(self, member: &MemberShape) -> impl Iterator<Item = Cow<'s, str>> {
        features(self.node.node_at(member.position))
    }

    /// The position of a value among [`Entry::values`].
    pub(crate) fn position(self, value: &str) -> Option<usize> {
        self.all_values().iter().position(|name| name == value)
    }

    /// [`Entry::values`], read once.
    pub(crate) fn all_values(self) -> &'s Arc<[String]> {
        self.about.values(|| self.values())
    }

    /// The JSON type of a builtin: `string`, `int`, `number`, `boolean`, `null`, `object`, `array`,
    /// or `value` for any.
    pub fn json_type(self) -> Option<Cow<'s, str>> {
        self.get(Key::JsonType)?.as_str()
    }
}

impl<'s> Member<'s> {
    /// The member as received.
    pub fn node(self) -> Node<'s> {
        self.node
    }

    /// The name; `None` for members of alternates.
    pub fn name(self) -> Option<Cow<'s, str>> {
        self.node.get_str("name")
    }

    /// The name of the member's type; `None` for enum members.
    pub fn type_name(self) -> Option<Cow<'s, str>> {
        self.node.get_str("type")
    }

    /// Returns whether the member is optional, as indicated by the key `default`, whose value is
    /// always null.
    pub fn is_optional(self) -> bool {
        self.node.get("default").is_some()
    }

    /// The member's own features.
    pub fn features(self) -> impl Iterator<Item = Cow<'s, str>> {
        features(self.node)
    }
}

fn features(node: Node<'_>) -> impl Iterator<Item = Cow<'_, str>> {
    node.get("features").into_iter().flat_map(Node::elements).filter_map(Node::as_str)
}
