use super::conversation::{Conversation, Exchange};
use super::error::RepliesError;
use crate::json::{self, Document, JsonType, Node};
use crate::qmp::Reply;

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
        let (command, reply) = (Document::parse(command)?, Document::parse(reply)?);
        if [&command, &reply].iter().any(|document| document.root().kind() != JsonType::Object) {
            return Err(json::JsonError::not_an_object());
        }
        self.exchange(command.root(), reply.root());
        Ok(())
    }

    /// As [`ConversationBuilder::push`], for objects.
    fn exchange(&mut self, command: Node<'_>, reply: Node<'_>) {
        if command.get("execute").is_some_and(|name| name.is_str("qmp_capabilities")) {
            self.number = 1;
        }
        let id = format!("libvirt-{}", self.number);
        self.number += 1;
        for document in [command, reply] {
            self.separate();
            json::push_pretty(&mut self.text, document, Some(&id));
            self.text.push('\n');
        }
    }

    /// Appends a command as it is, and a reply whose id, if it has one, is replaced by this one.
    pub(crate) fn numbered(
        &mut self,
        command: &str,
        reply: &Document,
        id: &str,
    ) -> Result<(), json::JsonError> {
        self.document(command)?;
        self.separate();
        let id = reply.root().get("id").map(|_| id);
        json::push_pretty(&mut self.text, reply.root(), id);
        self.text.push('\n');
        Ok(())
    }

    /// Appends a document as it is, but for its formatting.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn document(&mut self, json: &str) -> Result<(), json::JsonError> {
        let document = Document::parse(json)?;
        self.separate();
        json::push_pretty(&mut self.text, document.root(), None);
        self.text.push('\n');
        Ok(())
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
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
    canonical_with(conversation, |_, _| {})
}

/// As [`canonical`], showing each reply on the way.
pub(crate) fn canonical_with(
    conversation: &Conversation,
    mut see: impl FnMut(&Exchange, &Reply),
) -> Result<String, RepliesError> {
    let mut builder = ConversationBuilder::default();
    builder.text.reserve(conversation.text().len());
    for exchange in conversation.exchanges() {
        let reply = exchange.reply()?;
        see(exchange, &reply);
        builder.exchange(exchange.command_document()?.root(), reply.document().root());
    }
    Ok(builder.into_text())
}
