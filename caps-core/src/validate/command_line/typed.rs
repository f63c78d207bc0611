//! Options with types in the schema: their text is parsed by type and then checked like JSON.

use super::judge::Judge;
use crate::command_line::Tree;
use crate::command_line::scalar::{boolean, integer, size};
use crate::json::{Document, Node, quote};
use crate::qapi::{Entry, MetaType, Schema};
use crate::validate::command::Context;
use crate::validate::{Report, Stage, Violation, ViolationKind};

/// The most variants of variants; no type needs that many.
const MAX_DEPTH: usize = 32;

impl Judge<'_> {
    /// Checks a tree of text against a type; `tag` is the member that selects the variant.
    pub(super) fn check_typed(&mut self, type_name: &str, tree: &Tree, tag: &str) {
        // The types of these options contain no sizes, and an integer takes no unit.
        let sizes = !matches!(self.option.as_str(), "blockdev" | "audiodev" | "audio" | "display");
        let mut json = String::new();
        let schema = self.target.schema();
        write(Reader { schema, sizes }, type_name, tree, &mut json);
        let Ok(document) = Document::parse(json) else { return };
        self.check_node(type_name, document.root(), tag);
    }

    /// Checks a JSON value against a type.
    pub(super) fn check_node(&mut self, type_name: &str, node: Node<'_>, tag: &str) {
        let context = Context { target: self.target, policy: self.policy };
        self.take(context.value(type_name, node), tag);
    }

    /// Takes over the findings about a value.
    pub(super) fn take(&mut self, report: Report, tag: &str) {
        for violation in report.problems {
            let violation = self.translate(violation, tag);
            self.push(violation);
        }
        for mut warning in report.warnings {
            warning.path = self.path(&warning.path);
            warning.argument = Some(self.argument);
            self.report.warnings.push(warning);
        }
        for unchecked in report.unchecked {
            self.unchecked(&unchecked.path, unchecked.reason);
        }
    }

    fn translate(&self, mut violation: Violation, tag: &str) -> Violation {
        let key = violation.member().to_owned();
        let is_tag = key == tag || key.ends_with(&format!(".{tag}"));
        let found = violation.found.trim_start_matches("string ").trim_matches('"');
        let words = match violation.kind {
            ViolationKind::Missing => format!("Parameter '{key}' is missing"),
            ViolationKind::Unexpected if self.option == "netdev" || self.option == "object" => {
                format!("Invalid parameter '{key}'")
            }
            ViolationKind::Unexpected => format!("Parameter '{key}' is unexpected"),
            ViolationKind::Value => format!("Parameter '{key}' does not accept value '{found}'"),
            _ => format!("Parameter '{key}' expects {}", violation.expected),
        };
        let stage = if is_tag && violation.kind == ViolationKind::Value {
            Stage::Type
        } else {
            Stage::Value
        };
        violation.path = self.path(&key);
        violation.argument = Some(self.argument);
        violation.stage = Some(stage);
        violation.qemu = Some(words);
        violation
    }
}

/// How to parse scalars.
#[derive(Clone, Copy)]
struct Reader<'s> {
    schema: &'s Schema,
    /// Whether integers can be sizes, which the schema does not distinguish.
    sizes: bool,
}

/// Formats a tree as JSON, each text as the scalar that its type requires. Text that does not parse
/// stays a string, which the checks then reject.
fn write(reader: Reader<'_>, type_name: &str, tree: &Tree, out: &mut String) {
    let schema = reader.schema;
    let entry = schema.entry(type_name);
    match tree {
        Tree::Text(text) => out.push_str(&scalar(reader, entry, text)),
        Tree::List(elements) => {
            let element = branch(schema, entry, MetaType::Array).and_then(Entry::element_type);
            out.push('[');
            for (index, tree) in elements.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(reader, element.as_deref().unwrap_or_default(), tree, out);
            }
            out.push(']');
        }
        Tree::Members(members) => {
            let objects = objects(schema, branch(schema, entry, MetaType::Object), tree);
            out.push('{');
            for (index, (key, tree)) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&quote(key));
                out.push(':');
                let member = objects.iter().find_map(|object| object.shape().member_type(key));
                write(reader, member.unwrap_or_default(), tree, out);
            }
            out.push('}');
        }
    }
}

/// An object type, and the variants that the tags of a tree select.
fn objects<'s>(schema: &'s Schema, object: Option<Entry<'s>>, tree: &Tree) -> Vec<Entry<'s>> {
    let next = |entry: &Entry<'s>| {
        let case = tree.get(&entry.tag()?)?.as_text()?;
        schema.entry(entry.shape().variant(case)?)
    };
    std::iter::successors(object, next).take(MAX_DEPTH).collect()
}

/// The entry itself, or the branch of an alternate with the wanted meta-type.
pub(super) fn branch<'s>(
    schema: &'s Schema,
    entry: Option<Entry<'s>>,
    wanted: MetaType,
) -> Option<Entry<'s>> {
    let entry = entry?;
    if entry.meta_type() != Some(MetaType::Alternate) {
        return (entry.meta_type() == Some(wanted)).then_some(entry);
    }
    let members = entry.shape().members.iter();
    let mut branches = members.filter_map(|member| schema.entry(member.type_name.as_deref()?));
    branches.find(|branch| branch.meta_type() == Some(wanted))
}

fn scalar(reader: Reader<'_>, entry: Option<Entry<'_>>, text: &str) -> String {
    let Some(entry) = entry else { return quote(text) };
    match entry.meta_type() {
        Some(MetaType::Builtin) => {
            let read = match entry.json_type().as_deref() {
                Some("boolean") => boolean(text).map(|value| value.to_string()),
                Some("int") => number(text, reader.sizes),
                Some("number") => number(text, false)
                    .or_else(|| text.parse::<f64>().ok().map(|_| text.to_owned())),
                Some("null") if text.is_empty() => Some("null".to_owned()),
                _ => None,
            };
            read.unwrap_or_else(|| quote(text))
        }
        // Of an alternate, text is always the branch that takes text.
        _ => quote(text),
    }
}

/// Parses an integer or a size; the schema does not distinguish them.
fn number(text: &str, sizes: bool) -> Option<String> {
    match integer(text) {
        Some(value) => Some(value.to_string()),
        None if sizes => size(text, 1).ok().map(|value| value.to_string()),
        None => None,
    }
}
