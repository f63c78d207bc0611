//! The widths of QAPI's integers.
//!
//! In the schema, every integer is just an `int`, whether it is `uint8` or `size`. The table
//! `widths.txt` therefore lists the integers of all commands of QEMU 7.2 to 11.1 with their widths:
//! `COMMAND/PATH WIDTH`, with `+CASE` for a variant and `[]` for the elements of an array. The
//! widths were measured by sending numbers that are just too large.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::hash::NameMap;
use crate::json::{JsonType, Node};
use crate::qapi::{Entry, MetaType, Schema};

const TABLE: &str = include_str!("widths.txt");
/// The step to the elements of an array, whose width is given for the array. It also stands for the integer of
/// an alternate: no row goes through one, so its width is unknown.
pub(crate) const ANONYMOUS: &str = "[]";

/// The width of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Width {
    pub(crate) signed: bool,
    pub(crate) bits: u8,
}

/// The reason why a value is not an integer of a given width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoInteger {
    /// It is not a 64-bit integer.
    Type,
    /// It is too small or too large.
    Range,
}

impl Width {
    /// The width assumed for integers that are not in the table: QEMU reads 64 bits, signed or
    /// unsigned.
    pub(crate) const UNKNOWN: Self = Self { signed: false, bits: 64 };

    /// Parses the name of a width, such as `uint8` or `size`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let (signed, digits) = match name {
            "int" => (true, "64"),
            "size" => (false, "64"),
            _ => match name.strip_prefix('u') {
                Some(rest) => (false, rest.strip_prefix("int")?),
                None => (true, name.strip_prefix("int")?),
            },
        };
        let bits = digits.parse().ok().filter(|bits| (1..=64).contains(bits))?;
        Some(Self { signed, bits })
    }

    /// Returns whether it includes negative numbers.
    pub(crate) fn is_signed(self) -> bool {
        self.signed
    }

    /// The name, such as `uint8`.
    pub(crate) fn name(self) -> String {
        format!("{}int{}", if self.signed { "" } else { "u" }, self.bits)
    }

    fn limits(self) -> (i128, i128) {
        if self.signed {
            (-(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1)
        } else {
            (0, (1 << self.bits) - 1)
        }
    }

    /// The name and the limits; a 64-bit integer has no limits worth mentioning.
    pub(crate) fn describe(self) -> String {
        let (low, high) = self.limits();
        if self.bits == 64 {
            "an integer".to_owned()
        } else {
            format!("{} ({low} to {high})", self.name())
        }
    }

    /// Checks whether a number fits.
    pub(crate) fn check(self, value: i128) -> Result<(), NoInteger> {
        // Like every QEMU, read a negative number as an unsigned one of 64 bits.
        let lowest = i128::from(i64::MIN);
        let highest = if self.signed { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
        if value < lowest || value > highest {
            return Err(NoInteger::Type);
        }
        let (low, high) = self.limits();
        if (low..=high).contains(&value) || (!self.signed && self.bits == 64) {
            Ok(())
        } else {
            Err(NoInteger::Range)
        }
    }

    /// Checks whether a JSON value is an integer that fits.
    pub(crate) fn check_node(self, node: Node<'_>) -> Result<(), NoInteger> {
        self.check(integer(node).ok_or(NoInteger::Type)?)
    }
}

/// The value of an integer.
pub(super) fn integer(node: Node<'_>) -> Option<i128> {
    (node.kind() == JsonType::Integer).then(|| node.text().parse().ok())?
}

/// The widths of a schema's integers. Of the table, the rows about a member apply to the schema once
/// something asks for a member of this name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Widths(Arc<RwLock<NameMap<String, Rows>>>);

/// The widths of the members of one name, by the entry that contains the member.
type Rows = Arc<[(String, Width)]>;

impl Widths {
    /// The width of an integer, if the table has it. Each call must pass the same schema.
    pub(crate) fn find(&self, schema: &Schema, holder: &str, member: &str) -> Option<Width> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(member).cloned();
        let rows = known.unwrap_or_else(|| {
            let rows = Rows::from(apply(schema, member));
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            all.insert(member.to_owned(), rows.clone());
            rows
        });
        rows.iter().find(|(name, _)| name == holder).map(|(_, width)| *width)
    }
}

/// Returns whether a number fits every width that a member of this name can have, in whatever entry it is.
pub(super) fn fits_all(member: &str, value: i128) -> bool {
    let widths = of_member(member).map_or(&[][..], |known| &known.widths);
    widths.iter().chain([&Width::UNKNOWN]).all(|width| width.check(value).is_ok())
}

/// Applies the rows about a member to a schema, skipping those that the schema lacks.
fn apply(schema: &Schema, member: &str) -> Vec<(String, Width)> {
    let mut widths: Vec<(String, Width)> = Vec::new();
    for row in of_member(member).map_or(&[][..], |known| &known.rows) {
        let Some((path, name)) = row.split_once(' ') else { continue };
        let Some(width) = Width::from_name(name) else { continue };
        let Some(holder) = holder(schema, path).map(Entry::name) else { continue };
        if widths.iter().all(|(known, _)| *known != holder) {
            widths.push((holder.into_owned(), width));
        }
    }
    widths
}

/// The rows about members of one name, and their different widths.
#[derive(Default)]
struct OfMember {
    rows: Vec<&'static str>,
    widths: Vec<Width>,
}

/// The rows whose paths end in a member or in the elements of its array.
fn of_member(member: &str) -> Option<&'static OfMember> {
    static MEMBERS: LazyLock<NameMap<&str, OfMember>> = LazyLock::new(|| {
        let mut members = NameMap::<_, OfMember>::default();
        for row in TABLE.lines() {
            let (path, width) = row.split_once(' ').unwrap_or((row, ""));
            let member = path.rsplit('/').find(|step| *step != ANONYMOUS).unwrap_or_default();
            let of: &mut OfMember = members.entry(member).or_default();
            of.rows.push(row);
            of.widths.extend(Width::from_name(width).filter(|width| !of.widths.contains(width)));
        }
        members
    });
    MEMBERS.get(member)
}

/// The entry that contains the integer of a row, or the array of these integers.
fn holder<'s>(schema: &'s Schema, path: &str) -> Option<Entry<'s>> {
    let mut steps = path.split('/').peekable();
    let command = schema.entry(steps.next()?)?;
    let mut entry = schema.entry(&command.type_member("arg-type")?)?;
    // The schema shares one array type among integers of all widths, so use the entry with the
    // array.
    let mut array = None;
    while let Some(step) = steps.next() {
        let next = follow(schema, entry, step)?;
        if steps.peek().is_none() {
            let found = if step == ANONYMOUS { array? } else { entry };
            return (next.json_type()? == "int").then_some(found);
        }
        if next.meta_type()? == MetaType::Array {
            array = Some(entry);
        }
        entry = next;
    }
    None
}

fn follow<'s>(schema: &'s Schema, entry: Entry<'s>, step: &str) -> Option<Entry<'s>> {
    match entry.meta_type()? {
        MetaType::Object => match step.strip_prefix('+') {
            Some(case) => schema.entry(entry.shape().variant(case)?),
            None => schema.entry(entry.shape().member_type(step)?),
        },
        MetaType::Array if step == ANONYMOUS => schema.entry(&entry.element_type()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ANONYMOUS, NoInteger, TABLE, Width, fits_all};

    #[test]
    fn every_row_of_the_table_reads() {
        let mut last = "";
        for row in TABLE.lines() {
            let (path, name) = row.split_once(' ').expect(row);
            assert_eq!(Width::from_name(name).expect(row).name(), name);
            assert!(path.contains('/') && !path.contains("//"), "{row}");
            assert!(last < row, "`{row}` comes after `{last}`");
            last = row;
        }
        assert!(TABLE.lines().count() > 300);
    }

    #[test]
    fn what_fits_all_widths_of_a_member_fits_each() {
        let mut wide = 0;
        for row in TABLE.lines() {
            let (path, name) = row.split_once(' ').expect(row);
            let width = Width::from_name(name).expect(row);
            let (least, most) = width.limits();
            let member = path.rsplit('/').find(|step| *step != ANONYMOUS).expect(row);
            for value in [least - 1, least, most, most + 1] {
                assert!(!fits_all(member, value) || width.check(value).is_ok(), "{row} {value}");
            }
            assert!(fits_all(member, 1), "{row}");
            wide += usize::from(fits_all(member, 1 << 40));
        }
        assert!((100..400).contains(&wide), "{wide}");
        assert!(fits_all("no member", u64::MAX.into()) && !fits_all("no member", 1 << 64));
    }

    #[test]
    fn negative_numbers_pass_for_unsigned_ones_of_64_bits_only() {
        for (name, value, expected) in [
            ("uint64", -1, Ok(())),
            ("size", i128::from(u64::MAX), Ok(())),
            ("size", i128::from(u64::MAX) + 1, Err(NoInteger::Type)),
            ("int", i128::from(u64::MAX), Err(NoInteger::Type)),
            ("int", -1, Ok(())),
            ("uint8", -1, Err(NoInteger::Range)),
            ("uint8", 255, Ok(())),
            ("uint8", 256, Err(NoInteger::Range)),
            ("int16", -32768, Ok(())),
            ("int16", 32768, Err(NoInteger::Range)),
            ("uint4", 15, Ok(())),
            ("uint4", 16, Err(NoInteger::Range)),
        ] {
            assert_eq!(
                Width::from_name(name).expect(name).check(value),
                expected,
                "{name} {value}"
            );
        }
        assert!(Width::from_name("uint65").is_none() && Width::from_name("unit8").is_none());
    }
}
