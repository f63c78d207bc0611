/// Whether to compare golden files or write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regenerate {
    /// Compare; a difference is a failure.
    No,
    /// Write files that differ or are missing.
    Yes,
}

impl Regenerate {
    /// The environment variable, named as in libvirt's tests.
    pub const VARIABLE: &'static str = "VIR_TEST_REGENERATE_OUTPUT";
}
