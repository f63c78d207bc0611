//! The colors of output for people.

use std::borrow::Cow;

use anstream::AutoStream;
use anstream::stream::RawStream;
use caps_core::escape;
use clap::builder::styling::{AnsiColor, Style, Styles};

/// What a piece of text means, which determines its color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Meaning {
    #[default]
    Plain,
    /// The name of what follows.
    Heading,
    /// Valid, passed, available.
    Good,
    /// Invalid, failed.
    Bad,
    /// Works, but needs attention: deprecated, unstable, a warning.
    Warning,
    /// Additional information.
    Note,
    Added,
    Removed,
    Changed,
    /// Neither good nor bad: unknown, not applicable.
    Faint,
}

impl Meaning {
    /// Errors look as clap prints them, differences as in `git diff`.
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().bold(),
            Self::Good | Self::Added => AnsiColor::Green.on_default(),
            Self::Bad => *Styles::styled().get_error(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Note => AnsiColor::Cyan.on_default().bold(),
            Self::Removed => AnsiColor::Red.on_default(),
            Self::Changed => AnsiColor::Yellow.on_default(),
            Self::Faint => Style::new().dimmed(),
        }
    }

    /// The meaning of a line of a difference, by its sign.
    pub(crate) fn of_sign(sign: char) -> Self {
        match sign {
            '+' => Self::Added,
            '-' => Self::Removed,
            '~' => Self::Changed,
            _ => Self::Plain,
        }
    }

    /// Puts the text, which is already escaped, between the control sequences of the color.
    pub(crate) fn paint(self, text: &str) -> Cow<'_, str> {
        let style = self.style();
        if style.is_plain() || text.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(format!("{style}{text}{style:#}"))
    }
}

/// A piece of a line.
pub(crate) type Piece = (Meaning, String);

/// Joins the pieces of a line, each escaped and, if wanted, in its color.
pub(crate) fn join(pieces: &[Piece], colored: bool) -> String {
    let piece = |(meaning, text): &Piece| {
        let text = escape::line(text);
        if colored { meaning.paint(&text).into_owned() } else { text.into_owned() }
    };
    pieces.iter().map(piece).collect()
}

/// Returns whether output to the stream is colored: on a terminal, unless `NO_COLOR`,
/// `CLICOLOR=0` or a terminal without colors forbids it; elsewhere with `CLICOLOR_FORCE`.
pub(crate) fn is_wanted<S: RawStream>(stream: &S) -> bool {
    AutoStream::choice(stream) != anstream::ColorChoice::Never
}

#[cfg(test)]
mod tests {
    use super::Meaning;

    #[test]
    fn signs_have_meanings() {
        let signs = ['+', '-', '~', ' '].map(Meaning::of_sign);
        assert_eq!(signs, [Meaning::Added, Meaning::Removed, Meaning::Changed, Meaning::Plain]);
    }

    #[test]
    fn what_has_no_color_stays_as_it_is() {
        assert_eq!(Meaning::Good.paint(""), "");
        assert_eq!(Meaning::Plain.paint("a"), "a");
        assert_eq!(Meaning::Good.paint("a"), "\u{1b}[32ma\u{1b}[0m");
    }
}
