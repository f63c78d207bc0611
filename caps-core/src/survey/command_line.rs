use std::collections::HashMap;

use crate::json::Node;

/// A group of options in the reply to `query-command-line-options`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandLineOption {
    /// The name of the group, which can differ from the option's.
    pub name: String,
    /// Its keys; an empty list allows any key.
    pub parameters: Vec<OptionParameter>,
}

/// A key of an option group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionParameter {
    /// The name.
    pub name: String,
    /// `string`, `boolean`, `number` or `size`.
    pub type_name: String,
    /// QEMU's help text.
    pub help: Option<String>,
    /// The default value, as QEMU prints it.
    pub default: Option<String>,
}

impl CommandLineOption {
    /// Reads the reply to `query-command-line-options`.
    pub(super) fn list(answer: Node<'_>) -> Vec<Self> {
        let text = |node: Node<'_>, key| node.get_str(key).map(std::borrow::Cow::into_owned);
        let parameter = |node: Node<'_>| {
            Some(OptionParameter {
                name: text(node, "name")?,
                type_name: text(node, "type")?,
                help: text(node, "help"),
                default: text(node, "default"),
            })
        };
        let read = |entry: Node<'_>| {
            let parameters = entry.get("parameters").into_iter().flat_map(Node::elements);
            let parameters = parameters.filter_map(parameter).collect();
            Some(Self { name: text(entry, "option")?, parameters })
        };
        answer.elements().filter_map(read).collect()
    }
}

/// An option in the output of `-help`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HelpOption {
    /// The name, without its dash.
    pub name: String,
    /// Whether it takes an argument.
    pub takes_argument: bool,
    /// The documented forms of its argument, as text.
    pub forms: Vec<String>,
}

/// Options that `-help` formats unlike all others, with a single space between name and
/// description.
const DESCRIBED: &[&str] = &["async-teardown"];

impl HelpOption {
    /// Parses the output of `-help`. An option starts in the first column; it can have several
    /// lines, one per form.
    pub(super) fn list(lines: &[String]) -> Vec<Self> {
        let mut options: Vec<Self> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for line in lines.iter().filter(|line| line.starts_with('-')) {
            let (names, rest) = names(line);
            let form = match names.as_slice() {
                [name] if DESCRIBED.contains(name) => None,
                _ => form(rest),
            };
            for name in names {
                let same = same_as(rest).and_then(|same| places.get(same));
                let takes_argument = same.is_some_and(|&same| options[same].takes_argument);
                let index = *places.entry(name).or_insert_with(|| {
                    let name = name.to_owned();
                    options.push(Self { name, takes_argument, forms: Vec::new() });
                    options.len() - 1
                });
                if let Some(form) = form {
                    options[index].takes_argument = true;
                    options[index].forms.push(form.to_owned());
                }
            }
        }
        options
    }
}

/// The names at the start of a line, such as `-h or -help` and `-fda/-fdb file`.
fn names(line: &str) -> (Vec<&str>, &str) {
    let (word, mut rest) = split(line);
    let mut names: Vec<&str> = word.split('/').map(|name| name.trim_start_matches('-')).collect();
    if let Some(other) = rest.strip_prefix(" or -") {
        let (word, after) = split(other);
        names.push(word.trim_start_matches('-'));
        rest = after;
    }
    (names, rest)
}

fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find([' ', '\t']).unwrap_or(text.len()))
}

/// The text after the name, unless it is a description, which follows two spaces or a tab.
fn form(rest: &str) -> Option<&str> {
    let end = |text: &str| text.find("  ").or_else(|| text.find('\t')).unwrap_or(text.len());
    if let Some(form) = rest.strip_prefix(' ')
        && !form.starts_with([' ', '\t'])
    {
        return Some(form[..end(form)].trim_end()).filter(|form| !form.is_empty());
    }
    // An argument surrounded by spaces, before a description: `-dtb    file    use 'file' as ...`.
    let text = rest.trim_start();
    let word = &text[..end(text)];
    (word.len() < text.len() && !word.is_empty() && !word.contains(' ')).then_some(word)
}

/// The option that this one is a synonym for: `-M              as -machine`.
fn same_as(rest: &str) -> Option<&str> {
    rest.trim().strip_prefix("as -")
}

#[cfg(test)]
mod tests {
    use super::HelpOption;

    #[test]
    fn heads_have_names_and_arguments() {
        for (line, name, form) in [
            ("-h or -help     display this help and exit", "help", None),
            ("-fda/-fdb file  use 'file' as floppy disk 0/1 image", "fdb", Some("file")),
            ("-dtb    file    use 'file' as device tree image", "dtb", Some("file")),
            ("-async-teardown enable asynchronous teardown", "async-teardown", None),
            ("-no-user-config", "no-user-config", None),
            ("--preconfig     pause QEMU before machine is initialized", "preconfig", None),
            ("-only-migratable     allow only migratable devices", "only-migratable", None),
            (
                "-numa node[,mem=size][,cpus=firstcpu]",
                "numa",
                Some("node[,mem=size][,cpus=firstcpu]"),
            ),
            ("-dfilter range,..  filter debug output", "dfilter", Some("range,..")),
            ("-L path         set the directory", "L", Some("path")),
            ("-S\tfreeze CPU at startup", "S", None),
        ] {
            let options = HelpOption::list(&[line.to_owned(), "                more".to_owned()]);
            let option = options.iter().find(|option| option.name == name).expect(line);
            assert_eq!(option.takes_argument, form.is_some(), "{line}");
            assert_eq!(option.forms.first().map(String::as_str), form, "{line}");
        }
    }

    #[test]
    fn an_option_may_be_the_same_as_another_one() {
        let lines = ["-machine [type=]name[,prop=value]", "-M              as -machine"];
        let options = HelpOption::list(&lines.map(str::to_owned));
        assert!(options[1].name == "M" && options[1].takes_argument, "{options:?}");
    }
}
