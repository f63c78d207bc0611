//! Under which name does the package know `qemu-caps`?

use std::fs;
use std::sync::LazyLock;

use crate::listing;

/// What to write when the package has no dependency of the usual name.
pub(crate) fn hint_without_facade() -> Option<&'static str> {
    static HINT: LazyLock<Option<String>> =
        LazyLock::new(|| hint(&fs::read_to_string(listing::package().join("Cargo.toml")).ok()?));
    HINT.as_deref()
}

/// Only a manifest that surely names no `qemu-caps` gives a hint: the compiler tells of the others.
fn hint(manifest: &str) -> Option<String> {
    let lines = manifest.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let mut renamed = None;
    let mut table = "";
    for line in lines {
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']);
        }
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default().trim_matches(['"', '\'']);
        let names_it = |text: &str| matches!(text, "qemu-caps" | "qemu_caps");
        let is_package = line.starts_with("name") && line.split('"').any(names_it);
        if names_it(key) || names_it(table.rsplit('.').next().unwrap_or_default()) || is_package {
            return None;
        }
        if line.contains("package") && line.split(['"', '\'']).any(names_it) {
            let in_table = line.starts_with("package");
            let name = if in_table { table.rsplit('.').next().unwrap_or_default() } else { key };
            renamed = Some(name.replace('-', "_"));
        }
    }
    let name = renamed?;
    Some(format!("`qemu-caps` is called `{name}` in Cargo.toml, write `crate = ::{name}`"))
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn a_renamed_dependency_is_seen() {
        let expected =
            Some("`qemu-caps` is called `re_named` in Cargo.toml, write `crate = ::re_named`");
        for (manifest, expected) in [
            ("[dependencies]\nre-named = { package = \"qemu-caps\", version = \"1\" }\n", expected),
            ("[dev-dependencies.re-named]\npackage = \"qemu-caps\"\n", expected),
            ("[dependencies]\nqemu-caps = \"1\"\n", None),
            ("[dev-dependencies.qemu-caps]\nversion = \"1\"\n", None),
            ("[dependencies]\nqemu-caps.workspace = true\n", None),
            ("[package]\nname = \"qemu-caps\"\n", None),
            ("[dependencies]\na = { package = \"qemu-caps\" }\nqemu-caps = \"1\"\n", None),
            ("[dependencies]\nother.workspace = true\n", None),
        ] {
            assert_eq!(hint(manifest).as_deref(), expected, "{manifest}");
        }
    }
}
