use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

use super::error::SurveyError;

/// The limit for the text of a survey, in bytes. The largest known text has 20 MB.
pub const MAX_TEXT: usize = 256 << 20;

/// The magic number of a Zstandard frame.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Unpacks the content of a `.survey` file; unpacked text is returned as it is.
///
/// # Errors
///
/// Fails if the data is damaged, truncated, or longer than [`MAX_TEXT`] when unpacked.
pub fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, SurveyError> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(bytes);
    }
    let mut rest = bytes.as_slice();
    let mut text = Vec::new();
    while !rest.is_empty() {
        let damaged = |error: &dyn std::fmt::Display| SurveyError::Packed(error.to_string());
        let mut frame = StreamingDecoder::new(&mut rest).map_err(|error| damaged(&error))?;
        if !append(frame.by_ref(), &mut text, MAX_TEXT).map_err(|error| damaged(&error))? {
            return Err(SurveyError::TooLarge { max: MAX_TEXT });
        }
        // The library leaves the comparison of checksums to its users.
        let decoder = &frame.decoder;
        let stated = decoder.get_checksum_from_data();
        if stated.is_some() && stated != decoder.get_calculated_checksum() {
            return Err(damaged(&"the checksum does not match"));
        }
    }
    Ok(text)
}

/// Appends the contents of a frame. Returns whether the text is within the limit; of a longer one it
/// reads a single byte more.
fn append(frame: impl Read, text: &mut Vec<u8>, max: usize) -> std::io::Result<bool> {
    let room = max.saturating_sub(text.len());
    frame.take(room as u64 + 1).read_to_end(text)?;
    Ok(text.len() <= max)
}

/// Packs the text of a survey.
///
/// # Errors
///
/// Fails if the library can't allocate memory.
#[cfg(feature = "pack")]
pub fn pack(text: &str) -> std::io::Result<Vec<u8>> {
    /// Favors size over speed: a survey is packed once and unpacked often.
    const LEVEL: i32 = 19;
    /// Large, because equal answers can be far apart.
    const WINDOW: u32 = 26;
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    compressor.window_log(WINDOW)?;
    compressor.long_distance_matching(true)?;
    compressor.compress(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, repeat};

    use super::append;

    #[test]
    fn a_text_may_fill_its_limit_and_no_more_is_read() {
        let mut text = Vec::new();
        for (frame, fits, length) in [(6, true, 6), (4, true, 10), (0, true, 10), (1, false, 11)] {
            let frame = repeat(b'x').take(frame);
            assert_eq!(append(frame, &mut text, 10).expect("bytes"), fits);
            assert_eq!(text.len(), length);
        }
        let mut text = b"12345678".to_vec();
        assert!(!append(repeat(b'x'), &mut text, 10).expect("bytes"));
        assert_eq!(text.len(), 11);
    }
}
