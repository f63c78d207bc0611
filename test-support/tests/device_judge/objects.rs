//! Objects and parameters whose values the schema allows and setters may not.

use caps_core::qapi::{Entry, Member, MetaType, Schema};
use caps_test_support::generate::Generator;
use serde_json::{Value, json};

use crate::score::Outcome;

/// Types that can be created on any host, with what they need.
const TYPES: &[(&str, &str)] = &[
    ("authz-simple", r#"{"identity": "x"}"#),
    ("can-bus", "{}"),
    ("cryptodev-backend", "{}"),
    ("cryptodev-backend-builtin", "{}"),
    ("filter-buffer", r#"{"netdev": "n0", "interval": 1000}"#),
    ("filter-redirector", r#"{"netdev": "n0", "outdev": "c0"}"#),
    ("filter-rewriter", r#"{"netdev": "n0"}"#),
    ("input-barrier", r#"{"name": "x", "server": "localhost"}"#),
    ("iothread", "{}"),
    ("main-loop", "{}"),
    ("memory-backend-file", r#"{"size": 1048576, "mem-path": "memory"}"#),
    ("memory-backend-memfd", r#"{"size": 1048576}"#),
    ("memory-backend-ram", r#"{"size": 1048576}"#),
    ("memory-backend-shm", r#"{"size": 1048576}"#),
    ("rng-builtin", "{}"),
    ("secret", r#"{"data": "abc"}"#),
    ("secret_keyring", r#"{"serial": 1}"#),
    ("sev-snp-guest", r#"{"reduced-phys-bits": 1, "cbitpos": 51}"#),
    ("thread-context", "{}"),
    ("throttle-group", "{}"),
    ("tls-cipher-suites", "{}"),
    ("tls-creds-anon", "{}"),
    ("tls-creds-psk", r#"{"endpoint": "client", "username": "u"}"#),
    ("tls-creds-x509", "{}"),
];
/// They cost memory or threads, or refer to files.
const LEFT_ALONE: &[&str] = &["dir", "mem-path", "prealloc", "server"];
const NUMBERS: &[i64] = &[
    0,
    1,
    2,
    5,
    63,
    64,
    65,
    4096,
    8192,
    1 << 20,
    1 << 31,
    (1 << 32) - 1,
    1_000_000_000_000_000,
    1_000_000_000_000_001,
    -1,
];
const TEXTS: &[&str] = &["", "x", "on", "off", "head", "id=x", "0", "100", "32768", "-1", "c0"];
/// Messages about the host, other objects and files.
const LATER: &[&str] = &[
    "Cannot allocate memory",
    "Connection refused",
    "DeviceNotFound",
    "Failed to connect",
    "Invalid argument",
    "Key should be",
    "No secret with id",
    "No such file",
    "Not a directory",
    "Required key not available",
    "Setting CPU affinity",
    "Unable to",
    "address resolution",
    "backing store",
    "chardev \"",
    "failed to resize",
    "expected: thread-context",
    "filter '",
    "network backend id",
    "page size 0x",
    "select no CPUs",
];

/// The outcome of a command that was executed.
pub(crate) fn outcome(answer: Option<&str>) -> Outcome {
    match answer {
        None => Outcome::Died,
        Some("") => Outcome::Accepted,
        Some(answer) if LATER.iter().any(|words| answer.contains(words)) => Outcome::Later,
        Some(_) => Outcome::Refused,
    }
}

/// Makes `rounds` objects of each type that the schema has, with up to three more properties.
pub(crate) fn objects(schema: &Schema, generator: &mut Generator<'_>, rounds: usize) -> Vec<Value> {
    let command = schema.entry("object-add").expect("a command");
    let arguments = command.type_member("arg-type").and_then(|name| schema.entry(&name));
    let mut objects = Vec::new();
    for variant in arguments.expect("an object").variants() {
        let base = TYPES.iter().find(|(name, _)| *name == variant.case);
        let Some((name, base)) = base else { continue };
        let entry = schema.entry(&variant.type_name).expect("an object");
        let members: Vec<Member<'_>> = entry.members().collect();
        for _ in 0..rounds {
            let mut object: Value = serde_json::from_str(base).expect("an object");
            object["qom-type"] = json!(name);
            object["id"] = json!("o1");
            for _ in 0..*generator.pick(&[1, 1, 2, 3]) {
                if members.is_empty() {
                    break;
                }
                let member = *generator.pick(&members);
                let key = member.name().expect("a name");
                let type_name = member.type_name().expect("a type");
                if !LEFT_ALONE.contains(&key.as_ref())
                    && let Some(value) = value(schema, &type_name, generator)
                {
                    object[key.as_ref()] = value;
                }
            }
            objects.push(object);
        }
    }
    objects
}

/// Makes commands that set one number each.
pub(crate) fn parameters(schema: &Schema, generator: &mut Generator<'_>) -> Vec<Value> {
    let command = schema.entry("migrate-set-parameters").expect("a command");
    let arguments = command.type_member("arg-type").and_then(|name| schema.entry(&name));
    let mut commands = Vec::new();
    for member in arguments.expect("an object").members() {
        let (key, type_name) = (member.name().expect("a name"), member.type_name());
        let entry = type_name.and_then(|name| schema.entry(&name));
        let is_integer = entry.is_some_and(|entry| entry.json_type().as_deref() == Some("int"));
        // Its limit is the present value of another one.
        if is_integer && key != "max-cpu-throttle" {
            for _ in 0..4 {
                let arguments = json!({key.as_ref(): generator.pick(NUMBERS)});
                commands.push(json!({"execute": "migrate-set-parameters", "arguments": arguments}));
            }
        }
    }
    commands
}

fn value(schema: &Schema, type_name: &str, generator: &mut Generator<'_>) -> Option<Value> {
    let entry = schema.entry(type_name)?;
    Some(match entry.meta_type()? {
        MetaType::Builtin => match entry.json_type()?.as_ref() {
            "int" => json!(generator.pick(NUMBERS)),
            "boolean" => json!(*generator.pick(&[true, false])),
            "string" => json!(generator.pick(TEXTS)),
            _ => return None,
        },
        MetaType::Enum => json!(generator.pick(&entry.values())),
        MetaType::Array if element_is_integer(schema, entry) => {
            generator.pick(&[json!([]), json!([0]), json!([1]), json!([127]), json!([128])]).clone()
        }
        MetaType::Object => {
            let members: Vec<Member<'_>> = entry.members().collect();
            let mut object = json!({});
            for _ in 0..2 {
                let member = *generator.pick(&members);
                object[member.name()?.as_ref()] = value(schema, &member.type_name()?, generator)?;
            }
            object
        }
        _ => return None,
    })
}

fn element_is_integer(schema: &Schema, array: Entry<'_>) -> bool {
    let element = array.type_member("element-type").and_then(|name| schema.entry(&name));
    element.is_some_and(|entry| entry.json_type().as_deref() == Some("int"))
}
