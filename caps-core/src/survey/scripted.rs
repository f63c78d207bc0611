use std::cell::RefCell;
use std::rc::Rc;

use super::session::parse;
use crate::arch::Arch;
use crate::probe::live::LiveError;
use crate::probe::{Answer, Host, Launch};
use crate::qmp::Command;

/// A host for tests, which notes what it is told. Its clones share their notes and failures.
#[derive(Debug, Default, Clone)]
pub(super) struct Scripted {
    /// The replies to some questions; that to any other is empty.
    pub(super) replies: Vec<(&'static str, &'static str)>,
    /// What fails, each once.
    pub(super) failures: Rc<RefCell<Vec<(&'static str, LiveError)>>>,
    pub(super) told: Rc<RefCell<Vec<String>>>,
    pub(super) hvf: bool,
    /// Whether there is no session with TCG.
    pub(super) is_alone: bool,
}

impl Scripted {
    pub(super) fn failing(what: &'static str, error: LiveError) -> Self {
        Self { failures: Rc::new(RefCell::new(vec![(what, error)])), ..Self::default() }
    }

    /// What it was told since the last time.
    pub(super) fn take_told(&self) -> Vec<String> {
        self.told.take()
    }

    fn tell(&self, what: &str) -> Result<(), LiveError> {
        self.told.borrow_mut().push(what.to_owned());
        let mut failures = self.failures.borrow_mut();
        match failures.iter().position(|(failing, _)| *failing == what) {
            Some(index) => Err(failures.remove(index).1),
            None => Ok(()),
        }
    }
}

impl Host for Scripted {
    type Error = LiveError;

    fn start(&mut self, launch: Launch) -> Result<(), LiveError> {
        self.tell(&format!("start {launch:?}"))
    }

    fn announce(&mut self, launch: Launch) {
        self.tell(&format!("announce {launch:?}")).expect("an announcement can't fail");
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, LiveError> {
        let question = command.to_string();
        self.tell(&question)?;
        let reply = self.replies.iter().find(|(asked, _)| *asked == question);
        parse(reply.map_or(r#"{"return":{}}"#, |(_, reply)| reply)).map(Answer::Reply)
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        launch == Launch::Accelerated || !self.is_alone
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        self.hvf
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        self.tell("finish")
    }
}
