//! Suggestions for mistyped names.

/// The least similarity that is not a coincidence.
const ALIKE: f64 = 0.75;
/// Longer names, in bytes, get no suggestion: comparing them takes quadratic time.
const LONGEST: usize = 256;

/// Returns the candidate most similar to `name`, if any is similar; the first of several equally
/// similar ones.
///
/// ```
/// assert_eq!(caps_core::nearest::nearest("x68_64", ["aarch64", "x86_64"]), Some("x86_64"));
/// assert_eq!(caps_core::nearest::nearest("tgc", ["kvm", "tcg"]), Some("tcg"));
/// assert_eq!(caps_core::nearest::nearest("z", ["aarch64", "x86_64"]), None);
/// ```
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_counted(name, candidates.into_iter().map(|name| (name, Letters::of(name))))
}

/// As [`nearest`], with the letters of each candidate.
pub(crate) fn nearest_counted<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = (&'c str, Letters)>,
) -> Option<&'c str> {
    if name.len() > LONGEST {
        return None;
    }
    let folded = name.to_lowercase();
    let wanted = Wanted::new(&folded);
    let mut best: Option<(f64, &str)> = None;
    let mut least = Least::new(ALIKE);
    for (candidate, letters) in candidates {
        if candidate.len() > LONGEST || !wanted.can_reach(&least, candidate, letters) {
            continue;
        }
        let likeness = likeness(&folded, &candidate.to_lowercase());
        if likeness >= ALIKE && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
            least = Least::new(likeness);
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The similarity of two lowercase names. In a short name, one slip weighs a lot.
fn likeness(name: &str, other: &str) -> f64 {
    let likeness = strsim::jaro_winkler(name, other);
    let slipped = matches!(name.len(), 3 | 4) && strsim::osa_distance(name, other) == 1;
    if slipped { likeness.max(ALIKE) } else { likeness }
}

/// How often a name has each letter in either case. Other characters count as the letter with the
/// same low bits, so that two names have at most as many in common as these counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letters {
    counts: [u8; 32],
    /// Whether the counts are right: the name is in ASCII, and not too long for them.
    counted: bool,
}

impl Letters {
    pub(crate) fn of(name: &str) -> Self {
        let counted = name.is_ascii() && u8::try_from(name.len()).is_ok();
        let mut counts = [0; 32];
        for byte in name.bytes().filter(|_| counted) {
            counts[usize::from(byte & 31)] += 1;
        }
        Self { counts, counted }
    }

    /// At least as many letters as two names have in common.
    fn common(&self, other: &Self) -> usize {
        let pairs = self.counts.iter().zip(&other.counts);
        usize::from(pairs.map(|(a, b)| *a.min(b)).sum::<u8>())
    }
}

/// A name, and what rules out most names of a long list without comparing them letter by letter.
struct Wanted<'n> {
    folded: &'n str,
    letters: Letters,
    /// How often each byte occurs.
    bytes: [u8; 256],
}

impl<'n> Wanted<'n> {
    fn new(folded: &'n str) -> Self {
        let letters = Letters::of(folded);
        let mut bytes = [0; 256];
        for byte in folded.bytes().filter(|_| letters.counted) {
            bytes[usize::from(byte)] += 1;
        }
        Self { folded, letters, bytes }
    }

    /// Returns whether another name can be so similar, as far as the letters tell.
    fn can_reach(&self, least: &Least, other: &str, letters: Letters) -> bool {
        if !self.letters.counted || !letters.counted {
            return true;
        }
        let lengths = (self.folded.len(), other.len());
        let common = self.letters.common(&letters);
        // Most names of a list are already too different for any prefix.
        if !least.allows(common, lengths, PREFIX) {
            return false;
        }
        let same = self.folded.bytes().zip(other.bytes()).take(PREFIX);
        let prefix = same.take_while(|(a, b)| *a == b.to_ascii_lowercase()).count();
        if !least.allows(common, lengths, prefix) {
            return false;
        }
        let mut left = self.bytes;
        let mut common = 0;
        for byte in other.bytes() {
            let count = &mut left[usize::from(byte.to_ascii_lowercase())];
            common += usize::from(*count > 0);
            *count = count.saturating_sub(1);
        }
        least.allows(common, lengths, prefix)
    }
}

/// The longest common prefix that makes names more similar.
const PREFIX: usize = 4;

/// A similarity to reach: for each length of the common prefix, three times what the letters in common
/// must contribute to it.
struct Least([f64; PREFIX + 1]);

impl Least {
    fn new(likeness: f64) -> Self {
        const PREFIX_WEIGHT: f64 = 0.1;
        let mut weight = 0.0;
        Self(std::array::from_fn(|_| {
            // The similarity is `jaro + weight * (1 - jaro)`; allow for rounding errors.
            let jaro = (likeness - weight) / (1.0 - weight) - 1e-9;
            weight += PREFIX_WEIGHT;
            3.0 * jaro - 1.0
        }))
    }

    /// Returns whether names of these lengths with so many letters in common can be that similar. Their
    /// Jaro similarity is at most `(common / a + common / b + 1) / 3`.
    fn allows(&self, common: usize, (a, b): (usize, usize), prefix: usize) -> bool {
        let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        number(common * (a + b)) >= self.0[prefix] * number(a * b)
    }
}

/// The end of an error message that suggests a name: `, did you mean `x`?`.
pub(crate) fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{likeness, nearest};

    #[test]
    fn a_text_that_is_longer_than_any_name_is_like_none() {
        let long = "a".repeat(300);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest("aa", [long.as_str(), "aab"]), Some("aab"));
    }

    #[test]
    fn a_name_without_letters_is_like_none() {
        assert_eq!(nearest("abc", ["", "abd"]), Some("abd"));
        assert_eq!(nearest("", ["abd"]), None);
    }

    #[test]
    fn leaving_out_unlike_names_changes_nothing() {
        let names: Vec<String> =
            crate::flag::Flag::ALL.iter().map(|flag| flag.name().to_owned()).collect();
        let exhaustive = |name: &str| {
            let likeness = |other: &String| likeness(name, &other.to_lowercase());
            let most = names.iter().map(likeness).fold(0.0, f64::max);
            let best = names.iter().find(|other| likeness(other).total_cmp(&most).is_eq());
            best.filter(|_| most >= super::ALIKE)
        };
        for name in names.iter().step_by(9) {
            let longer = format!("{name}s");
            let reversed: String = name.chars().rev().collect();
            for name in [&name[1..], &name[..name.len() - 1], &longer, &reversed] {
                let name = name.to_lowercase();
                let found = nearest(&name, names.iter().map(String::as_str));
                assert_eq!(found, exhaustive(&name).map(String::as_str), "{name}");
            }
        }
    }
}
