use serde::Serialize;

use super::capture::Head;
use super::kind::Kind;
use super::schema::Type;
use super::table::Lists;

/// The data of the report.
#[derive(Serialize)]
pub(crate) struct Document {
    pub(super) format: u32,
    pub(super) program: &'static str,
    pub(super) captures: Vec<Head>,
    pub(super) kinds: Vec<Kind>,
    pub(super) types: Vec<Type>,
    #[serde(flatten)]
    pub(super) lists: Lists,
}
