//! Exit codes, which are part of the program's interface, and the errors behind them.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::output::say;

/// The program's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Success.
    Ok = 0,
    /// The answer is no: a check failed, a command is invalid, a query holds nowhere.
    No = 1,
    /// Wrong usage.
    Usage = 2,
    /// An input file is invalid.
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

/// The return type of every subcommand.
pub(crate) type Outcome = Result<Exit, CliError>;

/// An error with the exit code it causes.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    error: Box<dyn Error + Send + Sync>,
}

impl CliError {
    /// The request names something that does not exist, or is wrong in itself.
    pub(crate) fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit: Exit::Usage, error: error.into() }
    }

    /// An input file is invalid.
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

    /// The error without the exit code.
    pub(crate) fn inner(&self) -> &(dyn Error + Send + Sync) {
        &*self.error
    }

    /// Drops the exit code.
    pub(crate) fn into_inner(self) -> Box<dyn Error + Send + Sync> {
        self.error
    }

    /// Adds what the program was doing when the error occurred.
    pub(crate) fn context(self, doing: impl Into<String>) -> Self {
        Self {
            exit: self.exit,
            error: Box::new(Context { doing: doing.into(), cause: self.error }),
        }
    }

    /// Prints the error with its causes and returns its exit code.
    pub(crate) fn report(&self) -> Exit {
        say!(Error: "{}", self.error);
        let mut said = self.error.to_string();
        let mut cause = self.error.source();
        while let Some(error) = cause {
            let message = error.to_string();
            if message != said {
                say!(CausedBy: "{message}");
            }
            said = message;
            cause = error.source();
        }
        self.exit
    }
}

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
