//! Closed sets of names, such as architectures or flags, and the error for an unknown name.

use std::error::Error;
use std::fmt;

use crate::nearest::{hint, nearest};

/// Sets up to this size are listed in the error when no similar name exists.
const LISTED: usize = 24;

/// The text is not in a closed set of names.
///
/// ```
/// use caps_core::{Accel, Arch};
///
/// let error = "x68_64".parse::<Arch>().expect_err("a mistyped name");
/// assert_eq!(error.nearest(), Some("x86_64"));
/// assert_eq!(
///     error.to_string(),
///     "`x68_64` is not an architecture that libvirt knows, did you mean `x86_64`?"
/// );
/// let error = "z".parse::<Accel>().expect_err("an unknown name");
/// assert_eq!(error.to_string(), "`z` is not an accelerator, expected `kvm`, `hvf`, `mshv` or `tcg`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
// Boxed to keep results with this error small.
pub struct UnknownName(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    name: String,
    what: &'static str,
    expected: Vec<&'static str>,
    nearest: Option<&'static str>,
}

impl UnknownName {
    pub(crate) fn new(
        name: &str,
        what: &'static str,
        expected: impl Iterator<Item = &'static str>,
    ) -> Self {
        let expected: Vec<_> = expected.collect();
        let nearest = nearest(name, expected.iter().copied());
        Self(Box::new(Details { name: name.to_owned(), what, expected, nearest }))
    }

    /// The unknown name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What the name should denote, with an article: `an architecture that libvirt knows`.
    pub fn what(&self) -> &'static str {
        self.0.what
    }

    /// All names of the set, in order.
    pub fn expected(&self) -> &[&'static str] {
        &self.0.expected
    }

    /// The most similar name of the set, if any is similar.
    pub fn nearest(&self) -> Option<&'static str> {
        self.0.nearest
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { name, what, expected, nearest } = &*self.0;
        write!(f, "`{name}` is not {what}{}", alternatives(*nearest, expected))
    }
}

impl Error for UnknownName {}

/// The end of an error message about a name that is none of `expected`: the most similar one, or
/// all of a few.
pub(crate) fn instead(name: &str, expected: &[&str]) -> String {
    alternatives(nearest(name, expected.iter().copied()), expected)
}

fn alternatives(nearest: Option<&str>, expected: &[&str]) -> String {
    match expected {
        [others @ .., last] if nearest.is_none() && expected.len() <= LISTED => {
            let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
            let or = if others.is_empty() { "" } else { " or " };
            format!(", expected {}{or}`{last}`", others.join(", "))
        }
        _ => hint(nearest),
    }
}

/// Defines an enum for a closed set of names: the variants in order, `ALL`, `name`, `from_name`,
/// `Display` and `FromStr`. Errors use the text after the enum's name.
macro_rules! closed_set {
    (
        $(#[$meta:meta])*
        $vis:vis enum $set:ident: $what:expr, {
            $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $set {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $set {
            /// All values, in order.
            $vis const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name.
            $vis const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The value with this name.
            $vis fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for $set {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl ::std::str::FromStr for $set {
            type Err = $crate::names::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or_else(|| {
                    let names = Self::ALL.iter().map(|one| one.name());
                    $crate::names::UnknownName::new(name, $what, names)
                })
            }
        }

        $crate::names::serde_by_name!($set);
    };
}
pub(crate) use closed_set;

/// Serializes a value as its name and deserializes it with `FromStr`.
macro_rules! serde_by_name {
    ($set:ident) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = String::deserialize(deserializer)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_by_name;
