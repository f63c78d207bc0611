use crate::names::closed_set;

closed_set! {
    /// The step at which QEMU detects a defect of a command line.
    pub enum Stage: "a stage", {
        /// The option is unknown or lacks its argument.
        Option = "option unknown",
        /// A type is unknown: a machine, CPU model, device, backend.
        Type = "type unknown",
        /// A key or value is wrong.
        Value = "value or property",
        /// This build lacks a feature.
        Build = "not built",
        /// Options contradict each other.
        Other = "other",
    }
}
