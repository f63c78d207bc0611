use super::conversation::{Conversation, Exchange};
use super::error::RepliesError;
use crate::json::{self, Document, JsonType, Node};
use crate::qmp::Reply;

/// libvirt's number for the first exchange of a file that doesn't start with `qmp_capabilities`.
const NO_SESSION: usize = 9999;

/// Builds the text of a capture document by document: formats each, numbers the exchanges, and
/// inserts the separating empty lines.
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
    /// Appends an exchange from two JSON texts. Sets both ids to `libvirt-N`, in place or else at
    /// the end; N is 1 for `qmp_capabilities` and then counts up.
    ///
    /// # Errors
    ///
    /// Fails if one of the texts is not a JSON object.
    pub fn push(&mut self, command: &str, reply: &str) -> Result<(), json::JsonError> {
        let (command, reply) = (Document::parse(command)?, Document::parse(reply)?);
        if [&command, &reply].iter().any(|document| document.root().kind() != JsonType::Object) {
            return Err(json::JsonError::not_an_object());
        }
        self.exchange(command.root(), reply.root());
        Ok(())
    }

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

    /// Appends a command unchanged, and a reply whose id, if any, is replaced.
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

    /// Appends a document, changing only its formatting.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON.
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

    /// Returns the text.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The text of a conversation with numbering and formatting fixed.
///
/// # Errors
///
/// Fails if a reply is malformed.
pub fn canonical(conversation: &Conversation) -> Result<String, RepliesError> {
    canonical_with(conversation, |_, _| {})
}

/// Like [`canonical`], calling a function with each reply.
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
