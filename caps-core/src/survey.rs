//! Surveys: everything that a QEMU tells without side effects, recorded once.
//!
//! A survey is a [`Conversation`](crate::replies::Conversation) with every question of the
//! [`QUESTIONS`] table instead of those of one release of libvirt, packed into one
//! `caps_VERSION_ARCH[+VARIANT].survey` file. What QEMU tells outside QMP (`-help`, `-device help`),
//! what ended it, and where the survey comes from stand in the conversation as exchanges of
//! commands that no QEMU has. `docs/survey-format.md` describes the format.
//!
//! [`Survey`] reads one; [`record`] makes one.

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

pub use alter::UnknownQemu;
pub use command_line::{CommandLineOption, HelpOption, OptionParameter};
pub use error::{RecordError, SurveyError};
pub use host::{SurveyHost, SurveyHostError};
pub use lists::Listed;
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
