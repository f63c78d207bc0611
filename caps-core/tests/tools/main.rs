//! The tools for captures: dump, query, diff and edit.
//!
//! Tests named `conformance_*` run over libvirt's own captures, a directory that
//! `QEMU_CAPS_CONFORMANCE_DIR` names; without it they say that they did not run.

mod corpus;
mod diff;
mod dump;
mod edit;
mod query;
mod robust;
mod script;
