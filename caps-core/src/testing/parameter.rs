use super::case::{Case, CaseError};
use super::golden::Golden;
use crate::arch::Arch;
use crate::caps::Capabilities;
use crate::capture::{Capture, CaptureId};
use crate::qapi::Schema;
use crate::replies::Conversation;
use crate::serve::Server;
use crate::validate::Validator;
use crate::version::Version;

/// What a `caps_test` function can take as an argument.
///
/// Implement it for a type of your own, and your tests take that type too:
///
/// ```
/// use caps_core::Flag;
/// use caps_core::testing::{Case, CaseError, FromCase};
///
/// /// What my program wants to know of a QEMU.
/// struct Emulator {
///     has_vnc: bool,
/// }
///
/// impl FromCase<'_> for Emulator {
///     fn from_case(case: &Case) -> Result<Self, CaseError> {
///         Ok(Self { has_vnc: case.capabilities()?.has(Flag::Vnc) })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something that a capture can give to a test",
    label = "not what a `caps_test` function can take",
    note = "it can take `&Capabilities`, `Capabilities`, `&Schema`, `&Validator`, `&Conversation`, `&Capture`, `&CaptureId`, `Version`, `Arch`, `Golden`, `Server` and `&Case`",
    note = "a type of your own implements `qemu_caps::testing::FromCase`"
)]
pub trait FromCase<'c>: Sized {
    /// Makes the argument.
    ///
    /// # Errors
    ///
    /// When the capture does not have what is needed; the test fails.
    fn from_case(case: &'c Case) -> Result<Self, CaseError>;
}

impl Case {
    /// What a function takes, by its type.
    ///
    /// # Panics
    ///
    /// When it can't be had, saying why.
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

impl<'c> FromCase<'c> for &'c Schema {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.schema()?)
    }
}

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

impl<'c> FromCase<'c> for &'c Capture {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(case.capture())
    }
}

impl<'c> FromCase<'c> for &'c CaptureId {
    fn from_case(case: &'c Case) -> Result<Self, CaseError> {
        Ok(&case.capture().id)
    }
}

impl FromCase<'_> for Version {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(case.capture().id.version)
    }
}

impl FromCase<'_> for Arch {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(case.capture().id.arch)
    }
}

/// A QMP server that answers from the capture, for the client under test.
impl FromCase<'_> for Server {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        Ok(Self::builder(case.conversation()?).version(case.capture().id.version).start()?)
    }
}

impl FromCase<'_> for Golden {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        case.golden().ok_or_else(|| {
            let example = "golden = \"tests/golden/{test}.{arch}-{version}{variant}.txt\"";
            format!("`{}` takes a `Golden`, expected `{example}` in its `caps_test`", case.test())
                .into()
        })
    }
}
