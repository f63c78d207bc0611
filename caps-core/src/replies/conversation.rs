use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::error::{RepliesError, RepliesErrorKind};
use super::split::{Part, split};
use crate::json::{Document, JsonType, Node, Outline, Text, members};
#[cfg(feature = "tools")]
use crate::json::{Visitor, visit};
use crate::qmp::{Command, Reply};

/// A recorded conversation: the sessions of a capture, with the source text.
///
/// ```
/// use caps_core::replies::Conversation;
///
/// let text = "{\n  \"execute\": \"qmp_capabilities\",\n  \"id\": \"libvirt-1\"\n}\n\n\
///             {\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}\n";
/// let conversation = Conversation::parse(text)?;
/// assert_eq!(conversation.sessions().len(), 1);
/// assert_eq!(conversation.sessions()[0].exchanges()[0].command().execute(), "qmp_capabilities");
/// assert_eq!(conversation.to_string(), text);
/// # Ok::<(), caps_core::replies::RepliesError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Conversation {
    text: Text,
    sessions: Arc<[Session]>,
}

/// The exchanges of one launch of QEMU, starting with `qmp_capabilities`.
#[derive(Debug, Clone)]
pub struct Session {
    exchanges: Vec<Exchange>,
}

/// A command and its reply.
#[derive(Debug, Clone)]
pub struct Exchange {
    text: Text,
    command: Command,
    id: Option<String>,
    command_part: Part,
    reply_part: Part,
}

impl Conversation {
    /// Parses the contents of a file.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not UTF-8, or as [`Conversation::parse`] does.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RepliesError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(not_utf8(bytes, error)),
        }
    }

    /// As [`Conversation::from_bytes`], without a copy.
    ///
    /// ```
    /// use caps_core::replies::Conversation;
    ///
    /// let error = Conversation::from_vec(b"{}\n\n\xff".to_vec()).expect_err("not UTF-8");
    /// assert_eq!(error.to_string(), "line 3: expected UTF-8, found the byte 0xff");
    /// ```
    ///
    /// # Errors
    ///
    /// Fails as [`Conversation::from_bytes`] does.
    pub fn from_vec(bytes: Vec<u8>) -> Result<Self, RepliesError> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(not_utf8(error.as_bytes(), error.utf8_error())),
        }
    }

    /// Parses a conversation. CR LF line endings are read as LF.
    ///
    /// # Errors
    ///
    /// Fails if a command has no reply, a reply has no command, or a command is malformed. A
    /// malformed reply fails later, when it is used.
    pub fn parse(text: impl Into<Text>) -> Result<Self, RepliesError> {
        Self::of_text(text.into())
    }

    fn of_text(mut text: Text) -> Result<Self, RepliesError> {
        if memchr::memchr(b'\r', text.as_bytes()).is_some() {
            text = text.replace("\r\n", "\n").replace('\r', "\n").into();
        }
        let mut parts = split(&text)?.into_iter();
        let mut sessions: Vec<Session> = Vec::new();
        while let Some(part) = parts.next() {
            let exchange = Exchange::new(&text, part, parts.next())?;
            match sessions.last_mut() {
                Some(session) if !exchange.starts_session() => session.exchanges.push(exchange),
                _ => sessions.push(Session { exchanges: vec![exchange] }),
            }
        }
        Ok(Self { text, sessions: sessions.into() })
    }

    /// The sessions, in order.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// All exchanges of all sessions, in order.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.sessions.iter().flat_map(|session| &session.exchanges)
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first exchange with this command, regardless of its arguments.
    pub fn find(&self, execute: &str) -> Option<&Exchange> {
        self.exchanges().find(|exchange| exchange.command.execute() == execute)
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Session {
    /// The exchanges in order.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

impl Exchange {
    fn new(text: &Text, command: Part, reply: Option<Part>) -> Result<Self, RepliesError> {
        let document = Document::parse_range(text.clone(), command.range.clone())?;
        let root = document.root();
        let Some(execute) = root.get_str("execute") else {
            return Err(RepliesErrorKind::NotACommand(describe(text, &command)).at(command.line));
        };
        let execute = execute.into_owned();
        let Some(reply) = reply else {
            return Err(RepliesErrorKind::NoReply(execute).at(command.line));
        };
        match Document::first_key(text, reply.range.clone()).as_deref() {
            Some("execute" | "arguments") => {
                return Err(RepliesErrorKind::NoReply(execute).at(command.line));
            }
            Some(_) => {}
            None => {
                // Malformed, or not an object with members; parsing it reveals which.
                Document::parse_range(text.clone(), reply.range.clone())?;
                let found = describe(text, &reply);
                let kind = RepliesErrorKind::NotAReply { command: execute, found };
                return Err(kind.at(reply.line));
            }
        }
        let id = root.get_str("id").map(std::borrow::Cow::into_owned);
        let mut parsed = Command::new(execute);
        if let Some(arguments) = root.get("arguments") {
            parsed = parsed
                .with_arguments(arguments.text())
                .map_err(|error| RepliesErrorKind::Json(error).at(arguments.line()))?;
        }
        Ok(Self {
            text: text.clone(),
            command: parsed,
            id,
            command_part: command,
            reply_part: reply,
        })
    }

    /// The text of the conversation.
    pub(crate) fn source(&self) -> &Text {
        &self.text
    }

    /// Where the command and the reply are in the text, with their final line breaks.
    pub(super) fn ranges(&self) -> [Range<usize>; 2] {
        [self.command_part.range.clone(), self.reply_part.range.clone()]
    }

    fn starts_session(&self) -> bool {
        self.command.execute() == "qmp_capabilities"
    }

    /// The command.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// The command's id.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The source text of the command.
    pub fn command_text(&self) -> &str {
        self.text[self.command_part.range.clone()].trim_end_matches('\n')
    }

    /// The first line of the command, from 1.
    pub fn line(&self) -> usize {
        self.command_part.line
    }

    /// The source text of the reply.
    pub fn reply_text(&self) -> &str {
        self.text[self.reply_part.range.clone()].trim_end_matches('\n')
    }

    /// The first line of the reply, from 1.
    pub fn reply_line(&self) -> usize {
        self.reply_part.line
    }

    /// Parses the command; its line numbers are those of the file.
    ///
    /// # Errors
    ///
    /// Fails if the command is malformed.
    pub fn command_document(&self) -> Result<Document, RepliesError> {
        Ok(Document::parse_range(self.text.clone(), self.command_part.range.clone())?)
    }

    /// Parses the reply; its line numbers are those of the file.
    ///
    /// # Errors
    ///
    /// Fails if the reply is malformed or has neither `return` nor `error`.
    pub fn reply(&self) -> Result<Reply, RepliesError> {
        // The schema is half of a capture, and few of its entries are looked at.
        if self.command.execute() == "query-qmp-schema" {
            return self.outlined_reply();
        }
        self.whole_reply()
    }

    /// As [`Exchange::reply`], for readers of all entries of a schema.
    ///
    /// # Errors
    ///
    /// Fails as [`Exchange::reply`] does.
    pub(crate) fn whole_reply(&self) -> Result<Reply, RepliesError> {
        let document = Document::parse_range(self.text.clone(), self.reply_part.range.clone())?;
        Reply::from_document(document).map_err(|_| self.no_reply())
    }

    /// Validates the text of the reply, and passes its tokens to a visitor.
    ///
    /// # Errors
    ///
    /// Fails if the reply is malformed.
    #[cfg(feature = "tools")]
    pub(crate) fn visit_reply(&self, visitor: &mut impl Visitor) -> Result<(), RepliesError> {
        Ok(visit(&self.text, self.reply_part.range.clone(), visitor)?)
    }

    /// As [`Exchange::reply`], with an outline of the return value instead of all of it.
    ///
    /// # Errors
    ///
    /// Fails as [`Exchange::reply`] does.
    pub(crate) fn outlined_reply(&self) -> Result<Reply, RepliesError> {
        let (text, range) = (self.text.clone(), self.reply_part.range.clone());
        let outline = Outline::parse_range(text, range, Some("return"))?;
        Reply::from_outline(outline).map_err(|_| self.no_reply())
    }

    /// Validates the reply; `None` if it is an error.
    ///
    /// # Errors
    ///
    /// Fails as [`Exchange::reply`] does.
    pub(crate) fn answer(&self) -> Result<Option<Answer>, RepliesError> {
        let members = members(&self.text, self.reply_part.range.clone())?;
        // Of a repeated key, the last value counts.
        let value = |wanted: &str| members.iter().rfind(|(key, _)| key == wanted);
        match (value("return"), value("error")) {
            (Some((_, range)), None) => {
                Ok(Some(Answer { text: self.text.clone(), range: range.clone() }))
            }
            (None, Some(_)) => Ok(None),
            _ => Err(self.no_reply()),
        }
    }

    fn no_reply(&self) -> RepliesError {
        let command = self.command.execute().to_owned();
        let found = describe(&self.text, &self.reply_part);
        RepliesErrorKind::NotAReply { command, found }.at(self.reply_part.line)
    }
}

/// The return value of a command, which was validated, and is parsed whenever something asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    text: Text,
    range: Range<usize>,
}

impl Answer {
    /// The value in a range of a text, which must have been validated.
    pub(crate) fn new(text: Text, range: Range<usize>) -> Self {
        Self { text, range }
    }

    /// The text of the value.
    pub(crate) fn text(&self) -> &str {
        &self.text[self.range.clone()]
    }

    /// The elements of the value, if it is an array.
    pub(crate) fn outline(&self) -> Outline {
        let outline = Outline::parse_range(self.text.clone(), self.range.clone(), None);
        outline.expect("the reply was read before")
    }

    /// Reads the value.
    pub(crate) fn read<T>(&self, read: impl FnOnce(Node<'_>) -> T) -> T {
        let document = Document::parse_range(self.text.clone(), self.range.clone());
        read(document.expect("the reply was read before").root())
    }
}

/// The error for bytes that are not UTF-8.
fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> RepliesError {
    let at = error.valid_up_to();
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
    RepliesErrorKind::Utf8(bytes[at]).at(line)
}

/// Describes an unexpected document for an error message.
fn describe(text: &Text, part: &Part) -> String {
    let Ok(document) = Document::parse_range(text.clone(), part.range.clone()) else {
        return "malformed JSON".to_owned();
    };
    let root = document.root();
    match root.members().next() {
        Some((key, _)) if root.get("return").is_some() || root.get("error").is_some() => {
            format!("a reply (an object with `{key}`)")
        }
        Some((key, _)) => format!("an object with `{key}`"),
        None if root.kind() == JsonType::Object => "an empty object".to_owned(),
        None => format!("a JSON {}", root.kind()),
    }
}
