//! Generating commands that a schema accepts, and broken ones.

use caps_core::qapi::{Entry, Member, MetaType, Schema};
use serde_json::{Map, Value, json};

/// Below this depth, only required members are generated.
const DEEP: usize = 5;
/// Below this depth, nothing is: the type is recursive.
const TOO_DEEP: usize = 9;
const INTEGERS: &[i128] =
    &[0, 1, 5, 255, 256, -1, 70_000, 1 << 31, 1 << 32, 1 << 40, (1 << 63) - 1, 1 << 63];

/// Generates commands that a schema accepts, and breaks them, deterministically.
#[derive(Debug)]
pub struct Generator<'s> {
    schema: &'s Schema,
    state: u64,
}

impl<'s> Generator<'s> {
    /// Starts a sequence of commands; equal seeds produce equal sequences.
    pub fn new(schema: &'s Schema, seed: u64) -> Self {
        Self { schema, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// A number below `limit`, by xorshift.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % limit.max(1) as u64).expect("a number below a usize")
    }

    /// Chooses one of several items.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Generates arguments that the schema accepts for a command.
    ///
    /// # Panics
    ///
    /// Panics if the entry is not a command or the schema lacks a type that it refers to.
    pub fn arguments(&mut self, command: &Entry<'_>) -> Value {
        let type_name = command.type_member("arg-type").expect("a command has arguments");
        (0..20).find_map(|_| self.value(&type_name, 0)).expect("a command that can be made")
    }

    fn value(&mut self, type_name: &str, depth: usize) -> Option<Value> {
        let entry = self.schema.entry(type_name).expect("a type of the schema");
        if depth > TOO_DEEP {
            return None;
        }
        match entry.meta_type()? {
            MetaType::Builtin => Some(match entry.json_type()?.as_ref() {
                "string" => json!(self.pick(&["x", "", "a b", "é"])),
                "int" => integer(*self.pick(INTEGERS)),
                "number" => self.pick(&[json!(1), json!(2.5), json!(1e300)]).clone(),
                "boolean" => json!(self.below(2) == 0),
                "null" => Value::Null,
                _ => self.odd_value(),
            }),
            MetaType::Enum => {
                let values = entry.values();
                Some(json!(self.pick(&values)))
            }
            MetaType::Array => {
                let element = entry.type_member("element-type")?;
                let count = if depth > DEEP { 0 } else { self.below(3) };
                Some((0..count).filter_map(|_| self.value(&element, depth + 1)).collect())
            }
            MetaType::Alternate => {
                let types: Vec<_> = entry.members().filter_map(Member::type_name).collect();
                let first = self.below(types.len());
                let mut types = types.iter().cycle().skip(first).take(types.len());
                types.find_map(|name| self.value(name, depth + 1))
            }
            MetaType::Object => {
                let mut object = Map::new();
                self.members(entry, &mut object, depth)?;
                Some(Value::Object(object))
            }
            _ => None,
        }
    }

    fn members(
        &mut self,
        entry: Entry<'_>,
        to: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        for member in entry.members() {
            let wanted = !member.is_optional() || (depth < DEEP && self.below(3) == 0);
            if !wanted {
                continue;
            }
            match self.value(&member.type_name()?, depth + 1) {
                Some(value) => to.insert(member.name()?.into_owned(), value),
                None if member.is_optional() => None,
                None => return None,
            };
        }
        let Some(case) =
            entry.tag().and_then(|tag| to.get(tag.as_ref())?.as_str().map(str::to_owned))
        else {
            return Some(());
        };
        let variant = entry.variants().find(|variant| variant.case == case);
        match variant {
            Some(variant) => self.members(self.schema.entry(&variant.type_name)?, to, depth),
            None => Some(()),
        }
    }

    /// Generates a value of an arbitrary type.
    pub fn odd_value(&mut self) -> Value {
        let values = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(1),
            json!(-1),
            json!(1.0),
            json!(1.5),
            json!("1"),
            json!("on"),
            json!("off"),
            json!(""),
            json!([]),
            json!({}),
            json!([1]),
            json!({"a": 1}),
            json!(300),
            json!(1_u64 << 40),
            json!(1_u64 << 63),
            json!("bogus"),
            json!("0x10"),
            json!("1k"),
            json!("06.0"),
        ];
        self.pick(&values).clone()
    }

    /// Usually the name itself, sometimes a similar one.
    pub fn misspell(&mut self, name: &str) -> String {
        match self.below(12) {
            0 => format!("{name}s"),
            1 => name.replace('-', "_"),
            _ => name.to_owned(),
        }
    }

    /// Breaks a value in one place: an added or removed member, another type, another string.
    ///
    /// # Panics
    ///
    /// Never: members are found where they were counted.
    pub fn mutate(&mut self, value: &mut Value) {
        let count = match value {
            Value::Object(object) => object.len(),
            Value::Array(array) => array.len(),
            _ => 0,
        };
        let deeper = count > 0 && self.below(3) > 0;
        let at = self.below(count);
        match value {
            Value::Object(object) if deeper => {
                let inner = object.values_mut().nth(at).expect("a member");
                self.mutate(inner);
            }
            Value::Array(array) if deeper => self.mutate(&mut array[at]),
            Value::Object(object) => match self.below(3) {
                0 if count > 0 => {
                    let name = object.keys().nth(at).expect("a member").clone();
                    object.remove(&name);
                }
                1 if count > 0 => {
                    let name = object.keys().nth(at).expect("a member").clone();
                    object[&name] = self.odd_value();
                }
                _ => {
                    let value = self.odd_value();
                    object.insert("bogus".to_owned(), value);
                }
            },
            Value::String(text) if self.below(2) == 0 => text.push('_'),
            other => *other = self.odd_value(),
        }
    }
}

fn integer(value: i128) -> Value {
    match i64::try_from(value) {
        Ok(value) => json!(value),
        Err(_) => json!(u64::try_from(value).expect("an integer of 64 bits")),
    }
}
