/// Panics with all problems of a QMP command if the [`Validator`](crate::validate::Validator)
/// rejects it. Both can be values or references.
///
/// ```should_panic
/// # use caps_core::json::Document;
/// # use caps_core::qapi::Schema;
/// # use caps_core::validate::Validator;
/// # let schema = Schema::from_document(Document::parse("[]").expect("JSON")).expect("a schema");
/// let validator = Validator::from_schema(schema);
/// caps_core::assert_qmp_valid!(validator, serde_json::json!({"execute": "query-cpus"}));
/// ```
#[macro_export]
macro_rules! assert_qmp_valid {
    ($validator:expr, $command:expr $(,)?) => {
        if let ::core::result::Result::Err(violations) =
            $crate::validate::Validator::validate(&$validator, &$command)
        {
            ::core::panic!("{violations}");
        }
    };
}

/// Panics with all problems of a QEMU command line if the [`Validator`](crate::validate::Validator)
/// rejects it. Both can be values or references.
///
/// ```should_panic
/// # use caps_core::replies::Conversation;
/// # use caps_core::validate::Validator;
/// # let text = "{\"execute\":\"query-qmp-schema\"}\n\n{\"return\":[]}\n";
/// # let conversation = Conversation::parse(text).expect("a conversation");
/// let validator = Validator::from_conversation(&conversation).expect("a schema");
/// caps_core::assert_command_line_valid!(validator, ["qemu-system-x86_64", "-no-such-option"]);
/// ```
#[cfg(feature = "command-lines")]
#[macro_export]
macro_rules! assert_command_line_valid {
    ($validator:expr, $argv:expr $(,)?) => {
        if let ::core::result::Result::Err(violations) =
            $crate::validate::Validator::command_line(&$validator, &$argv[..])
        {
            ::core::panic!("{violations}");
        }
    };
}
