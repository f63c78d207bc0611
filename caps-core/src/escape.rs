//! Escaping text for the place where it is printed.
//!
//! File names, capture names and QEMU's messages are data: they must not reach a terminal as
//! control sequences or a shell as syntax.
//!
//! ```
//! use caps_core::escape;
//!
//! assert_eq!(escape::line("red: \u{1b}[31m\n"), r"red: \u{1b}[31m\n");
//! assert_eq!(escape::lines("red: \u{1b}[31m\n"), "red: \\u{1b}[31m\n");
//! ```

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes text for one line of a terminal. Control characters, line breaks and characters that
/// change the direction of text become escapes such as `\u{1b}` or `
/// `.
///
/// ```
/// use caps_core::escape;
///
/// assert_eq!(escape::line("9.2.0_x86_64+\u{1b}[2J\n"), r"9.2.0_x86_64+\u{1b}[2J\n");
/// assert_eq!(escape::line("9.2.0_x86_64"), "9.2.0_x86_64");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_unsafe)
}

/// Escapes text of several lines like [`line()`], but keeps line feeds and tabs.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_unsafe(c) && !matches!(c, '\n' | '\t'))
}

/// Quotes a shell word where necessary. A word with control characters uses the `$'...'` quotes of
/// bash, zsh and ksh, so that none of it acts on the terminal.
///
/// ```
/// use caps_core::escape;
///
/// assert_eq!(escape::shell("caps_9.2.0_x86_64+a.replies"), "caps_9.2.0_x86_64+a.replies");
/// assert_eq!(escape::shell("it's; rm -r"), r"'it'\''s; rm -r'");
/// assert_eq!(escape::shell("a\nb"), r"$'a\nb'");
/// ```
pub fn shell(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+./:@%,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return Cow::Borrowed(word);
    }
    if !word.chars().any(is_unsafe) {
        return Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")));
    }
    let mut quoted = String::from("$'");
    for c in word.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\\' | '\'' => quoted.extend(['\\', c]),
            // Writing to a `String` can't fail.
            c if is_unsafe(c) => drop(write!(quoted, "\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    Cow::Owned(quoted)
}

/// Escapes, as JSON does, every character of a JSON text that acts on a terminal. JSON itself
/// requires that for some of them only.
///
/// ```
/// assert_eq!(caps_core::escape::json("[\"\u{9b}2J\"]\n"), "[\"\\u009b2J\"]\n");
/// ```
pub fn json(text: &str) -> Cow<'_, str> {
    let acts = |c: char| is_unsafe(c) && c != '\n';
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            // All of these fit into one UTF-16 unit. Writing to a `String` can't fail.
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Escapes text for one line of Markdown, so that nothing is markup, not even in a table cell.
///
/// ```
/// assert_eq!(caps_core::escape::markdown("a|x86_64 _<d>"), r"a\|x86_64 \_\<d\>");
/// ```
pub fn markdown(text: &str) -> Cow<'_, str> {
    let markup = |c: char| "\\`*_[]<>|#&~".contains(c);
    let text = line(text);
    if !text.contains(markup) {
        return text;
    }
    let mut marked = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        // Within a word, an underscore is not markup.
        let inside = c == '_'
            && before.is_alphanumeric()
            && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if markup(c) && !inside {
            marked.push('\\');
        }
        marked.push(c);
        before = c;
    }
    Cow::Owned(marked)
}

/// Formats text as a Markdown code span, with a fence longer than any in the text.
///
/// ```
/// assert_eq!(caps_core::escape::markdown_code("a_b"), "`a_b`");
/// assert_eq!(caps_core::escape::markdown_code("a`b|"), r"`` a`b\| ``");
/// ```
pub fn markdown_code(text: &str) -> String {
    // A bar ends a table cell even within code.
    let text = line(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

fn escaped(text: &str, wanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&wanted) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' if wanted(c) => safe.extend(c.escape_default()),
            c if wanted(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Returns whether a character acts on a terminal instead of being displayed: control characters,
/// line separators, and characters that reorder surrounding text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{line, lines, shell};

    #[test]
    fn what_acts_on_a_terminal_is_shown() {
        for (text, expected) in [
            ("a\u{9b}31mb", r"a\u{9b}31mb"),
            ("\u{7f}\0\r", r"\u{7f}\u{0}\r"),
            ("a\u{202e}b", r"a\u{202e}b"),
            ("é ü 日本", "é ü 日本"),
        ] {
            assert_eq!(line(text), expected);
            assert_eq!(lines(text), expected);
        }
        assert_eq!(lines("a\n\tb\u{1b}"), "a\n\tb\\u{1b}");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "asks a shell")]
    fn a_shell_reads_quoted_words_as_they_were() {
        for word in ["", "a b", "$(rm)", "it's", "\u{1b}[31m\\n'", "a\nb\tc", "-x", "é\u{9b}"] {
            let script = format!("printf %s {}", shell(word));
            let output = std::process::Command::new("bash")
                .args(["-c", &script])
                .env("LC_ALL", "C.UTF-8")
                .output()
                .expect("a bash");
            assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{script}");
        }
    }
}
