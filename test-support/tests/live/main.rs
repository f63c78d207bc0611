//! Live probing: of programs that are not QEMU, of a misbehaving QEMU, and of a real one.

// Leftovers are detected in `/proc`, and the system's messages are Linux's.
#![cfg(target_os = "linux")]

mod bad_binaries;
mod endings;
mod fixture;
mod host_checks;
mod killed;
mod matrix;
mod no_tcg;
mod real;
mod sessions;
mod survey;
mod survey_faults;
mod survey_order;
