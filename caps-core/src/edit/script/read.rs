use std::str::FromStr;

use super::tree::{Shape, Value};
use super::{ScriptError, ScriptErrorKind};
use crate::edit::{
    Action, CaptureFilter, Edit, InvalidAction, InvalidExchange, NewExchange, Occurrence, Script,
    Target, object,
};
use crate::json;
use crate::nearest::nearest;

const KEYS: &[&str] = &[
    "action",
    "command",
    "arguments",
    "session",
    "occurrence",
    "new",
    "reply",
    "pointer",
    "value",
    "value-json",
    "when",
    "allow-no-match",
    "comment",
];
const CONDITIONS: &[&str] = &["version", "arch", "variant", "schema", "without-schema"];
const ACTIONS: &[&str] = &["drop", "insert-before", "insert-after", "replace", "set", "remove"];
const OCCURRENCES: &[(&str, Occurrence)] =
    &[("all", Occurrence::All), ("first", Occurrence::First), ("last", Occurrence::Last)];

impl Script {
    pub(super) fn from_tree(tree: &Value) -> Result<Self, ScriptError> {
        let list = match &tree.shape {
            Shape::List(_) => tree,
            _ => Table::new(tree, "the script", &["edit"])?.require("edit")?,
        };
        let edits = elements(list, "edit")?;
        if edits.is_empty() {
            return Err(list.error(ScriptErrorKind::NoEdit));
        }
        Ok(Self { edits: edits.iter().map(edit).collect::<Result<_, _>>()? })
    }
}

fn edit(tree: &Value) -> Result<Edit, ScriptError> {
    let table = Table::new(tree, "edit", KEYS)?;
    let action = table.require("action")?;
    let name = word(action, "action", ACTIONS)?;
    let mut target = Target::new(text(table.require("command")?, "command")?);
    if let Some(arguments) = table.get("arguments") {
        let document = object(&json_text(arguments)?).map_err(|error| {
            arguments.error(InvalidAction::from(InvalidExchange::Command(error)))
        })?;
        target.arguments = Some(document);
    }
    if let Some(session) = table.get("session") {
        let number = match &session.shape {
            Shape::Other(number) => number.parse().ok().filter(|&number: &usize| number > 0),
            _ => None,
        };
        target.session =
            Some(number.ok_or_else(|| wrong(session, "session", "a number from 1 on"))?);
    }
    if let Some(occurrence) = table.get("occurrence") {
        let names: Vec<&str> = OCCURRENCES.iter().map(|(name, _)| *name).collect();
        let name = word(occurrence, "occurrence", &names)?;
        target.occurrence = OCCURRENCES.iter().find(|known| known.0 == name).map(|known| known.1);
    }
    let mut edit = Edit::new(target, read_action(&table, name)?);
    edit.line = Some(tree.line);
    if let Some(when) = table.get("when") {
        edit.when = read_when(when)?;
    }
    if let Some(allow) = table.get("allow-no-match") {
        let Shape::Bool(allow_no_match) = allow.shape else {
            return Err(wrong(allow, "allow-no-match", "a boolean"));
        };
        edit.allow_no_match = allow_no_match;
    }
    Ok(edit)
}

fn read_action(table: &Table<'_>, name: &str) -> Result<Action, ScriptError> {
    let meant: &[&str] = match name {
        "drop" => &[],
        "set" => &["pointer", "value", "value-json"],
        "remove" => &["pointer"],
        _ => &["new", "reply"],
    };
    for key in ["new", "reply", "pointer", "value", "value-json"] {
        if let Some(value) = table.get(key).filter(|_| !meant.contains(&key)) {
            return Err(value.error(ScriptErrorKind::Useless { key, action: name.to_owned() }));
        }
    }
    match name {
        "drop" => Ok(Action::Drop),
        "set" | "remove" => {
            let pointer = table.require("pointer")?;
            let text = text(pointer, "pointer")?;
            if name == "remove" {
                return Action::remove(text).map_err(|error| pointer.error(error));
            }
            let (value, json) = match (table.get("value"), table.get("value-json")) {
                (Some(_), Some(json)) => {
                    return Err(json.error(ScriptErrorKind::Twice("value".to_owned())));
                }
                (Some(value), None) => (value, value.to_json()),
                (None, Some(json)) => (json, self::text(json, "value-json")?.to_owned()),
                (None, None) => return Err(table.missing("value")),
            };
            Action::set(text, &json).map_err(|error| match error {
                InvalidAction::Pointer(_) => pointer.error(error),
                _ => value.error(error),
            })
        }
        _ => {
            let reply = table.require("reply")?;
            let reply_json = json_text(reply)?;
            let new = match table.get("new") {
                Some(new) => Some((new, json_text(new)?)),
                None if name == "replace" => None,
                None => return Err(table.missing("new")),
            };
            let located = |error: InvalidAction| match (&error, &new) {
                (
                    InvalidAction::Exchange(
                        InvalidExchange::Command(_) | InvalidExchange::NotACommand(_),
                    ),
                    Some((new, _)),
                ) => new.error(error),
                _ => reply.error(error),
            };
            let command = new.as_ref().map(|(_, json)| json.as_str());
            match (name, command) {
                ("insert-before", Some(command)) => {
                    NewExchange::new(command, &reply_json).map(Action::InsertBefore)
                }
                ("insert-after", Some(command)) => {
                    NewExchange::new(command, &reply_json).map(Action::InsertAfter)
                }
                _ => Action::replace(command, &reply_json),
            }
            .map_err(located)
        }
    }
}

fn read_when(tree: &Value) -> Result<CaptureFilter, ScriptError> {
    let table = Table::new(tree, "when", CONDITIONS)?;
    let mut when = CaptureFilter::default();
    if let Some(version) = table.get("version") {
        when.versions = Some(parsed(version, "version")?);
    }
    when.arches = table.list("arch")?;
    when.variants = table.list("variant")?;
    when.schema = table.list("schema")?;
    when.without_schema = table.list("without-schema")?;
    Ok(when)
}

/// A table that contains only known keys.
struct Table<'t> {
    tree: &'t Value,
    members: &'t [(String, usize, Value)],
}

impl<'t> Table<'t> {
    fn new(tree: &'t Value, name: &str, keys: &[&str]) -> Result<Self, ScriptError> {
        let Shape::Table(members) = &tree.shape else { return Err(wrong(tree, name, "a table")) };
        for (index, (key, line, _)) in members.iter().enumerate() {
            let error = |kind| ScriptError { line: *line, kind };
            if !keys.contains(&key.as_str()) {
                return Err(error(ScriptErrorKind::UnknownKey {
                    key: key.clone(),
                    nearest: nearest(key, keys.iter().copied()).map(str::to_owned),
                    expected: listed(keys),
                }));
            }
            if members[..index].iter().any(|(other, ..)| other == key) {
                return Err(error(ScriptErrorKind::Twice(key.clone())));
            }
        }
        Ok(Self { tree, members })
    }

    fn get(&self, key: &str) -> Option<&'t Value> {
        self.members.iter().find(|(name, ..)| name == key).map(|(_, _, value)| value)
    }

    fn require(&self, key: &'static str) -> Result<&'t Value, ScriptError> {
        self.get(key).ok_or_else(|| self.missing(key))
    }

    fn missing(&self, key: &'static str) -> ScriptError {
        self.tree.error(ScriptErrorKind::Missing(key))
    }

    /// Reads a single string or a list of strings.
    fn list<T: FromStr>(&self, key: &str) -> Result<Vec<T>, ScriptError>
    where
        ScriptErrorKind: From<T::Err>,
    {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(value) => match &value.shape {
                Shape::List(elements) => elements.iter().map(|e| parsed(e, key)).collect(),
                _ => Ok(vec![parsed(value, key)?]),
            },
        }
    }
}

fn elements<'t>(tree: &'t Value, key: &str) -> Result<&'t [Value], ScriptError> {
    match &tree.shape {
        Shape::List(elements) => Ok(elements),
        _ => Err(wrong(tree, key, "a list of tables")),
    }
}

fn text<'t>(value: &'t Value, key: &str) -> Result<&'t str, ScriptError> {
    match &value.shape {
        Shape::Text(text) => Ok(text),
        _ => Err(wrong(value, key, "a string")),
    }
}

fn parsed<T: FromStr>(value: &Value, key: &str) -> Result<T, ScriptError>
where
    ScriptErrorKind: From<T::Err>,
{
    text(value, key)?.parse().map_err(|error: T::Err| value.error(error))
}

/// A table as JSON, or a string that contains JSON.
fn json_text(value: &Value) -> Result<String, ScriptError> {
    match &value.shape {
        Shape::Text(text) => {
            json::compact(text).map_err(|error| value.error(InvalidAction::Value(error)))?;
            Ok(text.clone())
        }
        _ => Ok(value.to_json()),
    }
}

fn word<'t>(value: &'t Value, what: &'static str, words: &[&str]) -> Result<&'t str, ScriptError> {
    let word = text(value, what)?;
    if words.contains(&word) {
        return Ok(word);
    }
    Err(value.error(ScriptErrorKind::UnknownWord {
        what,
        word: word.to_owned(),
        nearest: nearest(word, words.iter().copied()).map(str::to_owned),
        expected: listed(words),
    }))
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn wrong(value: &Value, key: &str, expected: &'static str) -> ScriptError {
    let found = value.describe();
    value.error(ScriptErrorKind::WrongType { key: key.to_owned(), expected, found })
}
