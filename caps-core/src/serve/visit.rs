//! Checks a command's arguments against the schema as QEMU's input visitor does: it stops at the first
//! problem, and this gives QEMU's words for it.
//!
//! The width of an integer, which the schema doesn't tell, decides what QEMU takes and says; where it
//! isn't known, any integer of 64 bits passes, and anything else is no `integer`.

use std::fmt;

use super::qemu_order;
use super::value::{Dict, Value};
use crate::qapi::{Entry, Member, MetaType};
use crate::validate::{ANONYMOUS, NoInteger, Target, Width};

/// Variants inside of variants beyond which a schema is taken to be circular.
const MAX_VARIANTS: usize = 32;

/// Where a value stands in the arguments.
#[derive(Clone, Copy)]
enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Element(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// The last name alone, as some of QEMU's sentences have it; an element has none.
    fn leaf(&self) -> &str {
        match self {
            Self::Member(_, name) => name,
            Self::Root | Self::Element(..) => "null",
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Path::Root, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Checks arguments against the object type of this name.
///
/// # Errors
///
/// QEMU's description of the first problem.
pub(super) fn arguments(target: &Target, type_name: &str, arguments: &Dict) -> Result<(), String> {
    let visitor = Visitor { target };
    match target.schema().entry(type_name) {
        Some(entry) => visitor.object(entry, arguments, &Path::Root),
        None => Ok(()),
    }
}

struct Visitor<'s> {
    target: &'s Target,
}

impl Visitor<'_> {
    fn object(&self, entry: Entry<'_>, dict: &Dict, path: &Path<'_>) -> Result<(), String> {
        let mut seen = Vec::new();
        self.members(entry, dict, path, &mut seen, 0)?;
        let names: Vec<&str> = dict.iter().map(|(name, _)| name).collect();
        match qemu_order::first_left(&names, &seen) {
            Some(name) => Err(format!("Parameter '{}' is unexpected", Path::Member(path, name))),
            None => Ok(()),
        }
    }

    /// The members of a type and of the variant that its tag selects.
    fn members(
        &self,
        entry: Entry<'_>,
        dict: &Dict,
        path: &Path<'_>,
        seen: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        for member in entry.members() {
            let (Some(name), Some(type_name)) = (member.name(), member.type_name()) else {
                continue;
            };
            let at = Path::Member(path, &name);
            match dict.get(&name) {
                Some(value) => self.value(&type_name, value, &at, (&entry.name(), &name))?,
                None if member.is_optional() => {}
                None => return Err(format!("Parameter '{at}' is missing")),
            }
            seen.push(name.into_owned());
        }
        let Some(tag) = entry.tag() else { return Ok(()) };
        let Some(Value::Str(case)) = dict.get(&tag) else { return Ok(()) };
        let variant = entry
            .variants()
            .find(|variant| variant.case == case.as_str())
            .and_then(|variant| self.target.schema().entry(&variant.type_name));
        match variant {
            Some(variant) if depth < MAX_VARIANTS => {
                self.members(variant, dict, path, seen, depth + 1)
            }
            _ => Ok(()),
        }
    }

    /// Checks a value of a type. What holds it, and under which name, tells how wide an integer is.
    fn value(
        &self,
        type_name: &str,
        value: &Value,
        path: &Path<'_>,
        (holder, name): (&str, &str),
    ) -> Result<(), String> {
        let Some(entry) = self.target.schema().entry(type_name) else { return Ok(()) };
        match (entry.meta_type(), value) {
            (Some(MetaType::Builtin), _) => {
                match self
                    .target
                    .widths()
                    .find(holder, name)
                    .filter(|_| json_type(entry) == "integer")
                {
                    Some(width) => integer(width, value, path),
                    None => builtin(entry, value, path),
                }
            }
            (Some(MetaType::Enum), Value::Str(text)) => {
                if entry.values().iter().any(|known| known == text) {
                    return Ok(());
                }
                Err(format!("Parameter '{}' does not accept value '{text}'", path.leaf()))
            }
            (Some(MetaType::Enum), _) => Err(wrong_type(path, "string")),
            (Some(MetaType::Object), Value::Dict(dict)) => self.object(entry, dict, path),
            (Some(MetaType::Object), _) => Err(wrong_type(path, "object")),
            (Some(MetaType::Array), Value::List(elements)) => {
                let Some(element_type) = entry.type_member("element-type") else { return Ok(()) };
                elements.iter().enumerate().try_for_each(|(index, element)| {
                    self.value(&element_type, element, &Path::Element(path, index), (holder, name))
                })
            }
            (Some(MetaType::Array), _) => Err(wrong_type(path, "array")),
            (Some(MetaType::Alternate), _) => self.alternate(entry, value, path),
            _ => Ok(()),
        }
    }

    fn alternate(&self, entry: Entry<'_>, value: &Value, path: &Path<'_>) -> Result<(), String> {
        let taken = entry.members().filter_map(Member::type_name).find(|type_name| {
            self.target.schema().entry(type_name).is_none_or(|e| takes(e, value))
        });
        // A type that is an alternate again has no JSON type of its own and is never taken.
        if let Some(type_name) = taken {
            return self.value(&type_name, value, path, (&entry.name(), ANONYMOUS));
        }
        let name = self.alternate_name(entry);
        Err(format!("Invalid parameter type for '{}', expected: {name}", path.leaf()))
    }

    /// What QEMU calls an alternate. The schema hides the name; the few that there are differ in what
    /// they consist of.
    fn alternate_name(&self, entry: Entry<'_>) -> String {
        let (mut words, mut members) = (Vec::new(), Vec::new());
        for alternative in entry
            .members()
            .filter_map(Member::type_name)
            .filter_map(|type_name| self.target.schema().entry(&type_name))
        {
            words.push(json_type(alternative));
            members.extend(alternative.members().filter_map(Member::name));
        }
        words.sort_unstable();
        let has = |name: &str| members.iter().any(|member| member == name);
        match *words {
            ["object", "string"] if has("driver") => "BlockdevRef".to_owned(),
            ["null", "object", "string"] if has("driver") => "BlockdevRefOrNull".to_owned(),
            ["object", "string"] if has("node") && has("name") => {
                "BlockDirtyBitmapOrStr".to_owned()
            }
            ["object", "string"] if has("template") => "Qcow2OverlapChecks".to_owned(),
            ["null", "string"] => "StrOrNull".to_owned(),
            ["array", "string"] => "BlockExportIothreads".to_owned(),
            _ => words.join(" or "),
        }
    }
}

fn builtin(entry: Entry<'_>, value: &Value, path: &Path<'_>) -> Result<(), String> {
    if takes(entry, value) { Ok(()) } else { Err(wrong_type(path, json_type(entry))) }
}

/// An integer of a known width.
fn integer(width: Width, value: &Value, path: &Path<'_>) -> Result<(), String> {
    let fits = match value {
        Value::Int(number) => width.check(i128::from(*number)),
        Value::Uint(number) => width.check(i128::from(*number)),
        _ => Err(NoInteger::Type),
    };
    match fits {
        Ok(()) => Ok(()),
        Err(NoInteger::Range) => {
            Err(format!("Parameter '{}' expects {}_t", path.leaf(), width.name()))
        }
        Err(NoInteger::Type) if width.is_signed() => Err(wrong_type(path, "integer")),
        Err(NoInteger::Type) => Err(format!("Parameter '{path}' expects uint64")),
    }
}

/// Does a value have the JSON type of an entry?
fn takes(entry: Entry<'_>, value: &Value) -> bool {
    matches!(
        (json_type(entry), value),
        ("value", _)
            | ("string", Value::Str(_))
            | ("integer", Value::Int(_) | Value::Uint(_))
            | ("number", Value::Int(_) | Value::Uint(_) | Value::Float(_))
            | ("boolean", Value::Bool(_))
            | ("null", Value::Null)
            | ("object", Value::Dict(_))
            | ("array", Value::List(_))
    )
}

/// QEMU's word for the JSON type of an entry.
fn json_type(entry: Entry<'_>) -> &'static str {
    match entry.meta_type() {
        Some(MetaType::Enum) => "string",
        Some(MetaType::Object) => "object",
        Some(MetaType::Array) => "array",
        Some(MetaType::Builtin) => match entry.json_type().as_deref() {
            Some("string") => "string",
            Some("int") => "integer",
            Some("number") => "number",
            Some("boolean") => "boolean",
            Some("null") => "null",
            Some("object") => "object",
            Some("array") => "array",
            _ => "value",
        },
        _ => "alternate",
    }
}

fn wrong_type(path: &Path<'_>, expected: &str) -> String {
    format!("Invalid parameter type for '{path}', expected: {expected}")
}
