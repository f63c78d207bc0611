use std::fmt;
use std::process::ExitCode;

/// What a test over a function that returns something returns itself.
pub type Outcome = Result<(), Failed>;

/// An error that a test returned, as it prints itself for debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct Failed(String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a tested function can return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a test can return",
    label = "expected `()` or a `Result` whose error implements `Debug`"
)]
pub trait IntoOutcome {
    /// Did the test succeed?
    ///
    /// # Errors
    ///
    /// When it did not.
    fn into_outcome(self) -> Outcome;
}

/// What a function that is expected to fail can return.
#[diagnostic::on_unimplemented(
    message = "`fails` needs a function that returns a `Result`, this one returns `{Self}`",
    label = "expected a `Result`"
)]
pub trait Fallible {
    /// Why it failed.
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
