//! What the extensions of RISC-V demand of each other, measured on QEMU 7.2, 10.0 and 11.1.

use std::collections::HashMap;

use super::judge::Judge;
use crate::command_line::scalar::{boolean, integer};
use crate::validate::Stage;

/// The models of vendors that have an extension; the other ones can't get it.
const HAVE: &[(&str, &[&str])] = &[
    ("v", &["thead-c908v", "tt-ascalon", "xiangshan-kunminghu"]),
    ("h", &["tt-ascalon", "veyron-v1", "xiangshan-kunminghu"]),
];
/// Versions of specifications, and QEMU's error message for any other.
const SPECIFICATIONS: &[(&str, &[&str], &str)] = &[
    ("vext_spec", &["v1.0"], "Unsupported vector spec version"),
    (
        "priv_spec",
        &["v1.10.0", "v1.11.0", "v1.12.0", "v1.13.0"],
        "Unsupported privilege spec version",
    ),
];
/// The limits of numbers that count with the vector extension, and QEMU's error message.
const VECTORS: &[(&str, i128, i128, &str)] = &[
    (
        "vlen",
        128,
        1024,
        "Vector extension implementation only supports VLEN in the range [128, 1024]",
    ),
    ("elen", 8, 64, "Vector extension implementation only supports ELEN in the range [8, 64]"),
];

impl Judge<'_> {
    /// Checks the extensions of a CPU of RISC-V, given as `KEY=VALUE,...`.
    pub(super) fn check_extensions(&mut self, model: &str, type_name: &str, features: &str) {
        if !self.know.target.starts_with("riscv") {
            return;
        }
        let given: HashMap<&str, &str> =
            features.split(',').filter_map(|feature| feature.split_once('=')).collect();
        let is = |key: &str, wanted: bool| {
            given.get(key).and_then(|value| boolean(value)) == Some(wanted)
        };
        if self.know.is_a(type_name, "riscv-vendor-cpu") {
            for (key, models) in HAVE.iter().filter(|(key, _)| is(key, true)) {
                if !models.contains(&model) {
                    let words = format!("'{model}' CPU does not allow enabling extensions");
                    let what = format!("the model `{model}` does not have `{key}`");
                    self.conflict(key, Stage::Value, &what, words);
                }
            }
            if is("mmu", false) {
                let words = format!("CPU '{model}' does not allow changing the value of 'mmu'");
                let what = format!("the model `{model}` has an MMU");
                self.conflict("mmu", Stage::Value, &what, words);
            }
            return;
        }
        for (key, versions, words) in SPECIFICATIONS {
            let counts = *key != "vext_spec" || self.know.is_since(10, 0) || is("v", true);
            let wrong = given.get(key).filter(|value| counts && !versions.contains(value));
            if let Some(value) = wrong {
                let expected: Vec<String> =
                    versions.iter().map(|version| format!("`{version}`")).collect();
                let words = format!("{words} '{value}'");
                self.wrong_value(key, value, &expected.join(" or "), words);
            }
        }
        for (key, least, most, words) in VECTORS {
            let Some(number) = given.get(key).and_then(|value| integer(value)) else { continue };
            let counts = is("v", true);
            if (counts || self.know.is_since(10, 0)) && number.count_ones() != 1 {
                let words = format!("Vector extension {} must be power of 2", key.to_uppercase());
                self.wrong_value(key, given[key], "a power of two", words);
            } else if counts && !(*least..=*most).contains(&number) {
                let expected = format!("between {least} and {most}");
                self.wrong_value(key, given[key], &expected, *words);
            }
        }
        if model == "rv64" {
            self.check_base(is);
        }
    }

    /// Checks the extensions of a CPU that has F, D and H unless they are off.
    fn check_base(&mut self, is: impl Fn(&str, bool) -> bool) {
        let rules = [
            (
                "zfinx",
                is("zfinx", true) && !is("f", false),
                "`zfinx` excludes `f`",
                "Zfinx cannot be supported together with F extension",
            ),
            (
                "d",
                is("f", false) && !is("d", false),
                "`d` needs `f`",
                "D extension requires F extension",
            ),
            (
                "v",
                is("v", true) && is("d", false),
                "`v` needs `d`",
                "V extension requires D extension",
            ),
            (
                "i",
                is("i", false) && !is("e", true),
                "neither `i` nor `e` is on",
                "Either I or E extension must be set",
            ),
            (
                "e",
                is("e", true) && !is("i", false),
                "`e` excludes `i`",
                "I and E extensions are incompatible",
            ),
            (
                "e",
                is("e", true) && is("i", false) && !is("h", false),
                "`h` needs `i`",
                "H depends on an I base integer ISA with 32 x registers",
            ),
        ];
        for (key, is_wrong, what, words) in rules {
            if is_wrong {
                self.conflict(key, Stage::Value, what, words);
            }
        }
    }
}
