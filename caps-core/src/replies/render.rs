use super::conversation::Conversation;
use super::error::RepliesError;
use crate::json::{self, Document, JsonType};

/// The number that a file's first exchanges get when no `qmp_capabilities` has started the count.
const NO_SESSION: usize = 9999;

/// Puts the text of a capture together, document by document: indents each, numbers the exchanges
/// and keeps the empty lines between.
#[derive(Debug, Clone)]
pub struct ConversationBuilder {
    text: String,
    number: usize,
}

impl Default for ConversationBuilder {
    fn default() -> Self {
        Self { text: String::new(), number: NO_SESSION }
    }
}

impl ConversationBuilder {
    /// Appends an exchange, given as JSON texts; the id of both is set to `libvirt-N`, in place or,
    /// where there is none, at the end. N is 1 for `qmp_capabilities` and grows by one.
    ///
    /// # Errors
    ///
    /// When one of the texts is not a JSON object.
    pub fn push(&mut self, command: &str, reply: &str) -> Result<(), json::JsonError> {
        let command = Document::parse(command)?;
        if command.root().get("execute").is_some_and(|name| name.is_str("qmp_capabilities")) {
            self.number = 1;
        }
        let id = format!("libvirt-{}", self.number);
        self.number += 1;
        self.document(&with_id(&command, &id)?)?;
        self.document(&with_id(&Document::parse(reply)?, &id)?)
    }

    /// Appends a document as it is, but for its formatting.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn document(&mut self, json: &str) -> Result<(), json::JsonError> {
        let pretty = json::pretty(json)?;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&pretty);
        self.text.push('\n');
        Ok(())
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, taken.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The text of a conversation with numbering and formatting mended.
///
/// # Errors
///
/// When a reply is malformed.
pub fn canonical(conversation: &Conversation) -> Result<String, RepliesError> {
    let mut builder = ConversationBuilder::default();
    builder.text.reserve(conversation.text().len());
    for exchange in conversation.exchanges() {
        // Parsing at its place in the file first gives errors the lines of the file.
        exchange.reply()?;
        builder.push(exchange.command_text(), exchange.reply_text())?;
    }
    Ok(builder.into_text())
}

/// The text of an object with its `id` replaced or, if it has none, appended.
fn with_id(document: &Document, id: &str) -> Result<String, json::JsonError> {
    let root = document.root();
    if root.kind() != JsonType::Object {
        return Err(json::JsonError::not_an_object());
    }
    let mut text = root.text().to_owned();
    let origin = root.range().start;
    if let Some(old) = root.get("id") {
        let range = old.range();
        text.replace_range(range.start - origin..range.end - origin, &json::quote(id));
    } else {
        text.truncate(text.len() - 1);
        let comma = if root.members().next().is_some() { "," } else { "" };
        text.push_str(comma);
        text.push_str("\"id\":");
        text.push_str(&json::quote(id));
        text.push('}');
    }
    Ok(text)
}
