use quote::ToTokens;

/// Tokens as rustfmt would space them on one line.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        ("& ", "&"),
        ("? ", "?"),
        (" ;", ";"),
        (" :", ":"),
        ("->(", "-> ("),
        (",(", ", ("),
        ("=(", "= ("),
        (":(", ": ("),
        (",)", ")"),
        (", >", ">"),
    ] {
        text = text.replace(from, to);
    }
    text
}

#[test]
fn signatures_read_as_written() {
    for written in [
        "fn find<'c>(&'c self, names: &[&str]) -> Option<(u32, &'c str)>",
        "fn of(pair: (u32, u32)) -> Result<Self, crate::names::UnknownName>",
        "fn each<F: Fn(&mut [u8]) -> bool>(self, keep: F) where F: ?Sized",
        "impl<'de, T: Into<Box<dyn Error + Send>>> Iterator for Lines<'de, T>",
    ] {
        let tokens: proc_macro2::TokenStream = written.parse().expect("tokens");
        assert_eq!(text(&tokens), written);
    }
}
