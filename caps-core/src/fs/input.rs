use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The size limit for input files, in bytes: many times the largest capture.
pub const MAX_SIZE: u64 = 256 << 20;

/// From this size on, buffers have sizes that are multiples of [`STEP`].
const LARGE: usize = 128 << 10;
const STEP: usize = 1 << 20;

/// Reads a regular file of at most [`MAX_SIZE`] bytes.
///
/// Pipes and devices are rejected: a pipe may never end, a device may never stop.
///
/// ```
/// let error = caps_core::fs::read("/dev/zero").expect_err("a device");
/// assert_eq!(error.to_string(), "not a regular file");
/// ```
///
/// # Errors
///
/// Fails if the file can't be read, is not a regular file, or is too large.
pub fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let path = path.as_ref();
    // Opening a pipe would block until a writer appears.
    check_kind(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let found = file.metadata()?;
    check_kind(&found)?;
    if found.len() > MAX_SIZE {
        return Err(too_large());
    }
    read_stream(file, found.len())
}

/// Reads a text file as [`read`] does.
///
/// # Errors
///
/// Fails as [`read`] does, and if the file is not UTF-8.
pub fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

/// Reads a stream such as standard input to its end, at most [`MAX_SIZE`] bytes.
///
/// # Errors
///
/// Fails if the stream can't be read or is too large.
pub fn read_to_end(stream: impl Read) -> io::Result<Vec<u8>> {
    read_stream(stream, 0)
}

/// Reads a stream that has a known length, unless it grows.
fn read_stream(stream: impl Read, length: u64) -> io::Result<Vec<u8>> {
    // One byte more, so that finding the end takes no more memory.
    let mut capacity = usize::try_from(length).unwrap_or_default() + 1;
    if capacity > LARGE {
        // Captures differ in size. Where their buffers don't, the allocator keeps one for the next.
        capacity = capacity.next_multiple_of(STEP);
    }
    let mut bytes = Vec::with_capacity(capacity);
    stream.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= MAX_SIZE) {
        Ok(bytes)
    } else {
        Err(too_large())
    }
}

fn check_kind(found: &fs::Metadata) -> io::Result<()> {
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(())
}

fn too_large() -> io::Error {
    let what = format!("larger than {} MiB", MAX_SIZE >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}
