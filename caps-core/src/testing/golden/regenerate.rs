/// Whether golden files are compared or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regenerate {
    /// A difference is a failure.
    No,
    /// What differs or is missing is written.
    Yes,
}

impl Regenerate {
    /// The environment variable, the one that libvirt's tests have.
    pub const VARIABLE: &'static str = "VIR_TEST_REGENERATE_OUTPUT";
}
