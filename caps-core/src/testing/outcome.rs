use std::fmt;
use std::process::ExitCode;

/// The return type of a test whose function returns something.
pub type Outcome = Result<(), Failed>;

/// The error of a test, formatted with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Failed(String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The return types of tested functions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a test can return",
    label = "expected `()` or a `Result` whose error implements `Debug`"
)]
pub trait IntoOutcome {
    /// Converts the value into the result of the test.
    ///
    /// # Errors
    ///
    /// Fails if the test failed.
    fn into_outcome(self) -> Outcome;
}

/// The return types of functions that are expected to fail.
#[diagnostic::on_unimplemented(
    message = "`fails` needs a function that returns a `Result`, this one returns `{Self}`",
    label = "expected a `Result`"
)]
pub trait Fallible {
    /// The type of the error.
    type Error;

    /// The error, if there is one.
    fn into_error(self) -> Option<Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    fn into_error(self) -> Option<E> {
        self.err()
    }
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Ok(())
    }
}

impl<T: IntoOutcome, E: fmt::Debug> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        self.map_err(|error| Failed(format!("{error:?}")))?.into_outcome()
    }
}

impl IntoOutcome for ExitCode {
    fn into_outcome(self) -> Outcome {
        if self == Self::SUCCESS { Ok(()) } else { Err(Failed(format!("{self:?}"))) }
    }
}
