use std::fmt;

use super::violation::Violation;

/// The answer to "will it work?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// QEMU accepts it, as far as its form goes.
    Valid,
    /// Nothing speaks against it, but a part could not be checked.
    Unknown,
    /// QEMU refuses it, or policy does.
    Invalid,
}

impl Verdict {
    /// The name: `valid`, `unknown` or `invalid`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A part that could not be checked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unchecked {
    /// Where, as in [`Violation::path`].
    pub path: String,
    /// Why, such as "the properties of `vfio-ap` were not captured".
    pub reason: String,
}

/// Everything that was found out about one command, event or reply.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// What it is about, for messages: `device_add vfio-pci`.
    pub subject: String,
    /// What makes it invalid, in the order in which QEMU would come upon it.
    pub problems: Vec<Violation>,
    /// What policy only warns about.
    pub warnings: Vec<Violation>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
    /// What the host decides: a file that has to exist, a device that has to be there.
    pub host: Vec<Unchecked>,
}

impl Report {
    pub(crate) fn unchecked(&mut self, path: &str, reason: impl Into<String>) {
        self.unchecked.push(Unchecked { path: path.to_owned(), reason: reason.into() });
    }

    pub(crate) fn host_dependent(&mut self, path: &str, reason: impl Into<String>) {
        self.host.push(Unchecked { path: path.to_owned(), reason: reason.into() });
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        if !self.problems.is_empty() {
            Verdict::Invalid
        } else if self.unchecked.is_empty() {
            Verdict::Valid
        } else {
            Verdict::Unknown
        }
    }

    /// The problems as an error, named after a capture where one is given; `Ok` when there are none,
    /// also when something could not be checked.
    ///
    /// # Errors
    ///
    /// When there are problems.
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

/// All problems of a command, event or reply. The `Debug` form is in words, too: it is what a test that
/// returns them prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Violations {
    subject: String,
    problems: Vec<Violation>,
    label: Option<String>,
}

impl Violations {
    /// The problems, at least one, in the order in which QEMU would come upon them.
    pub fn problems(&self) -> &[Violation] {
        &self.problems
    }

    /// What they are problems of: `device_add vfio-pci`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The name of the capture, where it is known.
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
