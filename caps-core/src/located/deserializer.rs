use std::collections::HashSet;
use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::tree::{Member, Shape, Value};
use super::{JSON, LOCATED, LocatedError};
use crate::names::instead;

pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, LocatedError> {
    let error = match T::deserialize(Reader { value, key: "" }) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    Err(LocatedError { line: error.line.unwrap_or(value.line), message: error.message })
}

/// An error that gets its place from the innermost value that is being read.
#[derive(Debug)]
pub(super) struct Error {
    line: Option<usize>,
    message: String,
    /// Whether the message is about the value of a key, which it does not name yet.
    about_value: bool,
}

impl Error {
    fn new(message: String) -> Self {
        Self { line: None, message, about_value: false }
    }

    fn of_value(message: String) -> Self {
        Self { about_value: true, ..Self::new(message) }
    }

    fn at(mut self, line: usize, key: &str) -> Self {
        if self.line.is_none() && self.about_value && !key.is_empty() {
            self.message = format!("`{key}`: {}", self.message);
        }
        self.line.get_or_insert(line);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::of_value(format!("expected {expected}, found {}", describe(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(word: &str, expected: &'static [&'static str]) -> Self {
        Self::of_value(format!("unknown word `{word}`{}", instead(word, expected)))
    }

    fn unknown_field(key: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("unknown key `{key}`{}", instead(key, expected)))
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(format!("`{key}` is missing"))
    }
}

/// Names a value in the terms of TOML and JSON instead of serde's.
fn describe(found: &Unexpected<'_>) -> String {
    match found {
        Unexpected::Str(text) => format!("the string `{text}`"),
        Unexpected::Map => "a table".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Unit => "null".to_owned(),
        other => format!("the {other}"),
    }
}

/// A value, and the key whose value or element it is; empty at the top.
#[derive(Clone, Copy)]
struct Reader<'t> {
    value: &'t Value,
    key: &'t str,
}

impl Reader<'_> {
    /// Reads the value. All values are read here but for the topmost, so that each error gets its
    /// place.
    fn read<'de, S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self).map_err(|error| error.at(self.value.line, self.key))
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value.shape {
            Shape::Table(members) => {
                let mut keys = HashSet::new();
                if let Some(again) = members.iter().find(|member| !keys.insert(&member.key)) {
                    let message = format!("`{}` is given twice", again.key);
                    return Err(Error::new(message).at(again.line, ""));
                }
                visitor.visit_map(Members { rest: members.iter(), value: None })
            }
            Shape::List(elements) => {
                visitor.visit_seq(Elements { rest: elements.iter(), key: self.key })
            }
            Shape::Text(text) => visitor.visit_str(text),
            Shape::Bool(value) => visitor.visit_bool(*value),
            Shape::Null => visitor.visit_unit(),
            Shape::Number(number) => {
                if let Ok(number) = number.parse::<u64>() {
                    visitor.visit_u64(number)
                } else if let Ok(number) = number.parse::<i64>() {
                    visitor.visit_i64(number)
                } else {
                    // JSON's grammar of numbers is a part of Rust's.
                    visitor.visit_f64(number.parse().unwrap_or(f64::NAN))
                }
            }
        }
    }

    /// What is there is never `None`: `null` is a value like others.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match (name, &self.value.shape) {
            (LOCATED, _) => visitor.visit_seq(LineThenValue { reader: self, position: 0 }),
            (JSON, Shape::Text(text)) => visitor.visit_str(text),
            (JSON, _) => visitor.visit_bytes(self.value.to_json().as_bytes()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.value.shape {
            Shape::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            // The visitor rejects it, naming what it expects.
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The fields of a [`super::Located`].
struct LineThenValue<'t> {
    reader: Reader<'t>,
    position: usize,
}

impl<'de> SeqAccess<'de> for LineThenValue<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.position += 1;
        match self.position {
            1 => seed.deserialize(self.reader.value.line.into_deserializer()).map(Some),
            2 => self.reader.read(seed).map(Some),
            _ => Ok(None),
        }
    }
}

/// The elements of a list.
struct Elements<'t> {
    rest: std::slice::Iter<'t, Value>,
    key: &'t str,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.rest.next().map(|value| Reader { value, key: self.key }.read(seed)).transpose()
    }
}

/// The members of a table.
struct Members<'t> {
    rest: std::slice::Iter<'t, Member>,
    /// The value of the key that was read last.
    value: Option<Reader<'t>>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(Member { key, line, value }) = self.rest.next() else { return Ok(None) };
        self.value = Some(Reader { value, key });
        let key = seed.deserialize(key.as_str().into_deserializer());
        key.map(Some).map_err(|error: Error| error.at(*line, ""))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value =
            self.value.take().ok_or_else(|| Error::new("a value without key".to_owned()))?;
        value.read(seed)
    }
}
