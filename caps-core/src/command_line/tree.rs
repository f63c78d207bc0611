use std::collections::HashMap;

use thiserror::Error;

use super::pairs::{Form, Pairs};

/// The deepest nesting allowed; no option needs that much.
const MAX_DEPTH: usize = 64;

/// The parsed value of a keyval option: text, members, or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tree {
    /// A scalar, still as text.
    Text(String),
    /// Members, in the order of their first mention.
    Members(Vec<(String, Tree)>),
    /// Elements, from numeric keys.
    List(Vec<Tree>),
}

/// The pairs do not form a tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A bare word is neither a key nor a value.
    #[error("`{0}` has no value, expected `{0}=`")]
    NoValue(String),
    /// A key is malformed.
    #[error("`{0}` is not a key")]
    Key(String),
    /// A key has both a value and members, or is both an object and a list.
    #[error("`{0}` is used inconsistently, once with and once without members")]
    Inconsistent(String),
    /// A list index is missing.
    #[error("the element `{0}` is missing")]
    Gap(String),
}

impl TreeError {
    /// The offending key.
    pub fn key(&self) -> &str {
        let (Self::NoValue(key) | Self::Key(key) | Self::Inconsistent(key) | Self::Gap(key)) = self;
        key
    }

    /// QEMU's error message.
    pub fn in_qemus_words(&self) -> String {
        match self {
            Self::NoValue(key) => format!("Expected '=' after parameter '{key}'"),
            Self::Key(key) => format!("Invalid parameter '{key}'"),
            Self::Inconsistent(key) => format!("Parameters '{key}.*' used inconsistently"),
            Self::Gap(key) => format!("Parameter '{key}' missing"),
        }
    }
}

impl Tree {
    /// Builds a tree from the dots in the keys.
    ///
    /// ```
    /// use caps_core::command_line::{Pairs, Tree};
    ///
    /// let tree = Tree::from_pairs(&Pairs::parse("qcow2,file.driver=file", "driver"))?;
    /// let driver = tree.get("file").and_then(|file| file.get("driver"));
    /// assert_eq!(driver.and_then(Tree::as_text), Some("file"));
    /// # Ok::<(), caps_core::command_line::TreeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails at the first key that does not fit.
    pub fn from_pairs(pairs: &Pairs) -> Result<Self, TreeError> {
        let mut root = Branch::default();
        for pair in pairs.iter() {
            match pair.form {
                Form::Bare => return Err(TreeError::NoValue(pair.key.clone())),
                // Only `QemuOpts` reads `nokey` as `key=off`; here it is an ordinary word.
                Form::Negated => return Err(TreeError::NoValue(format!("no{}", pair.key))),
                Form::Pair | Form::Implied => root.put(&pair.key, &pair.value)?,
            }
        }
        root.finish("")
    }

    /// The member with this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Members(members) => {
                members.iter().find(|(key, _)| key == name).map(|(_, tree)| tree)
            }
            _ => None,
        }
    }

    /// The scalar.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A tree under construction.
#[derive(Default)]
struct Branch {
    order: Vec<String>,
    members: HashMap<String, Twig>,
}

enum Twig {
    Text(String),
    Branch(Branch),
}

impl Branch {
    fn put(&mut self, key: &str, value: &str) -> Result<(), TreeError> {
        let malformed = || TreeError::Key(key.to_owned());
        let fragments: Vec<&str> = key.split('.').collect();
        if fragments.len() > MAX_DEPTH || !fragments.iter().all(|fragment| is_fragment(fragment)) {
            return Err(malformed());
        }
        let mut branch = self;
        let mut end = 0;
        let (last, path) = fragments.split_last().ok_or_else(malformed)?;
        for fragment in path {
            end += fragment.len() + usize::from(end > 0);
            // A key that already has a value can't get members, and the error names only that key.
            let twig = branch.twig(fragment, || Twig::Branch(Self::default()));
            match twig {
                Twig::Branch(next) => branch = next,
                Twig::Text(_) => return Err(TreeError::Inconsistent(key[..end].to_owned())),
            }
        }
        match branch.twig(last, || Twig::Text(String::new())) {
            Twig::Text(text) => value.clone_into(text),
            Twig::Branch(_) => return Err(TreeError::Inconsistent(key.to_owned())),
        }
        Ok(())
    }

    fn twig(&mut self, name: &str, new: impl FnOnce() -> Twig) -> &mut Twig {
        if !self.members.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.members.entry(name.to_owned()).or_insert_with(new)
    }

    fn finish(mut self, prefix: &str) -> Result<Tree, TreeError> {
        let indices = self.order.iter().filter(|name| is_index(name)).count();
        // QEMU rejects a mixture of indices and names.
        if indices > 0 && indices < self.order.len() {
            return Err(TreeError::Inconsistent(prefix.to_owned()));
        }
        let is_list = indices > 0 && !prefix.is_empty();
        let mut order = std::mem::take(&mut self.order);
        if is_list {
            // Indices can be given in any order; only the order of members is that of the text.
            order.sort_by_key(|name| name.parse::<u32>().unwrap_or(u32::MAX));
        }
        let mut members = Vec::with_capacity(order.len());
        for (index, name) in order.into_iter().enumerate() {
            let dot = if prefix.is_empty() { "" } else { "." };
            // Sorted, so the first that is not its own position follows a gap (or is written as `01`).
            if is_list && name != index.to_string() {
                return Err(TreeError::Gap(format!("{prefix}{dot}{index}")));
            }
            let tree = match self.members.remove(&name) {
                Some(Twig::Text(text)) => Tree::Text(text),
                Some(Twig::Branch(branch)) => branch.finish(&format!("{prefix}{dot}{name}"))?,
                None => continue,
            };
            members.push((name, tree));
        }
        Ok(if is_list {
            Tree::List(members.into_iter().map(|(_, tree)| tree).collect())
        } else {
            Tree::Members(members)
        })
    }
}

fn is_index(fragment: &str) -> bool {
    !fragment.is_empty() && fragment.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether it is a QAPI name, optionally with a vendor's reversed domain, or an index.
fn is_fragment(fragment: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    is_index(fragment)
        || (fragment.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && fragment.chars().all(word)
            && fragment.len() < 128)
}

#[cfg(test)]
mod tests {
    use super::{Tree, TreeError};
    use crate::command_line::Pairs;

    fn read(text: &str) -> Result<Tree, TreeError> {
        Tree::from_pairs(&Pairs::parse(text, "driver"))
    }

    #[test]
    fn dots_nest_and_numbers_make_lists() {
        let tree = read("qcow2,file.driver=file,file.filename=a,l.1=y,l.0=x").expect("a tree");
        assert_eq!(tree.get("driver").and_then(Tree::as_text), Some("qcow2"));
        let file = tree.get("file").and_then(|file| file.get("filename"));
        assert_eq!(file.and_then(Tree::as_text), Some("a"));
        let list = Tree::List(vec![Tree::Text("x".to_owned()), Tree::Text("y".to_owned())]);
        assert_eq!(tree.get("l"), Some(&list));
    }

    #[test]
    fn tells_the_key_that_does_not_fit() {
        for (text, expected) in [
            ("raw,read-only", "Expected '=' after parameter 'read-only'"),
            ("raw,nowait", "Expected '=' after parameter 'nowait'"),
            ("raw,a=1,a.b=2", "Parameters 'a.*' used inconsistently"),
            ("raw,a.b=1,a=2", "Parameters 'a.*' used inconsistently"),
            ("raw,a.0=1,a.b=2", "Parameters 'a.*' used inconsistently"),
            ("raw,a.0=1,a.2=2", "Parameter 'a.1' missing"),
            ("raw,=x", "Invalid parameter ''"),
            ("raw,a..b=x", "Invalid parameter 'a..b'"),
            ("raw,-a=x", "Invalid parameter '-a'"),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!(error.in_qemus_words(), expected, "{text}");
        }
        assert!(read(&format!("raw,{}=1", "a.".repeat(100_000))).is_err());
        assert!(read("raw,_a=x,_=y").is_ok(), "names of vendors begin so");
    }
}
