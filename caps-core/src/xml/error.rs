use thiserror::Error;

use crate::names::UnknownName;

/// What is wrong with a capability XML, and where.
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

/// The problems of a capability XML.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// Not XML.
    #[error("malformed XML: {0}")]
    Malformed(String),
    /// XML of another kind.
    #[error("expected the root element `<{expected}>`, found `<{found}>`")]
    Root {
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// An element is absent.
    #[error("expected the element `<{0}>`")]
    NoElement(&'static str),
    /// The text of an element is not what it should be.
    #[error("expected {expected} in `<{element}>`, found `{found}`")]
    Text {
        /// The element.
        element: &'static str,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// An attribute is absent.
    #[error("expected the attribute `{attribute}` of `<{element}>`")]
    NoAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// An attribute is not what it should be.
    #[error("expected {expected} as `{attribute}` of `<{element}>`, found `{found}`")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A flag that no release of libvirt knows.
    #[error(transparent)]
    Flag(UnknownName),
    /// An architecture that libvirt does not know.
    #[error(transparent)]
    Arch(UnknownName),
    /// An unknown Hyper-V enlightenment.
    #[error(transparent)]
    Enlightenment(UnknownName),
}
