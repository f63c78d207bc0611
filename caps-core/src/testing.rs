//! What `caps_test` expands into: suites of tests over captures, their parameters, and golden files.
//!
//! Unlike the rest of the library this module panics: it speaks to whoever runs tests. A [`Case`] is
//! one test over one capture; what it gives to a function is loaded when it is asked for, once in a
//! process.

mod case;
mod check;
mod golden;
mod load;
mod notice;
mod outcome;
mod parameter;
mod stale;
mod suite;
mod unused;

pub use case::{Case, CaseError};
pub use check::Check;
pub use golden::{Golden, GoldenError, Regenerate};
pub use load::LoadError;
pub use outcome::{Failed, Fallible, IntoOutcome, Outcome};
pub use parameter::FromCase;
pub use suite::Suite;
pub use unused::assert_no_unused_golden_files;

pub use crate::serve::Server;
