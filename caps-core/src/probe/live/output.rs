use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::PollFlags;

/// What is kept of the output of a program that should print nothing.
pub(super) const KEPT: usize = 64 * 1024;

/// The end of what a program prints.
#[derive(Debug)]
pub(super) struct Output {
    pipe: PipeReader,
    /// The pipe as `/proc` shows it among the descriptors of a process.
    link: String,
    /// The most that is kept.
    limit: usize,
    kept: Vec<u8>,
    /// Was something not kept?
    cut: bool,
    closed: bool,
}

impl Output {
    pub(super) fn new(limit: usize) -> io::Result<(Self, PipeWriter)> {
        let (pipe, writer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&pipe, true)?;
        let link = format!("pipe:[{}]", rustix::fs::fstat(&pipe)?.st_ino);
        Ok((Self { pipe, link, limit, kept: Vec::new(), cut: false, closed: false }, writer))
    }

    /// What to wait for, until everybody has closed the other end.
    pub(super) fn source(&self) -> Option<(BorrowedFd<'_>, PollFlags)> {
        (!self.closed).then(|| (self.pipe.as_fd(), PollFlags::IN))
    }

    /// The name of the pipe while someone may have it open.
    pub(super) fn link(&self) -> Option<&str> {
        (!self.closed).then_some(self.link.as_str())
    }

    /// Takes what is there, but not for ever from a program that never stops.
    pub(super) fn drain(&mut self) {
        let mut chunk = [0; 4096];
        for _ in 0..KEPT / chunk.len() {
            match self.pipe.read(&mut chunk) {
                Ok(0) => {
                    self.closed = true;
                    break;
                }
                Ok(length) => self.kept.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let surplus = self.kept.len().saturating_sub(self.limit);
        self.kept.drain(..surplus);
        self.cut |= surplus > 0;
    }

    /// What was kept, without an incomplete first line.
    pub(super) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.kept);
        match text.split_once('\n') {
            Some((_, rest)) if self.cut => rest.to_owned(),
            _ => text.into_owned(),
        }
    }
}
