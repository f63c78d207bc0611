//! Expansions as golden files, and robustness against meaningless tokens.

use std::path::Path;

use caps_core::testing::Golden;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::stages;

mod mistakes;

/// Formats the output of a stage as a source file.
fn pretty(tokens: TokenStream) -> String {
    let file = syn::parse2::<syn::File>(tokens).expect("an expansion is a list of items");
    prettyplease::unparse(&file)
}

/// The arguments of the second stage's call in the first stage's output, if any.
fn second_stage(tokens: &TokenStream) -> Option<TokenStream> {
    let mut after_name = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(name) if name == "caps_tests" => after_name = true,
            TokenTree::Group(group) if after_name => return Some(group.stream()),
            _ => {}
        }
    }
    None
}

fn check(name: &str, first: TokenStream) {
    let second = stages::second_stage(second_stage(&first).expect("a second stage"));
    let expansion = format!("{}\n// The second stage:\n\n{}", pretty(first), pretty(second));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions").join(name);
    Golden::at(path).assert(&expansion);
}

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

fn check_attribute(name: &str, arguments: &str, function: &str) {
    check(name, stages::attribute(&tokens(arguments), &tokens(function)));
}

fn check_call(name: &str, arguments: &str) {
    let arguments = tokens(arguments);
    check(name, stages::call(quote::quote! { [::qemu_caps] #arguments }));
}

/// Independent of which captures the project has.
const DIR: &str = r#"dir = "tests/captures""#;

#[test]
fn expansions_of_the_attribute() {
    check_attribute(
        "documents.rs",
        &format!(r#"latest, "x86_64", {DIR}"#),
        "fn has_virtiofs(domcaps: &DomainCapabilities) { look(domcaps) }",
    );
    check_attribute(
        "attribute.rs",
        &format!(r#"latest, ["x86_64", "s390x"], {DIR}"#),
        "/// VNC is there.\nfn has_vnc(caps: &Capabilities) { assert!(caps.has(Flag::Vnc)); }",
    );
    check_attribute(
        "all_items.rs",
        &format!(
            r#">=8.2, <11", not_arch("sparc"), variant = any, lacks("vnc"), set("kvm", "tcg"),
               clear("sdl"), golden = "golden/{{test}}.{{arch}}-{{version}}{{variant}}.args",
               skip("caps_9.2.0_x86_64" = "slow"), {DIR}, crate = ::renamed"#
        )
        .replacen(">=8.2", "\">=8.2", 1),
        "#[cfg(unix)] #[expect(unused)] #[ignore = \"too slow\"]
         fn command_line(id: &CaptureId, golden: Golden) -> Result<(), GoldenError> {
             golden.check(\"\")
         }",
    );
    check_attribute(
        "asynchronous.rs",
        &format!(r#"latest(2), "x86_64", {DIR}"#),
        "#[tokio::test(flavor = \"multi_thread\")]
         async fn serves(capture: &Capture) -> std::io::Result<()> { Ok(()) }",
    );
    check_attribute(
        "fails.rs",
        &format!(r#"oldest, "x86_64", fails = "no such device", {DIR}"#),
        "fn refuses(caps: &Capabilities) -> Result<Vm, Error> { vm(caps) }",
    );
    check_attribute(
        "variant.rs",
        &format!(r#"latest, "x86_64", variant = "+amdsev", has("kvm"), {DIR}"#),
        "fn seals(caps: &Capabilities) {}",
    );
    check_attribute(
        "machine.rs",
        &format!(
            r#"latest, "x86_64", machine = "q35", virttype = kvm, golden = "{{test}}.xml", {DIR}"#
        ),
        "fn documents(domcaps: &(DomainCapabilities), golden: &Golden) -> ! { end(domcaps, golden) }",
    );
    check_attribute(
        "empty.rs",
        &format!(r#"latest, "riscv64", allow_empty, {DIR}"#),
        "#[should_panic] fn nothing(caps: &Capabilities) {}",
    );
}

#[test]
fn expansions_over_files_and_values() {
    check_attribute(
        "files.rs",
        r#"files("tests/inputs/*.json"), golden = "golden/{file}.txt",
           skip("plain.json" = "slow")"#,
        "fn parses(file: &InputFile, golden: &Golden) { golden.assert(file.stem()); }",
    );
    check_attribute(
        "product.rs",
        &format!(
            r#"latest, ["x86_64", "s390x"], files("tests/inputs/*", only("*.s390x.*" = "s390x")),
               values(machine = ["pc", MACHINE], memory = [512, -1]),
               golden(args = "golden/{{test}}.{{file}}.{{arch}}-{{machine}}-{{memory}}.args",
                      qmp = "golden/{{test}}.{{file}}.{{arch}}-{{machine}}-{{memory}}.json"), {DIR}"#
        ),
        "fn boots(vm: &InputFile, machine: &str, memory: i64, args: &Golden, qmp: Golden)
             -> Result<(), Error> { boot(vm, machine, memory, args, qmp) }",
    );
}

/// Types and expressions that a `macro_rules!` macro hands on are groups without delimiters.
#[test]
fn expansions_of_values_of_all_kinds() {
    let group = |source| TokenTree::from(Group::new(Delimiter::None, tokens(source)));
    let (value, ty) = (group("\"handed on\""), group("DomainCapabilities"));
    let dir = tokens(DIR);
    check(
        "values.rs",
        stages::attribute(
            &quote::quote! {
                latest, "x86_64", #dir,
                values(value = ['c', true, 1.5, (2), Some(THREE), Pair(4, false), #value])
            },
            &quote::quote! { fn prints(domcaps: &#ty, value: &dyn ToString) { print(domcaps, value) } },
        ),
    );
}

/// Where something else is called `run`, what runs the tests is not imported.
#[test]
fn expansions_of_names_of_the_macro_s_own() {
    check_attribute(
        "own_names.rs",
        &format!(r#"all, "x86_64", values(mode = ["run", "walk"]), {DIR}"#),
        "fn moves(caps: &Capabilities, mode: &str) {}",
    );
    check_attribute(
        "own_name_of_a_test.rs",
        r#"values(mode = ["run", "walk"])"#,
        "fn moves(mode: &str) {}",
    );
}

#[test]
fn expansions_of_the_call() {
    check_call("derive.rs", &format!("all, {DIR}"));
    check_call("path.rs", &format!(r#"everything: "9.2.0", {DIR} => checks::everything"#));
    check_call(
        "closure.rs",
        &format!(r#"closure: latest, "x86_64", fails, {DIR} => |caps: &Capabilities| build(caps)"#),
    );
}

/// A deterministic sequence of pseudo-random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn tokens(&mut self, depth: usize) -> TokenStream {
        (0..self.below(9)).map(|_| self.token(depth)).collect()
    }

    fn token(&mut self, depth: usize) -> TokenTree {
        const WORDS: [&str; 38] = [
            "latest",
            "oldest",
            "all",
            "not_arch",
            "variant",
            "has",
            "lacks",
            "set",
            "clear",
            "fails",
            "golden",
            "skip",
            "dir",
            "crate",
            "allow_empty",
            "max_tests",
            "files",
            "values",
            "only",
            "built_in",
            "LATEST",
            "arch",
            "golden",
            "any",
            "name",
            "fn",
            "async",
            "self",
            "caps",
            "mod",
            "u8",
            "derive",
            "call",
            "const",
            "where",
            "impl",
            "unsafe",
            "r#fn",
        ];
        const TEXTS: [&str; 20] = [
            "x86_64",
            "s390x",
            "9.2.0",
            "9.2",
            ">=8.2, <10",
            "",
            "+hvf",
            "hvf",
            "vnc",
            "kvm",
            "{test}.txt",
            "{",
            "tests/captures",
            "tests/inputs/*.json",
            "../{file}",
            "a/**b[",
            "{module}{caps}",
            "caps_9.2.0_x86_64",
            "\u{0}é",
            "~~1",
        ];
        match self.below(if depth == 0 { 9 } else { 12 }) {
            0..=2 => {
                let word = self.pick(&WORDS);
                match word.strip_prefix("r#") {
                    Some(raw) => Ident::new_raw(raw, Span::call_site()).into(),
                    None => Ident::new(word, Span::call_site()).into(),
                }
            }
            3..=4 => Literal::string(self.pick(&TEXTS)).into(),
            5 => match self.below(4) {
                0 => Literal::usize_unsuffixed(self.below(3)).into(),
                1 => Literal::f64_unsuffixed(9.2).into(),
                2 => Literal::byte_string(b"x").into(),
                _ => Literal::u128_suffixed(u128::MAX).into(),
            },
            6..=7 => Punct::new(
                self.pick(&[',', ',', ',', '=', ':', '#', '-', ';', '&', '|']),
                Spacing::Alone,
            )
            .into(),
            8 => Punct::new(self.pick(&['=', ':', '.', '>']), Spacing::Joint).into(),
            _ => {
                let delimiters =
                    [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None];
                Group::new(self.pick(&delimiters), self.tokens(depth - 1)).into()
            }
        }
    }

    /// Valid starts of items.
    fn arguments(&mut self) -> TokenStream {
        let start = self.pick(&[
            "",
            "latest,",
            "\">=9\",",
            "latest, \"x86_64\",",
            "all, has(\"vnc\"),",
            "name: all,",
            "files(\"tests/inputs/*\"),",
            "all, values(caps = [1, \"a\"]),",
            "latest, golden(caps = \"{test}\"),",
        ]);
        let mut arguments = tokens(start);
        arguments.extend(self.tokens(3));
        arguments
    }
}

#[test]
fn no_tokens_make_the_macros_panic() {
    let mut random = Random(1);
    let functions = [
        "fn test(caps: &Capabilities) {}",
        "async fn test(caps: &Capabilities) -> Result<(), E> {}",
        "#[should_panic] fn test(self, (a, b): (u8, [u8; 2]), f: fn(u8) -> u8) {}",
    ];
    for round in 0..4_000 {
        let item = if round % 3 == 0 { random.tokens(3) } else { tokens(random.pick(&functions)) };
        let whole = stages::attribute(&random.arguments(), &item);
        if let Some(second) = second_stage(&whole) {
            stages::second_stage(second);
        }
        let arguments = random.arguments();
        let whole = stages::call(quote::quote! { [::qemu_caps] #arguments });
        syn::parse2::<syn::File>(whole.clone()).expect("a call is a list of items");
        if let Some(second) = second_stage(&whole) {
            stages::second_stage(second);
        }
        stages::call(random.tokens(3));
        stages::second_stage(random.tokens(3));
    }
}
