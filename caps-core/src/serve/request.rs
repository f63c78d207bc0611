use super::value::{Dict, Value};
use crate::qmp::{CommandError, ErrorClass};

/// A command from a client, before its arguments are checked.
pub(super) struct Request<'v> {
    pub(super) execute: &'v str,
    /// Whether it was sent with `exec-oob`.
    pub(super) out_of_band: bool,
    pub(super) arguments: Option<&'v Dict>,
}

impl<'v> Request<'v> {
    /// Interprets a value as a command; `oob` states whether `exec-oob` was negotiated.
    ///
    /// # Errors
    ///
    /// QEMU's error for an invalid command.
    pub(super) fn open(input: &'v Value, oob: bool) -> Result<Self, CommandError> {
        let Value::Dict(dict) = input else { return Err(refuse("must be a JSON object")) };
        let member = |name: &str, problem: &str| Err(refuse(&format!("member '{name}' {problem}")));
        let mut command: Option<(&str, &str)> = None;
        let mut arguments = None;
        for (name, value) in dict.iter() {
            match name {
                "execute" | "exec-oob" if name == "execute" || oob => {
                    let Value::Str(execute) = value else {
                        return member(name, "must be a string");
                    };
                    if let Some((other, _)) = command {
                        return member(name, &format!("clashes with '{other}'"));
                    }
                    command = Some((name, execute));
                }
                "arguments" => {
                    let Value::Dict(dict) = value else {
                        return member(name, "must be an object");
                    };
                    arguments = Some(dict);
                }
                "id" => {}
                _ => return member(name, "is unexpected"),
            }
        }
        let (name, execute) = command.ok_or_else(|| refuse("lacks member 'execute'"))?;
        Ok(Self { execute, out_of_band: name == "exec-oob", arguments })
    }
}

fn refuse(problem: &str) -> CommandError {
    generic(format!("QMP input {problem}"))
}

pub(super) fn generic(desc: impl Into<String>) -> CommandError {
    CommandError { class: ErrorClass::GenericError, desc: desc.into() }
}
