//! The import graph of the library, computed from its sources, equals the one in ARCHITECTURE.md
//! and has no cycles: neither between modules nor between the parts of a module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Item, UseTree};

type Module = Vec<String>;
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_table_of_modules_is_true() {
    let graph = Sources::read().graph(&[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).expect("ARCHITECTURE.md");
    let mut rows = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [modules, _, uses] = *cells {
            for module in names(modules).filter(|name| graph.contains_key(name)) {
                let uses = names(uses).collect::<BTreeSet<_>>();
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
    let sources = Sources::read();
    let parents: BTreeSet<&[String]> =
        sources.files.keys().filter_map(|module| Some(module.split_last()?.1)).collect();
    assert!(parents.len() > 5, "{parents:?}");
    let cycles: Vec<String> = parents
        .into_iter()
        .filter_map(|parent| Some((parent, cycle(&untied(sources.graph(parent), parent))?)))
        .map(|(parent, cycle)| {
            format!("below `crate::{}`: {}", parent.join("::"), cycle.join(" -> "))
        })
        .collect();
    assert!(cycles.is_empty(), "cycles\n{}", cycles.join("\n"));
}

#[test]
fn a_cycle_is_found() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
            graph.entry((*to).to_owned()).or_default();
        }
        graph
    };
    assert_eq!(cycle(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    let found = cycle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).expect("a cycle");
    assert_eq!(found, ["b", "c", "b"]);
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

/// Imports that are allowed to close a cycle: the module, and the parts involved.
const KNOTS: &[(&str, &str, &str)] = &[
    // The rules in rows of the table refer to other rows.
    ("flag", "rule", "table"),
];

/// The graph without the allowed cycles.
fn untied(mut graph: Graph, parent: &[String]) -> Graph {
    for (_, from, to) in KNOTS.iter().filter(|(module, ..)| parent == [*module]) {
        let is_there = graph.get_mut(*from).is_some_and(|edges| edges.remove(*to));
        assert!(is_there, "`{from}` does not import `{to}` any more: remove the exception");
    }
    graph
}

/// The names in backticks.
fn names(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// All modules with the paths they import, from the root of the crate.
struct Sources {
    files: BTreeMap<Module, BTreeSet<Module>>,
    /// The items that a module re-exports from its parts: module and name, mapped to the part.
    passed_on: BTreeMap<(Module, String), Module>,
}

impl Sources {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = Self { files: BTreeMap::new(), passed_on: BTreeMap::new() };
        let mut open: Vec<PathBuf> = vec![root.clone()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let relative = path.strip_prefix(&root).expect("below it").with_extension("");
                    let module: Module =
                        relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                    sources.add(module, &path);
                }
            }
        }
        sources
    }

    fn add(&mut self, module: Module, path: &Path) {
        let text = std::fs::read_to_string(path).expect("a source");
        let file = syn::parse_file(&text).expect("Rust");
        for item in &file.items {
            let Item::Use(item) = item else { continue };
            for path in flat(&item.tree) {
                // `pub use part::Name`
                if let [part, .., name] = path.as_slice()
                    && !["crate", "super", "self"].contains(&part.as_str())
                {
                    let target = module.iter().chain([part]).cloned().collect();
                    self.passed_on.insert((module.clone(), name.clone()), target);
                }
            }
        }
        let mut imports = Imports { module: module.clone(), paths: BTreeSet::new() };
        imports.visit_file(&file);
        self.files.insert(module, imports.paths);
    }

    /// The imports between the modules directly below `parent`.
    fn graph(&self, parent: &[String]) -> Graph {
        let depth = parent.len();
        let below = |module: &[String]| module.len() > depth && module.starts_with(parent);
        let mut graph = Graph::new();
        for (module, paths) in self.files.iter().filter(|(module, _)| below(module)) {
            if module[depth] == "lib" {
                continue;
            }
            let edges = graph.entry(module[depth].clone()).or_default();
            for target in paths.iter().map(|path| self.resolve(path)) {
                if below(&target) && target[depth] != module[depth] {
                    edges.insert(target[depth].clone());
                }
            }
        }
        graph
    }

    /// The module that contains the item at a path.
    fn resolve(&self, path: &[String]) -> Module {
        let known = (0..=path.len()).rev().find(|&length| self.files.contains_key(&path[..length]));
        let module = path[..known.unwrap_or(0)].to_vec();
        let Some(name) = path.get(module.len()) else { return module };
        match self.passed_on.get(&(module.clone(), name.clone())) {
            Some(part) if self.files.contains_key(part) => part.clone(),
            _ => module,
        }
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

    /// Paths in the arguments of macros, which are only tokens.
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
        for path in flat(&item.tree) {
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
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
        });
        if is_test || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

/// The paths of a `use`, one for each name.
fn flat(tree: &UseTree) -> Vec<Vec<String>> {
    match tree {
        UseTree::Path(path) => {
            let mut paths = flat(&path.tree);
            for rest in &mut paths {
                rest.insert(0, path.ident.to_string());
            }
            paths
        }
        UseTree::Group(group) => group.items.iter().flat_map(flat).collect(),
        UseTree::Name(name) if name.ident == "self" => vec![Vec::new()],
        UseTree::Name(name) => vec![vec![name.ident.to_string()]],
        UseTree::Rename(rename) => vec![vec![rename.ident.to_string()]],
        UseTree::Glob(_) => vec![Vec::new()],
    }
}

/// A path through the graph that ends where it starts.
fn cycle(graph: &Graph) -> Option<Vec<String>> {
    fn visit<'g>(
        graph: &'g Graph,
        at: &'g str,
        path: &mut Vec<&'g str>,
        done: &mut BTreeSet<&'g str>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|step| *step == at) {
            return Some(
                path[start..].iter().chain([&at]).map(|step| (*step).to_owned()).collect(),
            );
        }
        if done.contains(at) {
            return None;
        }
        path.push(at);
        let found = graph.get(at)?.iter().find_map(|next| visit(graph, next, path, done));
        path.pop();
        done.insert(at);
        found
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| visit(graph, start, &mut Vec::new(), &mut done))
}
