use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;

use thiserror::Error;

use super::json_text;
use super::options::{OptionSpec, Reader};
use super::pairs::Pairs;
use crate::json::{Document, JsonError};

/// The prefix of a program's name before the target.
const SYSTEM: &str = "qemu-system-";

/// A parsed QEMU command line.
///
/// ```
/// use caps_core::command_line::CommandLine;
///
/// let argv = ["-M", "q35,accel=kvm", "-device", "virtio-net-pci,netdev=n0", "disk.img"];
/// let line = CommandLine::parse(&argv)?;
/// let device = line.arguments()[1].pairs().expect("keys and values");
/// assert_eq!(device.get("driver"), Some("virtio-net-pci"));
/// assert_eq!(line.to_argv(), argv);
/// # Ok::<(), caps_core::command_line::ParseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CommandLine {
    program: Option<String>,
    arguments: Vec<Argument>,
}

/// An option with its value, or a word without a dash, which is a hard disk image.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Argument {
    /// Its position in the command line, from 0, counting the program's name.
    pub index: usize,
    /// The option's name, without dashes.
    pub name: String,
    /// The option with this name, if there is one.
    pub option: Option<&'static OptionSpec>,
    /// The value.
    pub value: Value,
    dashes: &'static str,
}

/// The value of an option.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// No value.
    None,
    /// Text in the option's own syntax.
    Text(String),
    /// Keys and values.
    Pairs(Pairs),
    /// A JSON object.
    Json {
        /// The text as written.
        text: String,
        /// The object, or the error if the text is not JSON.
        document: Result<Document, JsonError>,
    },
    /// The argument is missing after the last option.
    Missing,
}

/// The command line can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// A word is not UTF-8, so what it names can't be checked.
    #[error("argument {index} is not UTF-8: `{text}`")]
    NotUtf8 {
        /// Its position, from 0.
        index: usize,
        /// The word, with invalid bytes replaced.
        text: String,
    },
}

impl CommandLine {
    /// Parses a command line. The first word can be the name of a program, such as
    /// `qemu-system-x86_64` or `/usr/bin/qemu-kvm`.
    ///
    /// # Errors
    ///
    /// Fails if a word is not UTF-8.
    pub fn parse<W: AsRef<OsStr>>(argv: &[W]) -> Result<Self, ParseError> {
        let mut words = Vec::with_capacity(argv.len());
        for (index, word) in argv.iter().enumerate() {
            let word = word.as_ref();
            let not_utf8 =
                || ParseError::NotUtf8 { index, text: word.to_string_lossy().into_owned() };
            words.push(word.to_str().ok_or_else(not_utf8)?);
        }
        let program = words.first().filter(|word| is_program(word)).map(|word| (*word).to_owned());
        // Most options have a value.
        let mut arguments = Vec::with_capacity(words.len().div_ceil(2));
        let mut index = usize::from(program.is_some());
        while let Some(word) = words.get(index) {
            let argument = argument(index, word, words.get(index + 1).copied());
            index += argument.words();
            arguments.push(argument);
        }
        Ok(Self { program, arguments })
    }

    /// The program, if the command line starts with one.
    pub fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// The target in the program's name: `x86_64` in `/usr/bin/qemu-system-x86_64`.
    pub fn target(&self) -> Option<&str> {
        file_name(self.program.as_deref()?).strip_prefix(SYSTEM)
    }

    /// The arguments, in order.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// The option that begins with the word at this place.
    pub fn argument(&self, index: usize) -> Option<&Argument> {
        let found = self.arguments.binary_search_by_key(&index, |argument| argument.index).ok()?;
        self.arguments.get(found)
    }

    /// Formats the command line as words.
    pub fn to_argv(&self) -> Vec<String> {
        let options = self.arguments.iter().flat_map(Argument::to_words);
        self.program.iter().cloned().chain(options).collect()
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns whether a word is the name of a QEMU rather than a disk image.
fn is_program(word: &str) -> bool {
    let name = file_name(word);
    !word.starts_with('-')
        && (name.starts_with(SYSTEM) || matches!(name, "qemu" | "qemu-kvm" | "kvm"))
}

fn argument(index: usize, word: &str, next: Option<&str>) -> Argument {
    let Some(name) = word.strip_prefix('-') else {
        let value = Value::Text(word.to_owned());
        let option = OptionSpec::find("hda");
        return Argument { index, name: "hda".to_owned(), option, value, dashes: "" };
    };
    let (dashes, name) = name.strip_prefix('-').map_or(("-", name), |name| ("--", name));
    let option = OptionSpec::find(name);
    let value = match (option, next) {
        (Some(option), None) if option.takes_argument() => Value::Missing,
        (Some(option), Some(next)) if option.takes_argument() => read(option.reader, next),
        // Whether an unknown option takes an argument is anyone's guess; this is the likely
        // intention.
        (None, Some(next)) if !next.starts_with('-') => Value::Text(next.to_owned()),
        _ => Value::None,
    };
    Argument { index, name: name.to_owned(), option, value, dashes }
}

fn read(reader: Reader, text: &str) -> Value {
    match reader {
        Reader::Keyval { json: true, .. } | Reader::Opts { json: true, .. }
            if text.starts_with('{') =>
        {
            let document = Document::parse(json_text::normalize(text).into_owned());
            Value::Json { text: text.to_owned(), document }
        }
        Reader::Keyval { implied, .. } | Reader::Opts { implied, .. } => {
            Value::Pairs(Pairs::parse(text, implied))
        }
        Reader::Flag | Reader::Own | Reader::Path => Value::Text(text.to_owned()),
    }
}

impl Argument {
    /// The option as written, such as `-device` or `--device`; empty for a word without a dash.
    pub fn spelling(&self) -> String {
        if self.dashes.is_empty() { String::new() } else { format!("{}{}", self.dashes, self.name) }
    }

    /// The type of the thing that the option makes, such as the driver of a device: the value of the
    /// implied key.
    pub fn type_name(&self) -> Option<Cow<'_, str>> {
        let (Reader::Keyval { implied, .. } | Reader::Opts { implied, .. }) = self.option?.reader
        else {
            return None;
        };
        match &self.value {
            Value::Pairs(pairs) => pairs.get(implied).map(Cow::Borrowed),
            Value::Json { document: Ok(document), .. } => document.root().get_str(implied),
            _ => None,
        }
    }

    /// Returns whether it is a word without a dash.
    pub fn is_image(&self) -> bool {
        self.dashes.is_empty()
    }

    /// The keys and values, if the value has this form.
    pub fn pairs(&self) -> Option<&Pairs> {
        match &self.value {
            Value::Pairs(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The value as written; `None` if there is none.
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::None | Value::Missing => None,
            Value::Text(text) | Value::Json { text, .. } => Some(text.clone()),
            Value::Pairs(pairs) => Some(pairs.to_string()),
        }
    }

    fn words(&self) -> usize {
        let is_option = !self.dashes.is_empty();
        let has_value = !matches!(self.value, Value::None | Value::Missing);
        usize::from(is_option) + usize::from(has_value)
    }

    fn to_words(&self) -> Vec<String> {
        let spelling = (!self.dashes.is_empty()).then(|| self.spelling());
        spelling.into_iter().chain(self.text()).collect()
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_words().join(" "))
    }
}
