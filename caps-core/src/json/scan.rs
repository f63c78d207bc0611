//! Finding the ends of runs of bytes, sixteen at a time.

const SPACES: u64 = u64::from_le_bytes([b' '; 8]);

/// The end of a line break and so many spaces, if that is what is there.
#[inline]
pub(super) fn indentation_end(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    if rest.first() != Some(&b'\n') {
        return None;
    }
    let is_blank = match rest.first_chunk::<17>() {
        Some([_, first @ ..]) if width < 8 => {
            let word = first.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
            (word ^ SPACES) & ((1 << (8 * width)) - 1) == 0
        }
        // Two words, which may overlap.
        Some(line) if width <= 16 => {
            let word = |start: usize| {
                line[start..].first_chunk().is_some_and(|word| u64::from_le_bytes(*word) == SPACES)
            };
            word(1) && word(width - 7)
        }
        _ => rest.get(1..=width)?.iter().all(|&byte| byte == b' '),
    };
    is_blank.then_some(at + 1 + width)
}

/// The end of a run of spaces.
#[inline]
pub(super) fn spaces_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, |word| word ^ SPACES, |byte| byte != b' ')
}

/// The end of a run of unescaped bytes in a string: a quote, a backslash, a control character, or
/// the end.
#[inline]
pub(super) fn plain_text_end(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // Subtracting a limit from each byte sets the high bit of those below it; of the lowest such
    // byte, exactly. Flipping one bit makes the quote follow the control characters.
    let special = |word: u64| {
        let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        (control_or_quote | backslash) & !word & (ONES << 7)
    };
    run_end(bytes, at, special, |byte| matches!(byte, b'"' | b'\\' | 0..0x20))
}

/// The position of the first byte that ends a run, or the end. `others` has bits set in these bytes of
/// a word, and none below the first.
#[inline]
fn run_end(
    bytes: &[u8],
    at: usize,
    others: impl Fn(u64) -> u64,
    ends: impl Fn(u8) -> bool,
) -> usize {
    // Most runs are short, and a loop would cost them more than the run.
    match words(bytes, at).and_then(|words| length_in(words, &others)) {
        Some(length) => at + length,
        None => long_run_end(bytes, at, others, ends),
    }
}

/// The same for a run that is longer, or near the end.
#[cold]
fn long_run_end(
    bytes: &[u8],
    mut at: usize,
    others: impl Fn(u64) -> u64,
    ends: impl Fn(u8) -> bool,
) -> usize {
    while let Some(words) = words(bytes, at) {
        if let Some(length) = length_in(words, &others) {
            return at + length;
        }
        at += 16;
    }
    while at < bytes.len() && !ends(bytes[at]) {
        at += 1;
    }
    at
}

/// The next sixteen bytes, if there are as many.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the other half is the other word")]
fn words(bytes: &[u8], at: usize) -> Option<[u64; 2]> {
    let words = u128::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    Some([words as u64, (words >> 64) as u64])
}

/// The length of a run that ends within two words.
#[inline]
fn length_in([low, high]: [u64; 2], others: impl Fn(u64) -> u64) -> Option<usize> {
    let low = others(low);
    if low != 0 {
        return Some(low.trailing_zeros() as usize / 8);
    }
    let high = others(high);
    (high != 0).then(|| 8 + high.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::{indentation_end, plain_text_end, spaces_end};

    #[test]
    fn runs_end_where_a_search_by_bytes_finds_the_end() {
        for length in 0..40 {
            for other in
                ['a', '"', '\\', '\n', '\u{1f}', ' ', '!', '\u{7f}', '\u{80}', '\u{10ffff}']
            {
                let blank = format!("{}{other}{}", " ".repeat(length), " ".repeat(20));
                let text =
                    format!("{}{other}{}\"{}", "x ".repeat(length), "y".repeat(9), "z".repeat(9));
                for text in [blank, text] {
                    for at in 0..4.min(text.len()) {
                        for end in at..=text.len() {
                            let bytes = &text.as_bytes()[..end];
                            let search = |ends: &dyn Fn(u8) -> bool| {
                                let found = bytes[at..].iter().position(|&byte| ends(byte));
                                found.map_or(end, |length| at + length)
                            };
                            let is_special = |byte| matches!(byte, b'"' | b'\\' | 0..0x20);
                            assert_eq!(plain_text_end(bytes, at), search(&is_special), "{text:?}");
                            assert_eq!(
                                spaces_end(bytes, at),
                                search(&|byte| byte != b' '),
                                "{text:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_indentation_is_a_line_break_and_all_of_the_spaces() {
        for width in 0..24 {
            let good = format!("x\n{}\"{}", " ".repeat(width), " ".repeat(20));
            assert_eq!(indentation_end(good.as_bytes(), 1, width), Some(2 + width));
            assert_eq!(indentation_end(good.as_bytes(), 0, width), None);
            assert_eq!(indentation_end(good.as_bytes(), 1, width + 1), None);
            // To the very end, or beyond.
            let (whole, less) = (&good.as_bytes()[..2 + width], &good.as_bytes()[..=width]);
            assert_eq!(indentation_end(whole, 1, width), Some(2 + width));
            assert_eq!(indentation_end(less, 1, width), None);
            for at in 1..2 + width {
                for other in ["\t", "!", "\0"] {
                    let mut bad = good.clone();
                    bad.replace_range(at..=at, other);
                    assert_eq!(indentation_end(bad.as_bytes(), 1, width), None, "{bad:?}");
                }
            }
        }
    }
}
