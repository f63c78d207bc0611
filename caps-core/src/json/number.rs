/// Spells a validated JSON integer as captures do.
pub(super) fn integer(text: &str) -> &str {
    if text == "-0" { "0" } else { text }
}

/// Spells a validated JSON float, `NaN` or an infinity as captures do.
pub(super) fn float(text: &str) -> String {
    // Rust reads the names of these as JSON's extensions spell them, too.
    repr(text.parse().unwrap_or(f64::NAN))
}

/// Formats a double as Python's `repr` does: the shortest digits that read back to the same value,
/// always with `.0` or an exponent.
fn repr(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let fixed = format!("{value}");
        if fixed.contains('.') { fixed } else { fixed + ".0" }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn prints_as_python_does() {
        for (value, text) in [
            (1.0, "1.0"),
            (1.1, "1.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-0.0, "-0.0"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(repr(value), text);
        }
    }
}
