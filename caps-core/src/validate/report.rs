use std::fmt;

use super::violation::Violation;
use crate::names::closed_set;

closed_set! {
    /// The answer to "will it work?".
    pub enum Verdict: "a verdict", {
        /// QEMU accepts it, as far as its form is concerned.
        Valid = "valid",
        /// No problem was found, but a part could not be checked.
        Unknown = "unknown",
        /// QEMU or the policy rejects it.
        Invalid = "invalid",
    }
}

/// A part that could not be checked, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unchecked {
    /// The path, as in [`Violation::path`].
    pub path: String,
    /// The reason, such as "the properties of `vfio-ap` were not captured".
    pub reason: String,
}

/// All findings about a command, event or reply.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// The subject, for messages: `device_add vfio-pci`.
    pub subject: String,
    /// The problems that make it invalid, in the order in which QEMU would report them.
    pub problems: Vec<Violation>,
    /// The findings that the policy only warns about.
    pub warnings: Vec<Violation>,
    /// The parts that could not be checked.
    pub unchecked: Vec<Unchecked>,
    /// The parts that depend on the host: a file or device that must exist.
    pub host: Vec<Unchecked>,
}

impl Report {
    pub(crate) fn unchecked(&mut self, path: &str, reason: impl Into<String>) {
        self.unchecked.push(Unchecked { path: path.to_owned(), reason: reason.into() });
    }

    pub(crate) fn host_dependent(&mut self, path: &str, reason: impl Into<String>) {
        self.host.push(Unchecked { path: path.to_owned(), reason: reason.into() });
    }

    /// The verdict, which follows from the findings.
    pub fn verdict(&self) -> Verdict {
        if !self.problems.is_empty() {
            Verdict::Invalid
        } else if self.unchecked.is_empty() {
            Verdict::Valid
        } else {
            Verdict::Unknown
        }
    }

    /// Returns the problems as an error, labelled with the name of a capture if given. Parts that
    /// could not be checked are not an error.
    ///
    /// # Errors
    ///
    /// Fails if there are problems.
    pub fn into_result(self, label: Option<&str>) -> Result<(), Violations> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Violations {
            subject: self.subject,
            problems: self.problems,
            label: label.map(str::to_owned),
        })
    }
}

/// All problems of a command, event or reply. `Debug` formats them as a message, because that is
/// what a test that returns this error prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Violations {
    subject: String,
    problems: Vec<Violation>,
    label: Option<String>,
}

impl Violations {
    /// The problems, at least one, in the order in which QEMU would report them.
    pub fn problems(&self) -> &[Violation] {
        &self.problems
    }

    /// The subject: `device_add vfio-pci`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The name of the capture, if known.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            if !self.subject.is_empty() {
                write!(f, "{}: ", self.subject)?;
            }
            write!(f, "{problem}")?;
            if let Some(label) = &self.label {
                write!(f, " ({label})")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Violations {}
