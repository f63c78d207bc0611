use std::borrow::Cow;

use crate::json::Node;

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
}

impl Shape {
    /// Reads the entry of an object type.
    pub(super) fn of(entry: Node<'_>) -> Self {
        let list = |key| entry.get(key).into_iter().flat_map(Node::elements);
        let text = |node: Node<'_>, key| node.get_str(key).map(Cow::into_owned);
        let variant = |node| Some((text(node, "case")?, text(node, "type")?));
        Self {
            members: list("members").map(MemberShape::of).collect(),
            variants: list("variants").filter_map(variant).collect(),
        }
    }

    /// The type of the variant for a value of the tag.
    pub(crate) fn variant(&self, value: &str) -> Option<&str> {
        let found = self.variants.iter().find(|(case, _)| case == value);
        found.map(|(_, type_name)| type_name.as_str())
    }
}

impl MemberShape {
    fn of(node: Node<'_>) -> Self {
        let mut shape =
            Self { name: None, type_name: None, is_optional: false, has_features: false };
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
