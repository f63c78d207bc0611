use crate::accel::DomainType;
use crate::caps::{Acceleration, Capabilities};
use crate::flag::Flag;

impl DomainType {
    /// The capabilities for this domain type; `None` if its accelerator is not available.
    pub(super) fn slot(self, caps: &Capabilities) -> Option<&Acceleration> {
        let counts = !self.is_accelerated() || caps.has(Flag::of_accel(self.accel()));
        counts.then(|| caps.acceleration(self.accel()))
    }
}
