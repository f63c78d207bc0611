//! Suites as `caps_test` builds them, without the macro: what they check of themselves, their cases and
//! golden files.
//!
//! Tests that are ignored are run again by others, in a package of their own, to see how they end.

mod cases;
mod child;
mod goldens;
mod listings;
mod summaries;
