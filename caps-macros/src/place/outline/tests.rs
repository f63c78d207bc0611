use super::{Outline, Place};

/// Each place is at a word that names it.
const SOURCE: &str = include_str!("sample.txt");

#[test]
fn names_and_places_are_found() {
    let outline = Outline::new(SOURCE);
    let names: Vec<(&str, usize)> =
        outline.names.iter().map(|name| (name.text.as_str(), name.module)).collect();
    let expected = [
        ("first", 0),
        ("elsewhere", 0),
        ("inner", 0),
        ("second", 2),
        ("Machine", 2),
        ("Machine2", 2),
        ("E", 2),
        ("T", 2),
        ("module_1_call", 2),
        ("unnamed_caps_test", 2),
        ("unnamed_caps_test", 2),
    ];
    assert_eq!(names, expected);
    let conditional = outline.names.iter().filter(|name| name.is_conditional);
    assert_eq!(conditional.map(|name| name.text.as_str()).collect::<Vec<_>>(), ["Machine2"]);
    for name in &outline.names {
        let line = SOURCE.lines().nth(name.at.0 - 1).expect("a line");
        let found: String = line.chars().skip(name.at.1 - 1).collect();
        let text = if name.text == "unnamed_caps_test" { "latest" } else { &name.text };
        assert!(found.trim_start_matches("r#").starts_with(text), "{name:?} at {found}");
    }
    for (word, place) in [
        ("module_0", Place::Module(0)),
        ("module_1", Place::Module(2)),
        ("module_1_call", Place::Module(2)),
        ("body_0", Place::Body),
        ("body_1", Place::Body),
        ("body_2", Place::Body),
        ("body_3", Place::Body),
        ("body_4", Place::Body),
        ("impl_0", Place::Impl),
        ("trait_0", Place::Trait),
        ("other_0", Place::Other),
        ("other_1", Place::Other),
        ("other_2", Place::Other),
    ] {
        let (line, text) =
            SOURCE.lines().enumerate().find(|(_, line)| line.contains(word)).expect(word);
        let column = text.find(word).expect(word);
        assert_eq!(outline.place((line + 1, column + 1)), place, "{word}");
    }
}

#[test]
fn braces_stand_outside_of_what_they_enclose() {
    let outline = Outline::new("mod a { }");
    let places = [7, 8, 9].map(|column| outline.place((1, column)));
    assert_eq!(places, [Place::Module(0), Place::Module(1), Place::Module(0)]);
}

#[test]
fn no_text_makes_it_panic() {
    for (start, _) in SOURCE.char_indices() {
        let _ = Outline::new(&SOURCE[start..]);
        let _ = Outline::new(&SOURCE[..start]);
    }
    for text in ["#", "#[", "caps_test", "caps_test!", "caps_test!(", "fn", "r#", "b'", "'\\", "}}"]
    {
        let _ = Outline::new(text);
    }
}
