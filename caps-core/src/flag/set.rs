use std::fmt;

use super::Flag;

const WORDS: usize = Flag::ALL.len().div_ceil(64);

/// A set of flags that iterates in libvirt's order.
///
/// ```
/// use caps_core::flag::{Flag, FlagSet};
///
/// let mut flags: FlagSet = [Flag::Vnc, Flag::Kvm].into_iter().collect();
/// flags.remove(Flag::Kvm);
/// assert_eq!(flags.iter().map(Flag::name).collect::<Vec<_>>(), ["vnc"]);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct FlagSet([u64; WORDS]);

impl FlagSet {
    /// Returns whether the set contains the flag.
    pub const fn contains(&self, flag: Flag) -> bool {
        self.0[flag.index() / 64] >> (flag.index() % 64) & 1 == 1
    }

    /// Adds a flag.
    pub fn insert(&mut self, flag: Flag) {
        self.0[flag.index() / 64] |= 1 << (flag.index() % 64);
    }

    /// Removes a flag.
    pub fn remove(&mut self, flag: Flag) {
        self.0[flag.index() / 64] &= !(1 << (flag.index() % 64));
    }

    /// The number of flags.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The flags in libvirt's order.
    pub fn iter(&self) -> impl Iterator<Item = Flag> {
        Flag::ALL.iter().copied().filter(|&flag| self.contains(flag))
    }
}

impl fmt::Debug for FlagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Flag::name)).finish()
    }
}

impl FromIterator<Flag> for FlagSet {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut set = Self::default();
        set.extend(flags);
        set
    }
}

impl Extend<Flag> for FlagSet {
    fn extend<I: IntoIterator<Item = Flag>>(&mut self, flags: I) {
        flags.into_iter().for_each(|flag| self.insert(flag));
    }
}

/// Serialized as a list of flag names, in libvirt's order.
#[cfg(feature = "serde")]
impl serde::Serialize for FlagSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for FlagSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Flag>::deserialize(deserializer)?.into_iter().collect())
    }
}
