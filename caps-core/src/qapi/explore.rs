//! Finding one's way through a schema: what may follow in a query, what a mistyped query was meant to
//! be, and what QEMU says of the thing that a query names.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::entry::{Entry, Member, MetaType};
use super::query::{Match, Query};
use super::schema::Schema;
use crate::nearest::nearest as most_alike;

/// The components that may follow a query, sorted; for an empty text the commands and events. Nothing
/// follows a query that does not hold.
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

/// The queries that hold and begin with `prefix`, with as many components as it has, sorted. When that
/// is only `prefix` itself, those with one more.
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

/// The query that one which holds in none of the schemas was probably meant to be. It holds in at
/// least one of them, but may be shorter.
pub fn nearest<'s>(
    schemas: impl IntoIterator<Item = &'s Schema> + Clone,
    query: &str,
) -> Option<String> {
    let components: Vec<&str> = query.split('/').collect();
    // The longest beginning that holds somewhere; what comes after it is the mistake.
    let known = (0..components.len()).rev().find(|&known| {
        known == 0 || {
            let head = components[..known].join("/");
            schemas.clone().into_iter().any(|schema| holds(schema, &head))
        }
    })?;
    let head = components[..known].join("/");
    let wrong = components[known];
    let mut candidates = BTreeSet::new();
    for schema in schemas.clone() {
        candidates.extend(following(schema, &head));
    }
    let found = same_name(&candidates, wrong, known == 0)
        .or_else(|| most_alike(wrong, candidates.iter().map(String::as_str)))?;
    let join = |parts: &[&str]| {
        parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("/")
    };
    let mended = join(&[&head, found]);
    let whole = join(&[&mended, &components[known + 1..].join("/")]);
    let whole_holds = schemas.into_iter().any(|schema| holds(schema, &whole));
    Some(if whole_holds { whole } else { mended })
}

/// A component with the name that was written, but with another operator.
fn same_name<'c>(candidates: &'c BTreeSet<String>, wrong: &str, root: bool) -> Option<&'c str> {
    let name = |component: &'c str| component.trim_start_matches(['^', '!', '$', '+', '*', ' ']);
    if root {
        return None;
    }
    let wrong = wrong.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    candidates.iter().map(String::as_str).find(|candidate| name(candidate) == wrong)
}

/// The `features` of what a query names: of a command, event or type, of the member itself (libvirt's
/// language can't ask for these), or of an enum value. `deprecated` and `unstable` are the common ones.
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

/// What stands before the last slash, and what stands after it.
fn split(query: &str) -> (&str, &str) {
    query.rsplit_once('/').unwrap_or(("", query))
}

/// The entries that a query reaches, arrays and alternates passed through.
fn reached<'s>(schema: &'s Schema, query: &str) -> Vec<Entry<'s>> {
    let Ok(query) = query.parse::<Query>() else { return Vec::new() };
    let Ok(Match::Found(Some(entry))) = query.evaluate(schema) else { return Vec::new() };
    let mut open = vec![entry];
    let mut seen = HashSet::new();
    let mut reached = Vec::new();
    while let Some(entry) = open.pop() {
        if !seen.insert(entry.node().index()) {
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

/// The components that may follow at an entry that is no array and no alternate.
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

/// A name as a component of a query; one that begins with something else than a letter takes a blank.
pub fn plain(name: &str) -> String {
    let letter = name.starts_with(|c: char| c.is_ascii_alphabetic());
    format!("{}{name}", if letter { "" } else { " " })
}
