use serde::Serialize;
use serde_json::{Map, Value};

use super::table::Row;

/// All entries of a kind.
#[derive(Serialize)]
pub(crate) struct Kind {
    #[serde(rename = "kind")]
    pub(super) name: &'static str,
    /// The libvirt release that the entries are for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<&'static str>,
    pub(super) rows: Vec<Row>,
    /// Data that does not depend on the capture, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) about: Map<String, Value>,
}

impl Kind {
    pub(super) fn new(name: &'static str, rows: Vec<Row>) -> Self {
        Self { name, baseline: None, rows, about: Map::new() }
    }
}
