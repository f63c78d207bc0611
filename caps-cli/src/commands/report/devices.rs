//! Device types and object types with their properties, and all QOM types.

use caps_core::json::Document;
use caps_core::survey::Properties;

use super::capture::Facts;
use super::kind::Kind;
use super::table::{PRESENT, Record, Store, Table, Tables};

/// A table of types, with a table of the properties of each.
struct Types {
    table: Table,
    properties: Tables,
}

pub(super) struct DeviceTables {
    devices: Types,
    objects: Types,
    types: Table,
    /// The captures that list neither device types nor object types.
    plain: Vec<usize>,
}

impl Types {
    fn new(captures: usize) -> Self {
        Self { table: Table::new(captures), properties: Tables::new(captures) }
    }

    fn add(
        &mut self,
        name: &str,
        capture: usize,
        record: Record,
        properties: &Properties,
        store: &mut Store,
    ) {
        self.table.set(name, capture, record.id(store));
        add_properties(self.properties.of(name), capture, properties, store);
    }

    /// Adds types listed by other captures to a capture whose list of all types contains them.
    fn complete(&mut self, plain: &[usize], types: &Table) {
        let names: Vec<String> = self.table.names().map(str::to_owned).collect();
        for name in names {
            for &capture in plain {
                if types.is_set(&name, capture) && !self.table.is_set(&name, capture) {
                    self.table.set(&name, capture, PRESENT);
                }
            }
            // Absent types have no properties.
            for capture in self.table.absent(&name) {
                self.properties.of(&name).asked(capture);
            }
        }
    }

    fn finish(self, kind: &'static str, store: &mut Store) -> Kind {
        let groups = self.properties.finish(store);
        Kind::new(kind, self.table.finish_with(store, |_, name| groups.get(name).copied()))
    }
}

/// Adds the properties of a type to its table.
pub(super) fn add_properties(
    table: &mut Table,
    capture: usize,
    properties: &Properties,
    store: &mut Store,
) {
    let Some(listed) = properties.listed() else { return };
    table.asked(capture);
    for property in listed {
        let record = Record::default()
            .with("type", property.type_name.as_str())
            .with("default", property.default.as_deref())
            .with("description", property.description.as_deref());
        table.set(&property.name, capture, record.id(store));
    }
}

impl DeviceTables {
    pub(super) fn new(captures: usize) -> Self {
        Self {
            devices: Types::new(captures),
            objects: Types::new(captures),
            types: Table::new(captures),
            plain: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        let answers = &facts.answers;
        let types = answers.types();
        if !types.is_empty() {
            for table in [&mut self.devices.table, &mut self.objects.table, &mut self.types] {
                table.asked(capture);
            }
        }
        for one in types {
            let record = Record::default()
                .with("parent", one.parent.as_deref())
                .with("abstract", one.is_abstract);
            self.types.set(&one.name, capture, record.id(store));
        }
        for device in answers.devices() {
            let record = Record::default()
                .with("bus", device.bus.as_deref())
                .with("alias", device.alias.as_deref())
                .with("description", device.description.as_deref())
                .with("category", device.category.as_deref())
                .with("internal", !device.is_user_creatable);
            let properties = answers.device_properties(&device.name);
            self.devices.add(&device.name, capture, record, &properties, store);
        }
        for object in answers.objects().unwrap_or_default() {
            let properties = answers.type_properties(&object.name);
            let record = Record::default().with("parent", object.parent.as_deref());
            self.objects.add(&object.name, capture, record, &properties, store);
        }
        if answers.devices().is_empty() {
            self.plain.push(capture);
            self.add_asked_devices(capture, facts, store);
        }
    }

    /// Adds devices whose properties a plain capture has, although it lists no devices.
    fn add_asked_devices(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        for exchange in facts.answers.conversation().exchanges() {
            let command = exchange.command();
            if command.execute() != "device-list-properties" {
                continue;
            }
            let arguments = command.arguments().and_then(|text| Document::parse(text).ok());
            let name = arguments.and_then(|a| a.root().get_str("typename").map(String::from));
            let Some(name) = name else { continue };
            let properties = facts.answers.device_properties(&name);
            if properties.listed().is_some() {
                self.devices.add(&name, capture, Record::default(), &properties, store);
            }
        }
    }

    pub(super) fn finish(mut self, store: &mut Store) -> [Kind; 3] {
        for types in [&mut self.devices, &mut self.objects] {
            types.complete(&self.plain, &self.types);
        }
        [
            self.devices.finish("device", store),
            self.objects.finish("object", store),
            Kind::new("type", self.types.finish(store)),
        ]
    }
}
