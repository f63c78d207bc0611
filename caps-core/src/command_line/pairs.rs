use std::fmt;

/// The notation of a key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// `key=value`
    Pair,
    /// The first word without `=`, which is the value of the implied key.
    Implied,
    /// A bare `key`, short for `key=on`.
    Bare,
    /// A bare `nokey`, short for `key=off`.
    Negated,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// The key as written.
    pub key: String,
    /// The value, with `,,` read as a comma.
    pub value: String,
    /// The notation.
    pub form: Form,
}

/// An option's value as keys and values in text order, the first step of both the keyval and the
/// `QemuOpts` reader. Formatting restores the text.
///
/// ```
/// use caps_core::command_line::Pairs;
///
/// let pairs = Pairs::parse("local,path=a,,b,readonly", "fsdriver");
/// assert_eq!(pairs.get("path"), Some("a,b"));
/// assert_eq!(pairs.get("readonly"), Some("on"));
/// assert_eq!(pairs.to_string(), "local,path=a,,b,readonly");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairs {
    pairs: Vec<Pair>,
    /// Whether the text ends with a comma.
    trailing: bool,
}

impl Pairs {
    /// Splits a text. `implied` is the key of a first word without `=`; empty if there is none.
    pub fn parse(text: &str, implied: &str) -> Self {
        let mut pairs = Vec::new();
        let mut rest = text;
        let mut trailing = false;
        while !rest.is_empty() {
            // Only values escape commas; a key ends at the first one.
            let end = rest.find(['=', ',']).unwrap_or(rest.len());
            let first = pairs.is_empty() && !implied.is_empty();
            let (pair, after) = if rest[end..].starts_with('=') {
                let (value, after) = value(&rest[end + 1..]);
                (Pair { key: rest[..end].to_owned(), value, form: Form::Pair }, after)
            } else if first {
                let (value, after) = value(rest);
                (Pair { key: implied.to_owned(), value, form: Form::Implied }, after)
            } else {
                let word = &rest[..end];
                // Whether `no` is a prefix or part of a key is up to the reader; `Form` lets it decide.
                let negated = word.strip_prefix("no").filter(|key| !key.is_empty());
                let (key, value, form) = match negated {
                    Some(key) => (key, "off", Form::Negated),
                    None => (word, "on", Form::Bare),
                };
                (Pair { key: key.to_owned(), value: value.to_owned(), form }, &rest[end..])
            };
            pairs.push(pair);
            // A comma at the end starts no further pair, but must be printed again.
            trailing = after == ",";
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        Self { pairs, trailing }
    }

    /// The pairs, in text order.
    pub fn iter(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter()
    }

    /// The pair that counts for each key, which is the last one, in the order of the keys' first
    /// mention.
    pub(crate) fn last_of_each(&self) -> impl Iterator<Item = &Pair> {
        // The position of each key's first pair, and of its last one.
        let mut places: Vec<(usize, usize)> = (0..self.pairs.len()).map(|at| (at, at)).collect();
        let key = |at: usize| self.pairs[at].key.as_str();
        places.sort_by_key(|&(at, _)| key(at));
        places.dedup_by(|(next, _), (first, last)| {
            let same = key(*next) == key(*first);
            *last = if same { *next } else { *last };
            same
        });
        places.sort_unstable();
        places.into_iter().map(|(_, last)| &self.pairs[last])
    }

    /// The value of a key; the last one if the key is repeated.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|pair| pair.key == key).map(|pair| pair.value.as_str())
    }
}

/// Splits at the first single comma, reading `,,` as a comma.
fn value(text: &str) -> (String, &str) {
    let end = text.find(',').unwrap_or(text.len());
    let (first, mut rest) = text.split_at(end);
    let mut value = first.to_owned();
    loop {
        match rest.strip_prefix(",,") {
            Some(after) => {
                value.push(',');
                rest = after;
            }
            None => return (value, rest),
        }
        let end = rest.find(',').unwrap_or(rest.len());
        value.push_str(&rest[..end]);
        rest = &rest[end..];
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Pair => write!(f, "{}={}", self.key, self.value.replace(',', ",,")),
            Form::Implied => f.write_str(&self.value.replace(',', ",,")),
            Form::Bare => f.write_str(&self.key),
            Form::Negated => write!(f, "no{}", self.key),
        }
    }
}

impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pair) in self.pairs.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{pair}")?;
        }
        f.write_str(if self.trailing { "," } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Pairs};

    #[test]
    fn reads_keys_values_and_commas() {
        for (text, implied, expected) in [
            ("", "type", vec![]),
            ("q35", "type", vec![("type", "q35", Form::Implied)]),
            (
                "q35,accel=kvm",
                "type",
                vec![("type", "q35", Form::Implied), ("accel", "kvm", Form::Pair)],
            ),
            ("type=q35", "type", vec![("type", "q35", Form::Pair)]),
            ("a,,b,c", "x", vec![("x", "a,b", Form::Implied), ("c", "on", Form::Bare)]),
            ("wait", "", vec![("wait", "on", Form::Bare)]),
            ("nowait,no", "", vec![("wait", "off", Form::Negated), ("no", "on", Form::Bare)]),
            ("a=b=c,d=", "", vec![("a", "b=c", Form::Pair), ("d", "", Form::Pair)]),
            ("a=,,,b=1,", "", vec![("a", ",", Form::Pair), ("b", "1", Form::Pair)]),
            ("=x,", "k", vec![("", "x", Form::Pair)]),
            (",a=1", "", vec![("", "on", Form::Bare), ("a", "1", Form::Pair)]),
        ] {
            let pairs = Pairs::parse(text, implied);
            let found: Vec<_> =
                pairs.iter().map(|p| (p.key.as_str(), p.value.as_str(), p.form)).collect();
            assert_eq!(found, expected, "{text:?}");
            assert_eq!(pairs.to_string(), text);
        }
    }

    #[test]
    fn prints_what_it_read() {
        let pieces = ["a", "b", "=", ",", ",,", "no", ".", "0", "", "é"];
        let mut state = 7_u64;
        for _ in 0..5000 {
            let mut text = String::new();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
                text.push_str(pieces[usize::try_from(state >> 33).unwrap_or(0) % pieces.len()]);
            }
            for implied in ["", "type"] {
                assert_eq!(Pairs::parse(&text, implied).to_string(), text, "{text:?} {implied:?}");
            }
        }
    }

    #[test]
    fn the_last_of_a_repeated_key_counts() {
        assert_eq!(Pairs::parse("a=1,b=2,a=3", "").get("a"), Some("3"));
    }
}
