//! Probing: asking a QEMU, live or recorded, libvirt's questions and interpreting the answers.
//!
//! [`run`] is the only code that walks the [`plan`]. A [`Host`] answers its questions: a live QEMU,
//! a recording ([`Replay`]), or a [`Recorder`] around either. Recording, deriving and probing are
//! the same walk, so they can't drift apart.
//!
//! ```no_run
//! use caps_core::Baseline;
//! use caps_core::probe::live::{Live, Options, find_binary};
//! use caps_core::probe::{Recorder, run};
//!
//! let binary = find_binary("qemu-system-x86_64".as_ref())?;
//! let mut recorder = Recorder::new(Live::new(binary, Options::default()));
//! let caps = run(Baseline::NEWEST, &mut recorder)?;
//! let (_, replies) = recorder.into_parts();
//! std::fs::write(format!("caps_{}_{}.replies", caps.version, caps.arch), replies)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
#[cfg(feature = "live")]
#[expect(clippy::disallowed_methods, reason = "connects to a running QEMU")]
pub mod connect;
mod convert;
mod derive;
mod detect;
mod ended;
mod error;
mod host;
#[cfg(feature = "live")]
#[expect(clippy::disallowed_methods, reason = "starts and stops QEMU")]
pub mod live;
pub mod plan;
mod question;
mod record;
mod replay;
mod run;

pub use convert::{AnotherQemu, ConvertError, convert, convert_with};
pub use derive::{Derived, derive};
pub use detect::{detect, is_hvf};
pub use ended::Ended;
pub use error::{ProbeError, ProbeErrorKind};
pub use host::{Answer, Host, HostError, Launch};
pub use question::{Ask, Condition, Expansion, Step};
pub use record::Recorder;
pub use replay::{Matching, Replay, ReplayError};
pub use run::run;
