use std::fmt;

/// The removal of an option from QEMU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removal {
    /// The first release without it, such as `9.0`.
    pub release: &'static str,
    /// The replacement; empty if there is none.
    pub instead: &'static str,
}

impl fmt::Display for Removal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "removed in QEMU {}", self.release)?;
        if !self.instead.is_empty() {
            let all: Vec<String> =
                self.instead.split(" or ").map(|one| format!("`{one}`")).collect();
            write!(f, ", use {}", all.join(" or "))?;
        }
        Ok(())
    }
}
