use super::given::Given;
use crate::command_line::scalar;

/// What a row of the table requires. A property is *set* if it is there and [`Given::is_set`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// `LEAST..MOST`; of a list, each element. Without `LEAST`, the number is unsigned, and a
    /// negative one stands for a huge one.
    Range(Option<i128>, Option<i128>),
    /// `text LEAST..MOST`: a string that contains such a number.
    TextRange(i128, i128),
    /// `nonzero`
    Nonzero,
    /// `step N`: a multiple.
    Step(i128),
    /// `power`: of two, or 0.
    Power,
    /// `WORD|WORD`: one of these strings; `*` stands for anything.
    Words(&'static str),
    /// `never`: can't be set.
    Never,
    /// `on`: not off.
    On,
    /// `base64 LEAST..MOST`: base64 of so many bytes.
    Base64(usize, usize),
    /// `nonempty`: a list with an element, or a string with a character.
    Nonempty,
    /// `up-to KEY else N`: at most the other property, whose default is N.
    UpTo(&'static str, i128),
    /// `least KEY`: if it is set, at least the other property.
    Least(&'static str),
    /// `[above N|is WORD] needs KEYS`: if it is set, above N or this word, so is one of the others.
    Needs(When, &'static str),
    /// `without KEYS`: if it is set, none of the others is. `without KEY=WORD`: the other has not
    /// this value.
    Without(&'static str),
    /// `one`: at most one of the row's properties is there.
    One,
    /// `some`: one of the row's properties is there.
    Some,
    /// `differ`: the row's properties have different values.
    Differ,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Set,
    Above(i128),
    Is(&'static str),
}

pub(super) struct Row {
    pub(super) keys: &'static str,
    is_about_one_key: bool,
    /// The keys, each split at its `*`.
    patterns: Vec<(&'static str, Option<&'static str>)>,
    pub(super) since: (u32, u32),
    pub(super) rule: Rule,
    pub(super) message: &'static str,
}

impl Row {
    pub(super) fn read(line: &'static str) -> Option<Self> {
        let (rule, message) = line.split_once(" : ")?;
        let mut words = rule.splitn(4, ' ');
        let (_, keys, since) = (words.next()?, words.next()?, words.next()?);
        let (major, minor) = since.split_once('.').unwrap_or((since, "0"));
        let since = (major.parse().ok()?, minor.parse().ok()?);
        let is_about_one_key = !keys.contains(['+', '*']);
        let rule = Rule::read(words.next()?)?;
        let split = |key: &'static str| match key.split_once('*') {
            Some((start, end)) => (start, Some(end)),
            None => (key, None),
        };
        let patterns = keys.split('+').map(split).collect();
        Some(Self { keys, is_about_one_key, patterns, since, rule, message })
    }
}

impl Rule {
    fn read(text: &'static str) -> Option<Self> {
        let range = |text: &str| -> Option<(Option<i128>, Option<i128>)> {
            let (least, most) = text.split_once("..")?;
            let end =
                |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
            Some((end(least)?, end(most)?))
        };
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match (first, rest) {
            ("nonzero", "") => Self::Nonzero,
            ("power", "") => Self::Power,
            ("on", "") => Self::On,
            ("base64", limits) => {
                let (least, most) = range(limits)?;
                Self::Base64(least?.try_into().ok()?, most?.try_into().ok()?)
            }
            ("never", "") => Self::Never,
            ("nonempty", "") => Self::Nonempty,
            ("some", "") => Self::Some,
            ("one", "") => Self::One,
            ("differ", "") => Self::Differ,
            ("step", step) => Self::Step(step.parse().ok().filter(|step| *step > 0)?),
            ("text", limits) => {
                let (least, most) = range(limits)?;
                Self::TextRange(least?, most?)
            }
            ("up-to", other) => {
                let (key, default) = other.split_once(" else ")?;
                Self::UpTo(key, default.parse().ok()?)
            }
            ("least", key) => Self::Least(key),
            ("needs", keys) => Self::Needs(When::Set, keys),
            ("above", rest) => {
                let (number, keys) = rest.split_once(" needs ")?;
                Self::Needs(When::Above(number.parse().ok()?), keys)
            }
            ("is", rest) => {
                let (word, keys) = rest.split_once(" needs ")?;
                Self::Needs(When::Is(word), keys)
            }
            ("without", keys) => Self::Without(keys),
            (limits, "") if limits.contains("..") => {
                let (least, most) = range(limits)?;
                Self::Range(least, most)
            }
            (words, "") if words.contains('|') => Self::Words(words),
            _ => return None,
        })
    }

    /// What is wrong with a value, for rules about a value alone: what is expected instead.
    pub(super) fn refuses(self, value: &Given) -> Option<String> {
        let number = value.number();
        let expected = match self {
            Self::Range(least, most) => {
                let fits = |number: i128| {
                    let unsigned = least.is_none() && number < 0;
                    let number = if unsigned { number + (1 << 64) } else { number };
                    least.is_none_or(|least| number >= least)
                        && most.is_none_or(|most| number <= most)
                };
                let numbers = match value {
                    Given::List(list) => list.iter().filter_map(Given::number).collect(),
                    _ => Vec::from_iter(number),
                };
                if numbers.into_iter().all(fits) {
                    return None;
                }
                limits(least, most)
            }
            Self::TextRange(least, most) => {
                let text = value.text()?;
                if scalar::integer(text).is_some_and(|number| (least..=most).contains(&number)) {
                    return None;
                }
                limits(Some(least), Some(most))
            }
            Self::Nonzero => {
                number.filter(|number| *number == 0)?;
                "a number other than 0".to_owned()
            }
            Self::Step(step) => {
                number.filter(|number| number % step != 0)?;
                format!("a multiple of {step}")
            }
            Self::Power => {
                number.filter(|number| *number != 0 && number.unsigned_abs().count_ones() != 1)?;
                "a power of two".to_owned()
            }
            Self::Words(words) => {
                let text = value.text()?;
                if words.split('|').any(|word| captured(word, text).is_some()) {
                    return None;
                }
                words.split('|').map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
            }
            Self::On => value.is_off().then(|| "true".to_owned())?,
            Self::Base64(least, most) => {
                let length = base64_length(value.text()?);
                if (least..=most).contains(&length) {
                    return None;
                }
                format!("base64 of {most} bytes")
            }
            Self::Nonempty => value.is_empty().then(|| "a value that is not empty".to_owned())?,
            _ => return None,
        };
        Some(expected)
    }
}

impl Row {
    /// What `*` stands for if the row applies to a property.
    pub(super) fn star<'k>(&self, key: &'k str) -> Option<&'k str> {
        if self.is_about_one_key {
            return (self.keys == key).then_some("");
        }
        self.patterns.iter().find_map(|(start, end)| match end {
            Some(end) => key.strip_prefix(start)?.strip_suffix(end),
            None => (*start == key).then_some(""),
        })
    }
}

/// The part of a text for which the `*` of a pattern stands, if the pattern matches.
pub(super) fn captured<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    match pattern.split_once('*') {
        Some((start, end)) => text.strip_prefix(start)?.strip_suffix(end),
        None => (pattern == text).then_some(""),
    }
}

fn limits(least: Option<i128>, most: Option<i128>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("a number from {least} to {most}"),
        (Some(least), None) => format!("a number of at least {least}"),
        (None, Some(most)) => format!("a number up to {most}"),
        (None, None) => "a number".to_owned(),
    }
}

/// The number of bytes that a decoder that skips invalid characters makes of whole groups.
pub(super) fn base64_length(text: &str) -> usize {
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let digits = text.bytes().filter(is_digit).count();
    let padding = text.bytes().filter(|b| *b == b'=').count();
    (digits / 4 * 3).saturating_sub(padding)
}

#[cfg(test)]
mod tests {
    use super::{Rule, When};

    #[test]
    fn rules_are_words_that_have_a_meaning() {
        for (text, rule) in [
            ("1..2", Rule::Range(Some(1), Some(2))),
            ("step 4", Rule::Step(4)),
            ("a|b*", Rule::Words("a|b*")),
            ("up-to k else 7", Rule::UpTo("k", 7)),
            ("above 3 needs k", Rule::Needs(When::Above(3), "k")),
        ] {
            assert_eq!(Rule::read(text), Some(rule), "{text}");
        }
        for text in
            ["", "nonsense", "step", "step 0", "step -1", "step x", "on x", "a|b c", "up-to k"]
        {
            assert_eq!(Rule::read(text), None, "{text}");
        }
    }
}
