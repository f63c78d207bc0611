//! The tools for captures: dump, query, diff and edit.
//!
//! Tests named `conformance_*` use libvirt's own captures, in the directory
//! `QEMU_CAPS_CONFORMANCE_DIR`; without it, they print that they did not run.

mod corpus;
mod diff;
mod diff_tables;
mod dump;
mod dump_schema;
mod edit;
mod query;
mod robust;
mod script;
