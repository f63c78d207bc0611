use thiserror::Error;

use crate::names::UnknownName;

/// A problem in a capability XML, with its position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {kind}")]
#[non_exhaustive]
pub struct XmlError {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The problem.
    pub kind: XmlErrorKind,
}

impl XmlError {
    /// A problem at a byte offset.
    pub(super) fn at(xml: &str, offset: usize, kind: XmlErrorKind) -> Self {
        let before = &xml.as_bytes()[..offset.min(xml.len())];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Self { line, column: before.len() - line_start + 1, kind }
    }
}

/// The kinds of problems in a capability XML.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// The text is not XML.
    #[error("malformed XML: {0}")]
    Malformed(String),
    /// The root element is a different one.
    #[error("expected the root element `<{expected}>`, found `<{found}>`")]
    Root {
        /// The expected element.
        expected: &'static str,
        /// The element found.
        found: String,
    },
    /// An element is missing.
    #[error("expected the element `<{0}>`")]
    NoElement(&'static str),
    /// The text of an element is invalid.
    #[error("expected {expected} in `<{element}>`, found `{found}`")]
    Text {
        /// The element.
        element: &'static str,
        /// The expected text.
        expected: &'static str,
        /// The text found.
        found: String,
    },
    /// An attribute is missing.
    #[error("expected the attribute `{attribute}` of `<{element}>`")]
    NoAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// The value of an attribute is invalid.
    #[error("expected {expected} as `{attribute}` of `<{element}>`, found `{found}`")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
        /// The expected value.
        expected: &'static str,
        /// The value found.
        found: String,
    },
    /// A flag unknown to every libvirt release.
    #[error(transparent)]
    Flag(UnknownName),
    /// An architecture unknown to libvirt.
    #[error(transparent)]
    Arch(UnknownName),
    /// An unknown Hyper-V enlightenment.
    #[error(transparent)]
    Enlightenment(UnknownName),
}
