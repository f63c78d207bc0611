use super::patch;
use super::{Action, Edit, EditError, NewExchange, Occurrence, Script, Target};
use crate::capture::CaptureId;
use crate::json::{Document, JsonError};
use crate::replies::{Conversation, ConversationBuilder, Exchange};

/// The capture to which a script is applied.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'c> {
    pub(super) id: Option<&'c CaptureId>,
    pub(super) conversation: &'c Conversation,
}

impl<'c> Subject<'c> {
    /// A capture without a name; edits that depend on the name fail.
    pub fn new(conversation: &'c Conversation) -> Self {
        Self { id: None, conversation }
    }

    /// Adds the capture's name.
    #[must_use]
    pub fn with_id(self, id: &'c CaptureId) -> Self {
        Self { id: Some(id), ..self }
    }
}

/// The result of applying a script.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited {
    /// The new text; `None` if nothing changed.
    pub text: Option<String>,
    /// The number of exchanges or members that each edit matched.
    pub matches: Vec<usize>,
}

impl Script {
    /// Applies the edits in order, each to the result of the previous ones. Conditions refer to the
    /// original capture. The result is numbered and formatted as a capture.
    ///
    /// # Errors
    ///
    /// Fails if a reply that an edit examines is malformed, or the condition of an edit can't be
    /// decided. An edit that matches nothing is not an error here, because it may match in another
    /// capture; see [`Script::check_matched`].
    pub fn apply(&self, subject: &Subject<'_>) -> Result<Edited, EditError> {
        let mut exchanges = Vec::new();
        for exchange in subject.conversation.exchanges() {
            exchanges.push(Work {
                execute: exchange.command().execute().to_owned(),
                arguments: exchange.command().arguments().map(str::to_owned),
                command: exchange.command_text().to_owned(),
                reply: exchange.reply_text().to_owned(),
                line: Some(exchange.reply_line()),
            });
        }
        let mut matches = Vec::new();
        let mut schema = None;
        for edit in &self.edits {
            let holds = edit.when.holds(edit, subject, &mut schema)?;
            matches.push(if holds { edit.apply(&mut exchanges, subject)? } else { 0 });
        }
        let mut text = None;
        // A capture that no edit matches keeps its bytes, even if they are not canonical.
        if matches.iter().any(|&count| count > 0) {
            let mut builder = ConversationBuilder::default();
            for work in &exchanges {
                builder
                    .push(&work.command, &work.reply)
                    .map_err(|error| malformed(subject, work, error))?;
            }
            if exchanges.is_empty() {
                return Err(EditError::Empty);
            }
            text = Some(builder.into_text()).filter(|text| text != subject.conversation.text());
        }
        Ok(Edited { text, matches })
    }

    /// Checks that every edit that must match did so in at least one of the captures that the
    /// script was applied to.
    ///
    /// # Errors
    ///
    /// Fails with the first edit that did not match.
    pub fn check_matched(&self, edited: &[&Edited]) -> Result<(), EditError> {
        for (index, edit) in self.edits.iter().enumerate().filter(|(_, edit)| !edit.allow_no_match)
        {
            if !edited
                .iter()
                .any(|edited| edited.matches.get(index).is_some_and(|&count| count > 0))
            {
                return Err(EditError::NoMatch { line: edit.line, edit: edit.to_string() });
            }
        }
        Ok(())
    }
}

/// An exchange being edited.
struct Work {
    execute: String,
    arguments: Option<String>,
    command: String,
    reply: String,
    /// The line of the reply in the capture; `None` once the reply has been edited.
    line: Option<usize>,
}

impl Work {
    fn new(new: &NewExchange) -> Self {
        Self {
            execute: new.name.execute().to_owned(),
            arguments: new.name.arguments().map(str::to_owned),
            command: new.command.clone(),
            reply: new.reply.clone(),
            line: None,
        }
    }
}

impl Edit {
    fn apply(&self, exchanges: &mut Vec<Work>, subject: &Subject<'_>) -> Result<usize, EditError> {
        let insertion = matches!(self.action, Action::InsertBefore(_) | Action::InsertAfter(_));
        // Inserting at every occurrence is rarely intended, so it must be requested.
        let default = if insertion { Occurrence::First } else { Occurrence::All };
        // Positions refer to the result of the earlier edits.
        let chosen = self.target.choose(exchanges, self.target.occurrence.unwrap_or(default));
        let mut count = chosen.len();
        match &self.action {
            Action::Drop => rebuild(exchanges, &chosen, |_| Vec::new()),
            Action::InsertBefore(new) => {
                rebuild(exchanges, &chosen, |old| vec![Work::new(new), old]);
            }
            Action::InsertAfter(new) => {
                rebuild(exchanges, &chosen, |old| vec![old, Work::new(new)]);
            }
            Action::Replace(new) => {
                for index in chosen {
                    exchanges[index] = Work::new(new);
                }
            }
            Action::Answer { reply } => {
                for index in chosen {
                    exchanges[index].reply.clone_from(reply);
                    exchanges[index].line = None;
                }
            }
            Action::Set { pointer, value } => {
                count = change(exchanges, &chosen, subject, |text, document| {
                    patch::set(text, document, pointer, value)
                })?;
            }
            Action::Remove { pointer } => {
                count = change(exchanges, &chosen, subject, |text, document| {
                    patch::remove(text, document, pointer)
                })?;
            }
        }
        Ok(count)
    }
}

/// Replaces the chosen exchanges, which are sorted.
fn rebuild(exchanges: &mut Vec<Work>, chosen: &[usize], instead: impl Fn(Work) -> Vec<Work>) {
    let mut chosen = chosen.iter().copied().peekable();
    let old = std::mem::take(exchanges);
    for (index, work) in old.into_iter().enumerate() {
        if chosen.next_if_eq(&index).is_some() {
            exchanges.extend(instead(work));
        } else {
            exchanges.push(work);
        }
    }
}

/// Edits the replies of the chosen exchanges and counts the changes.
fn change(
    exchanges: &mut [Work],
    chosen: &[usize],
    subject: &Subject<'_>,
    change: impl Fn(&str, &Document) -> (String, usize),
) -> Result<usize, EditError> {
    let mut count = 0;
    for &index in chosen {
        let work = &mut exchanges[index];
        let document = Document::parse(work.reply.as_str())
            .map_err(|error| malformed(subject, work, error))?;
        let (text, places) = change(&work.reply, &document);
        work.reply = text;
        count += places;
    }
    Ok(count)
}

/// The error for a reply that is not JSON. It must be one of the capture's own, so parsing it in
/// place yields the line in the file.
fn malformed(subject: &Subject<'_>, work: &Work, error: JsonError) -> EditError {
    let original = subject.conversation.exchanges().find(|e| Some(e.reply_line()) == work.line);
    match original.map(Exchange::reply) {
        Some(Err(error)) => error.into(),
        _ => EditError::Replies(error.into()),
    }
}

impl Target {
    /// The positions of the matching exchanges.
    fn choose(&self, exchanges: &[Work], occurrence: Occurrence) -> Vec<usize> {
        let mut session = 0;
        let mut chosen = Vec::new();
        for (index, work) in exchanges.iter().enumerate() {
            // Excerpts can start without a negotiation.
            if index == 0 || work.execute == "qmp_capabilities" {
                session += 1;
            }
            let fits = work.execute == self.execute
                && self.session.is_none_or(|number| number == session)
                && self.arguments.as_ref().is_none_or(|wanted| work.has_arguments(wanted));
            if fits {
                chosen.push(index);
            }
        }
        match occurrence {
            Occurrence::All => chosen,
            Occurrence::First => chosen.into_iter().take(1).collect(),
            Occurrence::Last => chosen.pop().into_iter().collect(),
        }
    }
}

impl Work {
    fn has_arguments(&self, wanted: &Document) -> bool {
        let arguments = Document::parse(self.arguments.as_deref().unwrap_or("{}"));
        arguments.is_ok_and(|arguments| arguments.root().same_value(wanted.root()))
    }
}
