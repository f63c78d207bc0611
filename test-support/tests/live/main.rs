//! Live probing: of programs that are no QEMU or a bad one, and of a real one.

// What is left behind is seen in `/proc`, and the system's messages are Linux's.
#![cfg(target_os = "linux")]

mod bad_binaries;
mod endings;
mod fixture;
mod host_checks;
mod killed;
mod real;
mod sessions;
mod survey;
mod survey_faults;
