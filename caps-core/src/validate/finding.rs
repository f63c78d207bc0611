use super::path::Path;
use super::property::Property;
use super::width::{NoInteger, Width};
use crate::json::Node;
use crate::qapi::Entry;

/// What a walk along the schema comes upon. What to make of it, and the words for it, are up to a
/// [`Voice`].
#[derive(Debug, Clone)]
pub(crate) enum Finding<'f> {
    /// A mandatory member of the type of this name is absent.
    Missing(&'f str),
    /// A member that the schema does not have. The names are those of members that could have been
    /// meant.
    Unexpected { object: Node<'f>, free: Vec<String> },
    /// A value of another JSON type than its type has.
    Type { expected: Entry<'f>, found: Node<'f> },
    /// No integer, or one that does not fit. Where the width is not known, 64 bits are taken.
    Integer { width: Option<Width>, why: NoInteger, found: Node<'f> },
    /// A string that is none of an enum's values.
    Value { expected: Entry<'f>, found: Node<'f> },
    /// A string that is no identifier where one is due.
    Identifier { found: Node<'f> },
    /// An object type that the schema has and this build does not.
    ObjectType { found: Node<'f> },
    /// A name that nothing has, and the one most like it.
    Name { of: NameOf, found: Node<'f>, nearest: Option<String> },
    /// A property that the CPU model does not have.
    CpuProperty { model: &'f str, found: Node<'f>, nearest: Option<String> },
    /// A value that the property does not take.
    Property { property: &'f Property, why: NoInteger, found: Node<'f> },
    /// Something with a feature of this name is used.
    Feature { feature: &'f str, of: FeatureOf<'f> },
    /// A part that can't be checked, and why.
    Unchecked(String),
    /// The schema itself is defective.
    Defect(String),
}

/// What a name would be that of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    /// A device type.
    Device,
    /// A device type of which devices can be made; there is another type of this name.
    ConcreteDevice,
    /// Any QOM type.
    Class,
    /// A CPU model.
    CpuModel,
}

/// What has a feature.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FeatureOf<'f> {
    /// The command of this name.
    Command(&'f str),
    /// The member at the path.
    Member,
    /// The type of the value at the path.
    Type,
    /// The branch of the alternate at the path.
    Branch,
    /// The string at the path, one of an enum's values.
    Value(&'f str),
}

/// What hears of the findings of a walk, in the order in which QEMU would come upon them.
pub(crate) trait Voice {
    /// Hears of a finding at a path.
    fn say(&mut self, path: &Path<'_>, finding: Finding<'_>);
}
