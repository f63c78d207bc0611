//! Scalars in the values of options: Booleans, integers, sizes, identifiers, PCI addresses.
//!
//! ```
//! use caps_core::command_line::scalar::{PciAddress, integer, is_identifier};
//!
//! assert_eq!(integer("0x10"), Some(16));
//! assert!(is_identifier("disk0") && !is_identifier("0disk"));
//! assert_eq!(PciAddress::from_number(9).to_string(), "01.1");
//! ```

use std::fmt;

/// Words for true.
const TRUE: &[&str] = &["on", "yes", "true", "y"];
/// Words for false.
const FALSE: &[&str] = &["off", "no", "false", "n"];

/// Parses a Boolean: `on yes true y` or `off no false n`, in lowercase.
///
/// ```
/// use caps_core::command_line::scalar::boolean;
///
/// assert_eq!(boolean("yes"), Some(true));
/// assert_eq!(boolean("1"), None);
/// ```
pub fn boolean(text: &str) -> Option<bool> {
    if TRUE.contains(&text) {
        Some(true)
    } else if FALSE.contains(&text) {
        Some(false)
    } else {
        None
    }
}

/// Parses an integer like C's `strtoll` with base 0: leading spaces and a sign are allowed, the
/// prefix `0x` selects hexadecimal and `0` octal.
pub fn integer(text: &str) -> Option<i128> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => (&digits[1..], 8),
        None => (digits, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    Some(if negative { -value } else { value })
}

/// Parses a 32-bit hexadecimal number at the start of a text like C's `scanf`, and returns the rest.
/// Leading spaces, a sign and `0x` are allowed, and excess bits are dropped.
pub(crate) fn hexadecimal(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
    let (digits, rest) = text.split_at(digits);
    if digits.is_empty() {
        return None;
    }
    let value = u64::from_str_radix(digits, 16).unwrap_or(u64::MAX);
    let value = if negative { value.wrapping_neg() } else { value };
    let low = u32::try_from(value & u64::from(u32::MAX)).unwrap_or_default();
    Some((low, rest))
}

/// The reason why a text is not a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SizeError {
    /// It is not a number with an optional unit.
    Form,
    /// It is negative or exceeds 64 bits.
    Range,
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not a number with one of the units b, k, M, G, T, P, E",
            Self::Range => "out of the range of 64 bits",
        })
    }
}

impl std::error::Error for SizeError {}

/// Parses a number of bytes: decimal with an optional fraction and one of the units `b k M G T P E`
/// in either case, or hexadecimal. Without a unit, the number counts units of `unit` bytes.
///
/// ```
/// use caps_core::command_line::scalar::size;
///
/// assert_eq!(size("1.5G", 1), Ok(3 << 29));
/// assert_eq!(size("64", 1 << 20), Ok(64 << 20));
/// assert!(size("256MB", 1).is_err());
/// ```
///
/// # Errors
///
/// Fails if the text is not a size or exceeds 64 bits.
pub fn size(text: &str, unit: u64) -> Result<u64, SizeError> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let digits = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
        if digits == 0 || digits < hex.len() {
            return Err(SizeError::Form);
        }
        let value = u64::from_str_radix(hex, 16).map_err(|_| SizeError::Range)?;
        return value.checked_mul(unit).ok_or(SizeError::Range);
    }
    let negative = text.starts_with('-');
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(digits);
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
        None => ("", rest),
    };
    let scale = match suffix {
        "" => unit,
        _ => scale(suffix).ok_or(SizeError::Form)?,
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(SizeError::Form);
    }
    let has_fraction = fraction.bytes().any(|b| b != b'0');
    if scale == 1 && has_fraction {
        return Err(SizeError::Form);
    }
    let whole: u64 =
        if whole.is_empty() { 0 } else { whole.parse().map_err(|_| SizeError::Range)? };
    if negative && (whole > 0 || has_fraction) {
        return Err(SizeError::Range);
    }
    // Further digits amount to less than a byte.
    let kept = &fraction[..fraction.len().min(18)];
    let denominator = 10_u128.pow(u32::try_from(kept.len()).unwrap_or(18));
    let part = kept.parse::<u128>().unwrap_or(0) * u128::from(scale) / denominator;
    let total = u128::from(whole) * u128::from(scale) + part;
    u64::try_from(total).map_err(|_| SizeError::Range)
}

fn scale(suffix: &str) -> Option<u64> {
    let power = match suffix {
        "b" | "B" => 0,
        "k" | "K" => 1,
        "m" | "M" => 2,
        "g" | "G" => 3,
        "t" | "T" => 4,
        "p" | "P" => 5,
        "e" | "E" => 6,
        _ => return None,
    };
    Some(1 << (10 * power))
}

/// Returns whether the text is a letter followed by letters, digits, `-`, `.` and `_`.
pub fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

/// The slot and function of a PCI device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PciAddress {
    /// From 0 to 31.
    pub slot: u8,
    /// From 0 to 7.
    pub function: u8,
}

impl PciAddress {
    /// Parses `SLOT[.FUNCTION]`, both in hexadecimal.
    ///
    /// ```
    /// use caps_core::command_line::scalar::PciAddress;
    ///
    /// assert_eq!(PciAddress::parse("1f.3"), Some(PciAddress { slot: 31, function: 3 }));
    /// assert_eq!(PciAddress::parse("20"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (slot, rest) = hexadecimal(text)?;
        let (function, rest) = match rest.strip_prefix('.') {
            Some(function) => hexadecimal(function)?,
            None => (0, rest),
        };
        let fits = rest.is_empty() && slot < 32 && function < 8;
        let narrow = |number| u8::try_from(number).ok();
        Some(Self { slot: narrow(slot)?, function: narrow(function)? }).filter(|_| fits)
    }

    /// Converts from a number: five bits of slot, three of function.
    pub fn from_number(number: u8) -> Self {
        Self { slot: number >> 3, function: number & 7 }
    }
}

impl fmt::Display for PciAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:02x}.{:x}", self.slot, self.function))
    }
}

#[cfg(test)]
mod tests {
    use super::{PciAddress, SizeError, boolean, integer, is_identifier, size};

    #[test]
    fn reads_integers_as_c_does() {
        for (text, value) in [
            ("3", Some(3)),
            (" 3", Some(3)),
            ("+3", Some(3)),
            ("-1", Some(-1)),
            ("0x1F", Some(31)),
            ("010", Some(8)),
            ("0", Some(0)),
            ("", None),
            ("1k", None),
            ("--1", None),
            ("0x", None),
            ("1.5", None),
            ("3 ", None),
        ] {
            assert_eq!(integer(text), value, "{text:?}");
        }
    }

    #[test]
    fn reads_sizes_with_units() {
        for (text, value) in [
            ("0", Ok(0)),
            ("512", Ok(512)),
            ("1k", Ok(1024)),
            ("1.5K", Ok(1536)),
            ("0x10", Ok(16)),
            ("2G", Ok(2 << 30)),
            (".5k", Ok(512)),
            ("1.0", Ok(1)),
            ("15.9E", Ok(18_331_451_923_248_866_918)),
            ("", Err(SizeError::Form)),
            ("k", Err(SizeError::Form)),
            ("1kk", Err(SizeError::Form)),
            ("256MB", Err(SizeError::Form)),
            ("1MiB", Err(SizeError::Form)),
            ("1e3", Err(SizeError::Form)),
            ("256 M", Err(SizeError::Form)),
            ("0x1k", Err(SizeError::Form)),
            ("1.5", Err(SizeError::Form)),
            ("1.2.3", Err(SizeError::Form)),
            ("banana", Err(SizeError::Form)),
            ("-1", Err(SizeError::Range)),
            ("16E", Err(SizeError::Range)),
            ("18446744073709551616", Err(SizeError::Range)),
        ] {
            assert_eq!(size(text, 1), value, "{text:?}");
        }
        assert_eq!(size("0x10000000", 1 << 20), Ok(1 << 48));
    }

    #[test]
    fn reads_the_rest() {
        assert_eq!((boolean("y"), boolean("n"), boolean("ON")), (Some(true), Some(false), None));
        assert!(is_identifier("a-1._b") && !is_identifier("1a") && !is_identifier(""));
        assert!(!is_identifier("a/b") && !is_identifier("_a"));
        for (text, expected) in [
            ("06", Some((6, 0))),
            ("0x6.0x7", Some((6, 7))),
            ("1f.7", Some((31, 7))),
            ("20", None),
            ("1.8", None),
            ("zz", None),
            ("", None),
            // As seen on QEMU 7.2 to 11.1, which read the numbers with `scanf`.
            ("+1", Some((1, 0))),
            ("-1", None),
            (" 6. 1", Some((6, 1))),
            ("6.-0", Some((6, 0))),
            ("100000006", Some((6, 0))),
            ("-fffffffa", Some((6, 0))),
            ("6 ", None),
            ("06.", None),
            ("6.0.0", None),
            ("0x0x6", None),
        ] {
            let found = PciAddress::parse(text).map(|address| (address.slot, address.function));
            assert_eq!(found, expected, "{text:?}");
        }
        assert_eq!(PciAddress::from_number(5).to_string(), "00.5");
    }
}
