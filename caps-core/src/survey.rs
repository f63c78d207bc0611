//! Surveys: everything that a QEMU reports without side effects, recorded once.
//!
//! A survey is a [`Conversation`](crate::replies::Conversation) with all questions of the
//! [`QUESTIONS`] table instead of those of one libvirt release, packed into a file
//! `caps_VERSION_ARCH[+VARIANT].survey`. What QEMU reports outside QMP (`-help`, `-device help`),
//! crashes, and the origin of the survey are recorded as exchanges with made-up commands.
//! `docs/survey-format.md` describes the format.
//!
//! [`Survey`] reads a survey; [`record`] makes one.
//!
//! ```no_run
//! use caps_core::Baseline;
//! use caps_core::probe::run;
//! use caps_core::survey::{Survey, SurveyHost};
//!
//! let survey = Survey::from_bytes(&std::fs::read("caps_11.1.3_x86_64.survey")?)?;
//! let caps = run(Baseline::NEWEST, &mut SurveyHost::new(&survey, Baseline::NEWEST))?;
//! println!("{}: {} device types", caps.version, survey.devices().len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alter;
mod command_line;
mod error;
mod host;
#[cfg(feature = "live")]
mod known;
mod lists;
#[cfg(feature = "live")]
mod log;
mod mark;
#[cfg(feature = "live")]
mod marking;
mod pack;
mod properties;
mod provenance;
mod question;
mod read;
#[cfg(feature = "live")]
mod record;
#[cfg(test)]
#[cfg(feature = "live")]
mod scripted;
#[cfg(feature = "live")]
mod session;
#[cfg(feature = "live")]
#[expect(
    clippy::disallowed_methods,
    reason = "the day, and the CPU in the kernel's words, are not what is derived from"
)]
mod this_host;
mod types;
#[cfg(feature = "live")]
mod walk;

pub use alter::UnknownQemu;
pub use command_line::{CommandLineOption, HelpOption, OptionParameter};
#[cfg(feature = "live")]
pub use error::RecordError;
pub use error::SurveyError;
pub use host::{SurveyHost, SurveyHostError};
pub use lists::Listed;
#[cfg(feature = "tools")]
pub(crate) use mark::is_about_recording;
pub use mark::{End, Printed};
#[cfg(feature = "pack")]
pub use pack::pack;
pub use pack::{MAX_TEXT, unpack};
pub use properties::{Properties, Property};
pub use provenance::Provenance;
pub use question::{Ask, QUESTIONS, Question, Sessions, Types};
pub use read::Survey;
#[cfg(feature = "live")]
pub use record::{Progress, RecordOptions, record};
pub use types::{DeviceType, MachineType, QomType};
