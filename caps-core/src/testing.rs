//! The code behind `caps_test`: suites of tests over captures, their parameters, and golden files.
//!
//! Unlike the rest of the library, this module panics, because it addresses people who run tests. A
//! [`Case`] is a single test over a capture or input file. It loads the arguments of the tested
//! function on demand, once per process.
//!
//! ```no_run
//! use caps_core::testing::{GoldenNames, Regenerate, Suite, assert_no_unused_golden_files};
//!
//! // What `#[caps_test(all, "x86_64")] fn has_vnc(..)` expands into, in short.
//! const SUITE: Suite = Suite::new("has_vnc", module_path!(), env!("CARGO_MANIFEST_DIR"))
//!     .captures("/path/to/captures", "all", &["10.0.13_x86_64", "11.1.3_x86_64"]);
//! println!("{SUITE:?}, {:?}", GoldenNames::new(module_path!(), "has_vnc"));
//!
//! // What the macro `no_unused_golden_files!` does.
//! if Regenerate::from_env()? == Regenerate::No {
//!     assert_no_unused_golden_files(env!("CARGO_MANIFEST_DIR"), "golden");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod case;
mod check;
mod golden;
mod input;
mod key;
mod load;
mod notice;
mod origin;
mod outcome;
mod parameter;
mod registry;
mod stale;
mod suite;
mod unused;

#[cfg(feature = "domcaps")]
pub use case::DomainDocuments;
pub use case::{Case, CaseError};
pub use check::Check;
pub use golden::{
    Golden, GoldenError, GoldenNames, GoldenPattern, ParseGoldenPatternError, Regenerate,
};
pub use input::{InputError, InputFile};
pub use load::LoadError;
pub use origin::{Origin, PARAMETERS};
pub use outcome::{Failed, Fallible, IntoOutcome, Outcome};
pub use parameter::FromCase;
pub use suite::Suite;
pub use unused::assert_no_unused_golden_files;

#[cfg(feature = "serve")]
pub use crate::serve::Server;
