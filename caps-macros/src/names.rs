//! Converting arbitrary text to names of modules and functions.

/// Converts text to an identifier. Characters other than ASCII letters and digits become `_`.
pub(crate) fn identifier(text: &str) -> String {
    let mut name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if name.bytes().all(|b| b == b'_') {
        name.push_str("file");
    }
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

/// Names used by the expansion; a test with such a name gets a different one.
const TAKEN: [&str; 3] = ["listing", "run", "SUITE"];

/// The name of a test next to the expansion's own functions.
pub(crate) fn beside_own(name: String) -> String {
    if TAKEN.contains(&name.as_str()) { name + "_" } else { name }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn every_text_is_an_identifier() {
        for (text, name) in [
            ("net", "net"),
            ("net/bridge-2", "net_bridge_2"),
            ("2disks", "_2disks"),
            ("fn", "fn_"),
            ("self", "self_"),
            ("é", "_file"),
            ("", "file"),
            ("a b.c", "a_b_c"),
        ] {
            assert_eq!(identifier(text), name);
            syn::parse_str::<syn::Ident>(name).expect(name);
        }
    }
}
