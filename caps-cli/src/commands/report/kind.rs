use serde::Serialize;
use serde_json::{Map, Value};

use super::table::Row;

/// All things of a kind.
#[derive(Serialize)]
pub(crate) struct Kind {
    #[serde(rename = "kind")]
    pub(super) name: &'static str,
    /// The release of libvirt that knows them so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<&'static str>,
    pub(super) rows: Vec<Row>,
    /// What does not depend on the capture, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) about: Map<String, Value>,
}

impl Kind {
    pub(super) fn new(name: &'static str, rows: Vec<Row>) -> Self {
        Self { name, baseline: None, rows, about: Map::new() }
    }
}
