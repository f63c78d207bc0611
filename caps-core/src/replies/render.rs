use std::borrow::Cow;
use std::ops::Range;

use super::conversation::{Conversation, Exchange};
use super::error::RepliesError;
use crate::json::{self, Document};

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
        let before = (self.text.len(), self.number);
        let pushed = self.pair(command, reply);
        if pushed.is_err() {
            self.text.truncate(before.0);
            self.number = before.1;
        }
        pushed
    }

    fn pair(&mut self, command: &str, reply: &str) -> Result<(), json::JsonError> {
        let document = Document::parse(command)?;
        self.begin_exchange(document.root().get_str("execute").as_deref());
        self.numbered_document(command, 0..command.len(), |_| {})?;
        self.numbered_document(reply, 0..reply.len(), |_| {})?;
        self.number += 1;
        let is_object = |text: &str| text.trim_start().starts_with('{');
        if is_object(command) && is_object(reply) {
            Ok(())
        } else {
            Err(json::JsonError::not_an_object())
        }
    }

    fn begin_exchange(&mut self, execute: Option<&str>) {
        if execute == Some("qmp_capabilities") {
            self.number = 1;
        }
    }

    /// Appends a document of the exchange, calling a function with its keys.
    fn numbered_document(
        &mut self,
        source: &str,
        range: Range<usize>,
        see: impl FnMut(Cow<'_, str>),
    ) -> Result<(), json::JsonError> {
        let id = format!("libvirt-{}", self.number);
        self.append(source, range, Some(&id), see)
    }

    fn append(
        &mut self,
        source: &str,
        range: Range<usize>,
        id: Option<&str>,
        see: impl FnMut(Cow<'_, str>),
    ) -> Result<(), json::JsonError> {
        let length = self.text.len();
        if length > 0 {
            self.text.push('\n');
        }
        let printed = json::push_pretty(&mut self.text, source, range, id, see);
        match printed {
            Ok(()) => self.text.push('\n'),
            Err(_) => self.text.truncate(length),
        }
        printed
    }

    /// Appends an exchange of a conversation, numbered.
    fn exchange(&mut self, exchange: &Exchange) -> Result<(), RepliesError> {
        self.begin_exchange(Some(exchange.command().execute()));
        let (source, [command, reply]) = (exchange.source(), exchange.ranges());
        let (mut has_return, mut has_error) = (false, false);
        self.numbered_document(source, command, |_| {})?;
        self.numbered_document(source, reply, |key| match &*key {
            "return" => has_return = true,
            "error" => has_error = true,
            _ => {}
        })?;
        self.number += 1;
        if has_return == has_error {
            // Fails, and says what is there instead.
            exchange.reply()?;
        }
        Ok(())
    }

    /// Appends a command unchanged, and a reply whose id, if any, is replaced.
    pub(crate) fn numbered(
        &mut self,
        command: &str,
        reply: &Document,
        id: &str,
    ) -> Result<(), json::JsonError> {
        self.document(command)?;
        let root = reply.root();
        let id = root.get("id").map(|_| id);
        self.append(reply.source(), root.range(), id, |_| {})
    }

    /// Appends a document, changing only its formatting.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON.
    pub fn document(&mut self, json: &str) -> Result<(), json::JsonError> {
        self.append(json, 0..json.len(), None, |_| {})
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
    let mut builder = ConversationBuilder::default();
    builder.text.reserve(conversation.text().len());
    for exchange in conversation.exchanges() {
        builder.exchange(exchange)?;
    }
    Ok(builder.into_text())
}

/// Returns whether a conversation has the numbering and formatting of [`canonical`], without making
/// all of its text.
pub(crate) fn is_canonical(conversation: &Conversation) -> Result<bool, RepliesError> {
    let mut builder = ConversationBuilder::default();
    let (mut same, mut end) = (true, 0);
    for exchange in conversation.exchanges() {
        builder.text.clear();
        builder.exchange(exchange)?;
        let [command, reply] = exchange.ranges();
        same &= conversation.text()[command.start..reply.end] == builder.text;
        end = reply.end;
    }
    // What follows the last document can only be empty lines.
    Ok(same && end == conversation.text().len())
}
