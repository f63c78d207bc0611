use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::{Item, UseTree};

/// The path of a module from the root of its crate, which is empty.
pub(crate) type Module = Vec<String>;

/// The sources of a crate.
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<Module, syn::File>,
    /// What a name in a module stands for that the module only imports.
    imported: BTreeMap<(Module, String), Module>,
}

impl Tree {
    /// Reads the sources of a package of this workspace.
    pub(crate) fn of(package: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src");
        let mut tree = Self { files: BTreeMap::new(), imported: BTreeMap::new() };
        let mut open: Vec<PathBuf> = vec![root.clone()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let relative = path.strip_prefix(&root).expect("below it").with_extension("");
                    let mut module: Module =
                        relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                    module.retain(|part| part != "lib" && part != "main");
                    let text = std::fs::read_to_string(&path).expect("a source");
                    tree.files.insert(module, syn::parse_file(&text).expect("Rust"));
                }
            }
        }
        assert!(tree.files.contains_key(&[] as &[String]), "{package} has no root");
        for (module, file) in &tree.files {
            for item in &file.items {
                let Item::Use(item) = item else { continue };
                for (name, path) in names(&item.tree) {
                    if let Some(path) = tree.absolute(module, &path) {
                        tree.imported.insert((module.clone(), name), path);
                    }
                }
            }
        }
        tree
    }

    /// The path from the root of the crate; `None` for other crates.
    pub(crate) fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            child => {
                let child: Vec<String> = module.iter().cloned().chain([child.to_owned()]).collect();
                return self.files.contains_key(&child).then(|| [&child, &path[1..]].concat());
            }
        };
        for step in &path[1..] {
            match step.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => base.push(step.clone()),
            }
        }
        Some(base)
    }

    /// The module in which the item at a path stands, and what is left of the path.
    pub(crate) fn resolve(&self, path: &[String]) -> (Module, Vec<String>) {
        let mut path = path.to_vec();
        // Imports may lead in a circle where a name is both a module and an item.
        for _ in 0..8 {
            let known =
                (0..=path.len()).rev().find(|&length| self.files.contains_key(&path[..length]));
            let (module, rest) = path.split_at(known.unwrap_or(0));
            let Some(name) = rest.first() else { return (module.to_vec(), Vec::new()) };
            match self.imported.get(&(module.to_vec(), name.clone())) {
                Some(target) => path = [target, &rest[1..]].concat(),
                None => return (module.to_vec(), rest.to_vec()),
            }
        }
        (Vec::new(), path)
    }
}

/// The names that a `use` brings in, each with its path; a glob is the name `*`.
pub(crate) fn names(tree: &UseTree) -> Vec<(String, Vec<String>)> {
    match tree {
        UseTree::Path(path) => {
            let mut found = names(&path.tree);
            for (name, rest) in &mut found {
                if name == "self" {
                    *name = path.ident.to_string();
                }
                rest.insert(0, path.ident.to_string());
            }
            found
        }
        UseTree::Group(group) => group.items.iter().flat_map(names).collect(),
        UseTree::Name(name) if name.ident == "self" => vec![("self".to_owned(), Vec::new())],
        UseTree::Name(name) => vec![(name.ident.to_string(), vec![name.ident.to_string()])],
        UseTree::Rename(rename) if rename.ident == "self" => {
            vec![(rename.rename.to_string(), Vec::new())]
        }
        UseTree::Rename(rename) => {
            vec![(rename.rename.to_string(), vec![rename.ident.to_string()])]
        }
        UseTree::Glob(_) => vec![("*".to_owned(), Vec::new())],
    }
}
