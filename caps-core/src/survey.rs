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
mod lists;
mod log;
mod mark;
mod pack;
mod properties;
#[expect(
    clippy::disallowed_methods,
    reason = "the day, and the CPU in the kernel's words, are not what is derived from"
)]
mod provenance;
mod question;
mod read;
mod record;
mod session;
mod types;
mod walk;

pub use alter::UnknownQemu;
pub use command_line::{CommandLineOption, HelpOption, OptionParameter};
pub use error::{RecordError, SurveyError};
pub use host::{SurveyHost, SurveyHostError};
pub use lists::Listed;
pub(crate) use mark::is_about_recording;
pub use mark::{End, Printed};
#[cfg(feature = "pack")]
pub use pack::pack;
pub use pack::{MAX_TEXT, unpack};
pub use properties::{Properties, Property};
pub use provenance::Provenance;
pub use question::{Ask, QUESTIONS, Question, Sessions, Types};
pub use read::Survey;
pub use record::{Progress, RecordOptions, record};
pub use types::{DeviceType, MachineType, QomType};
