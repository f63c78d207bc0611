/// How an option reads its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reader {
    /// There is no value.
    Flag,
    /// `key=value,...` where dots nest and each key needs its value.
    Keyval {
        /// The key of a first word without `=`; empty where there is none.
        implied: &'static str,
        /// May the value be a JSON object instead?
        json: bool,
    },
    /// `key=value,...` where a bare key is a boolean.
    Opts {
        /// The group in the reply to `query-command-line-options`.
        group: &'static str,
        /// The key of a first word without `=`; empty where there is none.
        implied: &'static str,
        /// May the value be a JSON object instead?
        json: bool,
    },
    /// A form of the option's own.
    Own,
    /// The name of a file or directory.
    Path,
}

/// An option that newer QEMUs don't have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removal {
    /// The first release without it, such as `9.0`.
    pub release: &'static str,
    /// What does its job since; empty where nothing does.
    pub instead: &'static str,
}

/// What is known of an option without asking a QEMU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionSpec {
    /// The name, without dash.
    pub name: &'static str,
    /// How the value is read.
    pub reader: Reader,
    /// What the option is for.
    pub about: &'static str,
    /// The first release that has it; empty where that was before QEMU 5.2.
    pub since: &'static str,
    /// The release that removed it.
    pub removed: Option<Removal>,
    /// Does it exist for some targets only?
    pub targeted: bool,
    /// Does `-help` leave it out?
    pub undocumented: bool,
}

impl OptionSpec {
    /// Is a word due after the option?
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
