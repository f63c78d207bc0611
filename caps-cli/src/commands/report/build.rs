use caps_core::qapi::Schema;

use super::capture::{Facts, Head};
use super::devices::DeviceTables;
use super::document::Document;
use super::domcaps::Domcaps;
use super::flags::Flags;
use super::machines::MachineTables;
use super::options::OptionTables;
use super::schema::Schemas;
use super::table::Store;
use super::validation::Validation;
use crate::commands::validate::Item;
use crate::exit::CliError;
use crate::source::Loaded;

/// The version of the document's format, which increases when readers must change.
const FORMAT: u32 = 1;

/// Builds the document one capture at a time, so that only one is in memory.
pub(crate) struct Builder {
    store: Store,
    heads: Vec<Head>,
    flags: Flags,
    schemas: Schemas,
    devices: DeviceTables,
    options: OptionTables,
    machines: MachineTables,
    domcaps: Domcaps,
    validation: Validation,
}

impl Builder {
    /// Starts a document for this many captures, with verdicts on these commands and command lines.
    pub(crate) fn new(captures: usize, items: Vec<Item>) -> Self {
        Self {
            store: Store::new(captures),
            heads: Vec::new(),
            flags: Flags::new(captures),
            schemas: Schemas::new(captures),
            devices: DeviceTables::new(captures),
            options: OptionTables::new(captures),
            machines: MachineTables::new(captures),
            domcaps: Domcaps::new(captures),
            validation: Validation::new(items, captures),
        }
    }

    /// Adds the next capture, under a unique name.
    pub(crate) fn add(
        &mut self,
        name: String,
        loaded: Loaded,
        baseline: caps_core::BaselineChoice,
    ) -> Result<(), CliError> {
        let capture = self.heads.len();
        let facts = Facts::new(loaded, baseline)?;
        self.flags.add(capture, &facts);
        if let Ok(schema) = Schema::from_conversation(facts.answers.conversation()) {
            self.schemas.add(capture, schema);
        }
        let store = &mut self.store;
        self.devices.add(capture, &facts, store);
        self.options.add(capture, &facts, store);
        self.machines.add(capture, &facts, store);
        self.domcaps.add(capture, &facts, store);
        self.validation.add(capture, &facts, store)?;
        self.heads.push(facts.head(name));
        Ok(())
    }

    pub(crate) fn finish(self) -> Document {
        let mut store = self.store;
        let (roots, types) = self.schemas.finish(&mut store);
        let mut kinds = self.flags.finish(&mut store);
        kinds.extend(roots);
        kinds.extend(self.devices.finish(&mut store));
        kinds.extend(self.options.finish(&mut store));
        kinds.extend(self.machines.finish(&mut store));
        kinds.push(self.domcaps.finish(&mut store));
        kinds.extend(self.validation.finish(&mut store));
        Document {
            format: FORMAT,
            program: concat!("qemu-caps ", env!("CARGO_PKG_VERSION")),
            captures: self.heads,
            kinds,
            types,
            lists: store.finish(),
        }
    }
}
