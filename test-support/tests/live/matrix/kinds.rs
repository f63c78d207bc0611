//! The misbehaviors of the fault matrix.

/// What a probe must make of a misbehavior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// An error.
    Error,
    /// An error that names the command.
    NamedError,
    /// The result of an undisturbed probe.
    Nothing,
    /// An error that names a command, or a result: some answers don't matter, and some change what
    /// is asked next.
    Either,
}

use Expected::{Either, Error, NamedError, Nothing};

/// A misbehavior, as in the fake QEMU's `misbehavior.rs`.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) expected: Expected,
    /// The others take a timeout, or many megabytes.
    pub(crate) is_fast: bool,
}

/// The misbehavior of a QEMU that is started so.
pub(crate) const IGNORES_SIGTERM: &str = "ignores SIGTERM";

const fn fast(name: &'static str, what: &'static str, expected: Expected) -> Kind {
    Kind { name, what, expected, is_fast: true }
}

const fn slow(name: &'static str, what: &'static str, expected: Expected) -> Kind {
    Kind { name, what, expected, is_fast: false }
}

#[rustfmt::skip]
pub(crate) const KINDS: &[Kind] = &[
    fast("exits", "exits with status 1", Error),
    fast("is killed", "is killed by `SIGKILL`", Error),
    fast("closes", "closes the connection and stays", NamedError),
    fast("half a line", "sends half of the reply and closes the connection", NamedError),
    fast("garbage", "sends a line that is not JSON", NamedError),
    fast("no message", "sends JSON that is not a message", NamedError),
    fast("invalid UTF-8", "sends a reply that is not UTF-8", NamedError),
    fast("wrong id", "replies with the id of no command", NamedError),
    fast("wrong type", "returns a string", Either),
    fast("both", "replies with both `return` and `error`", NamedError),
    fast("twice", "replies twice", Either),
    fast("GenericError", "fails the command", Either),
    fast("CommandNotFound", "does not know the command", Either),
    fast("DeviceNotFound", "does not find a device", Either),
    slow("DeviceNotActive", "reports an inactive device", Either),
    slow("KVMMissingCap", "reports a missing capability of KVM", Either),
    fast("NoSuchClass", "fails with an unknown error class", Either),
    fast("event storm", "sends 1000 events before the reply", Nothing),
    slow("one byte a time", "sends the reply byte by byte", Nothing),
    slow("hangs", "does not reply", Error),
    slow("no line end", "sends a reply without the end of the line", Error),
    slow("leaves a child", "exits, but a child keeps the connection open", Error),
    slow(IGNORES_SIGTERM, "ignores `SIGTERM` and does not reply", Error),
    slow("100 MB", "sends a string of 100 MB", NamedError),
    slow("floods stderr", "prints 1 GB to standard error before the reply", Nothing),
];
