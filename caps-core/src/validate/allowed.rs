use std::sync::Arc;

use crate::nearest::{Letters, nearest_counted};

/// Names that many problems list as allowed: sorted once, with their letters counted.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    sorted: Arc<[String]>,
    /// The places of the names in `sorted`, in the order in which they are compared.
    compared: Vec<(usize, Letters)>,
}

impl Allowed {
    /// The names in the order in which they are compared: of several that are equally near, the
    /// first counts.
    pub(super) fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut names: Vec<(usize, String)> =
            names.into_iter().map(Into::into).enumerate().collect();
        names.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        let mut compared = vec![(0, Letters::of("")); names.len()];
        for (place, (number, name)) in names.iter().enumerate() {
            compared[*number] = (place, Letters::of(name));
        }
        Self { sorted: names.into_iter().map(|(_, name)| name).collect(), compared }
    }

    /// The names, sorted.
    pub(super) fn sorted(&self) -> &Arc<[String]> {
        &self.sorted
    }

    /// The names in the order in which they are compared.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.compared.iter().map(|(place, _)| self.sorted[*place].as_str())
    }

    /// The name most similar to this one.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        let counted = self.compared.iter();
        nearest_counted(name, counted.map(|(place, letters)| (&*self.sorted[*place], *letters)))
    }
}

#[cfg(test)]
mod tests {
    use super::Allowed;
    use crate::nearest::nearest;

    #[test]
    fn the_nearest_name_is_that_of_the_list_as_given() {
        let names = ["virtio-net-pci", "e1000e", "e1000", "E1000x", "\u{e9}1000", "", "e1000"];
        let allowed = Allowed::new(names);
        assert!(allowed.names().eq(names));
        assert!(allowed.sorted().is_sorted() && allowed.sorted().len() == names.len());
        for name in ["e1000", "e1000f", "1000e", "E1000", "virtio-net-pcie", "x", "", "\u{e9}100"] {
            assert_eq!(allowed.nearest(name), nearest(name, names), "{name}");
        }
    }
}
