use crate::json::{JsonType, Node};
use crate::names::closed_set;
use crate::qapi::meta_type::MetaType;

closed_set! {
    /// A key of a schema entry or of its parts, in the order in which they are checked.
    pub(crate) enum Key: "a key of a schema entry", {
        Name = "name",
        MetaType = "meta-type",
        Case = "case",
        Type = "type",
        ArgType = "arg-type",
        RetType = "ret-type",
        ElementType = "element-type",
        JsonType = "json-type",
        Members = "members",
        Values = "values",
        Tag = "tag",
        Variants = "variants",
        Default = "default",
        Features = "features",
        AllowOob = "allow-oob",
    }
}

impl Key {
    /// The JSON type of the values.
    #[inline]
    pub(super) fn json_type(self) -> JsonType {
        match self {
            Self::Default => JsonType::Null,
            Self::AllowOob => JsonType::Bool,
            Self::Members | Self::Values | Self::Variants | Self::Features => JsonType::Array,
            _ => JsonType::String,
        }
    }
}

/// A set of keys.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Keys(u16);

impl Keys {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(u16::MAX);

    const fn new(keys: &[Key]) -> Self {
        let (mut set, mut index) = (0, 0);
        while index < keys.len() {
            set |= 1 << keys[index] as u16;
            index += 1;
        }
        Self(set)
    }

    #[inline]
    pub(super) fn contains(self, key: Key) -> bool {
        self.0 >> key as u16 & 1 == 1
    }

    #[inline]
    pub(super) fn set(&mut self, key: Key, is_in: bool) {
        self.0 = self.0 & !(1 << key as u16) | u16::from(is_in) << key as u16;
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The keys of a schema entry or a part of it.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    mandatory: Keys,
    optional: Keys,
}

impl Shape {
    const fn new(mandatory: &[Key], optional: &[Key]) -> Self {
        Self { mandatory: Keys::new(mandatory), optional: Keys::new(optional) }
    }

    /// Returns whether something that has all of `all`, and nothing but `any`, has this shape.
    pub(super) fn fits(self, all: Keys, any: Keys) -> bool {
        all.and(self.mandatory) == self.mandatory
            && any.and(self.mandatory.or(self.optional)) == any
    }

    /// The keys in the order in which they are checked, and whether each is mandatory.
    pub(super) fn keys(self) -> impl Iterator<Item = (Key, bool)> {
        let of = |keys: Keys| Key::ALL.iter().copied().filter(move |&key| keys.contains(key));
        let mandatory = of(self.mandatory).map(|key| (key, true));
        mandatory.chain(of(self.optional).map(|key| (key, false)))
    }
}

/// The keys of an entry of one kind and of its parts.
pub(super) struct EntryShape {
    pub(super) entry: Shape,
    /// The array with the parts of each kind.
    pub(super) parts: &'static [(Key, Shape)],
}

impl EntryShape {
    pub(super) fn of(meta_type: MetaType) -> &'static Self {
        use Key as K;
        const COMMAND: EntryShape = EntryShape {
            entry: Shape::new(
                &[K::Name, K::MetaType, K::ArgType, K::RetType],
                &[K::Features, K::AllowOob],
            ),
            parts: &[],
        };
        const EVENT: EntryShape = EntryShape {
            entry: Shape::new(&[K::Name, K::MetaType, K::ArgType], &[K::Features]),
            parts: &[],
        };
        const OBJECT: EntryShape = EntryShape {
            entry: Shape::new(
                &[K::Name, K::MetaType, K::Members],
                &[K::Tag, K::Variants, K::Features],
            ),
            parts: &[
                (K::Members, Shape::new(&[K::Name, K::Type], &[K::Default, K::Features])),
                (K::Variants, Shape::new(&[K::Case, K::Type], &[])),
            ],
        };
        const ARRAY: EntryShape = EntryShape {
            entry: Shape::new(&[K::Name, K::MetaType, K::ElementType], &[]),
            parts: &[],
        };
        const ENUM: EntryShape = EntryShape {
            entry: Shape::new(&[K::Name, K::MetaType], &[K::Members, K::Values]),
            parts: &[(K::Members, Shape::new(&[K::Name], &[K::Features]))],
        };
        const ALTERNATE: EntryShape = EntryShape {
            entry: Shape::new(&[K::Name, K::MetaType, K::Members], &[]),
            parts: &[(K::Members, Shape::new(&[K::Type], &[]))],
        };
        const BUILTIN: EntryShape =
            EntryShape { entry: Shape::new(&[K::Name, K::MetaType, K::JsonType], &[]), parts: &[] };
        match meta_type {
            MetaType::Command => &COMMAND,
            MetaType::Event => &EVENT,
            MetaType::Object => &OBJECT,
            MetaType::Array => &ARRAY,
            MetaType::Enum => &ENUM,
            MetaType::Alternate => &ALTERNATE,
            MetaType::Builtin => &BUILTIN,
        }
    }
}

/// The members of a schema entry or of a part of it, by key. Of a repeated key, the last value counts.
pub(crate) struct Known<'s> {
    node: Node<'s>,
    /// The indices of the values in their document.
    values: [u32; Key::ALL.len()],
    found: Keys,
    /// The keys whose values have another JSON type.
    wrong: Keys,
    has_unknown: bool,
}

impl<'s> Known<'s> {
    pub(super) fn new(node: Node<'s>) -> Self {
        let (values, found, wrong) = ([0; Key::ALL.len()], Keys::NONE, Keys::NONE);
        let mut known = Self { node, values, found, wrong, has_unknown: false };
        known.read(node);
        known
    }

    /// Looks at all members once, because schemas have tens of thousands.
    pub(super) fn read(&mut self, node: Node<'s>) {
        (self.node, self.found, self.wrong, self.has_unknown) =
            (node, Keys::NONE, Keys::NONE, false);
        for (name, value) in node.members() {
            let Some(key) = Key::from_name(&name) else {
                self.has_unknown = true;
                continue;
            };
            self.values[key as usize] = value.position();
            self.found.set(key, true);
            self.wrong.set(key, value.kind() != key.json_type());
        }
    }

    /// Returns whether these are the keys of a shape, with values of their types.
    pub(super) fn fits(&self, shape: Shape) -> bool {
        shape.fits(self.found, self.found) && self.wrong == Keys::NONE && !self.has_unknown
    }

    /// The value of a key.
    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<Node<'s>> {
        // Of the other keys, there may be values of an earlier node.
        let index = self.values[key as usize];
        self.found.contains(key).then(|| self.node.node_at(index))
    }

    /// The elements of the value of a key; none of an absent one.
    #[inline]
    pub(crate) fn elements(&self, key: Key) -> impl Iterator<Item = Node<'s>> {
        self.get(key).into_iter().flat_map(Node::elements)
    }
}
