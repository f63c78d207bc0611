//! Tests against the capabilities of many QEMU versions, without installing them.
//!
//! ```
//! use qemu_caps::prelude::*;
//!
//! #[caps_test(latest, "x86_64")]
//! fn has_vnc(caps: &Capabilities) {
//!     assert!(caps.has(Flag::Vnc));
//! }
//!
//! qemu_caps::caps_test!(latest, "x86_64"); // no body: the capture derives its own .xml
//! ```
//!
//! The attribute [`macro@prelude::caps_test`] runs a function as a test for each selected capture;
//! its documentation describes the language. [`caps_test!`] is the function-like form.
//!
//! | to | see |
//! |---|---|
//! | write tests | [`macro@prelude::caps_test`], [`caps_test!`], [`testing`] |
//! | check QMP commands and command lines | [`validate`], [`command_line`] |
//! | probe a QEMU, or read a recording | [`probe`], [`survey`], [`replies`], [`capture`] |
//! | ask what a QEMU has | [`caps`], [`flag`], [`qapi`] |
//! | ask what guests can have | [`domcaps`] |
//! | answer a QMP client without a QEMU | [`serve`] |
//!
//! # Features
//!
//! On by default:
//!
//! * `command-lines`: a [`Validator`](validate::Validator) checks command lines, too.
//! * `domcaps`: `domcaps`, and tests of domain capabilities.
//! * `json`: [`InputFile::parse`](testing::InputFile::parse) reads `.json` files,
//!   [`Golden::assert_json`](testing::Golden::assert_json) compares them, commands and documents implement `Serialize`.
//! * `serve`: `serve`, and tests of QMP clients.
//! * `validate`: [`validate`] checks commands, replies, events and devices.
//!
//! Off by default:
//!
//! * `live`: `probe::live` and `survey::record` start a QEMU, `qmp::client` talks to one.
//! * `tools`: `diff` compares captures.
//! * `serde`: [`Capabilities`] and their parts implement `Serialize` and `Deserialize`.
//! * `toml`: [`InputFile::parse`](testing::InputFile::parse) reads `.toml` files, too.

#[doc(no_inline)]
pub use caps_core::{Accel, Arch, Baseline, BaselineChoice, Capabilities, Flag, FlagSet, Version};
// Not here: what only programs that maintain captures need, such as `edit` and `dump`.
#[cfg(feature = "command-lines")]
#[doc(no_inline)]
pub use caps_core::assert_command_line_valid;
#[cfg(feature = "tools")]
#[doc(no_inline)]
pub use caps_core::diff;
#[cfg(feature = "domcaps")]
#[doc(no_inline)]
pub use caps_core::domcaps;
#[cfg(feature = "serve")]
#[doc(no_inline)]
pub use caps_core::serve;
#[doc(no_inline)]
pub use caps_core::{
    accel, arch, baseline, caps, capture, check, command_line, flag, inputs, json, names, probe,
    qapi, qmp, replies, survey, testing, version, xml,
};
#[cfg(feature = "validate")]
#[doc(no_inline)]
pub use caps_core::{assert_qmp_valid, validate};

/// Captures of real QEMUs, shipped with this crate.
pub mod data {
    pub use qemu_caps_data::DIR;
}

/// The attribute `caps_test` and the argument types of tests.
pub mod prelude {
    #[cfg(feature = "command-lines")]
    pub use caps_core::assert_command_line_valid;
    #[cfg(feature = "validate")]
    pub use caps_core::assert_qmp_valid;
    pub use caps_core::capture::{Capture, CaptureId};
    #[cfg(feature = "domcaps")]
    pub use caps_core::domcaps::DomainCapabilities;
    pub use caps_core::qapi::Schema;
    pub use caps_core::replies::Conversation;
    pub use caps_core::survey::Survey;
    #[cfg(feature = "domcaps")]
    pub use caps_core::testing::DomainDocuments;
    #[cfg(feature = "serve")]
    pub use caps_core::testing::Server;
    pub use caps_core::testing::{Case, FromCase, Golden, InputFile};
    #[cfg(feature = "validate")]
    pub use caps_core::validate::{Validator, Violations};
    pub use caps_core::{Accel, Arch, Capabilities, Flag, Version};
    #[doc = include_str!("caps_test.md")]
    pub use caps_macros::caps_test;
}

#[doc(hidden)]
pub mod __private {
    pub use caps_macros::{caps_test_call, caps_tests};
}

/// Generates tests of captures without a function of their own.
///
/// `caps_test!([NAME:] SELECTOR [, ITEM]... [=> FUNCTION])`: the selector and the items are those
/// of the attribute [`macro@prelude::caps_test`]. FUNCTION is a path or a closure, with the same
/// arguments as a function under the attribute. Without it, each capture derives its own `.xml`. A
/// second unnamed call in a module needs a NAME.
///
/// ```
/// use qemu_caps::prelude::*;
///
/// qemu_caps::caps_test!(derives: all, variant = any);
/// qemu_caps::caps_test!(everything: latest(2), not_arch("sparc") => check_everything);
/// qemu_caps::caps_test!(closure: latest, "s390x" => |caps: &Capabilities| {
///     assert_eq!(caps.arch, Arch::S390x);
/// });
///
/// fn check_everything(capture: &Capture, schema: &Schema) {
///     assert!(schema.has_command("quit"), "{}", capture.id);
/// }
/// ```
#[macro_export]
macro_rules! caps_test {
    ($($tokens:tt)*) => { $crate::__private::caps_test_call! { [$crate] $($tokens)* } };
}

/// Generates a test that fails if a file in a directory of golden files no longer belongs to any
/// `caps_test` of this test program. The directory, relative to the package, must contain golden
/// files only.
///
/// ```
/// qemu_caps::no_unused_golden_files!("tests/golden");
/// ```
#[macro_export]
macro_rules! no_unused_golden_files {
    ($dir:expr) => {
        #[test]
        fn no_unused_golden_files() {
            $crate::testing::assert_no_unused_golden_files(
                ::core::env!("CARGO_MANIFEST_DIR"),
                $dir,
            );
        }
    };
}

/// The examples in documents compile.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/orchestrators.md")]
    struct Orchestrators;
}
