use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A position in a reply: a JSON pointer (RFC 6901) from the top of the reply, so it starts with
/// `/return` or `/error`.
///
/// In an array, a segment can be an index, `-` for the position after the last element, `*` for
/// every element, or `[KEY=VALUE]` for the elements with this member, since positions differ
/// between captures but names don't. VALUE is an unquoted string or JSON.
///
/// ```
/// use caps_core::edit::Pointer;
///
/// let pointer: Pointer = "/return/[name=pc-q35-9.2]/deprecated".parse()?;
/// assert_eq!(pointer.to_string(), "/return/[name=pc-q35-9.2]/deprecated");
/// # Ok::<(), caps_core::edit::ParsePointerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    text: String,
    segments: Vec<String>,
}

/// The text is not a pointer into a reply.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a pointer into a reply, {expected}")]
pub struct ParsePointerError {
    text: String,
    expected: &'static str,
}

impl Pointer {
    /// The segments, unescaped.
    pub(super) fn segments(&self) -> &[String] {
        &self.segments
    }

    /// Returns whether it denotes the entire result or error.
    pub(super) fn is_whole(&self) -> bool {
        self.segments.len() == 1
    }
}

impl FromStr for Pointer {
    type Err = ParsePointerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |expected| ParsePointerError { text: text.to_owned(), expected };
        let path = text
            .strip_prefix('/')
            .filter(|path| {
                ["return", "error"].contains(&path.split('/').next().unwrap_or_default())
            })
            .ok_or_else(|| error("expected one that begins with `/return` or `/error`"))?;
        let mut segments = Vec::new();
        for segment in path.split('/') {
            let mut name = String::new();
            let mut chars = segment.chars();
            while let Some(c) = chars.next() {
                name.push(match (c, c == '~') {
                    (_, false) => c,
                    _ => match chars.next() {
                        Some('0') => '~',
                        Some('1') => '/',
                        _ => return Err(error("expected `0` or `1` after `~`")),
                    },
                });
            }
            segments.push(name);
        }
        Ok(Self { text: text.to_owned(), segments })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
