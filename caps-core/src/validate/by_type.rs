use crate::hash::NameMap;

/// The rows of a table by the device types that they are about, which are separated by `|`; `*` matches the
/// rest of a name.
#[derive(Debug)]
pub(super) struct ByType<R: 'static> {
    rows: &'static [R],
    exact: NameMap<&'static str, Vec<usize>>,
    families: Vec<(&'static str, usize)>,
}

impl<R> ByType<R> {
    pub(super) fn new(rows: &'static [R], types: fn(&R) -> &'static str) -> Self {
        let mut table = Self { rows, exact: NameMap::default(), families: Vec::new() };
        for (index, row) in rows.iter().enumerate() {
            for pattern in types(row).split('|') {
                match pattern.strip_suffix('*') {
                    Some(family) => table.families.push((family, index)),
                    None => table.exact.entry(pattern).or_default().push(index),
                }
            }
        }
        table
    }

    /// The rows about a device type, in the order of the table.
    pub(super) fn of(&self, device: &str) -> impl Iterator<Item = &'static R> {
        let families = self.families.iter().filter(|(family, _)| device.starts_with(family));
        let mut found: Vec<usize> = families.map(|(_, index)| *index).collect();
        found.extend(self.exact.get(device).into_iter().flatten());
        found.sort_unstable();
        found.dedup();
        let rows = self.rows;
        found.into_iter().map(move |index| &rows[index])
    }
}

#[cfg(test)]
mod tests {
    use super::ByType;

    #[test]
    fn rows_come_once_and_in_the_order_of_the_table() {
        let table = ByType::new(&[("ab*|abc", 1), ("x|abc", 2), ("x", 3), ("a*", 4)], |row| row.0);
        let of = |device| table.of(device).map(|row| row.1).collect::<Vec<_>>();
        assert_eq!(of("abc"), [1, 2, 4]);
        assert_eq!(of("x"), [2, 3]);
        assert_eq!(of("a"), [4]);
        assert!(of("y").is_empty());
    }
}
