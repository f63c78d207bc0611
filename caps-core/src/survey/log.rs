use std::collections::HashMap;

use crate::qmp::Command;

/// The questions of a session with their answers, in order.
#[derive(Debug, Default)]
pub(super) struct Log {
    asked: Vec<(Command, String)>,
    places: HashMap<Command, Vec<usize>>,
}

impl Log {
    pub(super) fn push(&mut self, command: Command, reply: String) {
        self.places.entry(command.clone()).or_default().push(self.asked.len());
        self.asked.push((command, reply));
    }

    pub(super) fn contains(&self, command: &Command) -> bool {
        self.places.contains_key(command)
    }

    /// The n-th answer to a question, counted from 0.
    pub(super) fn nth(&self, command: &Command, n: usize) -> Option<&str> {
        let place = *self.places.get(command)?.get(n)?;
        Some(&self.asked[place].1)
    }

    /// The last questions, at most `count` of them.
    pub(super) fn last(&self, count: usize) -> &[(Command, String)] {
        &self.asked[self.asked.len().saturating_sub(count)..]
    }

    /// Replaces an answer, counted from the end: 1 is the last one.
    pub(super) fn replace(&mut self, from_end: usize, reply: String) {
        if let Some(place) = self.asked.len().checked_sub(from_end) {
            self.asked[place].1 = reply;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Command, String)> {
        self.asked.iter()
    }
}
