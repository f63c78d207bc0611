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
    // Most runs are short, and what is below has no loop for them.
    match end_in_chunk(bytes, at, &others) {
        Some(Some(end)) => end,
        _ => long_run_end(bytes, at, others, ends),
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
    while let Some(end) = end_in_chunk(bytes, at, &others) {
        if let Some(end) = end {
            return end;
        }
        at += 16;
    }
    while at < bytes.len() && !ends(bytes[at]) {
        at += 1;
    }
    at
}

/// Whether and where a run ends within the next sixteen bytes, if there are as many.
#[inline]
fn end_in_chunk(bytes: &[u8], at: usize, others: impl Fn(u64) -> u64) -> Option<Option<usize>> {
    let words = u128::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    #[expect(clippy::cast_possible_truncation, reason = "the other half is looked at next")]
    let low = others(words as u64);
    if low != 0 {
        return Some(Some(at + low.trailing_zeros() as usize / 8));
    }
    let high = others((words >> 64) as u64);
    if high != 0 {
        return Some(Some(at + 8 + high.trailing_zeros() as usize / 8));
    }
    Some(None)
}
