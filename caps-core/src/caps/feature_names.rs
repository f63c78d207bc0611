use std::fmt;

/// The names of CPU features, in order.
///
/// A QEMU lists thousands of them, so they share one text instead of being strings of their own.
///
/// ```
/// use caps_core::caps::FeatureNames;
///
/// let mut blockers: FeatureNames = ["avx2", "hle"].into_iter().collect();
/// blockers.push("rtm");
/// assert_eq!(blockers, ["avx2", "hle", "rtm"]);
/// assert_eq!(blockers.iter().last(), Some("rtm"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FeatureNames {
    text: String,
    /// The byte offset of the end of each name in the text.
    ends: Vec<usize>,
}

impl FeatureNames {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a name.
    #[inline]
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// Returns the number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The names.
    pub fn iter(&self) -> FeatureNamesIter<'_> {
        FeatureNamesIter { text: &self.text, start: 0, ends: &self.ends }
    }

    /// Removes all names, but keeps the memory for others.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// All names as one text, and the byte offset of the end of each.
    pub(crate) fn parts(&self) -> (&str, &[usize]) {
        (&self.text, &self.ends)
    }

    /// The opposite of [`FeatureNames::parts`]; `None` if the offsets don't divide the text.
    pub(crate) fn from_parts(text: String, ends: Vec<usize>) -> Option<Self> {
        let mut start = 0;
        for &end in &ends {
            if end < start || !text.is_char_boundary(end) {
                return None;
            }
            start = end;
        }
        (start == text.len()).then_some(Self { text, ends })
    }
}

/// The names in [`FeatureNames`].
#[derive(Debug, Clone)]
pub struct FeatureNamesIter<'n> {
    text: &'n str,
    /// Where the next name starts.
    start: usize,
    ends: &'n [usize],
}

impl<'n> Iterator for FeatureNamesIter<'n> {
    type Item = &'n str;

    fn next(&mut self) -> Option<&'n str> {
        let (&end, rest) = self.ends.split_first()?;
        let name = &self.text[self.start..end];
        (self.start, self.ends) = (end, rest);
        Some(name)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.ends.len(), Some(self.ends.len()))
    }
}

impl ExactSizeIterator for FeatureNamesIter<'_> {}

impl<'n> IntoIterator for &'n FeatureNames {
    type Item = &'n str;
    type IntoIter = FeatureNamesIter<'n>;

    fn into_iter(self) -> FeatureNamesIter<'n> {
        self.iter()
    }
}

impl<S: AsRef<str>> Extend<S> for FeatureNames {
    fn extend<I: IntoIterator<Item = S>>(&mut self, names: I) {
        for name in names {
            self.push(name.as_ref());
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for FeatureNames {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut list = Self::new();
        list.extend(names);
        list
    }
}

impl<const N: usize> PartialEq<[&str; N]> for FeatureNames {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl fmt::Debug for FeatureNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(feature = "serde")]
mod serialized {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::FeatureNames;

    /// As a list of strings.
    impl Serialize for FeatureNames {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self)
        }
    }

    impl<'de> Deserialize<'de> for FeatureNames {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Vec::<String>::deserialize(deserializer).map(|names| names.into_iter().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FeatureNames;

    #[test]
    fn names_come_back_in_order_whatever_they_are() {
        for names in [vec![], vec![""], vec!["a", "", "größer", "\0", "a"], vec!["", ""]] {
            let list: FeatureNames = names.iter().collect();
            assert_eq!(list.iter().collect::<Vec<_>>(), names);
            assert_eq!((list.len(), list.iter().len()), (names.len(), names.len()));
            assert_eq!(list.is_empty(), names.is_empty());
            assert_eq!(format!("{list:?}"), format!("{names:?}"));
        }
        let list = |names: &[&str]| names.iter().collect::<FeatureNames>();
        assert_ne!(list(&["ab", "c"]), list(&["a", "bc"]), "the same text");
        assert_ne!(list(&["a"]), list(&["a", ""]), "the same text");
        assert!(list(&["a", "b"]) == ["a", "b"] && list(&["a", "b"]) != ["a", "c"]);
    }

    #[test]
    fn only_offsets_that_divide_the_text_make_a_list() {
        let parts = |ends: &[usize]| FeatureNames::from_parts("aß".to_owned(), ends.to_vec());
        assert_eq!(parts(&[0, 1, 1, 3]).expect("a list"), ["", "a", "", "ß"]);
        for wrong in [&[][..], &[1], &[1, 2, 3], &[3, 1, 3], &[3, 4], &[4], &[usize::MAX, 3]] {
            assert_eq!(parts(wrong), None, "{wrong:?}");
        }
    }
}
