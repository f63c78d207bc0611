use std::ffi::OsStr;
use std::fmt;

use thiserror::Error;

use super::json_text;
use super::options::{OptionSpec, Reader};
use super::pairs::Pairs;
use crate::json::{Document, JsonError};

/// What stands before the name of a target in the name of a program.
const SYSTEM: &str = "qemu-system-";

/// A command line of QEMU, taken apart.
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

/// An option with its value, or a word without dash, which is the image of a hard disk.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Argument {
    /// Its place among the words of the command line, from 0; the program's name counts.
    pub index: usize,
    /// The name of the option, without dashes.
    pub name: String,
    /// What is known of an option of this name.
    pub option: Option<&'static OptionSpec>,
    /// The value.
    pub value: Value,
    dashes: &'static str,
}

/// The value of an option.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// There is none.
    None,
    /// A text, which the option reads in a way of its own.
    Text(String),
    /// Keys and values.
    Pairs(Pairs),
    /// A JSON object; the text is as it was written.
    Json {
        /// The text.
        text: String,
        /// The object, or why the text is not JSON.
        document: Result<Document, JsonError>,
    },
    /// The last word is an option that lacks its argument.
    Missing,
}

/// A command line can't be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// A word is not UTF-8, so that what it names can't be checked.
    #[error("argument {index} is not UTF-8: `{text}`")]
    NotUtf8 {
        /// Its place, from 0.
        index: usize,
        /// The word, with what is not UTF-8 replaced.
        text: String,
    },
}

impl CommandLine {
    /// Takes a command line apart. The first word may be the name of a program, `qemu-system-x86_64` or
    /// `/usr/bin/qemu-kvm`.
    ///
    /// # Errors
    ///
    /// When a word is not UTF-8.
    pub fn parse<W: AsRef<OsStr>>(argv: &[W]) -> Result<Self, ParseError> {
        let mut words = Vec::with_capacity(argv.len());
        for (index, word) in argv.iter().enumerate() {
            let word = word.as_ref();
            let not_utf8 =
                || ParseError::NotUtf8 { index, text: word.to_string_lossy().into_owned() };
            words.push(word.to_str().ok_or_else(not_utf8)?);
        }
        let program = words.first().filter(|word| is_program(word)).map(|word| (*word).to_owned());
        let mut arguments = Vec::new();
        let mut index = usize::from(program.is_some());
        while let Some(word) = words.get(index) {
            let argument = argument(index, word, words.get(index + 1).copied());
            index += argument.words();
            arguments.push(argument);
        }
        Ok(Self { program, arguments })
    }

    /// The program, if the command line began with one.
    pub fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// The target that the program's name tells: `x86_64` of `/usr/bin/qemu-system-x86_64`.
    pub fn target(&self) -> Option<&str> {
        file_name(self.program.as_deref()?).strip_prefix(SYSTEM)
    }

    /// The options, in order.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// The words again.
    pub fn to_argv(&self) -> Vec<String> {
        let options = self.arguments.iter().flat_map(Argument::to_words);
        self.program.iter().cloned().chain(options).collect()
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Is the word the name of a QEMU rather than that of a disk image?
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
        // Nobody knows whether an option that is none takes an argument; this is what was most likely meant.
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
    /// The option as it was written: `-device`, `--device`; empty for a word without dash.
    pub fn spelling(&self) -> String {
        if self.dashes.is_empty() { String::new() } else { format!("{}{}", self.dashes, self.name) }
    }

    /// Is it a word without dash?
    pub fn is_image(&self) -> bool {
        self.dashes.is_empty()
    }

    /// The keys and values, if the value is such.
    pub fn pairs(&self) -> Option<&Pairs> {
        match &self.value {
            Value::Pairs(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The value as it was written; `None` where there is none.
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
        f.write_str(&self.to_words().join(" "))
    }
}
