use std::io::Write as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caps_core::capture::{CaptureId, CaptureVariant};
use caps_core::survey::{RecordOptions, Survey, pack, record};
use indicatif::{ProgressBar, ProgressStyle};

use super::Context;
use super::probe::Interrupt;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{line, say};
use crate::source::{Source, parse_variant};

/// Record everything that a QEMU reports without side effects, packed into one file.
///
/// `plan --survey` prints the questions. A question that crashes QEMU is recorded as such, and
/// another QEMU answers the rest. The file, `caps_VERSION_ARCH[+VARIANT].survey`, is accepted
/// wherever a capture is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps survey /usr/bin/qemu-system-x86_64 --dir tests/qemucapabilitiesdata
  qemu-caps survey --text caps_11.1.3_x86_64.survey
  git config diff.survey.textconv 'qemu-caps survey --text'")]
pub(crate) struct Args {
    /// The QEMU binary.
    #[arg(required_unless_present = "text", conflicts_with = "text")]
    binary: Option<PathBuf>,

    /// The directory to write to; created if needed.
    #[arg(long, value_name = "DIR", default_value = ".", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// The variant in the file name, with or without its `+`. Defaults to none, or to the target in the
    /// binary's name if QEMU reports another one.
    #[arg(long, value_name = "NAME", value_parser = parse_variant)]
    variant: Option<CaptureVariant>,

    /// Replace an existing file whose content differs.
    #[arg(long)]
    replace: bool,

    /// Omit what identifies this host: the names of its CPU and kernel, and its keys.
    #[arg(long)]
    anonymize: bool,

    /// How many QEMUs to run at once. Defaults to the number of processors, at most 4.
    #[arg(long, value_name = "COUNT")]
    jobs: Option<NonZero<usize>>,

    /// How long QEMU may be silent, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,

    /// How long the whole survey may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1800, value_parser = clap::value_parser!(u64).range(1..))]
    deadline: u64,

    /// Print a survey as text instead, for git's textconv.
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    if let Some(file) = &args.text {
        context.out.write_all(&Source::of_replies(file).read()?)?;
        return Ok(Exit::Ok);
    }
    let binary = args.binary.as_deref().unwrap_or(Path::new(""));
    let mut options = RecordOptions::default();
    options.jobs = args.jobs.unwrap_or(options.jobs);
    options.live.timeout = Duration::from_secs(args.timeout);
    options.live.deadline = Instant::now().checked_add(Duration::from_secs(args.deadline));
    let mut survey = record_binary(binary, options)?;
    if args.anonymize {
        survey = survey.anonymized().map_err(CliError::qemu)?;
        for what in survey.provenance().map(|origin| origin.left_out).unwrap_or_default() {
            say!(Note: "omitted: {what}");
        }
    }
    let id = id(&survey, args.variant.clone(), binary)?;
    let path = args.dir.join(id.file_stem() + ".survey");
    crate::files::create_dir(&args.dir)?;
    check_replaceable(&path, &survey, args.replace)?;
    crate::files::write([(&path, packed(&survey)?.as_slice())])?;
    for note in ends(&survey) {
        say!(Note: "{note}");
    }
    line!(&mut context.out, "{}", path.display())?;
    Ok(Exit::Ok)
}

/// Records a survey with signal handling and, on a terminal, a progress bar.
pub(super) fn record_binary(binary: &Path, mut options: RecordOptions) -> Result<Survey, CliError> {
    let interrupt = Interrupt::install()
        .map_err(|error| CliError::qemu(error).context("can't set up the handling of signals"))?;
    options.live.interrupt = Some(interrupt.descriptor());
    let bar = ProgressBar::new(0);
    let template = "{spinner} {prefix}: {pos} of {len} answers";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(binary.display().to_string());
    let result = record(binary, &options, &|progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    });
    bar.finish_and_clear();
    // All QEMUs have ended by now.
    drop(interrupt);
    result.map_err(|error| {
        CliError::qemu(error).context(format!("can't record a survey of `{}`", binary.display()))
    })
}

/// The name of the capture; a given variant replaces the one in the binary's name.
pub(super) fn id(
    survey: &Survey,
    variant: Option<CaptureVariant>,
    binary: &Path,
) -> Result<CaptureId, CliError> {
    let id = survey.capture_id(binary).map_err(|error| {
        CliError::qemu(error).context(format!("can't name the survey of `{}`", binary.display()))
    })?;
    Ok(CaptureId { variant: variant.unwrap_or(id.variant), ..id })
}

/// Fails if there is a survey at the path whose answers differ, unless it may be replaced.
fn check_replaceable(path: &Path, survey: &Survey, replace: bool) -> Result<(), CliError> {
    if replace {
        return Ok(());
    }
    match existing(path)? {
        Some(old) if !old.has_same_answers(survey) => {
            let path = path.display();
            let what =
                format!("`{path}` exists and has different answers, use `--replace` to replace it");
            Err(CliError::output(what))
        }
        _ => Ok(()),
    }
}

/// Reads the survey at a path; `None` if there is no such file.
pub(super) fn existing(path: &Path) -> Result<Option<Survey>, CliError> {
    let failed = || format!("can't read the survey `{}`", path.display());
    match caps_core::fs::read(path) {
        Ok(bytes) => Survey::from_bytes(&bytes)
            .map(Some)
            .map_err(|error| CliError::input(error).context(failed())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CliError::input(error).context(failed())),
    }
}

pub(super) fn packed(survey: &Survey) -> Result<Vec<u8>, CliError> {
    pack(survey.text()).map_err(|error| CliError::output(error).context("can't pack the survey"))
}

/// The questions that crashed QEMU.
fn ends(survey: &Survey) -> Vec<String> {
    let ends = survey.ends().into_iter().map(|(exchange, end)| {
        let after = end.after.as_ref().map(|question| format!(", asked after `{question}`,"));
        let after = after.unwrap_or_default();
        format!("`{}`{after} ended QEMU: it {}", exchange.command(), end.how)
    });
    ends.collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes the files that it looks at")]
mod tests {
    use super::*;

    /// The text of a survey without answers but those.
    fn survey(answers: &str) -> Survey {
        let text = format!(
            "{{\"execute\": \"query-version\"}}\n\n{{\"return\": {{\"qemu\": {{\"major\": 11, \"minor\": 1, \"micro\": 3}}, \"package\": \"\"}}}}\n\n\
             {{\"execute\": \"query-target\"}}\n\n{{\"return\": {{\"arch\": \"riscv64\"}}}}\n\n{answers}\
             {{\"execute\": \"qemu-caps:provenance\"}}\n\n{{\"return\": {{\"program\": \"a test\"}}}}\n"
        );
        Survey::from_bytes(text.as_bytes()).expect("a survey")
    }

    const CRASH: &str = "{\"execute\": \"device-list-properties\", \"arguments\": {\"typename\": \"a\"}}\n\n\
        {\"error\": {\"class\": \"GenericError\", \"desc\": \"gone\"}, \"qemu-caps:ended\": \
        {\"how\": \"was killed by signal 6 (SIGABRT)\", \"last-words\": []";

    #[test]
    fn a_given_variant_replaces_that_of_the_binary() {
        let binary = Path::new("/usr/bin/qemu-system-riscv64");
        let name = |variant: Option<&str>| {
            let variant = variant.map(|name| name.parse().expect("a variant"));
            id(&survey(""), variant, binary).expect("a name").to_string()
        };
        assert_eq!(name(None), "11.1.3_riscv64");
        assert_eq!(name(Some("+mine")), "11.1.3_riscv64+mine");
    }

    #[test]
    fn questions_that_ended_qemu_are_named() {
        let after = ", \"after\": \"{\\\"execute\\\":\\\"stop\\\"}\"";
        for (more, expected) in [("", ""), (after, ", asked after `{\"execute\":\"stop\"}`,")] {
            let survey = survey(&format!("{CRASH}{more}}}}}\n\n"));
            let found = ends(&survey);
            assert_eq!(found.len(), 1);
            assert!(found[0].starts_with("`device-list-properties"), "{found:?}");
            let end = format!("`{expected} ended QEMU: it was killed by signal 6 (SIGABRT)");
            assert!(found[0].ends_with(&end), "{found:?}");
        }
        assert_eq!(ends(&survey("")), [""; 0]);
    }

    #[test]
    fn only_a_survey_with_other_answers_is_in_the_way() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a.survey");
        assert!(existing(&path).expect("no file").is_none());
        check_replaceable(&path, &survey(""), false).expect("no file");
        std::fs::write(&path, survey("").text()).expect("a file");
        assert!(existing(&path).expect("a survey").is_some());
        check_replaceable(&path, &survey(""), false).expect("the same answers");
        let other = survey(&format!("{CRASH}}}}}\n\n"));
        let error = check_replaceable(&path, &other, false).expect_err("other answers");
        assert!(error.inner().to_string().contains("has different answers"), "{error:?}");
        check_replaceable(&path, &other, true).expect("it may be replaced");
        std::fs::write(&path, "none").expect("a file");
        check_replaceable(&path, &other, true).expect("whatever it is");
        assert!(existing(&path).is_err(), "no survey");
        assert!(existing(dir.path()).is_err(), "a directory");
    }
}
