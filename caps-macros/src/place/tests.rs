use proc_macro2::Span;
use syn::Ident;

use super::outline::{Kind, Outline};
use super::{Misplaced, check_name};

/// What is said at each use in a text, and whether the function is dropped.
fn said(text: &str) -> Vec<(usize, String, bool)> {
    let outline = Outline::new(text);
    let positions =
        (1..=text.lines().count()).flat_map(|line| (1..60).map(move |column| (line, column)));
    let said = positions.filter_map(|position| {
        let name = outline.name_at(position)?;
        if !matches!(name.kind, Kind::Call | Kind::Function { is_tested: true }) {
            return None;
        }
        let name = Ident::new(&name.text, Span::call_site());
        let Misplaced { error, is_taken } = check_name(&outline, position, &name).err()?;
        Some((position.0, error.to_string(), is_taken))
    });
    said.collect()
}

#[test]
fn a_name_that_two_uses_need_is_reported_once() {
    const TWO: &str = "two uses of `caps_test` in this module make a module `a`, rename one";
    const TWICE: &str = "the function `a` is there twice in this module, rename one";
    const MODULE: &str =
        "`caps_test` makes a module `a` of the tests, and this module has a module `a`, rename one";
    const STRUCT: &str =
        "`caps_test` makes a module `a` of the tests, and this module has a struct `a`, rename one";
    const UNNAMED: &str = "a second `caps_test!` without a name in this module, expected one, as in \
                           `caps_test!(name: latest)`";
    for (text, expected) in [
        ("#[caps_test]\nfn a() {}\n#[caps_test]\nfn b() {}", &[][..]),
        ("#[caps_test]\nfn a() {}\n#[caps_test]\nfn a() {}", &[(4, TWICE, true)]),
        ("#[caps_test]\nfn a() {}\nfn a() {}", &[(2, TWICE, true)]),
        ("fn a() {}\n#[caps_test]\nfn a() {}", &[(3, TWICE, true)]),
        ("#[caps_test]\nfn a() {}\nmod a;", &[(2, MODULE, false)]),
        ("struct a;\n#[caps_test]\nfn a() {}", &[(3, STRUCT, true)]),
        ("caps_test!(a: all);\ncaps_test!(a: latest);", &[(2, TWO, false)]),
        ("caps_test!(all);\ncaps_test!(latest);", &[(2, UNNAMED, false)]),
        ("#[caps_test]\nfn a() {}\ncaps_test!(a: all);", &[(3, TWO, true)]),
        ("caps_test!(a: all);\n#[caps_test]\nfn a() {}", &[(3, TWO, false)]),
        ("fn a() {}\ncaps_test!(a: all);", &[]),
        (
            "#[qemu_caps::caps_test]\nfn a() {}\n#[qemu_caps::caps_test]\nfn a() {}",
            &[(4, TWICE, true)],
        ),
        ("other!(fn a() {});\n#[caps_test]\nfn a() {}", &[]),
        (
            "#[x(y(1), type b)]\n#[caps_test]\nfn a() {}\n#[caps_test]\nfn a() {}",
            &[(5, TWICE, true)],
        ),
        ("#[caps_test]\nfn नमस्ते() {}\n#[caps_test]\nfn नमस्कार() {}", &[]),
        ("mod b { caps_test!(a: all); }\ncaps_test!(a: latest);", &[]),
        ("#[cfg(unix)] caps_test!(a: all);\n#[cfg(windows)] caps_test!(a: latest);", &[]),
    ] {
        let said = said(text);
        let said: Vec<_> =
            said.iter().map(|(line, text, dropped)| (*line, text.as_str(), *dropped)).collect();
        assert_eq!(said, expected, "{text}");
    }
}
