//! Live probing: of programs that are no QEMU or a bad one, and of a real one.

// What is left behind is seen in `/proc`, and the system's messages are Linux's.
#![cfg(target_os = "linux")]

#[path = "bad_binaries.rs"]
mod bad_binaries;
#[path = "endings.rs"]
mod endings;
#[path = "fixture.rs"]
mod fixture;
#[path = "killed.rs"]
mod killed;
#[path = "real.rs"]
mod real;
#[path = "sessions.rs"]
mod sessions;
