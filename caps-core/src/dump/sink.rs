/// Takes lines.
pub(super) trait Sink {
    /// What every line starts with.
    fn prefix(&self) -> &[u8];

    /// Takes a line in pieces, of which the first starts with the prefix.
    fn line<const SIGN: usize>(&mut self, start: &[u8], sign: [u8; SIGN], name: &str);
}

/// Passes each line to a function.
pub(super) struct Each<F> {
    line: Vec<u8>,
    emit: F,
}

impl<F: FnMut(&str)> Each<F> {
    pub(super) fn new(emit: F) -> Self {
        Self { line: Vec::new(), emit }
    }
}

impl<F: FnMut(&str)> Sink for Each<F> {
    fn prefix(&self) -> &[u8] {
        b""
    }

    fn line<const SIGN: usize>(&mut self, start: &[u8], sign: [u8; SIGN], name: &str) {
        self.line.clear();
        self.line.extend_from_slice(start);
        self.line.extend_from_slice(&sign);
        self.line.extend_from_slice(name.as_bytes());
        (self.emit)(&String::from_utf8_lossy(&self.line));
    }
}

/// Passes blocks of lines to a function, each line after a prefix.
pub(super) struct Blocks<'a> {
    prefix: &'a str,
    block: Buffer,
    emit: &'a mut dyn FnMut(&[u8]),
}

/// The length that a block has at most, until a single line is longer.
const BLOCK: usize = 1 << 16;

impl<'a> Blocks<'a> {
    pub(super) fn new(prefix: &'a str, emit: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { prefix, block: Buffer::new(BLOCK), emit }
    }

    /// Passes on the lines that have not been.
    pub(super) fn flush(&mut self) {
        (self.emit)(self.block.bytes());
        self.block.truncate(0);
    }
}

impl Sink for Blocks<'_> {
    fn prefix(&self) -> &[u8] {
        self.prefix.as_bytes()
    }

    fn line<const SIGN: usize>(&mut self, start: &[u8], sign: [u8; SIGN], name: &str) {
        if self.block.room() <= start.len() + SIGN + name.len() {
            self.flush();
        }
        self.block.push(start, sign, name.as_bytes(), [b'\n']);
    }
}

/// Bytes, as a `Vec`, but appending several pieces takes one check, which is most of the work of a
/// dump.
pub(super) struct Buffer {
    /// Those from `length` on have no meaning.
    bytes: Vec<u8>,
    length: usize,
}

impl Buffer {
    pub(super) fn new(capacity: usize) -> Self {
        Self { bytes: vec![0; capacity], length: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.length = length;
    }

    /// How much can be appended without growing.
    fn room(&self) -> usize {
        self.bytes.len() - self.length
    }

    /// Appends pieces, two of them so short that their lengths are known to the compiler.
    #[inline]
    pub(super) fn push<const SIGN: usize, const END: usize>(
        &mut self,
        start: &[u8],
        sign: [u8; SIGN],
        name: &[u8],
        end: [u8; END],
    ) {
        let length = self.length + start.len() + SIGN + name.len() + END;
        if length > self.bytes.len() {
            self.grow(length);
        }
        let (place, rest) = self.bytes[self.length..length].split_at_mut(start.len());
        place.copy_from_slice(start);
        let (place, rest) = rest.split_at_mut(SIGN);
        place.copy_from_slice(&sign);
        let (place, rest) = rest.split_at_mut(name.len());
        place.copy_from_slice(name);
        rest.copy_from_slice(&end);
        self.length = length;
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        self.bytes.resize(2 * length, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Buffer, Sink as _};

    #[test]
    fn blocks_are_full_but_for_the_last() {
        // Of some lengths, whole lines fill a block to the byte, or leave almost room for another.
        let most = 64 << 10;
        for length in [16, 24, 100, 1000, 32 << 10, most - 1, most] {
            let (name, mut blocks) = ("n".repeat(length - 10), Vec::new());
            let mut emit = |block: &[u8]| blocks.push(block.to_vec());
            let mut sink = Blocks::new("12: ", &mut emit);
            let lines = 3 * most / length;
            for _ in 0..lines {
                sink.line(b"12: x", *b" is ", &name);
            }
            sink.flush();
            let line = format!("12: x is {name}\n");
            assert!(blocks.concat() == line.repeat(lines).as_bytes(), "{length}");
            let (last, full) = blocks.split_last().expect("a block");
            assert!(last.len() <= most, "{length}: {}", last.len());
            for block in full {
                assert!(most - length <= block.len() && block.len() <= most, "{}", block.len());
            }
        }
    }

    #[test]
    fn a_buffer_grows_to_twice_of_what_it_holds() {
        let mut buffer = Buffer::new(4);
        buffer.push(b"1234", [], b"", []);
        assert_eq!((buffer.bytes(), buffer.room()), (&b"1234"[..], 0));
        buffer.push(b"56", *b"7", b"8", *b"90");
        assert_eq!((buffer.bytes(), buffer.room()), (&b"1234567890"[..], 10));
    }
}
