/// Words of a set; both baselines have fewer features than their bits.
const WORDS: usize = 7;

/// A set of x86 features, by their place in the CPU map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct FeatureSet([u64; WORDS]);

impl FeatureSet {
    /// The most features that a set can tell apart.
    pub(super) const CAPACITY: usize = WORDS * 64;

    /// Does it have the feature at this place?
    pub fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Has it none?
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// The features that are in this set and not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// The features of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// The places of the features, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let set = *self;
        (0..Self::CAPACITY).filter(move |&index| set.contains(index))
    }

    pub(in crate::domcaps) fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    pub(in crate::domcaps) fn remove(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word &= !(1 << (index % 64));
        }
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|at| combine(self.0[at], other.0[at])))
    }
}

impl FromIterator<usize> for FeatureSet {
    fn from_iter<I: IntoIterator<Item = usize>>(features: I) -> Self {
        let mut set = Self::default();
        features.into_iter().for_each(|index| set.insert(index));
        set
    }
}
