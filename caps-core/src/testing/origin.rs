/// Where a type that functions take comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// From the capture's `.xml`.
    Xml,
    /// From the capture's `.replies`.
    Replies,
    /// From the capture's `.survey`.
    Survey,
    /// From the capture itself.
    Capture,
    /// From the input file.
    File,
    /// From the item `golden`.
    Golden,
    /// From any of them.
    Case,
}

impl Origin {
    /// Does a test need a capture for it?
    pub fn is_capture(self) -> bool {
        matches!(self, Self::Xml | Self::Replies | Self::Survey | Self::Capture)
    }
}

/// The types that functions take, by their last names. Types of users, which implement
/// [`FromCase`](super::FromCase), come on top.
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
