/// Splits received bytes into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// The start of the first line not returned yet.
    start: usize,
    /// No line feed precedes this position.
    searched: usize,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete line, without its line ending.
    pub(super) fn next_line(&mut self) -> Option<&[u8]> {
        let Some(length) = self.buffer[self.searched..].iter().position(|&byte| byte == b'\n')
        else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + length;
        let line = &self.buffer[self.start..end];
        self.start = end + 1;
        self.searched = self.start;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The length of the incomplete line in bytes.
    pub(super) fn pending(&self) -> usize {
        self.buffer.len() - self.start
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_may_come_in_any_pieces() {
        let text = b"one\r\n\r\ntwo\nthree\r\nfo";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let mut found: Vec<String> = Vec::new();
            for piece in text.chunks(size) {
                lines.push(piece);
                while let Some(line) = lines.next_line() {
                    found.push(String::from_utf8_lossy(line).into_owned());
                }
            }
            assert_eq!(found, ["one", "", "two", "three"], "in pieces of {size}");
            assert_eq!(lines.pending(), 2);
        }
    }
}
