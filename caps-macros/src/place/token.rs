//! Tokenizes source files with positions, which the compiler does not provide for text that a macro
//! has read.

use std::str::Chars;

/// Line and column, from 1; columns count characters.
pub(super) type Position = (usize, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) at: Position,
    pub(super) kind: Kind<'s>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    /// A name, a keyword or a number.
    Word(&'s str),
    /// The opening or closing delimiter of a group.
    Open(char),
    Close(char),
    Punct(char),
    /// A string, character or lifetime.
    Other,
}

/// The tokens of a text that the compiler has accepted; for other text the result is arbitrary.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lexer = Lexer { rest: text.chars(), at: (1, 1) };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks_and_comments();
        let at = lexer.at;
        let Some(kind) = lexer.next() else { return tokens };
        tokens.push(Token { at, kind });
    }
}

struct Lexer<'s> {
    rest: Chars<'s>,
    at: Position,
}

impl<'s> Lexer<'s> {
    fn text(&self) -> &'s str {
        self.rest.as_str()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at = if c == '\n' { (self.at.0 + 1, 1) } else { (self.at.0, self.at.1 + 1) };
        Some(c)
    }

    fn skip(&mut self, characters: usize) {
        for _ in 0..characters {
            self.bump();
        }
    }

    /// Skips past the first occurrence of a text, or to the end.
    fn skip_past(&mut self, end: &str) {
        while !self.text().is_empty() && !self.text().starts_with(end) {
            self.bump();
        }
        self.skip(end.chars().count());
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            if self.text().starts_with("//") {
                self.skip_past("\n");
            } else if self.text().starts_with("/*") {
                self.skip_comment();
            } else if self.text().starts_with(is_blank) {
                self.bump();
            } else {
                return;
            }
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        loop {
            if self.text().starts_with("/*") {
                depth += 1;
            } else if self.text().starts_with("*/") {
                depth -= 1;
            } else {
                if self.bump().is_none() {
                    return;
                }
                continue;
            }
            self.bump();
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }

    fn next(&mut self) -> Option<Kind<'s>> {
        let text = self.text();
        let length = text.find(|c: char| !is_of_word(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at(length);
        if !word.is_empty() {
            self.skip(word.chars().count());
            return Some(self.after_word(word, text, rest));
        }
        Some(match self.bump()? {
            c @ ('(' | '[' | '{') => Kind::Open(c),
            c @ (')' | ']' | '}') => Kind::Close(c),
            '"' => self.string('"'),
            '\'' => self.quote(),
            c => Kind::Punct(c),
        })
    }

    /// A word can be the prefix of a literal or of a raw identifier.
    fn after_word(&mut self, word: &'s str, text: &'s str, rest: &'s str) -> Kind<'s> {
        let is_raw = matches!(word, "r" | "br" | "cr");
        if is_raw && rest.starts_with(['"', '#']) {
            let hashes = rest.len() - rest.trim_start_matches('#').len();
            let inner = &rest[hashes..];
            if inner.starts_with('"') {
                self.skip(hashes + 1);
                self.skip_past(&format!("\"{}", "#".repeat(hashes)));
                return Kind::Other;
            }
            let name = inner.find(|c: char| !is_of_word(c)).unwrap_or(inner.len());
            let length = word.len() + hashes + name;
            self.skip(text[word.len()..length].chars().count());
            return Kind::Word(&text[..length]);
        }
        match rest.chars().next() {
            Some('"') if matches!(word, "b" | "c") => {
                self.bump();
                self.string('"')
            }
            Some('\'') if word == "b" => {
                self.bump();
                self.string('\'')
            }
            _ => Kind::Word(word),
        }
    }

    /// Skips the rest of a string or character literal.
    fn string(&mut self, end: char) -> Kind<'s> {
        while let Some(c) = self.bump() {
            if c == '\\' {
                self.bump();
            } else if c == end {
                break;
            }
        }
        Kind::Other
    }

    /// Skips what follows a single quote: a character or the name of a lifetime.
    fn quote(&mut self) -> Kind<'s> {
        let mut ahead = self.text().chars();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => self.string('\''),
            (Some(_), Some('\'')) => {
                self.bump();
                self.bump();
                Kind::Other
            }
            _ => Kind::Other,
        }
    }
}

/// Beyond ASCII, only names and white space stand outside of comments and literals.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() && !is_blank(c)
}

/// White space of Rust, to which the marks for the direction of text belong.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        tokens(text).iter().map(|token| token.kind).collect()
    }

    #[test]
    fn literals_and_lifetimes_are_no_words() {
        for text in [
            "'{'",
            "'\\''",
            "'\\u{7d}'",
            "b'{'",
            "b'\\''",
            "\"}\"",
            "\"\\\"}\"",
            "b\"\\\"}\"",
            "c\"{\"",
            "r\"\\\"",
            "br\"{\"",
            "cr#\"\"{\"#",
            "r##\"}\"#\"##",
        ] {
            let whole = format!("{text} }}");
            assert_eq!(kinds(&whole), [Kind::Other, Kind::Close('}')], "{text}");
        }
    }

    #[test]
    fn words_are_names_of_any_script() {
        // Names with combining marks, and with a symbol that begins names.
        for words in [
            ["r#type", "r", "br", "é1", "_"],
            ["नमस्ते", "नमस्कार", "e\u{301}", "℘", "r#℘"],
            ["fn", "r#ते", "x", "0", "b"],
        ] {
            for blank in [" ", "\t", "\u{85}", "\u{2028}", "\u{200e}", "\u{200f}"] {
                assert_eq!(kinds(&words.join(blank)), words.map(Kind::Word), "{blank:?}");
            }
        }
    }

    #[test]
    fn other_words_directly_before_a_literal_are_no_part_of_it() {
        let close = Kind::Close('}');
        for word in ["1", "match"] {
            for literal in ["\"{\"", "'{'"] {
                let text = format!("{word}{literal}}}");
                assert_eq!(kinds(&text), [Kind::Word(word), Kind::Other, close], "{text}");
            }
        }
        assert_eq!(kinds("0'a}"), [Kind::Word("0"), Kind::Other, Kind::Word("a"), close]);
    }
}
