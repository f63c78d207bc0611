//! Exit codes, which are part of the program's interface, and the errors that lead to them.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::output::say;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is well.
    Ok = 0,
    /// The answer is no: a check failed, a command is invalid, a query holds nowhere.
    No = 1,
    /// Wrong usage.
    Usage = 2,
    /// An input file is not what it should be.
    Input = 3,
    /// QEMU could not be started or probed.
    Qemu = 4,
    /// The output could not be written.
    Output = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What every subcommand returns.
pub(crate) type Outcome = Result<Exit, CliError>;

/// An error with the exit code that it ends the program with.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    error: Box<dyn Error + Send + Sync>,
}

impl CliError {
    /// The user asked for something that there is not.
    pub(crate) fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit: Exit::Usage, error: error.into() }
    }

    /// An input file is not what it should be.
    pub(crate) fn input(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit: Exit::Input, error: error.into() }
    }

    /// QEMU could not be started or probed.
    pub(crate) fn qemu(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit: Exit::Qemu, error: error.into() }
    }

    /// The output could not be written.
    pub(crate) fn output(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit: Exit::Output, error: error.into() }
    }

    /// The error without its exit code.
    pub(crate) fn into_inner(self) -> Box<dyn Error + Send + Sync> {
        self.error
    }

    /// Says what the program was doing when it met the error.
    pub(crate) fn context(self, doing: impl Into<String>) -> Self {
        Self {
            exit: self.exit,
            error: Box::new(Context { doing: doing.into(), cause: self.error }),
        }
    }

    /// Prints the error with its causes and gives the code to exit with.
    pub(crate) fn report(&self) -> Exit {
        say!("error: {}", self.error);
        let mut said = self.error.to_string();
        let mut cause = self.error.source();
        while let Some(error) = cause {
            let message = error.to_string();
            if message != said {
                say!("caused by: {message}");
            }
            said = message;
            cause = error.source();
        }
        self.exit
    }
}

/// A failure to write standard output.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::output(error).context("can't write the output")
    }
}

#[derive(Debug)]
struct Context {
    doing: String,
    cause: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.doing)
    }
}

impl Error for Context {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}
