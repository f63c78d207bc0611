//! Tables with captures as columns. Equal values, rows and tables are stored once.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use serde::Serialize;
use serde_json::{Map, Value};

/// The position of an item in a list.
pub(super) type Id = u32;

/// The capture lacks it.
pub(super) const ABSENT: Id = 0;
/// The capture does not reveal whether it has it.
const UNASKED: Id = 1;
/// The capture has it, without further details.
pub(super) const PRESENT: Id = 2;

/// No value yet.
const UNSET: Id = Id::MAX;

/// A list without duplicates.
struct Interner<T> {
    items: Vec<T>,
    ids: HashMap<T, Id>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    fn new() -> Self {
        Self { items: Vec::new(), ids: HashMap::new() }
    }

    fn id(&mut self, item: T) -> Id {
        if let Some(&id) = self.ids.get(&item) {
            return id;
        }
        // Four billion different values would not fit into memory.
        let id = Id::try_from(self.items.len()).unwrap_or(UNASKED);
        self.items.push(item.clone());
        self.ids.insert(item, id);
        id
    }
}

/// The data shared by all tables.
pub(super) struct Store {
    captures: usize,
    records: Interner<Value>,
    patterns: Interner<Vec<Id>>,
    groups: Interner<Vec<Row>>,
}

/// A row of a table: a name, the values by capture, and optionally the number of a nested table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub(crate) enum Row {
    Plain(String, Id),
    WithGroup(String, Id, Id),
}

/// The shared lists of the document.
#[derive(Serialize)]
pub(crate) struct Lists {
    records: Vec<Value>,
    patterns: Vec<Vec<Id>>,
    groups: Vec<Vec<Row>>,
}

impl Store {
    pub(super) fn new(captures: usize) -> Self {
        let mut records = Interner::new();
        // They get the numbers ABSENT, UNASKED and PRESENT, which the page knows.
        for value in [Value::Null, Value::Bool(false), Value::Bool(true)] {
            records.id(value);
        }
        Self { captures, records, patterns: Interner::new(), groups: Interner::new() }
    }

    /// The number of a record. A record without members only states that the item exists.
    pub(super) fn record(&mut self, record: Map<String, Value>) -> Id {
        if record.is_empty() { PRESENT } else { self.records.id(Value::Object(record)) }
    }

    /// The number of a row of values, run-length encoded.
    fn pattern(&mut self, cells: &[Id]) -> Id {
        let runs = cells.chunk_by(|a, b| a == b);
        let length = |run: &[Id]| Id::try_from(run.len()).unwrap_or(Id::MAX);
        self.patterns.id(runs.flat_map(|run| [run[0], length(run)]).collect())
    }

    pub(super) fn group(&mut self, rows: Vec<Row>) -> Id {
        self.groups.id(rows)
    }

    /// The number of the row in which only these captures have the item.
    pub(super) fn presence(&mut self, captures: impl Iterator<Item = usize>) -> Id {
        let mut cells = vec![ABSENT; self.captures];
        captures.for_each(|capture| cells[capture] = PRESENT);
        self.pattern(&cells)
    }

    pub(super) fn finish(self) -> Lists {
        Lists {
            records: self.records.items,
            patterns: self.patterns.items,
            groups: self.groups.items,
        }
    }
}

/// A table under construction.
pub(super) struct Table {
    asked: Vec<bool>,
    rows: BTreeMap<String, Vec<Id>>,
}

impl Table {
    /// A table without values.
    pub(super) fn new(captures: usize) -> Self {
        Self { asked: vec![false; captures], rows: BTreeMap::new() }
    }

    /// Marks everything that the capture does not mention as absent from it.
    pub(super) fn asked(&mut self, capture: usize) {
        self.asked[capture] = true;
    }

    pub(super) fn set(&mut self, name: &str, capture: usize, record: Id) {
        self.row(name)[capture] = record;
    }

    /// Marks an item as unknown to the capture.
    pub(super) fn set_unasked(&mut self, name: &str, capture: usize) {
        self.set(name, capture, UNASKED);
    }

    /// Adds a row, unless it exists.
    pub(super) fn add(&mut self, name: &str) {
        self.row(name);
    }

    pub(super) fn is_set(&self, name: &str, capture: usize) -> bool {
        self.rows.get(name).is_some_and(|cells| cells[capture] != UNSET)
    }

    /// The captures known to lack the item.
    pub(super) fn absent(&self, name: &str) -> Vec<usize> {
        let captures = 0..self.asked.len();
        captures.filter(|&c| self.asked[c] && !self.is_set(name, c)).collect()
    }

    fn row(&mut self, name: &str) -> &mut Vec<Id> {
        // The entry API needs an owned name even if the row exists, and this is called for each cell.
        if !self.rows.contains_key(name) {
            self.rows.insert(name.to_owned(), vec![UNSET; self.asked.len()]);
        }
        self.rows.get_mut(name).expect("it is there now")
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    pub(super) fn finish(self, store: &mut Store) -> Vec<Row> {
        self.finish_with(store, |_, _| None)
    }

    /// Attaches nested tables, by the names of rows.
    pub(super) fn finish_with(
        self,
        store: &mut Store,
        mut group: impl FnMut(&mut Store, &str) -> Option<Id>,
    ) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for (name, mut cells) in self.rows {
            for (cell, asked) in cells.iter_mut().zip(&self.asked) {
                // What is not mentioned is absent only where the capture was asked at all.
                if *cell == UNSET {
                    *cell = if *asked { ABSENT } else { UNASKED };
                }
            }
            let pattern = store.pattern(&cells);
            rows.push(match group(store, &name) {
                Some(group) => Row::WithGroup(name, pattern, group),
                None => Row::Plain(name, pattern),
            });
        }
        rows
    }
}

/// A table for each item.
pub(super) struct Tables {
    captures: usize,
    tables: BTreeMap<String, Table>,
}

impl Tables {
    pub(super) fn new(captures: usize) -> Self {
        Self { captures, tables: BTreeMap::new() }
    }

    pub(super) fn of(&mut self, name: &str) -> &mut Table {
        if !self.tables.contains_key(name) {
            self.tables.insert(name.to_owned(), Table::new(self.captures));
        }
        self.tables.get_mut(name).expect("it is there now")
    }

    /// The numbers of the tables, by name. Empty ones are omitted.
    pub(super) fn finish(self, store: &mut Store) -> HashMap<String, Id> {
        let mut groups = HashMap::new();
        for (name, table) in self.tables {
            let rows = table.finish(store);
            if !rows.is_empty() {
                groups.insert(name, store.group(rows));
            }
        }
        groups
    }
}

/// The non-empty members of a record.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Record(Map<String, Value>);

impl Record {
    /// Adds a member, unless its value is false, null or empty.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let says_nothing = match &value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if !says_nothing {
            self.0.insert(key.to_owned(), value);
        }
        self
    }

    pub(super) fn id(self, store: &mut Store) -> Id {
        store.record(self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PRESENT, Record, Store};

    #[test]
    fn members_that_say_nothing_are_left_out() {
        for value in [json!(null), json!(false), json!(""), json!([]), json!({})] {
            let mut store = Store::new(1);
            assert_eq!(
                Record::default().with("a", value.clone()).id(&mut store),
                PRESENT,
                "{value}"
            );
        }
        for value in [json!(true), json!(0), json!("b"), json!([""]), json!({"b": null})] {
            let mut store = Store::new(1);
            let id = Record::default().with("a", value.clone()).with("c", "").id(&mut store);
            let records = serde_json::to_value(store.finish()).expect("lists")["records"].take();
            assert_eq!(records[id as usize], json!({"a": value}));
        }
    }
}
