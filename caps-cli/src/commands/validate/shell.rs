//! Splitting shell command lines into words.

/// A word with the line it starts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
    /// Whether it is the first one of a command.
    pub(super) begins: bool,
    /// A variable or command that a shell would expand.
    pub(super) variable: Option<String>,
}

/// An unclosed quote with its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub(super) quote: char,
    pub(super) line: usize,
}

/// Splits a text as a shell does: quotes, backslashes, and lines continued with a backslash. Nothing is
/// expanded; a line's end separates commands.
pub(super) fn split(text: &str) -> Result<Vec<Word>, Unclosed> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut line = 1;
    let mut begins = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let start = line;
        let new = Word { text: String::new(), line: start, begins, variable: None };
        let begun = |word: Option<Word>| word.unwrap_or_else(|| new.clone());
        match c {
            '\'' | '"' => {
                let mut current = begun(word.take());
                let mut closed = false;
                while let Some(inner) = chars.next() {
                    line += usize::from(inner == '\n');
                    if inner == c {
                        closed = true;
                        break;
                    }
                    if c == '"' && matches!(inner, '$' | '`') {
                        current.variable.get_or_insert_with(|| variable(inner, chars.clone()));
                    }
                    if inner != '\\' || c == '\'' {
                        current.text.push(inner);
                        continue;
                    }
                    match chars.next() {
                        Some('\n') => line += 1,
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => current.text.push(escaped),
                        Some(other) => current.text.extend(['\\', other]),
                        None => {}
                    }
                }
                if !closed {
                    return Err(Unclosed { quote: c, line: start });
                }
                word = Some(current);
            }
            '\\' => match chars.next() {
                Some('\n') => line += 1,
                Some(escaped) => {
                    let mut current = begun(word.take());
                    current.text.push(escaped);
                    word = Some(current);
                }
                None => {}
            },
            c if c.is_whitespace() => {
                if let Some(word) = word.take() {
                    begins = false;
                    words.push(word);
                }
                line += usize::from(c == '\n');
                begins |= c == '\n';
            }
            c => {
                let mut current = begun(word.take());
                if matches!(c, '$' | '`') {
                    current.variable.get_or_insert_with(|| variable(c, chars.clone()));
                }
                current.text.push(c);
                word = Some(current);
            }
        }
    }
    words.extend(word);
    Ok(words)
}

/// The name of the variable or command after a `$`.
fn variable(mark: char, rest: impl Iterator<Item = char>) -> String {
    let name: String =
        rest.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '(')).collect();
    format!("{mark}{name}")
}

#[cfg(test)]
mod tests {
    use super::{Unclosed, split};

    #[test]
    fn splits_as_a_shell_does() {
        for (text, expected) in [
            ("a  b", vec![("a", 1), ("b", 1)]),
            ("-x \\\n'{\"a\":1}' \\\n\n-y", vec![("-x", 1), ("{\"a\":1}", 2), ("-y", 4)]),
            ("'a'\\''b' \"c \\\" \\x\"", vec![("a'b", 1), ("c \" \\x", 1)]),
            ("a\\ b ''", vec![("a b", 1), ("", 1)]),
            ("'a\nb' c", vec![("a\nb", 1), ("c", 2)]),
            ("", vec![]),
        ] {
            let words = split(text).expect(text);
            let found: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.line)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
        let words = split("a \\\nb\n\nc \"$D/x\" '$e' ${F}\n").expect("words");
        let begins: Vec<bool> = words.iter().map(|word| word.begins).collect();
        assert_eq!(begins, [true, false, true, false, false, false]);
        let variables: Vec<Option<&str>> =
            words.iter().map(|word| word.variable.as_deref()).collect();
        assert_eq!(variables, [None, None, None, Some("$D"), None, Some("${F}")]);
        assert_eq!(split("a\n'b"), Err(Unclosed { quote: '\'', line: 2 }));
    }
}
