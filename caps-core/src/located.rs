//! Reading TOML and JSON files that people write: each error names its line and, for a mistyped
//! key, the key it resembles.
//!
//! Types implement [`serde::Deserialize`] as usual. [`Located`] keeps the line of a value, [`Json`]
//! its exact form, and [`Parsed`] and [`OneOrMany`] read what implements [`FromStr`].
//!
//! ```
//! use caps_core::Arch;
//! use caps_core::located::{Located, OneOrMany, from_json};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Settings {
//!     name: Located<String>,
//!     arch: OneOrMany<Arch>,
//! }
//!
//! let settings: Settings = from_json("{\n\"name\": \"x\", \"arch\": \"riscv64\"}")?;
//! assert_eq!((settings.name.line, settings.arch.0), (2, vec![Arch::Riscv64]));
//! let error = from_json::<Settings>("{\n\"nmae\": \"x\"}").err();
//! assert_eq!(
//!     error.map(|error| error.to_string()).as_deref(),
//!     Some("line 2: unknown key `nmae`, did you mean `name`?")
//! );
//! # Ok::<(), caps_core::located::LocatedError>(())
//! ```

mod deserializer;
mod tree;

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    self, Deserialize, DeserializeOwned, Deserializer, IntoDeserializer, SeqAccess, Visitor,
};

use crate::json::quote;
use tree::Value;

/// Deserializes a TOML file.
///
/// # Errors
///
/// Fails, with the line, if the text is not TOML or does not contain the type.
#[cfg(feature = "toml")]
pub fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, LocatedError> {
    deserializer::read(&Value::from_toml(text)?)
}

/// Deserializes a JSON file.
///
/// # Errors
///
/// Fails, with the line, if the text is not JSON or does not contain the type.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, LocatedError> {
    deserializer::read(&Value::from_json(text)?)
}

/// A problem in a file, with its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
#[non_exhaustive]
pub struct LocatedError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub message: String,
}

/// A value with its line. Only the functions of this module deserialize it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Located<T> {
    /// The line that the value begins in, from 1.
    pub line: usize,
    /// The value.
    pub value: T,
}

impl<T> Located<T> {
    /// The error for a value that does not fit. The message includes the causes.
    pub fn error(&self, error: impl Error) -> LocatedError {
        self.wrong(with_causes(&error))
    }

    /// The error for a value that does not fit, with a message.
    pub fn wrong(&self, message: impl Into<String>) -> LocatedError {
        LocatedError { line: self.line, message: message.into() }
    }
}

/// Deserializers recognize the types of this module by these names, as those of TOML and JSON do
/// with the types of theirs.
const LOCATED: &str = "$caps_core::Located";
const JSON: &str = "$caps_core::Json";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pair<T> {
            type Value = Located<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its line")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Self::Value, A::Error> {
                let line =
                    pair.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                let value = pair.next_element()?;
                Ok(Located {
                    line,
                    value: value.ok_or_else(|| de::Error::invalid_length(1, &self))?,
                })
            }
        }

        deserializer.deserialize_newtype_struct(LOCATED, Pair(PhantomData))
    }
}

/// Any value as JSON, with the keys in the order of the file and numbers of any size. Only the
/// functions of this module deserialize it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Json {
    /// The text of a string, which may in turn be JSON.
    Text(String),
    /// Any other value, as JSON.
    Value(String),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;

        impl Visitor<'_> for AsText {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Text(text.to_owned()))
            }

            fn visit_bytes<E: de::Error>(self, json: &[u8]) -> Result<Json, E> {
                str::from_utf8(json).map(|json| Json::Value(json.to_owned())).map_err(E::custom)
            }
        }

        deserializer.deserialize_newtype_struct(JSON, AsText)
    }
}

impl Json {
    /// The value as JSON, in which text is a string.
    pub fn to_json(&self) -> String {
        match self {
            Self::Text(text) => quote(text),
            Self::Value(json) => json.clone(),
        }
    }
}

/// A value that is parsed from a string with [`FromStr`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr<Err: Error>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|error| de::Error::custom(with_causes(&error)))
    }
}

/// Values that are parsed from a string or a list of strings with [`FromStr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: FromStr<Err: Error>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: FromStr<Err: Error>> Visitor<'de> for Either<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                let Parsed(one) = Parsed::deserialize(text.into_deserializer())?;
                Ok(OneOrMany(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
                let elements = Vec::<Parsed<T>>::deserialize(SeqAccessDeserializer::new(elements))?;
                Ok(OneOrMany(elements.into_iter().map(|Parsed(element)| element).collect()))
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    message
}
