//! Words of a shell command line.

/// A word, and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
}

/// A quote that is not closed, with its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub(super) quote: char,
    pub(super) line: usize,
}

/// Splits a text as a shell does: quotes, backslashes, and lines continued with a backslash. Nothing is
/// expanded; a line's end separates words.
pub(super) fn split(text: &str) -> Result<Vec<Word>, Unclosed> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut line = 1;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let start = line;
        let begun = |word: Option<Word>| word.unwrap_or(Word { text: String::new(), line: start });
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
                words.extend(word.take());
                line += usize::from(c == '\n');
            }
            c => {
                let mut current = begun(word.take());
                current.text.push(c);
                word = Some(current);
            }
        }
    }
    words.extend(word);
    Ok(words)
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
        assert_eq!(split("a\n'b"), Err(Unclosed { quote: '\'', line: 2 }));
    }
}
