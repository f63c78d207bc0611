use std::ops::Range;

use super::error::JsonError;
use super::reader::{Visitor, read};
use super::tape::check_size;

/// Validates the value in a range of a text, and passes its tokens to a visitor.
///
/// # Errors
///
/// Fails if the range is not exactly one JSON value, or the text is larger than 4 GiB.
pub(crate) fn visit(
    source: &str,
    range: Range<usize>,
    visitor: &mut impl Visitor,
) -> Result<(), JsonError> {
    check_size(source)?;
    Ok(read(source, range, visitor)?)
}
