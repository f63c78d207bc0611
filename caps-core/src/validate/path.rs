use std::borrow::Cow;
use std::fmt;

/// A step from a JSON value to a nested one.
#[derive(Debug, Clone)]
pub(super) enum Step<'a> {
    Member(Cow<'a, str>),
    Element(usize),
}

/// The path to a value; formatted only for findings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path<'a>(Vec<Step<'a>>);

impl<'a> Path<'a> {
    pub(super) fn member(name: impl Into<Cow<'a, str>>) -> Self {
        Self(vec![Step::Member(name.into())])
    }

    pub(super) fn push(&mut self, name: impl Into<Cow<'a, str>>) {
        self.0.push(Step::Member(name.into()));
    }

    pub(super) fn push_element(&mut self, index: usize) {
        self.0.push(Step::Element(index));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The last name; elements of arrays have none.
    pub(crate) fn leaf(&self) -> Option<&str> {
        match self.0.last() {
            Some(Step::Member(name)) => Some(name),
            Some(Step::Element(_)) | None => None,
        }
    }

    /// The path of a member of the value.
    pub(super) fn to(&self, name: &str) -> String {
        if self.0.is_empty() { name.to_owned() } else { format!("{self}.{name}") }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Member(name) if number == 0 => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Element(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
