use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{
    Action, CaptureFilter, Edit, InvalidAction, InvalidExchange, NewExchange, Occurrence, Script,
    Target, object,
};
use crate::arch::Arch;
use crate::capture::{CaptureVariant, Versions};
use crate::json;
#[cfg(feature = "toml")]
use crate::located::from_toml;
use crate::located::{Json, Located, LocatedError, OneOrMany, Parsed, from_json};
use crate::names::closed_set;
use crate::qapi::Query;

impl Script {
    /// Parses a TOML script with a table `[[edit]]` for each edit.
    ///
    /// ```
    /// use caps_core::edit::Script;
    ///
    /// let script = Script::from_toml(r#"
    ///     [[edit]]
    ///     action = "set"      # drop, insert-before, insert-after, replace, set, remove
    ///     command = "query-machines"
    ///     pointer = "/return/[name=pc-q35-9.2]/deprecated"
    ///     value = true
    ///     when = { version = ">=9.2", arch = "x86_64" }
    /// "#)?;
    /// assert_eq!(
    ///     script.edits()[0].to_string(),
    ///     "set `/return/[name=pc-q35-9.2]/deprecated` in the reply to `query-machines`"
    /// );
    /// # Ok::<(), caps_core::located::LocatedError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the text is not TOML or not a script.
    #[cfg(feature = "toml")]
    pub fn from_toml(text: &str) -> Result<Self, LocatedError> {
        Self::from_tables(from_toml::<File>(text)?.edit)
    }

    /// Parses a JSON script: `{"edit": [...]}` with the same keys as in TOML, or only the list.
    ///
    /// ```
    /// use caps_core::edit::Script;
    ///
    /// let script = Script::from_json(r#"{"edit": [{"action": "drop", "command": "query-kvm"}]}"#)?;
    /// assert_eq!(script.edits()[0].to_string(), "drop `query-kvm`");
    /// # Ok::<(), caps_core::located::LocatedError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON or not a script.
    pub fn from_json(text: &str) -> Result<Self, LocatedError> {
        if text.trim_start().starts_with('[') {
            return Self::from_tables(from_json(text)?);
        }
        Self::from_tables(from_json::<File>(text)?.edit)
    }

    fn from_tables(tables: Located<Vec<Located<Table>>>) -> Result<Self, LocatedError> {
        if tables.value.is_empty() {
            return Err(tables.wrong("expected at least one edit"));
        }
        Ok(Self { edits: tables.value.into_iter().map(edit).collect::<Result<_, _>>()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct File {
    edit: Located<Vec<Located<Table>>>,
}

/// An edit as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
struct Table {
    action: Parsed<Verb>,
    command: String,
    arguments: Option<Located<Json>>,
    session: Option<Located<Json>>,
    occurrence: Option<Parsed<Occurrence>>,
    new: Option<Located<Json>>,
    reply: Option<Located<Json>>,
    pointer: Option<Located<String>>,
    value: Option<Located<Json>>,
    value_json: Option<Located<String>>,
    #[serde(default)]
    when: When,
    #[serde(default)]
    allow_no_match: bool,
    #[serde(rename = "comment")]
    _comment: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
struct When {
    version: Option<Parsed<Versions>>,
    arch: OneOrMany<Arch>,
    variant: OneOrMany<CaptureVariant>,
    schema: OneOrMany<Query>,
    without_schema: OneOrMany<Query>,
}

closed_set! {
    /// What an edit does.
    enum Verb: "an action", {
        Drop = "drop",
        InsertBefore = "insert-before",
        InsertAfter = "insert-after",
        Replace = "replace",
        Set = "set",
        Remove = "remove",
    }
}

impl Verb {
    /// The keys that only some actions use, as far as this one does.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Drop => &[],
            Self::InsertBefore | Self::InsertAfter | Self::Replace => &["new", "reply"],
            Self::Set => &["pointer", "value", "value-json"],
            Self::Remove => &["pointer"],
        }
    }
}

fn edit(table: Located<Table>) -> Result<Edit, LocatedError> {
    let action = action(&table)?;
    let Located { line, value: table, .. } = table;
    let mut target = Target::new(table.command);
    if let Some(arguments) = &table.arguments {
        let document = object(&json_text(arguments)?)
            .map_err(|error| arguments.error(InvalidExchange::Command(error)))?;
        target.arguments = Some(document);
    }
    if let Some(session) = &table.session {
        let number = match &session.value {
            Json::Value(number) => number.parse().ok().filter(|&number: &usize| number > 0),
            Json::Text(_) => None,
        };
        let wrong = || {
            let found = session.value.to_json();
            session.wrong(format!("`session`: expected a number from 1 on, found `{found}`"))
        };
        target.session = Some(number.ok_or_else(wrong)?);
    }
    target.occurrence = table.occurrence.map(|Parsed(occurrence)| occurrence);
    let when = CaptureFilter {
        versions: table.when.version.map(|Parsed(versions)| versions),
        arches: table.when.arch.0,
        variants: table.when.variant.0,
        schema: table.when.schema.0,
        without_schema: table.when.without_schema.0,
    };
    Ok(Edit { target, action, when, allow_no_match: table.allow_no_match, line: Some(line) })
}

fn action(located: &Located<Table>) -> Result<Action, LocatedError> {
    let table = &located.value;
    let Parsed(verb) = table.action;
    let line = |json: &Option<Located<Json>>| json.as_ref().map(|json| json.line);
    let text = |text: &Option<Located<String>>| text.as_ref().map(|text| text.line);
    for (key, line) in [
        ("new", line(&table.new)),
        ("reply", line(&table.reply)),
        ("pointer", text(&table.pointer)),
        ("value", line(&table.value)),
        ("value-json", text(&table.value_json)),
    ] {
        if let Some(line) = line.filter(|_| !verb.keys().contains(&key)) {
            let message = format!("`{key}` has no meaning for `{verb}`");
            return Err(LocatedError { line, message });
        }
    }
    let missing = |key: &str| located.wrong(format!("`{key}` is missing"));
    let pointer = || table.pointer.as_ref().ok_or_else(|| missing("pointer"));
    match verb {
        Verb::Drop => Ok(Action::Drop),
        Verb::Remove => {
            let pointer = pointer()?;
            Action::remove(&pointer.value).map_err(|error| pointer.error(error))
        }
        Verb::Set => {
            let pointer = pointer()?;
            let set = |json: &str| Action::set(&pointer.value, json);
            match (&table.value, &table.value_json) {
                (Some(_), Some(json)) => Err(json.wrong("`value` is given twice")),
                (None, None) => Err(missing("value")),
                (Some(value), None) => {
                    set(&value.value.to_json()).map_err(|error| pointer.error(error))
                }
                (None, Some(json)) => set(&json.value).map_err(|error| match error {
                    InvalidAction::Value(_) => json.error(error),
                    _ => pointer.error(error),
                }),
            }
        }
        Verb::InsertBefore | Verb::InsertAfter | Verb::Replace => {
            let reply = table.reply.as_ref().ok_or_else(|| missing("reply"))?;
            let answer = json_text(reply)?;
            let Some(new) = &table.new else {
                // A reply alone replaces the reply alone.
                let action = Action::replace(None, &answer).map_err(|error| reply.error(error));
                return if verb == Verb::Replace { action } else { Err(missing("new")) };
            };
            let exchange = NewExchange::new(&json_text(new)?, &answer);
            let exchange = exchange.map_err(|error| match error {
                InvalidAction::Exchange(
                    InvalidExchange::Command(_) | InvalidExchange::NotACommand(_),
                ) => new.error(error),
                _ => reply.error(error),
            })?;
            Ok(match verb {
                Verb::InsertBefore => Action::InsertBefore(exchange),
                Verb::InsertAfter => Action::InsertAfter(exchange),
                _ => Action::Replace(exchange),
            })
        }
    }
}

/// A table as JSON, or a string that contains JSON.
fn json_text(value: &Located<Json>) -> Result<String, LocatedError> {
    match &value.value {
        Json::Text(text) => match json::compact(text) {
            Ok(_) => Ok(text.clone()),
            Err(error) => Err(value.error(InvalidAction::Value(error))),
        },
        Json::Value(json) => Ok(json.clone()),
    }
}
