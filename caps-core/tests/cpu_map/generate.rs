//! Generates the CPU map from the reference tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

const HEADER: &str = "\
# What libvirt 11.3.0 and 12.8.0 know of CPU features and CPU models: facts, taken from libvirt's CPU map
# (LGPL-2.1-or-later). Made by `VIR_TEST_REGENERATE_OUTPUT=1 cargo test -p caps-core --test cpu_map`, with
# QEMU_CAPS_REFERENCE_DIR naming the tables. A `+` after the first word of a line: since 12.8.0.
#
# vendor KEY ID NAME     a maker of x86 CPUs, and what CPUID spells
# cpuid, msr NAME...     x86 features in order, by where they show
# never-passed NAME...   features left out where the host's own CPU is the host model
# x86 NAME               an x86 model: of=MODEL, which it is another name for; as=MODEL, whose vendor, signatures
#                        and features it has but for what follows: by=KEY, sig=FAMILY/MODEL[/STEPPINGS] in the
#                        place of all, +FEATURE and -FEATURE; !FEATURE, which it has lost; `guest` if host models
#                        can be based on it
# ppc64 NAME VENDOR PVR/MASK...
";

/// The text of the map.
pub(crate) fn map(older: &Value, newer: &Value) -> String {
    let (old, new) = (&older["x86"], &newer["x86"]);
    let mut out = HEADER.to_owned();
    let mut line = |keyword: &str, is_newer: bool, rest: &str| {
        let plus = if is_newer { "+" } else { "" };
        writeln!(out, "{keyword}{plus} {rest}").expect("a string takes everything");
    };

    for vendor in array(&new["vendors"]) {
        let is_newer = !array(&old["vendors"]).contains(vendor);
        line(
            "vendor",
            is_newer,
            &format!("{} {} {}", key(&vendor[0]), string(&vendor[1]), string(&vendor[0])),
        );
    }

    let known: BTreeSet<&str> = features(old).map(|(name, _)| name).collect();
    let all: Vec<(&str, &str)> = features(new).collect();
    assert!(
        all.iter()
            .filter(|(name, _)| known.contains(name))
            .eq(features(old).collect::<Vec<_>>().iter()),
        "the newer table has the features of the older one in another order"
    );
    for group in all.chunk_by(|a, b| a.1 == b.1 && known.contains(a.0) == known.contains(b.0)) {
        for part in wrapped(group.iter().map(|(name, _)| *name)) {
            line(group[0].1, !known.contains(group[0].0), &part);
        }
    }
    assert_eq!(old["never_passed"], new["never_passed"]);
    let names: Vec<&str> = array(&old["never_passed"]).iter().map(string).collect();
    line("never-passed", false, &names.join(" "));

    let models = array(&new["models"]);
    let in_older =
        |model: &Value| array(&old["models"]).iter().find(|m| m["name"] == model["name"]);
    for (index, model) in models.iter().enumerate() {
        let older = in_older(model);
        for key in ["decode", "parent", "vendor", "signatures", "features", "removed"] {
            assert!(older.is_none_or(|older| older[key] == model[key]), "{model} has changed");
        }
        let bases =
            models[..index].iter().filter(|base| older.is_none() || in_older(base).is_some());
        line("x86", older.is_none(), &x86(model, bases));
    }
    assert!(
        array(&old["models"])
            .iter()
            .map(|m| &m["name"])
            .eq(models.iter().filter(|m| in_older(m).is_some()).map(|m| &m["name"])),
        "the newer table has the models of the older one in another order"
    );

    for model in array(&newer["ppc64"]["models"]) {
        let is_newer = !array(&older["ppc64"]["models"]).contains(model);
        let [name, vendor, pvr] = ["name", "vendor", "pvr"].map(|key| string(&model[key]));
        line("ppc64", is_newer, &format!("{name} {vendor} {pvr}"));
    }
    out
}

/// The features of a table in order, each with the kind of register that shows it.
pub(crate) fn features(x86: &Value) -> impl Iterator<Item = (&str, &str)> {
    array(&x86["features"]).iter().flat_map(|group| {
        let bits = string(&group["bits"]).split_whitespace();
        bits.filter_map(|bit| bit.split_once(':')).map(|(name, _)| (name, string(&group["in"])))
    })
}

fn x86<'v>(model: &'v Value, bases: impl Iterator<Item = &'v Value>) -> String {
    let mut words = vec![string(&model["name"]).to_owned()];
    if string(&model["decode"]).split(' ').any(|word| word == "guest") {
        words.push("guest".to_owned());
    }
    if let Some(parent) = model["parent"].as_str() {
        for key in ["vendor", "signatures", "features", "removed", "added"] {
            assert!(model[key].is_null(), "{model}: a model with a parent and {key} of its own");
        }
        words.push(format!("of={parent}"));
        return words.join(" ");
    }
    let own: BTreeSet<&str> = list(model, "features").collect();
    let alone = difference(model, &own, &Value::Null);
    let length = |words: &[String]| words.iter().map(|word| word.len() + 1).sum::<usize>();
    let nearest = bases
        .filter(|base| base["parent"].is_null())
        .map(|base| {
            let base_word = format!("as={}", string(&base["name"]));
            [vec![base_word], difference(model, &own, base)].concat()
        })
        .chain([alone])
        .min_by_key(|words| length(words));
    words.extend(nearest.into_iter().flatten());
    words.extend(list(model, "removed").map(|name| format!("!{name}")));
    words.join(" ")
}

/// The differences of a model from its base.
fn difference(model: &Value, own: &BTreeSet<&str>, base: &Value) -> Vec<String> {
    let mut words = Vec::new();
    if model["vendor"] != base["vendor"] {
        words.push(format!(
            "by={}",
            if model["vendor"].is_null() { "" } else { key(&model["vendor"]) }
        ));
    }
    if model["signatures"] != base["signatures"] {
        let signatures: Vec<&str> = list(model, "signatures").collect();
        words.push(format!("sig={}", signatures.join(";")));
    }
    let theirs: BTreeSet<&str> = list(base, "features").collect();
    words.extend(own.difference(&theirs).map(|name| format!("+{name}")));
    words.extend(theirs.difference(own).map(|name| format!("-{name}")));
    words
}

/// A vendor's name without spaces.
fn key(vendor: &Value) -> &str {
    string(vendor).split(' ').next().unwrap_or_default()
}

fn list<'v>(model: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    model[key].as_str().unwrap_or("").split_whitespace()
}

/// Joins words to lines that fit on a screen.
fn wrapped<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}
