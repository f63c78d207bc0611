/// Panics with all problems of a QMP command, unless the [`Schema`](crate::qapi::Schema)
/// accepts it.
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
            $crate::qapi::Schema::validate(&$schema, $command)
        {
            ::core::panic!("{violations}");
        }
    };
}
