use super::apply::Subject;
use super::{Edit, EditError};
use crate::arch::Arch;
use crate::capture::{CaptureVariant, Versions};
use crate::qapi::{Query, Schema, SchemaError};

/// Selects the captures that an edit applies to; all given conditions must hold.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CaptureFilter {
    /// The versions in file names; `None` for any.
    pub versions: Option<Versions>,
    /// The architectures; empty for any.
    pub arches: Vec<Arch>,
    /// The capture variants; empty for any.
    pub variants: Vec<CaptureVariant>,
    /// Queries that must all match the schema.
    pub schema: Vec<Query>,
    /// Queries of which none may match the schema.
    pub without_schema: Vec<Query>,
}

impl CaptureFilter {
    /// `schema` keeps the subject's schema for the edits of a script.
    pub(super) fn holds(
        &self,
        edit: &Edit,
        subject: &Subject<'_>,
        schema: &mut Option<Result<Schema, SchemaError>>,
    ) -> Result<bool, EditError> {
        if self.versions.is_some() || !self.arches.is_empty() || !self.variants.is_empty() {
            let nameless = || EditError::Nameless { edit: edit.to_string() };
            let id = subject.id.ok_or_else(nameless)?;
            let version = self.versions.as_ref().is_none_or(|v| v.contains(id.version));
            let arch = self.arches.is_empty() || self.arches.contains(&id.arch);
            let variant = self.variants.is_empty() || self.variants.contains(&id.variant);
            if !(version && arch && variant) {
                return Ok(false);
            }
        }
        let Some(query) = self.schema.first().or(self.without_schema.first()) else {
            return Ok(true);
        };
        let schema = schema.get_or_insert_with(|| Schema::from_conversation(subject.conversation));
        let schema = match schema {
            Ok(schema) => schema,
            // In a capture without a schema, no query matches.
            Err(SchemaError::NotAsked) => return Ok(self.schema.is_empty()),
            Err(source) => {
                return Err(EditError::Schema { query: query.to_string(), source: source.clone() });
            }
        };
        Ok(self.schema.iter().all(|query| schema.holds(query))
            && !self.without_schema.iter().any(|query| schema.holds(query)))
    }
}
