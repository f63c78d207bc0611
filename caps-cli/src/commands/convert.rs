use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::BaselineChoice;
use caps_core::probe::live::{Live, Options};
use caps_core::probe::{convert, convert_with};
use caps_core::survey::{Survey, SurveyHost};

use super::Context;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::input::read;
use crate::source::Source;

/// Convert a capture for another release of libvirt.
///
/// Drops the questions that the release doesn't ask, inserts the ones it adds, and renumbers the
/// exchanges. Takes missing answers from `--with`, or else from the survey beside the capture, and
/// never guesses: if some remain, the command fails and lists them. Prints the conversation to standard
/// output.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps convert 10.0.13_x86_64 --baseline 11.3
  qemu-caps convert X.replies --baseline 12.8 --with qemu-system-x86_64
  qemu-caps convert X.replies --baseline 11.3 --with X.survey >old.replies")]
pub(crate) struct Args {
    /// The capture.
    #[arg(add = complete::captures())]
    capture: OsString,

    /// The same QEMU, or a survey of it, to take missing answers from.
    #[arg(long, value_name = "BINARY|SURVEY", value_hint = clap::ValueHint::FilePath)]
    with: Option<PathBuf>,

    /// Write the conversation to a file instead; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let loaded = context.sources.load(&args.capture)?;
    let id = loaded.id()?;
    let baseline = context.sources.baseline.or_newest();
    let recorded = &loaded.conversation;
    if Survey::is_one(recorded) {
        let loaded = loaded.into_replies(BaselineChoice::Only(baseline))?;
        return write(args, loaded.conversation.text(), context);
    }
    let (survey, binary) = match &args.with {
        Some(path) if path.extension().is_some_and(|ending| ending == "survey") => {
            (Some(path.clone()), None)
        }
        Some(binary) => (None, Some(binary)),
        None => (survey_of(&loaded.source), None),
    };
    let survey = survey.map(|path| read_survey(&path)).transpose()?;
    let converted = match (&survey, binary) {
        (Some(survey), _) => {
            convert_with(recorded, &id, baseline, &mut SurveyHost::new(survey, baseline))
        }
        (None, Some(binary)) => {
            convert_with(recorded, &id, baseline, &mut Live::new(binary, Options::default()))
        }
        (None, None) => convert(recorded, &id, baseline),
    };
    let text = converted.map_err(|error| {
        let (path, release) = (loaded.source.replies.display(), baseline.release());
        CliError::input(error).context(format!("can't convert `{path}` for {release}"))
    })?;
    write(args, &text, context)
}

fn write(args: &Args, text: &str, context: &mut Context) -> Outcome {
    match args.output.as_ref().filter(|file| file.as_os_str() != "-") {
        Some(file) => files::write_output(file, text.as_bytes())?,
        None => context.out.write_all(text.as_bytes())?,
    }
    Ok(Exit::Ok)
}

/// The survey of a capture; of a file, the one beside it.
fn survey_of(source: &Source) -> Option<PathBuf> {
    let beside = || Some(source.replies.with_extension("survey")).filter(|path| path.is_file());
    source.survey.clone().or_else(beside)
}

fn read_survey(path: &Path) -> Result<Survey, CliError> {
    let failed = || format!("can't read the survey `{}`", path.display());
    let bytes = read(path).map_err(|error| CliError::input(error).context(failed()))?;
    Survey::from_bytes(&bytes).map_err(|error| CliError::input(error).context(failed()))
}
