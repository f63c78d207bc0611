//! Exploring a schema: the possible continuations of a query, corrections of mistyped queries, and
//! the features of what a query names.
//!
//! ```
//! use caps_core::json::Document;
//! use caps_core::qapi::{Schema, explore};
//!
//! let schema = Schema::from_document(Document::parse(
//!     r#"[{"name": "quit", "meta-type": "command", "arg-type": "0", "ret-type": "0",
//!          "features": ["deprecated"]},
//!         {"name": "0", "meta-type": "object", "members": []}]"#,
//! )?)?;
//! assert_eq!(explore::list(&schema, "q"), ["quit"]);
//! assert_eq!(explore::features(&schema, "quit"), ["deprecated"]);
//! assert_eq!(explore::nearest([&schema], "quti").as_deref(), Some("quit"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeSet, HashSet};

use super::entry::{Entry, Member};
use super::meta_type::MetaType;
use super::query::{Match, Query};
use super::schema::Schema;
use crate::nearest::nearest as most_alike;

/// The components that can follow a query, sorted; for an empty query, the commands and events.
/// Empty if the query does not match.
///
/// ```
/// use caps_core::json::Document;
/// use caps_core::qapi::{Schema, explore};
///
/// let schema = Schema::from_document(Document::parse(
///     r#"[{"name": "stop", "meta-type": "command", "arg-type": "0"},
///         {"name": "0", "meta-type": "object", "members": [{"name": "id", "type": "str", "default": null}]},
///         {"name": "str", "meta-type": "builtin", "json-type": "string"}]"#,
/// )?)?;
/// let following: Vec<String> = explore::following(&schema, "stop/arg-type").into_iter().collect();
/// assert_eq!(following, ["*id", "id"]);
/// assert_eq!(explore::list(&schema, "stop/arg-type/i"), ["stop/arg-type/id"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn following(schema: &Schema, query: &str) -> BTreeSet<String> {
    if query.is_empty() {
        return schema
            .entries()
            .filter(|entry| matches!(entry.meta_type(), Some(MetaType::Command | MetaType::Event)))
            .map(|entry| entry.name().into_owned())
            .collect();
    }
    let (head, last) = split(query);
    if let Some(value) = last.strip_prefix('^').filter(|_| !head.is_empty()) {
        return reached(schema, head)
            .into_iter()
            .filter(|entry| entry.meta_type() == Some(MetaType::Enum))
            .filter_map(|entry| entry.member(value))
            .flat_map(|member| member.features().map(|name| format!("${name}")).collect::<Vec<_>>())
            .collect();
    }
    reached(schema, query).into_iter().flat_map(components).collect()
}

/// The matching queries that start with `prefix` and have as many components, sorted. If that is
/// only `prefix` itself, those with one more component.
pub fn list(schema: &Schema, prefix: &str) -> Vec<String> {
    let extend = |head: &str, partial: &str| -> Vec<String> {
        let slash = if head.is_empty() { "" } else { "/" };
        following(schema, head)
            .into_iter()
            .filter(|component| component.starts_with(partial))
            .map(|component| format!("{head}{slash}{component}"))
            .collect()
    };
    let (head, partial) = split(prefix);
    let found = extend(head, partial);
    if found == [prefix] { extend(prefix, "") } else { found }
}

/// The likely correction of a query that matches no schema. It matches at least one of them, but
/// may be shorter.
///
/// The schemas are gone through a few times, and only one is needed at a time.
pub fn nearest<S: Borrow<Schema>>(
    schemas: impl IntoIterator<Item = S> + Clone,
    query: &str,
) -> Option<String> {
    let components: Vec<&str> = query.split('/').collect();
    // Find the longest prefix that matches somewhere; the mistake comes after it.
    let known = (0..components.len()).rev().find(|&known| {
        known == 0 || {
            let head = components[..known].join("/");
            schemas.clone().into_iter().any(|schema| holds(schema.borrow(), &head))
        }
    })?;
    let head = components[..known].join("/");
    let wrong = components[known];
    let mut candidates = BTreeSet::new();
    for schema in schemas.clone() {
        candidates.extend(following(schema.borrow(), &head));
    }
    let found = same_name(&candidates, wrong, known == 0)
        .or_else(|| most_alike(wrong, candidates.iter().map(String::as_str)))?;
    let join = |parts: &[&str]| {
        parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("/")
    };
    let mended = join(&[&head, found]);
    let whole = join(&[&mended, &components[known + 1..].join("/")]);
    let whole_holds = schemas.into_iter().any(|schema| holds(schema.borrow(), &whole));
    Some(if whole_holds { whole } else { mended })
}

/// Finds a component with the name as written but another operator.
fn same_name<'c>(candidates: &'c BTreeSet<String>, wrong: &str, root: bool) -> Option<&'c str> {
    let name = |component: &'c str| component.trim_start_matches(['^', '!', '$', '+', '*', ' ']);
    if root {
        return None;
    }
    let wrong = wrong.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    candidates.iter().map(String::as_str).find(|candidate| name(candidate) == wrong)
}

/// The features of what a query names: a command, event, type, enum value, or the member itself,
/// whose features libvirt's language can't query. `deprecated` and `unstable` are the common ones.
pub fn features(schema: &Schema, query: &str) -> Vec<String> {
    let (head, last) = split(query);
    let own = |features: &mut dyn Iterator<Item = Cow<'_, str>>| -> Vec<String> {
        features.map(Cow::into_owned).collect()
    };
    if head.is_empty() {
        return schema.entry(last).map(|entry| own(&mut entry.features())).unwrap_or_default();
    }
    let (enum_value, name) = match last.as_bytes().first() {
        Some(b'^') => (true, &last[1..]),
        Some(b'*' | b' ') => (false, &last[1..]),
        Some(byte) if byte.is_ascii_alphabetic() => (false, last),
        _ => return Vec::new(),
    };
    let meta_type = if enum_value { MetaType::Enum } else { MetaType::Object };
    reached(schema, head)
        .into_iter()
        .filter(|entry| entry.meta_type() == Some(meta_type))
        .find_map(|entry| entry.member(name))
        .map(|member| own(&mut member.features()))
        .unwrap_or_default()
}

fn holds(schema: &Schema, query: &str) -> bool {
    query.parse::<Query>().is_ok_and(|query| schema.holds(&query))
}

/// Splits a query at its last slash.
fn split(query: &str) -> (&str, &str) {
    query.rsplit_once('/').unwrap_or(("", query))
}

/// The entries that a query reaches, looking through arrays and alternates.
fn reached<'s>(schema: &'s Schema, query: &str) -> Vec<Entry<'s>> {
    let Ok(query) = query.parse::<Query>() else { return Vec::new() };
    let Ok(Match::Found(Some(entry))) = query.evaluate(schema) else { return Vec::new() };
    let mut open = vec![entry];
    let mut seen = HashSet::new();
    let mut reached = Vec::new();
    while let Some(entry) = open.pop() {
        if !seen.insert(entry.node().range().start) {
            continue;
        }
        match entry.meta_type() {
            Some(MetaType::Array) => {
                open.extend(entry.type_member("element-type").and_then(|name| schema.entry(&name)));
            }
            Some(MetaType::Alternate) => {
                let types: Vec<_> = entry.members().filter_map(Member::type_name).collect();
                open.extend(types.iter().rev().filter_map(|name| schema.entry(name)));
            }
            _ => reached.push(entry),
        }
    }
    reached
}

/// The components that can follow an entry other than an array or alternate.
fn components(entry: Entry<'_>) -> Vec<String> {
    let features = entry.features().map(|name| format!("${name}"));
    let mut components = Vec::new();
    match entry.meta_type() {
        Some(MetaType::Command | MetaType::Event) => {
            components.extend(
                ["arg-type", "ret-type"]
                    .into_iter()
                    .filter(|key| entry.type_member(key).is_some())
                    .map(str::to_owned),
            );
            components.extend(features);
        }
        Some(MetaType::Object) => {
            for member in entry.members() {
                let Some(name) = member.name() else { continue };
                if member.is_optional() {
                    components.push(format!("*{name}"));
                }
                components.push(plain(&name));
            }
            components.extend(entry.variants().map(|variant| format!("+{}", variant.case)));
            components.extend(features);
        }
        Some(MetaType::Enum) => {
            components.extend(entry.values().into_iter().map(|value| format!("^{value}")));
        }
        Some(MetaType::Builtin) => {
            components.extend(entry.json_type().map(|name| format!("!{name}")));
        }
        _ => {}
    }
    components
}

/// Formats a name as a component of a query. Names that don't start with a letter are escaped by a space.
pub fn plain(name: &str) -> String {
    let letter = name.starts_with(|c: char| c.is_ascii_alphabetic());
    format!("{}{name}", if letter { "" } else { " " })
}
