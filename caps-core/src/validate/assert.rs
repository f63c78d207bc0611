/// Panics with all problems of a QMP command, unless the
/// [`Validator`](crate::validate::Validator) accepts it.
///
/// ```should_panic
/// # use caps_core::json::Document;
/// # use caps_core::qapi::Schema;
/// # use caps_core::validate::Validator;
/// # let schema = Schema::from_document(Document::parse("[]").expect("JSON")).expect("a schema");
/// let validator = Validator::from_schema(schema);
/// caps_core::assert_qmp_valid!(validator, &serde_json::json!({"execute": "query-cpus"}));
/// ```
#[macro_export]
macro_rules! assert_qmp_valid {
    ($validator:expr, $command:expr $(,)?) => {
        if let ::core::result::Result::Err(violations) =
            $crate::validate::Validator::validate(&$validator, $command)
        {
            ::core::panic!("{violations}");
        }
    };
}
