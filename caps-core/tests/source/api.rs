//! The public interface, item by item, is the one in `api/`, so that a change of it is seen in review. All that a
//! user begins with has an example.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use caps_core::testing::Golden;
use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, Signature, TraitItem, Type, Visibility};

use crate::imports::is_for_tests;
use crate::signature::text;
use crate::tree::{Module, Tree, names};

#[test]
fn the_public_interface_is_as_reviewed() {
    let mut without = BTreeSet::new();
    for (package, name) in [("caps-core", "caps-core"), (".", "qemu-caps")] {
        let tree = Tree::of(package);
        let mut listing = Listing::of(&tree);
        listing.module(&[]);
        without.extend(listing.without_example.take());
        let path = format!("tests/source/api/{name}.txt");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        Golden::at(&path).assert(&(listing.lines.join("\n") + "\n"));
    }
    let without: Vec<String> = without.into_iter().collect();
    assert!(
        without.is_empty(),
        "these need an example, or their type or module does:\n{}",
        without.join("\n")
    );
}

/// Public items by module: first what a module has itself, then its public parts.
struct Listing<'t> {
    tree: &'t Tree,
    impls: BTreeMap<Module, Vec<&'t ItemImpl>>,
    lines: Vec<String>,
    /// Does the documentation of the module at hand have an example?
    module_has_example: Cell<bool>,
    /// Functions that are called without a value of their type and whose use no example shows.
    without_example: RefCell<BTreeSet<String>>,
}

/// The lines of an item, without indentation.
type Lines = Vec<String>;

impl<'t> Listing<'t> {
    fn of(tree: &'t Tree) -> Self {
        let mut impls: BTreeMap<Module, Vec<&ItemImpl>> = BTreeMap::new();
        for (module, file) in &tree.files {
            for item in &file.items {
                let Item::Impl(item) = item else { continue };
                if let Some(target) = type_of(tree, module, &item.self_ty)
                    && !is_for_tests(&item.attrs)
                    && !item.trait_.as_ref().is_some_and(|(path, _)| is_private(tree, module, path))
                {
                    impls.entry(target).or_default().push(item);
                }
            }
        }
        let (module_has_example, without_example) = Default::default();
        Self { tree, impls, lines: Vec::new(), module_has_example, without_example }
    }

    fn module(&mut self, module: &[String]) {
        self.module_has_example.set(has_example(&self.tree.files[module].attrs));
        let mut items: BTreeSet<(String, Lines)> = BTreeSet::new();
        let mut parts = Vec::new();
        for item in &self.tree.files[module].items {
            match item {
                Item::Mod(part) if is_public(&part.vis) && part.content.is_none() => {
                    parts.push([module, &[part.ident.to_string()]].concat());
                }
                Item::Use(item) if is_public(&item.vis) => {
                    for (name, path) in names(&item.tree) {
                        items.extend(self.exported(module, &name, &path));
                    }
                }
                item => items.extend(self.item(module, item)),
            }
        }
        self.lines.push(["mod crate", &module.join("::")].join(if module.is_empty() {
            ""
        } else {
            "::"
        }));
        for (_, lines) in items {
            self.lines.extend(lines.iter().map(|line| format!("  {line}")));
        }
        parts.sort();
        for part in parts {
            self.lines.push(String::new());
            self.module(&part);
        }
    }

    /// What a `pub use` exports: the item itself where its module is private.
    fn exported(&self, module: &[String], name: &str, path: &[String]) -> Vec<(String, Lines)> {
        let foreign = || vec![(name.to_owned(), vec![format!("use {}", path.join("::"))])];
        let Some(absolute) = self.tree.absolute(module, path) else { return foreign() };
        let (home, rest) = self.tree.resolve(&absolute);
        let via = absolute.split_last().map_or(&[][..], |(_, via)| via);
        if self.is_public(&home) || (!via.is_empty() && self.is_public(via)) {
            return foreign();
        }
        let items = self.tree.files[&home].items.iter();
        let items: Vec<_> = items.flat_map(|item| self.item(&home, item)).collect();
        let found: Vec<_> = items
            .iter()
            .filter(|(item, _)| name == "*" || rest.first() == Some(item))
            .cloned()
            .collect();
        if !found.is_empty() {
            return found;
        }
        // A macro makes it: its invocation says of what.
        let made = items.into_iter().filter(|(item, _)| item.ends_with('!'));
        let made: Vec<_> = made.chain(self.associated(&home, name, &[])).collect();
        assert!(!made.is_empty(), "`{name}` of `{}` is nowhere", path.join("::"));
        made.into_iter().map(|(_, lines)| (name.to_owned(), lines)).collect()
    }

    fn is_public(&self, module: &[String]) -> bool {
        (1..=module.len()).all(|length| {
            let (name, parent) = module[..length].split_last().expect("not the root");
            self.tree.files.get(parent).is_some_and(|file| {
                file.items.iter().any(|item| {
                    matches!(item, Item::Mod(part) if part.ident == name && is_public(&part.vis))
                })
            })
        })
    }

    /// The name of an item, and how it is declared, if it is public.
    fn item(&self, module: &[String], item: &Item) -> Vec<(String, Lines)> {
        let (name, mut lines) = match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let head = format!("struct {}{}", item.ident, text(&item.generics));
                (item.ident.to_string(), declared(&item.attrs, &head, public_fields(&item.fields)))
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let head = format!("enum {}{}", item.ident, text(&item.generics));
                let variants = item.variants.iter().flat_map(|variant| {
                    let inner = fields(&variant.fields).into_iter().map(|line| format!("  {line}"));
                    [variant.ident.to_string()].into_iter().chain(inner)
                });
                (item.ident.to_string(), declared(&item.attrs, &head, variants.collect()))
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let parents = text(&item.supertraits);
                let colon = if parents.is_empty() { "" } else { ": " };
                let head = format!("trait {}{}{colon}{parents}", item.ident, text(&item.generics));
                let inner = item.items.iter().filter_map(|item| match item {
                    TraitItem::Fn(function) => Some(text(&function.sig)),
                    TraitItem::Type(item) => {
                        Some(format!("type {}: {}", item.ident, text(&item.bounds)))
                    }
                    TraitItem::Const(item) => {
                        Some(format!("const {}: {}", item.ident, text(&item.ty)))
                    }
                    _ => None,
                });
                (item.ident.to_string(), declared(&item.attrs, &head, inner.collect()))
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.begins(module, "", &item.sig, &[&item.attrs]);
                (item.sig.ident.to_string(), vec![text(&item.sig)])
            }
            Item::Const(item) if is_public(&item.vis) => {
                (item.ident.to_string(), vec![format!("const {}: {}", item.ident, text(&item.ty))])
            }
            Item::Type(item) if is_public(&item.vis) => {
                (item.ident.to_string(), vec![format!("type {} = {}", item.ident, text(&item.ty))])
            }
            Item::Mod(item) if is_public(&item.vis) => return self.inline(item),
            Item::Macro(item) => return self.invocation(module, item),
            _ => return Vec::new(),
        };
        let attributes = match item {
            Item::Struct(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            _ => &Vec::new(),
        };
        let more = self.associated(module, &name, attributes);
        lines.extend(more.into_iter().flat_map(|(_, lines)| lines));
        vec![(name, lines)]
    }

    /// Remembers a function that a user may begin with and that has no example.
    fn begins(&self, module: &[String], of: &str, function: &Signature, docs: &[&[Attribute]]) {
        let has_example =
            self.module_has_example.get() || docs.iter().any(|docs| has_example(docs));
        if function.receiver().is_none() && !has_example {
            let path = [&module.join("::"), of, &function.ident.to_string()].join("::");
            self.without_example.borrow_mut().insert(path.replace("::::", "::"));
        }
    }

    /// A module that stands in the file of its parent.
    fn inline(&self, item: &syn::ItemMod) -> Vec<(String, Lines)> {
        let Some((_, items)) = &item.content else { return Vec::new() };
        let mut lines: Vec<String> = items
            .iter()
            .flat_map(|inner| match inner {
                Item::Use(inner) if is_public(&inner.vis) => {
                    let paths = names(&inner.tree).into_iter();
                    paths.map(|(_, path)| format!("  use {}", path.join("::"))).collect()
                }
                inner => self
                    .item(&[], inner)
                    .into_iter()
                    .flat_map(|(_, lines)| lines)
                    .map(|line| format!("  {line}"))
                    .collect::<Vec<_>>(),
            })
            .collect();
        lines.sort();
        lines.insert(0, format!("mod {}", item.ident));
        vec![(item.ident.to_string(), lines)]
    }

    /// A macro that is exported, or the items that one makes, by the names in its invocation.
    fn invocation(&self, module: &[String], item: &syn::ItemMacro) -> Vec<(String, Lines)> {
        if let Some(name) = &item.ident {
            let is_exported =
                item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
            let line = format!("macro {name}!");
            return is_exported.then(|| (name.to_string(), vec![line])).into_iter().collect();
        }
        let name =
            item.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let Some(made) = enum_in(item.mac.tokens.clone()) else {
            let mut lines = vec![format!("{name}!")];
            named(item.mac.tokens.clone(), &mut lines);
            return if lines.len() > 1 { vec![(format!("{name}!"), lines)] } else { Vec::new() };
        };
        let mut lines = vec![format!("{name}! enum {made}")];
        named(item.mac.tokens.clone(), &mut lines);
        lines.extend(
            self.associated(module, &made, &item.attrs).into_iter().flat_map(|(_, lines)| lines),
        );
        vec![(made, lines)]
    }

    /// The public functions, constants and traits of a type, wherever they stand in the crate.
    fn associated(&self, home: &[String], name: &str, docs: &[Attribute]) -> Vec<(String, Lines)> {
        let mut own = BTreeSet::new();
        let mut traits = BTreeSet::new();
        let target = [home, &[name.to_owned()]].concat();
        for item in self.impls.get(&target).into_iter().flatten() {
            if let Some((path, _)) = &item.trait_ {
                let generics = text(&item.generics.params);
                let generics = if generics.is_empty() { generics } else { format!("<{generics}>") };
                let (of, when) = (text(&item.self_ty), condition(&item.attrs));
                traits.insert(format!("  {when}impl{generics} {} for {of}", text(path)));
                continue;
            }
            for inner in &item.items {
                match inner {
                    ImplItem::Fn(function) if is_public(&function.vis) => {
                        self.begins(home, name, &function.sig, &[&function.attrs, docs]);
                        let when = condition(&function.attrs);
                        own.insert(format!("  {when}{}", text(&function.sig)));
                    }
                    ImplItem::Const(item) if is_public(&item.vis) => {
                        own.insert(format!("  const {}: {}", item.ident, text(&item.ty)));
                    }
                    _ => {}
                }
            }
        }
        let lines: Lines = own.into_iter().chain(traits).collect();
        if lines.is_empty() { Vec::new() } else { vec![(name.to_owned(), lines)] }
    }
}

/// Where the type of an `impl` stands.
fn type_of(tree: &Tree, module: &[String], of: &Type) -> Option<Module> {
    let Type::Path(path) = of else { return None };
    let (home, rest) = resolved(tree, module, &path.path);
    Some([home, rest].concat())
}

/// Returns whether a trait is one of this crate that other crates can't name.
fn is_private(tree: &Tree, module: &[String], path: &syn::Path) -> bool {
    let (home, rest) = resolved(tree, module, path);
    tree.files[&home].items.iter().any(|item| {
        matches!(item, Item::Trait(item) if rest == [item.ident.to_string()] && !is_public(&item.vis))
    })
}

/// The module in which the item at a path in a module stands, and what is left of the path.
fn resolved(tree: &Tree, module: &[String], path: &syn::Path) -> (Module, Vec<String>) {
    let steps: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let path = tree.absolute(module, &steps).unwrap_or_else(|| [module, &steps].concat());
    tree.resolve(&path)
}

fn has_example(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| text(&attribute.meta).contains("```"))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// A declaration with what is derived, and whether more may come.
fn declared(attributes: &[Attribute], head: &str, inner: Lines) -> Lines {
    let mut derived = BTreeSet::new();
    let mut open = "";
    for attribute in attributes {
        if attribute.path().is_ident("non_exhaustive") {
            open = "#[non_exhaustive] ";
        } else if attribute.path().is_ident("derive") {
            let _ = attribute.parse_nested_meta(|meta| {
                derived.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
                Ok(())
            });
        }
    }
    let derived: Vec<String> = derived.into_iter().collect();
    let mut lines = vec![format!("{open}{head}")];
    lines.extend(inner.into_iter().map(|line| format!("  {line}")));
    if !derived.is_empty() {
        lines.push(format!("  derive {}", derived.join(", ")));
    }
    lines
}

/// The fields of a struct; the private ones are `..` together.
fn public_fields(all: &Fields) -> Lines {
    let is_hidden = |field: &syn::Field| !is_public(&field.vis);
    let hidden = all.iter().any(is_hidden).then(|| "..".to_owned());
    let lines = fields(all).into_iter().zip(all).filter(|(_, field)| !is_hidden(field));
    lines.map(|(line, _)| line).chain(hidden).collect()
}

fn fields(fields: &Fields) -> Lines {
    let fields = fields.iter().enumerate().map(|(number, field)| {
        let name = field.ident.as_ref().map_or_else(|| number.to_string(), ToString::to_string);
        format!("{name}: {}", text(&field.ty))
    });
    fields.collect()
}

/// The feature that an item depends on.
fn condition(attributes: &[Attribute]) -> String {
    let found = attributes.iter().find(|attribute| attribute.path().is_ident("cfg"));
    found.map(|cfg| format!("#[{}] ", text(&cfg.meta))).unwrap_or_default()
}

/// `NAME` of `enum NAME` in the arguments of a macro.
fn enum_in(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(ident) if ident == "enum"))?;
    tokens.next().map(|name| name.to_string())
}

/// `NAME = "name"` in the arguments of a macro.
fn named(tokens: TokenStream, lines: &mut Lines) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match (token, tokens.get(index + 1), tokens.get(index + 2)) {
            (
                TokenTree::Ident(name),
                Some(TokenTree::Punct(is)),
                Some(TokenTree::Literal(text)),
            ) if is.as_char() == '=' && name != "doc" => {
                lines.push(format!("  {name} = {text}"));
            }
            (TokenTree::Group(group), ..) => named(group.stream(), lines),
            _ => {}
        }
    }
}
