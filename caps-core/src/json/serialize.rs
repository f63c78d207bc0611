use serde_core::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde_core::{Serialize, Serializer};

use super::document::{Document, Node};
use super::tape::JsonType;

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root().serialize(serializer)
    }
}

/// Integers beyond 64 bits become doubles, as in QEMU.
impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind() {
            JsonType::Null => serializer.serialize_unit(),
            JsonType::Bool => serializer.serialize_bool(self.as_bool().unwrap_or_default()),
            JsonType::String => serializer.serialize_str(&self.as_str().unwrap_or_default()),
            JsonType::Integer | JsonType::Float => {
                if let Some(value) = self.as_i64() {
                    serializer.serialize_i64(value)
                } else if let Some(value) = self.as_u64() {
                    serializer.serialize_u64(value)
                } else {
                    let value: f64 = self.text().parse().map_err(S::Error::custom)?;
                    serializer.serialize_f64(value)
                }
            }
            JsonType::Array => {
                let mut array = serializer.serialize_seq(None)?;
                for element in self.elements() {
                    array.serialize_element(&element)?;
                }
                array.end()
            }
            JsonType::Object => {
                let mut object = serializer.serialize_map(None)?;
                for (key, value) in self.members() {
                    object.serialize_entry(&key, &value)?;
                }
                object.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn what_is_serialized_is_what_was_read() {
        for (text, expected) in [
            (r#"{"b":[1,-2,18446744073709551615],"a":{"x":null,"y":true}}"#, None),
            (r#"{"a":1.5,"b":1.0,"a":"\u00e9"}"#, Some(r#"{"a":1.5,"b":1.0,"a":"é"}"#)),
            ("18446744073709551616", Some("1.8446744073709552e+19")),
        ] {
            let document = Document::parse(text).expect(text);
            let serialized = serde_json::to_string(&document).expect(text);
            assert_eq!(serialized, expected.unwrap_or(text));
        }
    }
}
