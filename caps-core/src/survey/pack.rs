use std::io::Read as _;

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
        let room = MAX_TEXT - text.len();
        let mut limited = frame.by_ref().take(room as u64 + 1);
        limited.read_to_end(&mut text).map_err(|error| damaged(&error))?;
        if text.len() > MAX_TEXT {
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
