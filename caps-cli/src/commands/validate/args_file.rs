//! Command lines of QEMU, as libvirt's tests have them in `.args` files.

use caps_core::json::Document;
use caps_core::validate::JsonOption;

use super::item::{Item, Kind};
use super::shell;
use crate::exit::CliError;

/// The JSON arguments of a command line.
pub(super) fn items(file: &str, text: &str) -> Result<Vec<Item>, CliError> {
    let at = |line: usize, what: String| CliError::input(format!("`{file}` line {line}: {what}"));
    let words = shell::split(text)
        .map_err(|error| at(error.line, format!("the quote `{}` is not closed", error.quote)))?;
    let mut items = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(option) = JsonOption::from_name(&word.text) else { continue };
        let Some(argument) = words.next() else {
            return Err(at(word.line, format!("`{}` has no argument", word.text)));
        };
        if !argument.text.starts_with('{') {
            continue;
        }
        let document = Document::parse(argument.text.as_str()).map_err(|error| {
            let column = error.column;
            let what = format!("the argument of `{}` is not JSON", word.text);
            at(argument.line, format!("{what}: {} at its column {column}", error.message()))
        })?;
        items.push(Item {
            file: file.to_owned(),
            line: argument.line,
            source: None,
            kind: Kind::Option(option),
            node: document.root().index(),
            document,
        });
    }
    Ok(items)
}
