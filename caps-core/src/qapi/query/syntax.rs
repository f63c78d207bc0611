//! The syntax of queries, checked at compile time for constants.

/// The number (from 1) of the first empty component, or 0.
pub(super) const fn first_empty(text: &[u8]) -> usize {
    let mut number = 1;
    let mut at = 0;
    let mut start = 0;
    while at <= text.len() {
        if at == text.len() || text[at] == b'/' {
            let operator = number > 1 && at > start && !text[start].is_ascii_alphabetic();
            if at == start || (operator && at == start + 1) {
                return number;
            }
            start = at + 1;
            number += 1;
        }
        at += 1;
    }
    0
}

/// The range of a component, other than the first, that starts with neither a letter nor an
/// operator. libvirt silently drops such a character.
pub(super) const fn unknown_operator(text: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    while at + 1 < text.len() {
        let operator = matches!(text[at + 1], b'^' | b'!' | b'$' | b'+' | b'*' | b' ');
        if text[at] == b'/' && !operator && !text[at + 1].is_ascii_alphabetic() {
            let start = at + 1;
            let mut end = start;
            while end < text.len() && text[end] != b'/' {
                end += 1;
            }
            return Some((start, end));
        }
        at += 1;
    }
    None
}

/// The range of a test that is followed by something other than what is allowed.
pub(super) const fn test_with_followers(text: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    while at + 1 < text.len() {
        if text[at] == b'/' && matches!(text[at + 1], b'^' | b'!' | b'$') {
            let start = at + 1;
            let mut end = start;
            while end < text.len() && text[end] != b'/' {
                end += 1;
            }
            if end < text.len() {
                let (_, followers) = text.split_at(end);
                let feature = text[start] == b'^' && matches!(followers, [b'/', b'$', ..]);
                let mut last = end + 1;
                while last < text.len() && text[last] != b'/' {
                    last += 1;
                }
                if !feature || last < text.len() {
                    return Some((start, end));
                }
                return None;
            }
        }
        at += 1;
    }
    None
}
