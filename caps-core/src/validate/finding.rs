use super::path::Path;
use super::property::Property;
use super::setters::Breach;
use super::target::Integer;
use super::width::NoInteger;
use crate::json::Node;
use crate::qapi::Entry;

/// A finding of a visit along the schema. A [`Voice`] decides how to treat and phrase it.
#[derive(Debug, Clone)]
pub(crate) enum Finding<'f> {
    /// A required member of this type is missing.
    Missing(&'f str),
    /// A member is not in the schema. The names are the possible intended members.
    Unexpected { object: Node<'f>, free: Vec<String> },
    /// A value has the wrong JSON type.
    Type { expected: Entry<'f>, found: Node<'f> },
    /// A value is not an integer, or does not fit.
    Integer { of: Integer<'f>, why: NoInteger, found: Node<'f> },
    /// A string is not one of an enum's values.
    Value { expected: Entry<'f>, found: Node<'f> },
    /// A string that must be an identifier is not one.
    Identifier { found: Node<'f> },
    /// An object type is in the schema, but not in this build.
    ObjectType { found: Node<'f> },
    /// Nothing has this name; the nearest one is given.
    Name { of: NameOf, found: Node<'f>, nearest: Option<String> },
    /// The CPU model lacks a property.
    CpuProperty { model: &'f str, found: Node<'f>, nearest: Option<String> },
    /// A property of a CPU model does not accept the value.
    Property { model: &'f str, property: &'f Property, why: NoInteger, found: Node<'f> },
    /// A value breaks a limit that is not in the schema.
    Limit(&'f Breach),
    /// A feature of this name applies to something in use.
    Feature { feature: &'f str, of: FeatureOf<'f> },
    /// A part can't be checked, with the reason.
    Unchecked(String),
    /// The schema is defective.
    Defect(String),
}

/// What a name should denote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    /// A device type.
    Device,
    /// A device type that can be instantiated; a type of another kind has this name.
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
    /// The string at the path, which is an enum value.
    Value(&'f str),
}

/// Receives the findings of a visit, in the order in which QEMU would come across them.
pub(crate) trait Voice {
    /// Receives a finding at a path.
    fn say(&mut self, path: &Path<'_>, finding: Finding<'_>);
}
