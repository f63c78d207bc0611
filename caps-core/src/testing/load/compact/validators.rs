//! The compact form of what a validator needs: the answers in a survey, equal ones once.

use super::form::{Packer, Record, Unpacker};
use super::{Kept, code};
use crate::json::Element;
use crate::qapi::Schema;
use crate::replies::Answer;
use crate::validate::{DeviceAnswers, Extract};

impl Kept for Extract {
    const CODE: u64 = code(&[
        include_bytes!("../../../json/named.rs").as_slice(),
        include_bytes!("../../../json/nesting.rs"),
        include_bytes!("../../../json/outline.rs"),
        include_bytes!("../../../json/reader.rs"),
        include_bytes!("../../../json/scan.rs"),
        include_bytes!("../../../json/string.rs"),
        include_bytes!("../../../json/text.rs"),
        include_bytes!("../../../qapi/meta_type.rs"),
        include_bytes!("../../../qapi/schema.rs"),
        include_bytes!("../../../qmp/message.rs"),
        include_bytes!("../../../replies/conversation.rs"),
        include_bytes!("../../../replies/split.rs"),
        include_bytes!("../../../survey/mark.rs"),
        include_bytes!("../../../survey/pack.rs"),
        include_bytes!("../../../survey/read.rs"),
        include_bytes!("../../../validate/devices.rs"),
        include_bytes!("../../../validate/types.rs"),
        include_bytes!("../../../version.rs"),
        include_bytes!("../compact.rs"),
        include_bytes!("form.rs"),
        include_bytes!("records.rs"),
        include_bytes!("validators.rs"),
    ]);
}

impl Record for Extract {
    fn pack(&self, to: &mut Packer) {
        self.schema.pack(to);
        self.devices.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(Self { schema: Record::unpack(from)?, devices: Record::unpack(from)? })
    }
}

/// A structure is its fields, in this order; the compiler knows if one is missing.
impl Record for DeviceAnswers {
    fn pack(&self, to: &mut Packer) {
        let Self { version, arch, types, listed, properties, object_properties, cpu_definitions } =
            self;
        version.pack(to);
        arch.pack(to);
        types.pack(to);
        listed.pack(to);
        properties.pack(to);
        object_properties.pack(to);
        cpu_definitions.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(Self {
            version: Record::unpack(from)?,
            arch: Record::unpack(from)?,
            types: Record::unpack(from)?,
            listed: Record::unpack(from)?,
            properties: Record::unpack(from)?,
            object_properties: Record::unpack(from)?,
            cpu_definitions: Record::unpack(from)?,
        })
    }
}

impl Record for Answer {
    fn pack(&self, to: &mut Packer) {
        to.name(self.text());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let range = from.place()?;
        Some(Self::new(from.shared(), range))
    }
}

/// The text from the first entry to the last, and where each of them is.
impl Record for Schema {
    fn pack(&self, to: &mut Packer) {
        let (source, places) = self.places();
        let ranges: Vec<_> = self.places().1.map(Element::range).collect();
        let base = ranges.first().map_or(0, |range| range.start);
        let end = ranges.last().map_or(0, |range| range.end);
        to.name(&source[base..end]);
        to.count(places.len());
        for place in places {
            for number in place.to_numbers(base) {
                to.count(number);
            }
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let range = from.place()?;
        let source = from.shared();
        let count = from.count()?;
        let mut places = Vec::with_capacity(count);
        for _ in 0..count {
            let numbers = [from.word()?, from.word()?, from.word()?, from.word()?, from.word()?];
            places.push(Element::from_numbers(&source, range.start, numbers)?);
        }
        Some(Self::restore(&source, &places))
    }
}
