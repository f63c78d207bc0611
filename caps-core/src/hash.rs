//! Hash maps of short names, several times as fast as those of the standard library alone.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// A hash map of names.
pub(crate) type NameMap<K, V> = HashMap<K, V, Seeded>;

/// A set of names.
pub(crate) type NameSet<K> = HashSet<K, Seeded>;

/// Makes hashers with a secret of this process, so that nobody can prepare names that collide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Self {
        static SECRET: OnceLock<u64> = OnceLock::new();
        Self(*SECRET.get_or_init(|| RandomState::new().hash_one(0)))
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding(self.0)
    }
}

/// Multiplies for each eight bytes, and folds the upper half of the product into the lower one.
#[derive(Debug)]
pub(crate) struct Folding(u64);

impl Folding {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "both halves count")]
    fn fold(&mut self, word: u64) {
        /// Odd, and without a pattern: the fraction of the golden ratio.
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(self.0 ^ word) * u128::from(FACTOR);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for Folding {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((word, after)) = rest.split_first_chunk() {
            self.fold(u64::from_le_bytes(*word));
            rest = after;
        }
        if !rest.is_empty() {
            self.fold(rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
        }
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.fold(u64::from(byte));
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.fold(number as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::{NameSet, Seeded};

    #[test]
    fn names_are_found_and_spread_over_the_hashes() {
        let names: Vec<String> = (0..40)
            .flat_map(|length| (0..50).map(move |n| format!("{n}{}", "x".repeat(length))))
            .collect();
        let set: NameSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(set.len(), 2000);
        assert!(names.iter().all(|name| set.contains(name.as_str())));
        assert!(!set.contains("51x"));
        // Maps use the lowest bits for the place and the highest for a check.
        for shift in [0, 57] {
            let mut counts = [0; 128];
            for name in &names {
                counts[(Seeded::default().hash_one(name) >> shift & 127) as usize] += 1;
            }
            assert!(counts.iter().all(|count| (1..50).contains(count)), "{counts:?}");
        }
    }
}
