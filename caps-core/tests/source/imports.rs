//! The import graph of the library is the one in ARCHITECTURE.md, and no crate has a cycle: neither among its
//! modules nor among the parts of any module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use crate::graph::{Graph, cycle};
use crate::tree::{Module, Tree, names};

#[test]
fn the_table_of_modules_is_true() {
    let graph = Sources::of("caps-core").graph(&[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).expect("ARCHITECTURE.md");
    let mut rows = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [modules, _, uses] = *cells {
            for module in in_backticks(modules).filter(|name| graph.contains_key(name)) {
                let uses = in_backticks(uses).collect::<BTreeSet<_>>();
                assert!(rows.insert(module.clone(), uses).is_none(), "`{module}` has two rows");
            }
        }
    }
    let wrong: Vec<String> = graph
        .iter()
        .filter(|(module, uses)| rows.get(*module) != Some(uses))
        .map(|(module, uses)| {
            let uses: Vec<String> = uses.iter().map(|name| format!("`{name}`")).collect();
            format!("| `{module}` | ... | {} |", uses.join(", "))
        })
        .collect();
    assert!(wrong.is_empty(), "these rows should be:\n{}", wrong.join("\n"));
}

#[test]
fn no_module_imports_itself_through_others() {
    let mut cycles = Vec::new();
    for package in ["caps-core", "caps-macros", "caps-cli"] {
        let sources = Sources::of(package);
        let parents: BTreeSet<&[String]> =
            sources.tree.files.keys().filter_map(|module| Some(module.split_last()?.1)).collect();
        assert!(parents.len() > 1, "{package}: {parents:?}");
        for parent in parents {
            if let Some(cycle) = cycle(&sources.graph(parent)) {
                let place = [&["crate".to_owned()], parent].concat().join("::");
                cycles.push(format!("{package}, below `{place}`: {}", cycle.join(" -> ")));
            }
        }
    }
    assert!(cycles.is_empty(), "cycles\n{}", cycles.join("\n"));
}

#[test]
fn every_form_of_an_import_counts() {
    let text = "
        use crate::a::{self, b::Thing as Other};
        use super::c::d;
        fn f() -> crate::e::Type { format!(\"{}\", crate::g::h()) }
        mod inner { use super::super::i::J; }
        #[cfg(test)] mod tests { use crate::hidden::K; }
    ";
    let module = ["x".to_owned(), "y".to_owned()];
    let mut found = Imports { module: module.to_vec(), paths: BTreeSet::new() };
    found.visit_file(&syn::parse_file(text).expect("Rust"));
    let paths: Vec<String> = found.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a", "a::b::Thing", "e::Type", "g::h", "x::c::d", "x::i::J"]);
}

fn in_backticks(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// Every module with the paths that it imports, from the root of the crate.
struct Sources {
    tree: Tree,
    paths: BTreeMap<Module, BTreeSet<Module>>,
}

impl Sources {
    fn of(package: &str) -> Self {
        let tree = Tree::of(package);
        let paths = tree.files.iter().map(|(module, file)| {
            let mut imports = Imports { module: module.clone(), paths: BTreeSet::new() };
            imports.visit_file(file);
            (module.clone(), imports.paths)
        });
        Self { paths: paths.collect(), tree }
    }

    /// Which of the modules directly below `parent` imports which.
    fn graph(&self, parent: &[String]) -> Graph {
        let depth = parent.len();
        let below = |module: &[String]| module.len() > depth && module.starts_with(parent);
        let mut graph = Graph::new();
        for (module, paths) in self.paths.iter().filter(|(module, _)| below(module)) {
            let edges = graph.entry(module[depth].clone()).or_default();
            for (target, _) in paths.iter().map(|path| self.tree.resolve(path)) {
                if below(&target) && target[depth] != module[depth] {
                    edges.insert(target[depth].clone());
                }
            }
        }
        graph
    }
}

struct Imports {
    module: Module,
    paths: BTreeSet<Module>,
}

impl Imports {
    fn add(&mut self, path: &[String]) {
        let mut base = match path.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("super") => self.module[..self.module.len() - 1].to_vec(),
            _ => return,
        };
        for step in &path[1..] {
            match step.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => base.push(step.clone()),
            }
        }
        self.paths.insert(base);
    }

    /// Paths in the arguments of macros, which are tokens only.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                }
                other => {
                    self.add(&std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        _ => {}
                    }
                }
            }
        }
        self.add(&path);
    }
}

impl<'a> Visit<'a> for Imports {
    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        for (_, path) in names(&item.tree) {
            self.add(&path);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let steps: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&steps);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'a syn::Macro) {
        self.tokens(item.tokens.clone());
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if is_for_tests(&item.attrs) || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
