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

#[cfg(test)]
mod tests {
    use super::Log;
    use crate::qmp::Command;

    #[test]
    fn answers_are_replaced_from_the_end() {
        let mut log = Log::default();
        for (question, reply) in [("a", "1"), ("b", "2"), ("a", "3")] {
            log.push(Command::new(question), reply.to_owned());
        }
        log.replace(1, "4".to_owned());
        log.replace(3, "5".to_owned());
        // There is none so far back.
        log.replace(4, "6".to_owned());
        let nth = |n| log.nth(&Command::new("a"), n);
        assert_eq!([nth(0), nth(1), nth(2)], [Some("5"), Some("4"), None]);
        assert_eq!(log.nth(&Command::new("b"), 0), Some("2"));
        assert!(log.contains(&Command::new("b")) && !log.contains(&Command::new("c")));
    }
}
