//! Lines that fit a terminal.

use crate::color::{Meaning, Piece};

/// The least room for text after the indentation.
const ROOM: usize = 27;

/// Breaks a line at blanks so that each part fits the width where that is possible. The parts after
/// the first begin with `indent` blanks, or with fewer if that leaves no room.
pub(crate) fn wrap(pieces: &[Piece], width: usize, indent: usize) -> Vec<Vec<Piece>> {
    let indent = indent.min(width.saturating_sub(ROOM));
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut column = 0;
    for word in words(pieces) {
        let length = |trimmed: bool| {
            let texts = word.iter().map(|(_, text)| if trimmed { text.trim_end() } else { text });
            texts.map(|text| text.chars().count()).sum::<usize>()
        };
        if length(true) > 0 && column > indent && column + length(true) > width {
            // Even a blank at the end can be too much for the width.
            if let Some((_, last)) = lines.last_mut().and_then(|line| line.last_mut()) {
                last.truncate(last.trim_end().len());
            }
            lines.push(vec![(Meaning::Plain, " ".repeat(indent))]);
            column = indent;
        }
        column += length(false);
        if let Some(line) = lines.last_mut() {
            line.extend(word);
        }
    }
    lines
}

/// Splits a line after its blanks. A word can consist of several pieces.
fn words(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut words: Vec<Vec<Piece>> = Vec::new();
    let mut is_open = false;
    for (meaning, text) in pieces {
        for part in text.split_inclusive(' ') {
            let piece = (*meaning, part.to_owned());
            match words.last_mut().filter(|_| is_open) {
                Some(word) => word.push(piece),
                None => words.push(vec![piece]),
            }
            is_open = !part.ends_with(' ');
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::wrap;
    use crate::color::{Meaning, join};

    #[test]
    fn lines_break_at_blanks() {
        let pieces = [
            (Meaning::Plain, " 12 kvm      ".to_owned()),
            (Meaning::Bad, "Linux' KVM works".to_owned()),
            (Meaning::Plain, "; on-this-host-of-mine".to_owned()),
        ];
        let wrapped = |width| {
            let lines = wrap(&pieces, width, 13);
            lines.iter().map(|line| join(line, false)).collect::<Vec<_>>()
        };
        assert_eq!(wrapped(80), [" 12 kvm      Linux' KVM works; on-this-host-of-mine"]);
        let expected = [" 12 kvm      Linux' KVM works;", "             on-this-host-of-mine"];
        assert_eq!(wrapped(44), expected);
        assert_eq!(wrapped(30), [expected[0], "   on-this-host-of-mine"]);
        let expected = [" 12 kvm      Linux' KVM", " works; on-this-host-of-mine"];
        assert_eq!(wrapped(28), expected);
    }

    #[test]
    fn words_fill_the_width() {
        let lines = |text: &str, width, indent| {
            let lines = wrap(&[(Meaning::Plain, text.to_owned())], width, indent);
            lines.iter().map(|line| join(line, false)).collect::<Vec<_>>().join("\n")
        };
        let one = "0123456789 0123456789 012345678";
        assert_eq!(lines(one, 31, 2), one, "all of the width");
        assert_eq!(lines(one, 30, 2), "0123456789 0123456789\n  012345678");
        // A word that does not fit behind the indentation either stays there.
        let long = "  0123456789012345678901234567890123456789";
        assert_eq!(lines(long, 30, 2), long);
        let long = "a 0123456789012345678901234567890123456789 z";
        assert_eq!(lines(long, 30, 2), "a 0123456789012345678901234567890123456789\n  z");
        // Blanks alone never begin a line.
        let blanks = "0123456789 0123456789 01234567  ";
        assert_eq!(lines(blanks, 30, 2), blanks);
    }
}
