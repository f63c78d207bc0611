//! libvirt's query language: `blockdev-add/arg-type/+file/aio/^io_uring`.
//!
//! A query walks from a schema entry along its components: a plain name follows a member (or
//! `arg-type`, `ret-type`), `+case` a variant, and `*name` an optional member; `^value` tests an
//! enum value, `!type` a builtin's JSON type and `$feature` a feature. A leading space escapes a
//! name that does not start with a letter. Arrays and alternates are looked through.

mod syntax;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::entry::Entry;
use super::meta_type::MetaType;
use super::schema::Schema;
use crate::json::{JsonType, Node};
use syntax::{first_empty, test_with_followers, unknown_operator};

/// The most types that a query may pass through in one walk; more indicate a loop.
const MAX_STEPS: usize = 1000;
/// The limit for all alternative walks together, a thousand times what any schema needs.
const MAX_WALKS: usize = 1_000_000;

/// A syntactically valid query.
///
/// ```
/// use caps_core::qapi::Query;
///
/// const AIO: Query = Query::literal("blockdev-add/arg-type/+file/aio/^io_uring");
/// assert_eq!("blockdev-add/arg-type/+file/aio/^io_uring".parse(), Ok(AIO));
/// assert!("blockdev-add//arg-type".parse::<Query>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Query(Cow<'static, str>);

/// The result of a query.
#[derive(Debug, Clone, Copy)]
pub enum Match<'s> {
    /// The query matches. Queries that end with a test (`^`, `!`, `$`) have no entry.
    Found(Option<Entry<'s>>),
    /// The query does not match.
    NotFound,
}

/// The text is not a query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseQueryError {
    /// Nothing between two slashes, or an operator without a name.
    #[error("component {0} of the query is empty")]
    Empty(usize),
    /// A component begins with a character that is neither a letter nor an operator.
    #[error(
        "component `{0}` begins with an unknown operator, expected one of `^`, `!`, `$`, `+` and `*`, \
         or a blank before a name that begins with no letter"
    )]
    Operator(String),
    /// Something follows a test.
    #[error("nothing may follow the test `{test}`{}", only_feature(.test))]
    AfterTest {
        /// The test.
        test: String,
    },
}

fn only_feature(test: &str) -> &'static str {
    if test.starts_with('^') { " but one `$feature`" } else { "" }
}

/// The query can't be evaluated on this schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The query takes more steps than any schema requires.
    #[error("the types of the schema form a loop")]
    Loop,
    /// The schema lacks a type that it refers to.
    #[error("the schema has no type `{0}`")]
    NoType(String),
    /// An entry lacks a key that its meta-type requires.
    #[error("schema entry `{entry}` has no proper `{key}`")]
    Malformed {
        /// The entry's name.
        entry: String,
        /// The key that is absent or has the wrong type.
        key: &'static str,
    },
}

impl Schema {
    /// Evaluates a query. Like libvirt's probing, treats an error (a malformed query or schema) as
    /// no match.
    pub fn holds(&self, query: &Query) -> bool {
        matches!(query.evaluate(self), Ok(Match::Found(_)))
    }
}

impl Query {
    /// Creates a query from a constant; a malformed constant fails to compile.
    ///
    /// # Panics
    ///
    /// Panics if the query is malformed. Use [`str::parse`] for text that is not constant.
    pub const fn literal(text: &'static str) -> Self {
        assert!(first_empty(text.as_bytes()) == 0, "a component of the query is empty");
        assert!(unknown_operator(text.as_bytes()).is_none(), "a component has an unknown operator");
        assert!(test_with_followers(text.as_bytes()).is_none(), "a component follows a test");
        Self(Cow::Borrowed(text))
    }

    /// The text of the query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Evaluates the query on a schema.
    ///
    /// # Errors
    ///
    /// Fails if the query meets a malformed part of the schema.
    pub fn evaluate<'s>(&self, schema: &'s Schema) -> Result<Match<'s>, QueryError> {
        let mut components = self.0.split('/');
        let root = components.next().unwrap_or_default();
        if schema.entry(root).is_none() {
            return Ok(Match::NotFound);
        }
        let components: Vec<Component<'_>> = components.map(Component::new).collect();
        walk(schema, root, &components)
    }
}

impl FromStr for Query {
    type Err = ParseQueryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let empty = first_empty(text.as_bytes());
        if empty > 0 {
            return Err(ParseQueryError::Empty(empty));
        }
        if let Some((start, end)) = unknown_operator(text.as_bytes()) {
            return Err(ParseQueryError::Operator(text[start..end].to_owned()));
        }
        if let Some((start, end)) = test_with_followers(text.as_bytes()) {
            return Err(ParseQueryError::AfterTest { test: text[start..end].to_owned() });
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[derive(Clone, Copy)]
struct Component<'q> {
    modifier: Option<char>,
    name: &'q str,
}

impl<'q> Component<'q> {
    fn new(text: &'q str) -> Self {
        match text.chars().next() {
            Some(first) if !first.is_ascii_alphabetic() => {
                Self { modifier: Some(first), name: &text[first.len_utf8()..] }
            }
            _ => Self { modifier: None, name: text },
        }
    }
}

/// Where one type leads.
enum Step<'s, 'q> {
    /// To another type, with the components that are left.
    To(Cow<'s, str>, &'q [Component<'q>]),
    /// To the branches of an alternate, with the same components.
    ToAny(Branches<'s>),
    End(Match<'s>),
}

/// The types of the branches of an alternate.
type Branches<'s> = Box<dyn Iterator<Item = Cow<'s, str>> + 's>;

fn walk<'s>(
    schema: &'s Schema,
    root: &str,
    components: &[Component<'_>],
) -> Result<Match<'s>, QueryError> {
    let (mut name, mut rest) = (Cow::Borrowed(root), components);
    let (mut steps_left, mut walks_left) = (MAX_STEPS, MAX_WALKS);
    // The alternates on the way, with the branches that are left.
    let mut alternates: Vec<(Branches<'s>, &[Component<'_>], usize)> = Vec::new();
    loop {
        steps_left = steps_left.checked_sub(1).ok_or(QueryError::Loop)?;
        walks_left = walks_left.checked_sub(1).ok_or(QueryError::Loop)?;
        let entry = schema.entry(&name).ok_or_else(|| QueryError::NoType((*name).to_owned()))?;
        match step(entry, rest)? {
            Step::To(next, followers) => {
                (name, rest) = (next, followers);
                continue;
            }
            Step::ToAny(branches) => alternates.push((branches, rest, steps_left)),
            Step::End(Match::NotFound) => {}
            Step::End(found) => return Ok(found),
        }
        // The first branch that matches counts; each may take all of the steps that were left.
        (name, rest, steps_left) = loop {
            let Some((branches, rest, steps_left)) = alternates.last_mut() else {
                return Ok(Match::NotFound);
            };
            if let Some(branch) = branches.next() {
                break (branch, *rest, *steps_left);
            }
            alternates.pop();
        };
    }
}

fn step<'s, 'q>(
    entry: Entry<'s>,
    components: &'q [Component<'q>],
) -> Result<Step<'s, 'q>, QueryError> {
    let Some((component, followers)) = components.split_first() else {
        return Ok(Step::End(Match::Found(Some(entry))));
    };
    if entry.node().get_str("meta-type").is_none() {
        return Err(malformed(entry, "meta-type"));
    }
    let next = match entry.meta_type() {
        Some(MetaType::Command | MetaType::Event) => match component.modifier {
            Some('^' | '!' | '+' | '*') => None,
            Some('$') => return test_feature(entry.node(), entry, *component).map(Step::End),
            _ => entry.type_member(component.name),
        },
        Some(MetaType::Object) => match component.modifier {
            Some('^' | '!') => None,
            Some('$') => return test_feature(entry.node(), entry, *component).map(Step::End),
            Some('+') => {
                entry.variants().find(|v| v.case == component.name).map(|variant| variant.type_name)
            }
            modifier => match entry.member(component.name) {
                Some(member) if modifier == Some('*') && !member.is_optional() => None,
                Some(member) => {
                    Some(member.type_name().ok_or_else(|| malformed(entry, "members"))?)
                }
                None => None,
            },
        },
        // Arrays take no component, so the same components apply to the element.
        Some(MetaType::Array) => {
            let element = entry.type_member("element-type");
            let element = element.ok_or_else(|| malformed(entry, "element-type"))?;
            return Ok(Step::To(element, components));
        }
        Some(MetaType::Enum) => return test_enum(entry, *component, followers).map(Step::End),
        Some(MetaType::Builtin) => return test_builtin(entry, *component).map(Step::End),
        Some(MetaType::Alternate) => {
            let members = entry.node().get("members").and_then(Node::as_array);
            let members = members.ok_or_else(|| malformed(entry, "members"))?;
            return Ok(Step::ToAny(Box::new(members.filter_map(|member| member.get_str("type")))));
        }
        None => None,
    };
    Ok(next.map_or(Step::End(Match::NotFound), |next| Step::To(next, followers)))
}

fn malformed(entry: Entry<'_>, key: &'static str) -> QueryError {
    QueryError::Malformed { entry: entry.name().into_owned(), key }
}

fn answer(found: bool) -> Match<'static> {
    if found { Match::Found(None) } else { Match::NotFound }
}

fn test_feature<'s>(
    holder: Node<'s>,
    entry: Entry<'s>,
    component: Component<'_>,
) -> Result<Match<'s>, QueryError> {
    for feature in holder.get("features").into_iter().flat_map(Node::elements) {
        let feature = feature.as_str().ok_or_else(|| malformed(entry, "features"))?;
        if feature == component.name {
            return Ok(Match::Found(None));
        }
    }
    Ok(Match::NotFound)
}

fn test_enum<'s>(
    entry: Entry<'s>,
    component: Component<'_>,
    followers: &[Component<'_>],
) -> Result<Match<'s>, QueryError> {
    if component.modifier != Some('^') {
        return Ok(Match::NotFound);
    }
    // No query has anything else after the test of a value.
    let feature = followers.first().copied();
    if let Some(members) = entry.node().get("members").filter(|m| m.kind() == JsonType::Array) {
        for member in members.elements() {
            let name = member.get_str("name").ok_or_else(|| malformed(entry, "members"))?;
            if name == component.name {
                return match feature {
                    Some(feature) => test_feature(member, entry, feature),
                    None => Ok(Match::Found(None)),
                };
            }
        }
        // A schema with `members` has the complete list; `values` is its predecessor.
        return Ok(Match::NotFound);
    }
    let values = entry
        .node()
        .get("values")
        .and_then(Node::as_array)
        .ok_or_else(|| malformed(entry, "members"))?;
    Ok(answer(feature.is_none() && values.into_iter().any(|value| value.is_str(component.name))))
}

fn test_builtin<'s>(entry: Entry<'s>, component: Component<'_>) -> Result<Match<'s>, QueryError> {
    if component.modifier != Some('!') {
        return Ok(Match::NotFound);
    }
    let json_type = entry.json_type().ok_or_else(|| malformed(entry, "json-type"))?;
    Ok(answer(json_type == component.name))
}
