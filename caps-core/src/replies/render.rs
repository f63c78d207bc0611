use std::borrow::Cow;
use std::ops::Range;

use super::conversation::{Conversation, Exchange};
use super::error::RepliesError;
use crate::json::{self, Document, Visitor};

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
        self.append(source, range, Some(&self.id()), see)
    }

    /// The id of this exchange.
    fn id(&self) -> String {
        format!("libvirt-{}", self.number)
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
/// its text; `false` for a malformed one, too. The tokens of each reply with a schema go to a visitor,
/// of which `passes` says at the end whether it found them in order.
pub(crate) fn is_canonical<'c, V: Visitor>(
    conversation: &'c Conversation,
    visitor: impl Fn(&'c str) -> V,
    passes: impl Fn(V) -> bool,
) -> bool {
    let mut numbers = ConversationBuilder::default();
    let mut end = 0;
    for exchange in conversation.exchanges() {
        let execute = exchange.command().execute();
        numbers.begin_exchange(Some(execute));
        let id = numbers.id();
        let (source, [command, reply]) = (exchange.source(), exchange.ranges());
        end = reply.end;
        let (mut has_return, mut has_error) = (false, false);
        let see = |key: &str| match key {
            "return" => has_return = true,
            "error" => has_error = true,
            _ => {}
        };
        let is_pretty = json::is_pretty(source, command, &id, |_| {})
            && if execute == "query-qmp-schema" {
                let mut schema = visitor(source);
                json::is_pretty_with(source, reply, &id, see, &mut schema) && passes(schema)
            } else {
                json::is_pretty(source, reply, &id, see)
            };
        if !is_pretty || has_return == has_error {
            return false;
        }
        numbers.number += 1;
    }
    // What follows the last document can only be empty lines.
    end == conversation.text().len()
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_canonical};
    use crate::json::{Token, Visitor};
    use crate::replies::Conversation;

    const TEXT: &str = r#"{
  "execute": "qmp_capabilities",
  "id": "libvirt-1"
}

{
  "return": {},
  "id": "libvirt-1"
}

{
  "execute": "query-qmp-schema",
  "id": "libvirt-2"
}

{
  "return": [
    {
      "name": "a\u00e9\n",
      "members": [],
      "named": [
        -1,
        2.5,
        1e+16,
        null,
        [
          true
        ]
      ]
    },
    7,
    {}
  ],
  "id": "libvirt-2"
}

{
  "execute": "x",
  "id": "libvirt-3"
}

{
  "id": "libvirt-3",
  "error": {
    "class": "CommandNotFound",
    "desc": "",
    "a": 0,
    "b": 0,
    "c": 0,
    "d": 0,
    "e": 0,
    "f": 0,
    "aa": NaN
  }
}
"#;

    /// The texts of the tokens of a schema.
    struct Schema<'s>(&'s str, Vec<&'s str>);

    impl Visitor for Schema<'_> {
        fn token(&mut self, token: Token) {
            self.1.push(&self.0[token.start..token.end]);
        }
    }

    fn verify(text: &str) -> bool {
        let Ok(conversation) = Conversation::parse(text) else { return false };
        let visitor = |source| Schema(source, Vec::new());
        let is_canonical = is_canonical(&conversation, visitor, |_| true);
        if is_canonical {
            assert_eq!(canonical(&conversation).as_deref(), Ok(conversation.text()), "{text}");
        }
        is_canonical
    }

    #[test]
    fn a_canonical_text_is_recognized_unless_its_schema_does_not_pass() {
        assert!(verify(TEXT));
        let conversation = Conversation::parse(TEXT).expect("a conversation");
        for (second, passes) in [("id", false), ("return", true)] {
            let visitor = |source| Schema(source, Vec::new());
            let has = |schema: Schema<'_>| schema.1.len() == 27 && schema.1[1] == second;
            assert_eq!(is_canonical(&conversation, visitor, has), passes, "{second}");
        }
    }

    #[test]
    fn a_text_that_is_recognized_is_canonical() {
        let (mut texts, mut canonical) = (0, 0);
        for at in 0..TEXT.len() {
            let end = (1..4).map(|length| at + length).filter(|&end| end <= TEXT.len());
            let mut cuts: Vec<_> = end.map(|end| (at..end, "")).collect();
            let inserted = [
                "\n", " ", "\t", "\r", "\"", ",", "0", "-", "a", "\\", "\u{7f}", "é", "{}", "[\n]",
            ];
            cuts.extend(inserted.map(|text| (at..at, text)));
            cuts.extend(inserted.map(|text| (at..at + 1, text)));
            for (range, with) in cuts {
                let mut text = TEXT.to_owned();
                text.replace_range(range, with);
                texts += 1;
                canonical += usize::from(verify(&text) && text != TEXT);
            }
        }
        // Other names and numbers are as canonical.
        assert!(canonical > 100 && canonical < texts / 4, "{canonical} of {texts}");
    }

    #[test]
    fn what_only_an_editor_does_is_noticed() {
        for (from, to) in [
            (r#""aa": NaN"#, r#""a": NaN"#),
            (r#""b": 0"#, r#""a": 0"#),
            (r#""named": ["#, r#""name": ["#),
            ("2.5", "2.50"),
            ("-1,", "-0,"),
            (r"\u00e9", r"\u00E9"),
            (r"\u00e9", r"\u0061"),
            ("\"id\": \"libvirt-3\",\n  \"error\"", "\"error\""),
            ("\"error\"", "\"return\": {},\n  \"error\""),
            ("    7,\n", "  7,\n  "),
            ("\"return\": [\n    {\n      \"name\"", "\"return\": [\n    {\n      \t\"name\""),
            ("libvirt-3\"\n", "libvirt-4\"\n"),
        ] {
            assert!(TEXT.contains(from), "{from}");
            assert!(!verify(&TEXT.replacen(from, to, 1)), "{to}");
        }
        assert!(!verify(TEXT.trim_end()));
        assert!(!verify(&format!("{TEXT}\n")));
    }
}
