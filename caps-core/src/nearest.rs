//! The known name that a mistyped one was probably meant to be.

/// The candidate most like `name`, if one is like it at all. Of equally good ones the first.
///
/// ```
/// assert_eq!(caps_core::nearest::nearest("x68_64", ["aarch64", "x86_64"]), Some("x86_64"));
/// assert_eq!(caps_core::nearest::nearest("tgc", ["kvm", "tcg"]), Some("tcg"));
/// assert_eq!(caps_core::nearest::nearest("z", ["aarch64", "x86_64"]), None);
/// ```
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    /// Below this the likeness of two names is chance.
    const ALIKE: f64 = 0.75;
    let folded = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let candidate_folded = candidate.to_lowercase();
        let mut likeness = strsim::jaro_winkler(&folded, &candidate_folded);
        // In a short name one slip is much to that measure.
        if folded.len() >= 3 && strsim::osa_distance(&folded, &candidate_folded) == 1 {
            likeness = likeness.max(ALIKE);
        }
        if likeness >= ALIKE && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What an error message ends with when a known name is near: `, did you mean `x`?`.
pub(crate) fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}
