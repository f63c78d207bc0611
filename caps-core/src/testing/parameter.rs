#[cfg(feature = "domcaps")]
use super::case::DomainDocuments;
use super::case::{Case, CaseError};
use super::golden::Golden;
use super::input::InputFile;
use crate::arch::Arch;
use crate::caps::Capabilities;
use crate::capture::{Capture, CaptureId};
#[cfg(feature = "domcaps")]
use crate::domcaps::DomainCapabilities;
use crate::qapi::Schema;
use crate::replies::Conversation;
#[cfg(feature = "serve")]
use crate::serve::Server;
use crate::survey::Survey;
#[cfg(feature = "validate")]
use crate::validate::Validator;
use crate::version::Version;

/// An argument type of `caps_test` functions: a part of the capture, or a fixture of your own.
///
/// Implement it to use your own types as arguments. A value can borrow from the case, which
/// outlives the test, and can clean up in its `Drop`:
///
/// ```
/// use caps_core::testing::{Case, CaseError, FromCase};
/// use caps_core::{Capabilities, Flag};
///
/// /// What my program wants to know of a QEMU.
/// struct Emulator<'c> {
///     caps: &'c Capabilities,
///     has_vnc: bool,
/// }
///
/// impl<'c> FromCase<'c> for Emulator<'c> {
///     fn from_case(case: &'c Case) -> Result<Self, CaseError> {
///         let caps = case.capabilities()?;
///         Ok(Self { caps, has_vnc: caps.has(Flag::Vnc) })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something that a capture can give to a test",
    label = "not what a `caps_test` function can take",
    note = "it can take `&Capabilities`, `Capabilities`, `&DomainCapabilities`, `&DomainDocuments`, `&Schema`, `&Validator`, `&Conversation`, `&Survey`, `&Capture`, `&CaptureId`, `Version`, `Arch`, `&InputFile`, `&Golden`, `Golden`, `Server` and `&Case`",
    note = "a type of your own implements `qemu_caps::testing::FromCase`"
)]
pub trait FromCase<'c>: Sized {
    /// Creates the argument.
    ///
    /// # Errors
    ///
    /// Fails, and thereby fails the test, if the capture lacks what the argument needs.
    fn from_case(case: &'c Case) -> Result<Self, CaseError>;
}

impl Case {
    /// Provides an argument of the function, selected by its type.
    ///
    /// # Panics
    ///
    /// Panics with the reason if the argument can't be provided.
    #[track_caller]
    pub fn get<'c, P: FromCase<'c>>(&'c self) -> P {
        match P::from_case(self) {
            Ok(parameter) => parameter,
            Err(error) => self.fail(&error),
        }
    }
}

impl<'c> FromCase<'c> for &'c Case {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case)
    }
}

impl<'c> FromCase<'c> for &'c Capabilities {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.capabilities()?)
    }
}

impl FromCase<'_> for Capabilities {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(case.capabilities()?.clone())
    }
}

impl<'c> FromCase<'c> for &'c InputFile {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.file()?)
    }
}

#[cfg(feature = "domcaps")]
impl<'c> FromCase<'c> for &'c DomainCapabilities {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        case.domain_capabilities()
    }
}

#[cfg(feature = "domcaps")]
impl<'c> FromCase<'c> for &'c DomainDocuments {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        case.domain_documents()
    }
}

impl<'c> FromCase<'c> for &'c Schema {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.schema()?)
    }
}

#[cfg(feature = "validate")]
impl<'c> FromCase<'c> for &'c Validator {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.validator()?)
    }
}

impl<'c> FromCase<'c> for &'c Conversation {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.conversation()?)
    }
}

impl<'c> FromCase<'c> for &'c Survey {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.survey()?)
    }
}

impl<'c> FromCase<'c> for &'c Capture {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.of_capture()?)
    }
}

impl<'c> FromCase<'c> for &'c CaptureId {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(&case.of_capture()?.id)
    }
}

impl FromCase<'_> for Version {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(case.of_capture()?.id.version)
    }
}

impl FromCase<'_> for Arch {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(case.of_capture()?.id.arch)
    }
}

/// A QMP server for the client under test, which answers from the capture.
#[cfg(feature = "serve")]
impl FromCase<'_> for Server {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(Self::builder(case.conversation()?).version(case.of_capture()?.id.version).start()?)
    }
}

impl FromCase<'_> for Golden {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        <&Self>::from_case(case).cloned()
    }
}

impl<'c> FromCase<'c> for &'c Golden {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        case.golden().ok_or_else(|| {
            let example = "golden = \"tests/golden/{test}.{arch}-{version}{variant}.txt\"";
            format!("`{}` takes a `Golden`, expected `{example}` in its `caps_test`", case.test())
                .into()
        })
    }
}
