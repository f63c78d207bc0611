//! The name under which the package depends on `qemu-caps`.

use std::path::Path;
use std::sync::LazyLock;

use crate::listing;

/// A suggestion for a package without a dependency of the usual name.
pub(crate) fn hint_without_facade() -> Option<&'static str> {
    static HINT: LazyLock<Option<String>> = LazyLock::new(|| {
        let package = listing::package();
        let read = |dir: &Path| caps_core::fs::read_text(dir.join("Cargo.toml")).ok();
        let is_workspace = |text: &String| entries(text).any(|entry| entry.is_in("workspace"));
        let workspace = || package.ancestors().skip(1).filter_map(read).find(is_workspace);
        hint(&read(&package)?, workspace)
    });
    HINT.as_deref()
}

/// Only a manifest that certainly has no `qemu-caps` leads to a suggestion; the compiler reports
/// other problems. A name that the package has not chosen itself comes from the workspace.
fn hint(manifest: &str, workspace: impl FnOnce() -> Option<String>) -> Option<String> {
    if entries(manifest).any(|entry| is_facade(entry.name) || entry.is_package_of_that_name()) {
        return None;
    }
    let of_workspace = || {
        let workspace = workspace()?;
        let renamed = entries(&workspace).filter(Entry::is_renamed_facade);
        let mut names = renamed.map(|entry| entry.name.to_owned());
        names.find(|name| entries(manifest).any(|entry| entry.name == name))
    };
    let own = entries(manifest).find(Entry::is_renamed_facade).map(|entry| entry.name.to_owned());
    let name = own.or_else(of_workspace)?.replace('-', "_");
    Some(format!("`qemu-caps` is called `{name}` in Cargo.toml, write `crate = ::{name}`"))
}

fn is_facade(name: &str) -> bool {
    matches!(name, "qemu-caps" | "qemu_caps")
}

/// A line of a manifest.
struct Entry<'m> {
    /// The dependency: the key, or the last component of its own table.
    name: &'m str,
    table: &'m str,
    line: &'m str,
}

/// The lines of a manifest with the dependency they belong to.
fn entries(manifest: &str) -> impl Iterator<Item = Entry<'_>> {
    let lines = manifest.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.scan("", |table, line| {
        if line.starts_with('[') {
            *table = line.trim_matches(['[', ']']);
        }
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default().trim_matches(['"', '\'']);
        let last = table.rsplit('.').next().unwrap_or_default();
        let is_own_table = line.starts_with('[') || matches!(key, "package" | "workspace");
        let name = if is_own_table { last } else { key };
        Some(Entry { name, table, line })
    })
}

impl Entry<'_> {
    fn is_in(&self, table: &str) -> bool {
        self.table.split('.').next() == Some(table)
    }

    fn is_package_of_that_name(&self) -> bool {
        self.line.starts_with("name") && self.line.split('"').any(is_facade)
    }

    fn is_renamed_facade(&self) -> bool {
        self.line.contains("package") && self.line.split(['"', '\'']).any(is_facade)
    }
}

#[cfg(test)]
mod tests {
    use super::{entries, hint};

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
            (
                "[package]\nname = \"qemu-caps\"\n[dependencies]\na = { package = \"qemu-caps\" }\n",
                None,
            ),
        ] {
            assert_eq!(hint(manifest, || None).as_deref(), expected, "{manifest}");
        }
        let workspace =
            "[workspace.dependencies]\nother = \"1\"\nre-named = { package = \"qemu-caps\" }\n";
        for (manifest, expected) in [
            ("[dev-dependencies]\nre-named.workspace = true\n", expected),
            ("[dev-dependencies]\nre-named = { workspace = true }\n", expected),
            ("[dev-dependencies.re-named]\nworkspace = true\n", expected),
            ("[dev-dependencies]\nother.workspace = true\n", None),
            ("[dev-dependencies]\nqemu-caps.workspace = true\nre-named.workspace = true\n", None),
        ] {
            let hint = hint(manifest, || Some(workspace.to_owned()));
            assert_eq!(hint.as_deref(), expected, "{manifest}");
        }
    }

    #[test]
    fn the_manifest_of_a_workspace_is_known() {
        for (manifest, expected) in [
            ("[workspace]\nmembers = [\"a\"]\n", true),
            ("[workspace.dependencies]\na = \"1\"\n", true),
            ("[package]\nworkspace = \"..\"\n[dependencies]\na.workspace = true\n", false),
        ] {
            let is_workspace = entries(manifest).any(|entry| entry.is_in("workspace"));
            assert_eq!(is_workspace, expected, "{manifest}");
        }
    }
}
