mod report;

use std::convert::Infallible;
use std::ffi::OsString;
use std::io::Write as _;

use caps_core::BaselineChoice;
use caps_core::check::{CheckError, check_conversation};
use caps_core::probe::Matching;
use caps_core::replies::Conversation;
use caps_core::testing::Regenerate;

use self::report::{Report, Verdict, XmlReport, XmlVerdict};
use super::Context;
use crate::choose::Filter;
use crate::complete;
use crate::description::{self, Comparison, Derived};
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::output::{Format, json};
use crate::parallel;
use crate::source::{Loaded, Source};

/// Check captures: pairing, numbering, formatting, and coverage of the QAPI schema.
///
/// Prints one line per file, as libvirt's replies tool does. PATH defaults to the data directory.
/// Exits with 1 if a file fails; a file that was fixed counts as passed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps check tests/qemucapabilitiesdata
  qemu-caps check --xml --regenerate tests/qemucapabilitiesdata
  qemu-caps check --regenerate caps_10.0.0_x86_64.replies")]
pub(crate) struct Args {
    /// Captures or directories of captures.
    #[arg(value_name = "PATH", add = complete::captures())]
    paths: Vec<OsString>,

    /// A directory, spelled as in libvirt's tool.
    #[arg(long, value_name = "DIR", hide = true)]
    repliesdir: Vec<OsString>,

    /// Also derive the capability XML of each capture and compare it with the `.xml` beside it.
    #[arg(long)]
    xml: bool,

    /// Fix numbering and formatting and, with `--xml`, write every `.xml` that differs or is
    /// missing: all files or none. `VIR_TEST_REGENERATE_OUTPUT=1` has the same effect.
    #[arg(long)]
    regenerate: bool,

    /// Fail if the capability XML of a capture is unreadable.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let wanted = Regenerate::from_env().map_err(CliError::usage)? == Regenerate::Yes;
    let regenerate = args.regenerate || wanted;
    let paths = [args.paths.as_slice(), args.repliesdir.as_slice()].concat();
    let sources = context.sources.choose(&paths, &args.filter)?;
    let baseline = context.sources.baseline;
    let examine = |source| examine(&source, args, regenerate, baseline);
    // Nothing ends the work, because the warnings of captures before a failure are printed, too.
    let Ok(examined) = parallel::map(sources, |source| Ok::<_, Infallible>(examine(source)));
    let mut reports = Vec::new();
    for examined in examined {
        let report = examined?;
        report.warn();
        reports.push(report);
    }
    // Write before printing, so that the report states what really happened.
    let written = if regenerate { write(&mut reports) } else { Ok(()) };
    let mut failure = None;
    for report in &mut reports {
        // Report the remaining files as well; the first failure sets the exit code.
        failure = failure.or(report.failure.take());
    }
    match args.format {
        Format::Text => report::text(&reports, args.xml, &mut context.out)?,
        Format::Json => {
            json(&mut context.out, &report::value(&reports, &context.sources.dirs()))?;
        }
    }
    if let Some(error) = failure.or(written.err()) {
        context.out.flush()?;
        return Err(error);
    }
    let good = reports.iter().all(|report| report.is_good(args.strict));
    Ok(if good { Exit::Ok } else { Exit::No })
}

/// Checks one file and collects what to write and to print.
fn examine(
    source: &Source,
    args: &Args,
    regenerate: bool,
    baseline: BaselineChoice,
) -> Result<Report, CliError> {
    let mut report = Report::new(&source.replies);
    let bytes = match source.read() {
        Ok(bytes) => bytes,
        Err(error) => {
            report.failure = Some(error);
            return Ok(report);
        }
    };
    let conversation = match Conversation::from_vec(bytes) {
        Ok(conversation) => conversation,
        Err(error) => {
            report.verdict = Verdict::Failed(error.into());
            return Ok(report);
        }
    };
    match check_conversation(&conversation) {
        Ok(()) => report.verdict = Verdict::Ok,
        Err(CheckError::Differs { canonical, .. }) if regenerate => {
            source.check_writable()?;
            report.verdict = Verdict::ToFix(canonical);
        }
        Err(error) => report.verdict = Verdict::Failed(error),
    }
    if !args.xml && !may_be_unreadable(&conversation) {
        return Ok(report);
    }
    // The file itself is checked, not what a survey beside it says.
    let source_alone = Source { survey: None, ..source.clone() };
    let loaded = Loaded { source: source_alone, conversation }.into_replies(baseline)?;
    let derived = loaded
        .id()
        .and_then(|id| Derived::new(&loaded.conversation, &id, Matching::ByContent, baseline));
    if let Ok(derived) = &derived {
        report.misread = derived.raw.iter().map(description::misread).collect();
        report.is_readable = derived.check_readable().is_ok();
    }
    if args.xml {
        report.xml = Some(describe(source, derived.as_ref(), regenerate)?);
    }
    Ok(report)
}

/// Returns whether the description of a capture can be unreadable: whether an answer that is written
/// into it without escaping has markup or an escape.
fn may_be_unreadable(conversation: &Conversation) -> bool {
    conversation.exchanges().any(|exchange| {
        let execute = exchange.command().execute();
        let is_raw = matches!(
            execute,
            "query-version" | "query-cpu-definitions" | "query-cpu-model-expansion"
        );
        let is_markup = |byte: &u8| matches!(byte, b'<' | b'&' | b'\'' | b'\\');
        // Without an early end, which would be slower for the many bytes of most answers.
        is_raw && exchange.reply_text().as_bytes().iter().filter(|byte| is_markup(byte)).count() > 0
    })
}

/// Compares the description of a capture with the derived one.
fn describe(
    source: &Source,
    derived: Result<&Derived, &CliError>,
    regenerate: bool,
) -> Result<XmlReport, CliError> {
    let path = source.xml();
    let derived = match derived {
        Ok(derived) => derived,
        Err(error) => {
            let problem = error.inner().to_string();
            return Ok(XmlReport { path, verdict: XmlVerdict::NotDerived(problem) });
        }
    };
    let verdict = match description::compare(&path, &derived.xml)? {
        Comparison::Same => XmlVerdict::Ok,
        _ if regenerate => {
            source.check_writable()?;
            XmlVerdict::ToWrite(derived.xml.clone())
        }
        Comparison::Missing => XmlVerdict::Missing,
        Comparison::Differs { diff } => XmlVerdict::Differs(diff),
    };
    Ok(XmlReport { path, verdict })
}

/// Writes the collected files, all or none: none if a file could not be read.
fn write(reports: &mut [Report]) -> Result<(), CliError> {
    if reports.iter().any(|report| report.failure.is_some()) {
        return Ok(());
    }
    caps_core::fs::clear_leftovers(reports.iter().map(Report::path));
    let texts = reports.iter().flat_map(Report::to_write);
    files::write(texts.map(|(path, text)| (path, text.as_bytes())))?;
    reports.iter_mut().for_each(Report::set_written);
    Ok(())
}

#[cfg(test)]
mod tests {
    use caps_core::replies::Conversation;

    use super::may_be_unreadable;

    #[test]
    fn markup_counts_in_the_answers_that_are_written_as_they_are() {
        let exchange = |command: &str, text: &str| {
            format!("{{\"execute\": \"{command}\"}}\n\n{{\"return\": {{\"a\": \"{text}\"}}}}\n")
        };
        for (answers, expected) in [
            (&[("query-version", "Debian <local>")][..], true),
            (&[("query-cpu-definitions", "a & b")], true),
            (&[("query-cpu-model-expansion", "it's")], true),
            (&[("query-version", "\\u003c")], true),
            (&[("query-version", "<a>"), ("query-cpu-definitions", "&")], true),
            (&[("query-version", "Debian"), ("query-cpu-definitions", "b")], false),
            (&[("query-version", "Debian"), ("query-machines", "<a>")], false),
        ] {
            let texts: Vec<String> =
                answers.iter().map(|(command, text)| exchange(command, text)).collect();
            let conversation = Conversation::parse(texts.join("\n")).expect("a conversation");
            assert_eq!(may_be_unreadable(&conversation), expected, "{answers:?}");
        }
    }
}
