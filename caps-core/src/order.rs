//! Sorting names that contain version numbers.

/// A sort key of alternating text and numbers.
pub(crate) type Key = Vec<(String, u64)>;

/// Sorts numbers by value: `pc-q35-10.0` comes after `pc-q35-9.2`.
pub(crate) fn by_version(name: &str) -> Key {
    let digit = |c: &char| c.is_ascii_digit();
    let mut key = Vec::new();
    let mut chars = name.chars().peekable();
    while chars.peek().is_some() {
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| !digit(c)) {
            word.push(c);
        }
        let mut number = 0u64;
        while let Some(c) = chars.next_if(digit) {
            number = number.saturating_mul(10).saturating_add(u64::from(c) - u64::from('0'));
        }
        key.push((word, number));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::by_version;

    #[test]
    fn numbers_count_by_their_values() {
        let mut names = [
            "pc-q35-10.0",
            "none",
            "pc-q35-9.2",
            "pc",
            "pc-i440fx-10.0",
            "9a",
            "10",
            "v10",
            "v007",
            "v3",
            "v2",
        ];
        names.sort_by_key(|name| by_version(name));
        assert_eq!(
            names,
            [
                "9a",
                "10",
                "none",
                "pc",
                "pc-i440fx-10.0",
                "pc-q35-9.2",
                "pc-q35-10.0",
                "v2",
                "v3",
                "v007",
                "v10",
            ]
        );
    }
}
