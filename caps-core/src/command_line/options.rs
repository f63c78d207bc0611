use super::removal::Removal;

/// The reader of an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reader {
    /// The option has no value.
    Flag,
    /// `key=value,...` with dots for nesting; every key needs a value.
    Keyval {
        /// The key of a first word without `=`; empty if there is none.
        implied: &'static str,
        /// Whether the value can also be a JSON object.
        json: bool,
    },
    /// `key=value,...` where a bare key is a Boolean.
    Opts {
        /// The group in the reply to `query-command-line-options`.
        group: &'static str,
        /// The key of a first word without `=`; empty if there is none.
        implied: &'static str,
        /// Whether the value can also be a JSON object.
        json: bool,
    },
    /// A syntax of the option's own.
    Own,
    /// A file or directory name.
    Path,
}

/// What is known about an option independently of a QEMU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionSpec {
    /// The name, without dash.
    pub name: &'static str,
    /// The reader of its value.
    pub reader: Reader,
    /// Its purpose.
    pub about: &'static str,
    /// The first release with the option; empty if older than QEMU 5.2.
    pub since: &'static str,
    /// The release that removed it.
    pub removed: Option<Removal>,
    /// Whether only some targets have it.
    pub targeted: bool,
    /// Whether `-help` omits it.
    pub undocumented: bool,
}

impl OptionSpec {
    /// Returns whether the option takes an argument.
    pub fn takes_argument(&self) -> bool {
        self.reader != Reader::Flag
    }

    pub(super) const fn new(name: &'static str, reader: Reader, about: &'static str) -> Self {
        Self { name, reader, about, since: "", removed: None, targeted: false, undocumented: false }
    }

    pub(super) const fn since(self, release: &'static str) -> Self {
        Self { since: release, ..self }
    }

    pub(super) const fn removed(self, release: &'static str, instead: &'static str) -> Self {
        Self { removed: Some(Removal { release, instead }), ..self }
    }

    pub(super) const fn targeted(self) -> Self {
        Self { targeted: true, ..self }
    }

    pub(super) const fn undocumented(self) -> Self {
        Self { undocumented: true, ..self }
    }
}
