use thiserror::Error;

use super::host::{Answer, Host, Launch};
use crate::arch::Arch;
use crate::hash::NameMap;
use crate::json::Document;
use crate::qmp::Command;
use crate::replies::{Conversation, Exchange, RepliesError};

/// How closely a recording must match the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matching {
    /// The questions are exactly the recorded ones, in order, with none left over.
    Strict,
    /// Answers are looked up by command and arguments within the session. A question without a
    /// recorded answer counts as not supported.
    ByContent,
}

/// A host that answers from a recorded conversation.
#[derive(Debug)]
pub struct Replay<'c> {
    conversation: &'c Conversation,
    matching: Matching,
    hvf: bool,
    /// The number of sessions started.
    started: usize,
    /// The number of commands asked in this session.
    asked: usize,
    /// Whether each exchange of each session was used.
    used: Vec<Vec<bool>>,
    /// Exchanges of the current session by command name, for look-ups by content.
    by_name: NameMap<&'c str, Vec<usize>>,
    missing: Vec<String>,
}

/// The recording does not match the questions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The question differs from the recorded one.
    #[error("line {line}: expected the recorded command `{recorded}`, got the question `{asked}`")]
    Differs {
        /// The line of the recorded command.
        line: usize,
        /// The recorded command.
        recorded: String,
        /// The question.
        asked: String,
    },
    /// The session has too few exchanges.
    #[error("session {session} is over, got the question `{asked}`")]
    Over {
        /// The session, from 1.
        session: usize,
        /// The question.
        asked: String,
    },
    /// The conversation has too few sessions.
    #[error(
        "expected a session {session} that begins with `qmp_capabilities`, found the end of the conversation"
    )]
    NoSession {
        /// The session, from 1.
        session: usize,
    },
    /// Some exchanges were never asked for.
    #[error("nothing asks for {}", .0.join(", "))]
    Unused(Vec<String>),
    /// A recorded reply is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
}

impl<'c> Replay<'c> {
    /// Creates a host that answers from a conversation.
    pub fn new(conversation: &'c Conversation, matching: Matching) -> Self {
        let used = conversation.sessions().iter().map(|s| vec![false; s.exchanges().len()]);
        Self {
            conversation,
            matching,
            hvf: false,
            started: 0,
            asked: 0,
            used: used.collect(),
            by_name: NameMap::default(),
            missing: Vec::new(),
        }
    }

    /// Declares that the capture was made with the Hypervisor.framework, which no exchange reveals.
    #[must_use]
    pub fn with_hvf(self, hvf: bool) -> Self {
        Self { hvf, ..self }
    }

    /// The questions without an answer in the recording.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The recorded commands that were never asked for, with their lines.
    pub fn unused(&self) -> Vec<String> {
        let sessions = self.conversation.sessions().iter().zip(&self.used);
        sessions
            .flat_map(|(session, used)| session.exchanges().iter().zip(used))
            .filter(|(_, used)| !**used)
            .map(|(exchange, _)| format!("`{}` (line {})", exchange.command(), exchange.line()))
            .collect()
    }

    fn exchanges(&self) -> &'c [Exchange] {
        let conversation = self.conversation;
        self.started
            .checked_sub(1)
            .and_then(|index| conversation.sessions().get(index))
            .map_or(&[], |session| session.exchanges())
    }

    fn next_in_order(&self, command: &Command) -> Result<usize, ReplayError> {
        // libvirt numbers commands from 1 in each session, so the id is part of what must be equal.
        let asked = command.to_json(Some(&format!("libvirt-{}", self.asked)));
        let exchange = self
            .exchanges()
            .get(self.asked - 1)
            .ok_or_else(|| ReplayError::Over { session: self.started, asked: asked.clone() })?;
        let recorded = compact(exchange.command_text());
        if recorded != asked {
            return Err(ReplayError::Differs { line: exchange.line(), recorded, asked });
        }
        Ok(self.asked - 1)
    }

    /// The first unused exchange with this command and arguments, or else the last used one.
    fn find(&self, command: &Command) -> Option<usize> {
        let exchanges = self.exchanges();
        let used = self.used.get(self.started - 1)?;
        let candidates = || {
            self.by_name
                .get(command.execute())
                .into_iter()
                .flatten()
                .copied()
                .filter(|&index| same_arguments(exchanges[index].command(), command))
        };
        // The plan asks some questions twice, and answers can differ in between. If the
        // recording has one answer, it serves both.
        candidates().find(|&index| !used[index]).or_else(|| candidates().next_back())
    }
}

fn compact(text: &str) -> String {
    crate::json::compact(text).unwrap_or_else(|_| text.to_owned())
}

fn same_arguments(a: &Command, b: &Command) -> bool {
    match (a.arguments(), b.arguments()) {
        // Equal texts are the rule. Compact texts of the same value differ only in order.
        (a, b) if a == b => true,
        (Some(a), Some(b)) if a.len() == b.len() => {
            match (Document::parse(a), Document::parse(b)) {
                (Ok(a), Ok(b)) => a.root().same_value(b.root()),
                _ => false,
            }
        }
        _ => false,
    }
}

impl Host for Replay<'_> {
    type Error = ReplayError;

    fn start(&mut self, _: Launch) -> Result<(), ReplayError> {
        self.started += 1;
        self.asked = 0;
        self.by_name.clear();
        for (index, exchange) in self.exchanges().iter().enumerate() {
            self.by_name.entry(exchange.command().execute()).or_default().push(index);
        }
        // By content, a missing session only leaves its questions without an answer.
        if self.exchanges().is_empty() && self.matching == Matching::Strict {
            return Err(ReplayError::NoSession { session: self.started });
        }
        Ok(())
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, ReplayError> {
        self.asked += 1;
        let index = match self.matching {
            Matching::Strict => Some(self.next_in_order(command)?),
            Matching::ByContent => self.find(command),
        };
        let Some(index) = index else {
            let session = if self.started > 1 { " (session 2)" } else { "" };
            self.missing.push(format!("`{command}`{session}"));
            return Ok(Answer::Missing);
        };
        self.used[self.started - 1][index] = true;
        Ok(Answer::Reply(self.exchanges()[index].reply()?))
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        // The first session is there whenever anything is; of two, the second is the one without
        // acceleration.
        let is_there = launch == Launch::Accelerated || self.conversation.sessions().len() > 1;
        if is_there || self.matching == Matching::Strict {
            return true;
        }
        let first = "`qmp_capabilities` (session 2)".to_owned();
        if !self.missing.contains(&first) {
            self.missing.push(first);
        }
        false
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        self.hvf
    }

    fn finish(&mut self) -> Result<(), ReplayError> {
        // A strict walk stands for libvirt's test, in which every recorded exchange is consumed.
        let unused = self.unused();
        if self.matching == Matching::Strict && !unused.is_empty() {
            return Err(ReplayError::Unused(unused));
        }
        Ok(())
    }
}
