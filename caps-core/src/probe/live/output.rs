use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::PollFlags;

use crate::qmp::client::wait::Aside;

/// How much to keep of the output of a program that should print nothing.
pub(super) const KEPT: usize = 64 << 10;

/// The end of a program's output.
#[derive(Debug)]
pub(super) struct Output {
    pipe: PipeReader,
    /// The pipe as `/proc` shows it among a process's descriptors.
    link: String,
    /// The number of bytes to keep.
    limit: usize,
    kept: Vec<u8>,
    /// Whether output was dropped.
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

    /// The pipe's name, as long as it may be open elsewhere.
    pub(super) fn link(&self) -> Option<&str> {
        (!self.closed).then_some(self.link.as_str())
    }

    /// The kept output, without a truncated first line.
    pub(super) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.kept);
        match text.split_once('\n') {
            Some((_, rest)) if self.cut => rest.to_owned(),
            _ => text.into_owned(),
        }
    }
}

impl Aside for Output {
    /// The pipe, until everyone has closed the other end.
    fn source(&self) -> Option<(BorrowedFd<'_>, PollFlags)> {
        (!self.closed).then(|| (self.pipe.as_fd(), PollFlags::IN))
    }

    /// Reads what is available, with a limit for programs that never stop printing.
    fn drain(&mut self) {
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
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    use super::Output;
    use crate::qmp::client::wait::Aside as _;

    #[test]
    fn the_pipe_counts_until_the_other_end_is_closed() {
        let (mut output, mut writer) = Output::new(8).expect("a pipe");
        if cfg!(target_os = "linux") {
            let shown = std::fs::read_link(format!("/proc/self/fd/{}", writer.as_raw_fd()));
            assert_eq!(output.link(), shown.expect("a descriptor").to_str());
        }
        writer.write_all(b"first\nsecond").expect("a pipe");
        output.drain();
        assert!(output.link().is_some() && output.source().is_some());
        assert_eq!(output.text(), "second", "the rest of the first line is left out");
        drop(writer);
        output.drain();
        assert!(output.link().is_none() && output.source().is_none());
    }
}
