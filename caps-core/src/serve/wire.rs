//! The lines that a server sends, in QEMU's spelling and order.

use std::time::{SystemTime, UNIX_EPOCH};

use super::value::{Value, quote};
use crate::json::{self, Document, JsonError};
use crate::qmp::CommandError;

/// QEMU's line ending.
const LINE_END: &str = "\r\n";

/// The content of a reply.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// A reply as recorded, including its id.
    Recorded(String),
    /// The return value, in QEMU's spelling.
    Return(String),
    /// An error.
    Error(CommandError),
}

/// Formats a JSON text in QEMU's spelling: a space after each comma and colon, and escapes in
/// uppercase. Numbers keep their recorded digits.
pub(super) fn spelled(text: &str) -> Result<String, JsonError> {
    let compact = json::compact(text)?;
    let mut out = String::with_capacity(compact.len() + compact.len() / 8);
    let mut in_string = false;
    let mut chars = compact.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            '"' => in_string = !in_string,
            ',' | ':' if !in_string => out.push(' '),
            '\\' => match chars.next() {
                Some('u') => {
                    out.push('u');
                    out.extend(chars.by_ref().take(4).map(|digit| digit.to_ascii_uppercase()));
                }
                Some(escaped) => out.push(escaped),
                None => {}
            },
            _ => {}
        }
    }
    Ok(out)
}

/// Formats a reply. It contains the command's id: at the end of a success, at the start of an
/// error.
pub(super) fn reply(body: &Body, id: Option<&Value>) -> String {
    let id = id.map(Value::to_wire);
    let mut members = match body {
        Body::Return(value) => vec![format!("\"return\": {value}")],
        Body::Error(CommandError { class, desc }) => {
            let (class, desc) = (quote(class.name()), quote(desc));
            vec![format!("\"error\": {{\"class\": {class}, \"desc\": {desc}}}")]
        }
        Body::Recorded(text) => return recorded(text, id.as_deref()),
    };
    if let Some(id) = id {
        let at = usize::from(matches!(body, Body::Return(_)));
        members.insert(at, format!("\"id\": {id}"));
    }
    format!("{{{}}}{LINE_END}", members.join(", "))
}

/// Formats a recorded reply, replacing its id in place.
fn recorded(text: &str, id: Option<&str>) -> String {
    // The server checks replies at startup.
    let Ok(document) = json::compact(text).and_then(Document::parse) else {
        return String::new();
    };
    let root = document.root();
    let mut members = Vec::new();
    let mut id_at = None;
    for (name, node) in root.members() {
        if name == "id" {
            id_at = Some(members.len());
        } else {
            let value = spelled(node.text()).unwrap_or_default();
            members.push(format!("{}: {value}", quote(&name)));
        }
    }
    if let Some(id) = id {
        let usual = if root.get("error").is_some() { 0 } else { members.len() };
        members.insert(id_at.unwrap_or(usual), format!("\"id\": {id}"));
    }
    format!("{{{}}}{LINE_END}", members.join(", "))
}

/// Formats an event with the current time.
pub(super) fn event(name: &str, data: Option<&str>) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, microseconds) = (now.as_secs(), now.subsec_micros());
    let data = data.map(|data| format!(", \"data\": {data}")).unwrap_or_default();
    format!(
        "{{\"timestamp\": {{\"seconds\": {seconds}, \"microseconds\": {microseconds}}}, \
         \"event\": {}{data}}}{LINE_END}",
        quote(name)
    )
}

/// Formats the greeting; `version` is the return value of `query-version`.
pub(super) fn greeting(version: &str) -> String {
    format!("{{\"QMP\": {{\"version\": {version}, \"capabilities\": [\"oob\"]}}}}{LINE_END}")
}

#[cfg(test)]
mod tests {
    use super::{Body, recorded, reply, spelled};
    use crate::qmp::{CommandError, ErrorClass};
    use crate::serve::value::Value;

    #[test]
    fn spells_as_qemu_does() {
        for (text, expected) in [
            ("{\n \"a\": [1, 2.50, []],\n \"b\": {}}", r#"{"a": [1, 2.5, []], "b": {}}"#),
            (r#""a,b:\"c,\u00e9\\u00e9\\\"d:""#, r#""a,b:\"c,\u00E9\\u00e9\\\"d:""#),
        ] {
            assert_eq!(spelled(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn the_id_stands_where_qemu_puts_it() {
        let id = Value::Str("x".to_owned());
        let ok = Body::Return("{}".to_owned());
        assert_eq!(reply(&ok, Some(&id)), "{\"return\": {}, \"id\": \"x\"}\r\n");
        assert_eq!(reply(&ok, None), "{\"return\": {}}\r\n");
        let failed = Body::Error(CommandError {
            class: ErrorClass::GenericError,
            desc: "a \"b\"".to_owned(),
        });
        assert_eq!(
            reply(&failed, Some(&Value::Int(7))),
            "{\"id\": 7, \"error\": {\"class\": \"GenericError\", \"desc\": \"a \\\"b\\\"\"}}\r\n"
        );
        let text = r#"{"id": "libvirt-3", "return": {"a": 1}}"#;
        assert_eq!(recorded(text, Some("5")), "{\"id\": 5, \"return\": {\"a\": 1}}\r\n");
        assert_eq!(recorded(text, None), "{\"return\": {\"a\": 1}}\r\n");
        assert_eq!(recorded("{\"return\": []}", Some("5")), "{\"return\": [], \"id\": 5}\r\n");
    }
}
