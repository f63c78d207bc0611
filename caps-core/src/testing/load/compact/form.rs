//! A value as names and numbers: each distinct name once, and words of four bytes, which are cheap to
//! read without optimizations.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::json::Text;

/// The bits of a word that contain the length of a name; all set if it needs a word of its own.
const LONG: u32 = 0xff;

/// Something with a compact form. Each takes at least one word.
pub(in crate::testing::load) trait Record: Sized {
    /// Appends the value.
    fn pack(&self, to: &mut Packer);

    /// Reads the value; `None` if the form is invalid.
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self>;
}

/// Writes the form.
#[derive(Default)]
pub(in crate::testing::load) struct Packer {
    names: String,
    known: HashMap<String, u32>,
    words: Vec<u8>,
    /// Whether something is too large for the form.
    is_full: bool,
}

impl Packer {
    pub(super) fn word(&mut self, word: u32) {
        self.words.extend_from_slice(&word.to_le_bytes());
    }

    pub(super) fn count(&mut self, count: usize) {
        let word = u32::try_from(count).ok();
        self.is_full |= word.is_none();
        self.word(word.unwrap_or_default());
    }

    pub(super) fn name(&mut self, name: &str) {
        let offset = if let Some(&offset) = self.known.get(name) {
            offset
        } else {
            let offset = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            self.names.push_str(name);
            self.known.insert(name.to_owned(), offset);
            offset
        };
        self.is_full |= offset > u32::MAX >> 8;
        match u32::try_from(name.len()) {
            Ok(length) if length < LONG => self.word(offset << 8 | length),
            _ => {
                self.word(offset << 8 | LONG);
                self.count(name.len());
            }
        }
    }

    /// The names and the words; `None` if something was too large.
    pub(super) fn finish(self) -> Option<(String, Vec<u8>)> {
        (!self.is_full).then_some((self.names, self.words))
    }
}

/// Reads the form.
pub(in crate::testing::load) struct Unpacker<'f> {
    names: &'f str,
    shared: OnceCell<Text>,
    words: &'f [u8],
}

impl<'f> Unpacker<'f> {
    pub(super) fn new(names: &'f str, words: &'f [u8]) -> Self {
        Self { names, shared: OnceCell::new(), words }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.words.split_first_chunk::<4>()?;
        self.words = rest;
        Some(u32::from_le_bytes(*word))
    }

    /// The number of values that follow, which is at most that of the words.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = self.word()? as usize;
        (count <= self.words.len() / 4).then_some(count)
    }

    pub(super) fn name(&mut self) -> Option<&'f str> {
        let place = self.place()?;
        self.names.get(place)
    }

    /// All names, for values that keep a part of them.
    pub(super) fn shared(&self) -> Text {
        self.shared.get_or_init(|| self.names.into()).clone()
    }

    /// Where a name is among [`Unpacker::shared`].
    pub(super) fn place(&mut self) -> Option<Range<usize>> {
        let word = self.word()?;
        let length = match word & LONG {
            LONG => self.word()?,
            length => length,
        };
        let start = (word >> 8) as usize;
        let range = start..start.checked_add(length as usize)?;
        self.names.get(range.clone()).map(|_| range)
    }
}
