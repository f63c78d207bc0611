use std::borrow::Cow;

/// Converts to standard JSON: QEMU also accepts single-quoted strings.
pub(super) fn normalize(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', Some(_)) => {
                let escaped = chars.next();
                if escaped == Some('\'') {
                    out.push('\'');
                } else {
                    out.push('\\');
                    out.extend(escaped);
                }
            }
            ('"', Some('\'')) => out.push_str("\\\""),
            ('\'' | '"', None) => {
                quote = Some(c);
                out.push('"');
            }
            (c, Some(open)) if c == open => {
                quote = None;
                out.push('"');
            }
            (c, _) => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn single_quotes_become_double_ones() {
        for (text, expected) in [
            (r#"{"a": 'b'}"#, r#"{"a": "b"}"#),
            (r#"{'a': "it's"}"#, r#"{"a": "it's"}"#),
            (r#"{'a': 'say "x"'}"#, r#"{"a": "say \"x\""}"#),
            (r"{'a': 'it\'s'}", r#"{"a": "it's"}"#),
            (r#"{'a': "\\'"}"#, r#"{"a": "\\'"}"#),
        ] {
            assert_eq!(super::normalize(text), expected);
        }
    }
}
