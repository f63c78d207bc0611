//! The compact form of a capability XML, of derived capabilities or of what a validator needs, beside the
//! test programs.
//!
//! A test process often needs a single capture, and reading its XML without optimizations takes much
//! longer than the test; a survey of megabytes even more so. The first process therefore keeps what it
//! has read in a form that takes a tenth of the time. The form contains the file's text and counts only
//! for exactly this text, as read by exactly this code; otherwise, or if it is damaged, the file is read
//! as usual.

use std::env;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use self::form::{Packer, Record, Unpacker};
use crate::caps::Capabilities;
use crate::fs::{ORDINARY, Temporary};

mod derived;
mod form;
mod records;
#[cfg(feature = "validate")]
mod validators;

pub(super) use derived::Derived;

const MAGIC: [u8; 8] = *b"qemucaps";

/// Odd, so that multiplying by it loses nothing.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Something that has a compact form.
pub(super) trait Kept: Record {
    /// Identifies the code that reads the file and the form.
    const CODE: u64;
    /// Ends the names of such forms, of which a file can have several.
    const ENDING: &'static str = "";
}

impl Kept for Capabilities {
    const CODE: u64 = code(&[
        include_bytes!("../../xml/read.rs").as_slice(),
        include_bytes!("../../xml/attributes.rs"),
        include_bytes!("../../xml/document.rs"),
        include_bytes!("../../xml/element.rs"),
        include_bytes!("../../xml/expect.rs"),
        include_bytes!("../../xml/node.rs"),
        include_bytes!("../../xml/plain.rs"),
        include_bytes!("../../xml/raw.rs"),
        include_bytes!("../../xml/scan.rs"),
        include_bytes!("../../xml/sgx.rs"),
        include_bytes!("../../xml/well_formed.rs"),
        include_bytes!("../../caps/feature.rs"),
        include_bytes!("../../caps/feature_names.rs"),
        include_bytes!("../../version.rs"),
        include_bytes!("compact.rs"),
        include_bytes!("compact/form.rs"),
        include_bytes!("compact/records.rs"),
    ]);
}

const fn code(files: &[&[u8]]) -> u64 {
    let mut sum = 0;
    let mut index = 0;
    while index < files.len() {
        sum = checksum(sum, files[index]);
        index += 1;
    }
    sum
}

/// What is in a file with this text, if its compact form exists.
pub(super) fn load<K: Kept>(path: &Path, text: &[u8]) -> Option<K> {
    unpack(&crate::fs::read(file::<K>(path)?).ok()?, text)
}

/// Keeps the compact form of what is in a file. Where that is impossible, the next process reads the file again.
pub(super) fn keep<K: Kept>(path: &Path, text: &[u8], content: &K) {
    if let (Some(file), Some(form)) = (file::<K>(path), pack(text, content)) {
        // A failed attempt costs time only.
        let _ = write(&file, &form);
    }
}

/// The file for the compact form: beside the test program, whose directory cargo makes and clears.
pub(super) fn file<K: Kept>(path: &Path) -> Option<PathBuf> {
    let dir = env::current_exe().ok()?.parent()?.to_owned();
    if dir.file_name()? != "deps" {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    std::path::absolute(path).ok()?.hash(&mut hasher);
    let hash = hasher.finish();
    let name = format!("{}.{hash:016x}{}", path.file_name()?.display(), K::ENDING);
    Some(dir.join("loaded-captures").join(name))
}

/// Replaces the file at once. Unlike golden files, it is worth nothing after a crash, and so does not
/// wait for the disk.
fn write(file: &Path, form: &[u8]) -> io::Result<()> {
    let dir = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let mut new = Temporary::new(dir, ".", ".tmp", ORDINARY)?;
    new.file.write_all(form)?;
    new.persist(file)
}

/// The parts of a form: a head of fixed size, the text of the file, the names and the words.
struct Head {
    code: u64,
    text: u64,
    names: u64,
    words: u64,
    /// Of the names and the words.
    sum: u64,
}

pub(super) fn pack<K: Kept>(text: &[u8], content: &K) -> Option<Vec<u8>> {
    let mut packer = Packer::default();
    content.pack(&mut packer);
    let (names, words) = packer.finish()?;
    let head = Head {
        code: K::CODE,
        text: text.len() as u64,
        names: names.len() as u64,
        words: words.len() as u64,
        sum: checksum(checksum(0, names.as_bytes()), &words),
    };
    let numbers = [head.code, head.text, head.names, head.words, head.sum];
    let mut form = MAGIC.to_vec();
    form.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    form.extend_from_slice(text);
    form.extend_from_slice(names.as_bytes());
    form.extend_from_slice(&words);
    Some(form)
}

fn unpack<K: Kept>(form: &[u8], text: &[u8]) -> Option<K> {
    let (magic, mut rest) = form.split_first_chunk::<8>()?;
    let mut number = || {
        let (number, others) = rest.split_first_chunk::<8>()?;
        rest = others;
        Some(u64::from_le_bytes(*number))
    };
    let head = Head {
        code: number()?,
        text: number()?,
        names: number()?,
        words: number()?,
        sum: number()?,
    };
    if *magic != MAGIC || head.code != K::CODE {
        return None;
    }
    let (kept, rest) = rest.split_at_checked(usize::try_from(head.text).ok()?)?;
    let (names, words) = rest.split_at_checked(usize::try_from(head.names).ok()?)?;
    let is_whole = head.words == words.len() as u64
        && kept == text
        && head.sum == checksum(checksum(0, names), words);
    if !is_whole {
        return None;
    }
    let mut unpacker = Unpacker::new(std::str::from_utf8(names).ok()?, words);
    let content = K::unpack(&mut unpacker)?;
    unpacker.is_empty().then_some(content)
}

/// Adds bytes to a sum that any change of eight successive bytes changes. It takes eight at once, because it
/// runs without optimizations.
const fn checksum(mut sum: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut index = 0;
    while index < words.len() {
        sum = (sum ^ u64::from_le_bytes(words[index])).wrapping_mul(FACTOR).rotate_left(29);
        index += 1;
    }
    let mut index = 0;
    while index < rest.len() {
        sum = (sum ^ rest[index] as u64).wrapping_mul(FACTOR).rotate_left(29);
        index += 1;
    }
    (sum ^ bytes.len() as u64).wrapping_mul(FACTOR)
}

#[cfg(test)]
mod tests;
