/// The source of an argument type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The capture's `.xml`.
    Xml,
    /// The capture's `.replies`.
    Replies,
    /// The capture's `.survey`.
    Survey,
    /// The capture itself.
    Capture,
    /// The input file.
    File,
    /// The item `golden`.
    Golden,
    /// Any of them.
    Case,
}

impl Origin {
    /// Returns whether tests with such an argument need a capture.
    pub fn is_capture(self) -> bool {
        matches!(self, Self::Xml | Self::Replies | Self::Survey | Self::Capture)
    }
}

/// The built-in argument types, by the last segment of their path. In addition, functions can take
/// types of the user that implement [`FromCase`](super::FromCase).
pub const PARAMETERS: [(&str, Origin); 15] = [
    ("Capabilities", Origin::Xml),
    ("DomainCapabilities", Origin::Xml),
    ("DomainDocuments", Origin::Xml),
    ("Schema", Origin::Replies),
    ("Validator", Origin::Replies),
    ("Conversation", Origin::Replies),
    ("Survey", Origin::Survey),
    ("Capture", Origin::Capture),
    ("CaptureId", Origin::Capture),
    ("Version", Origin::Capture),
    ("Arch", Origin::Capture),
    ("InputFile", Origin::File),
    ("Golden", Origin::Golden),
    ("Server", Origin::Replies),
    ("Case", Origin::Case),
];
