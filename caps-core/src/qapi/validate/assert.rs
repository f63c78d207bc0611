use serde::Serialize;

use super::report::Violations;
use super::validator::Validator;
use crate::qapi::Schema;

/// What `assert_qmp_valid!` takes first: a [`Validator`], which knows devices too, or a [`Schema`].
pub trait Validate {
    /// Will QEMU accept this command?
    ///
    /// # Errors
    ///
    /// With all problems of the command.
    fn validate_command<C: Serialize + ?Sized>(&self, command: &C) -> Result<(), Violations>;
}

impl Validate for Schema {
    fn validate_command<C: Serialize + ?Sized>(&self, command: &C) -> Result<(), Violations> {
        self.validate(command)
    }
}

impl Validate for Validator {
    fn validate_command<C: Serialize + ?Sized>(&self, command: &C) -> Result<(), Violations> {
        self.validate(command)
    }
}

impl<V: Validate + ?Sized> Validate for &V {
    fn validate_command<C: Serialize + ?Sized>(&self, command: &C) -> Result<(), Violations> {
        (**self).validate_command(command)
    }
}

/// Panics with all problems of a QMP command, unless the [`Schema`] or [`Validator`] accepts it.
///
/// ```should_panic
/// # use caps_core::json::Document;
/// # use caps_core::qapi::Schema;
/// # let schema = Schema::from_document(Document::parse("[]").expect("JSON")).expect("a schema");
/// caps_core::assert_qmp_valid!(schema, &serde_json::json!({"execute": "query-cpus"}));
/// ```
#[macro_export]
macro_rules! assert_qmp_valid {
    ($schema:expr, $command:expr $(,)?) => {
        if let ::core::result::Result::Err(violations) =
            $crate::qapi::validate::Validate::validate_command(&$schema, $command)
        {
            ::core::panic!("{violations}");
        }
    };
}
