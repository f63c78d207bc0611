//! The contents of properties that are lists or objects. QEMU names their types `list`, or after
//! QAPI types that the schema lacks.

use super::property::{Property, PropertyType};
use super::report::Report;
use super::violation::{Violation, ViolationKind, describe};
use super::width::{NoInteger, Width};
use crate::json::{JsonType, Node};

/// The type of an element or member.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Flag,
    Integer(Width),
    Integers(Width),
}

impl Shape {
    const fn describe(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Integers(_) => "an array",
        }
    }
}

const fn unsigned(bits: u8) -> Width {
    Width { signed: false, bits }
}

/// The elements of lists with these names.
const LISTS: &[(&str, Shape)] = &[
    ("ebpf-rss-fds", Shape::Text),
    ("ports", Shape::Text),
    ("reserved-regions", Shape::Text),
    ("stats-intervals", Shape::Integer(unsigned(32))),
];

/// The members of an object, and the number of required ones, which come first.
type Record = (&'static [(&'static str, Shape)], usize);

/// Lists of objects.
const RECORD_LISTS: &[(&str, Record)] = &[
    (
        "IOThreadVirtQueueMappingList",
        (&[("iothread", Shape::Text), ("vqs", Shape::Integers(unsigned(16)))], 1),
    ),
    ("VirtIOGPUOutputList", (&[("name", Shape::Text)], 1)),
];

/// Objects. A device that takes a socket address accepts only that of a Unix socket.
const RECORDS: &[(&str, Record)] = &[(
    "SocketAddress",
    (
        &[
            ("type", Shape::Text),
            ("path", Shape::Text),
            ("abstract", Shape::Flag),
            ("tight", Shape::Flag),
        ],
        2,
    ),
)];

/// Before QEMU 9.0, the elements of an array `x` were properties `x[0]`... according to `len-x`.
pub(super) fn element_property(properties: &[Property], name: &str) -> Option<Property> {
    let (array, index) = name.strip_suffix(']').and_then(|name| name.split_once('['))?;
    let length = format!("len-{array}");
    let is_element = index.bytes().all(|b| b.is_ascii_digit())
        && properties.iter().any(|property| property.name == length);
    let property_type = match find(LISTS, array) {
        Some(Shape::Text) => PropertyType::String,
        Some(Shape::Integer(width)) => PropertyType::Integer(*width),
        _ => PropertyType::Other,
    };
    let type_name = format!("element of {array}");
    is_element.then(|| Property { name: name.to_owned(), type_name, property_type })
}

/// Checks a list or an object; returns whether no further checks are needed.
pub(super) fn check(property: &Property, path: &str, value: Node<'_>, report: &mut Report) -> bool {
    let mut elements = Elements { report };
    if let Some(record) = find(RECORDS, &property.type_name) {
        elements.record(path, value, *record);
        return true;
    }
    if property.property_type != PropertyType::Array {
        return false;
    }
    let record = find(RECORD_LISTS, &property.type_name);
    let shape = find(LISTS, &property.name);
    for (index, element) in value.elements().enumerate() {
        let path = format!("{path}[{index}]");
        match (record, shape) {
            (Some(record), _) => elements.record(&path, element, *record),
            (None, Some(shape)) => elements.value(&path, element, *shape),
            (None, None) => {
                let reason = format!("what is in the list `{}` is not captured", property.name);
                elements.report.unchecked(&path, reason);
                break;
            }
        }
    }
    false
}

fn find<'t, T>(table: &'t [(&str, T)], name: &str) -> Option<&'t T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, what)| what)
}

struct Elements<'r> {
    report: &'r mut Report,
}

impl Elements<'_> {
    fn record(&mut self, path: &str, value: Node<'_>, (members, needed): Record) {
        if value.kind() != JsonType::Object {
            return self.wrong(path, ViolationKind::Type, value, "an object");
        }
        let needed = members.iter().take(needed);
        for (name, shape) in needed.filter(|(name, _)| value.get(name).is_none()) {
            let violation = Violation::new(format!("{path}.{name}"), ViolationKind::Missing);
            self.report.problems.push(violation.expected(shape.describe()));
        }
        for (name, value) in value.members() {
            let path = format!("{path}.{name}");
            match find(members, &name) {
                Some(shape) => self.value(&path, value, *shape),
                None => self.report.problems.push(
                    Violation::new(path, ViolationKind::Unexpected)
                        .found(describe(value))
                        .among(&name, members.iter().map(|(known, _)| *known)),
                ),
            }
        }
    }

    fn value(&mut self, path: &str, value: Node<'_>, shape: Shape) {
        let fits = match shape {
            Shape::Text => value.kind() == JsonType::String,
            Shape::Flag => value.kind() == JsonType::Bool,
            Shape::Integer(width) => match width.check_node(value) {
                Err(NoInteger::Range) => {
                    return self.wrong(path, ViolationKind::Range, value, &width.describe());
                }
                fits => fits.is_ok(),
            },
            Shape::Integers(_) => value.kind() == JsonType::Array,
        };
        if !fits {
            return self.wrong(path, ViolationKind::Type, value, shape.describe());
        }
        if let Shape::Integers(width) = shape {
            for (index, element) in value.elements().enumerate() {
                self.value(&format!("{path}[{index}]"), element, Shape::Integer(width));
            }
        }
    }

    fn wrong(&mut self, path: &str, kind: ViolationKind, found: Node<'_>, expected: &str) {
        let violation = Violation::new(path, kind).found(describe(found));
        self.report.problems.push(violation.expected(expected));
    }
}
