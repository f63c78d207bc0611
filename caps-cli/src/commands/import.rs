mod difference;

use std::path::PathBuf;

use caps_core::Baseline;
use caps_core::probe::{self, Matching};
use serde_json::{Value, json};

use self::difference::Difference;
use super::Context;
use crate::color::Meaning;
use crate::description::Derived;
use crate::exit::{CliError, Exit, Outcome};
use crate::input::read_text;
use crate::output::{Format, json, line};
use crate::parallel;
use crate::source::Source;
use crate::source::data::Data;
use crate::table::{Column, Table};

/// Check the captures of a libvirt checkout of any release.
///
/// For each capture in the directory, prints which libvirt release it fits, exactly or nearly, and
/// whether its `.xml` equals the derived one; if not, the first element that differs. Writes
/// nothing. Exits with 1 if any capture differs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qemu-caps import ~/libvirt/tests/qemucapabilitiesdata")]
pub(crate) struct Args {
    /// The directory, such as libvirt's `tests/qemucapabilitiesdata`.
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The findings on a capture.
struct Report {
    name: String,
    baseline: Option<Baseline>,
    is_exact: bool,
    /// What is wrong; `None` if the description equals the derived one.
    problem: Option<String>,
    /// Where the description differs.
    difference: Option<Difference>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let data = Data::in_dir(&args.dir)?;
    data.warn();
    // libvirt knows no surveys.
    let mut sources = data.sources(false);
    sources.retain(|source| !source.is_survey_alone());
    let reports = parallel::map(sources, |source| Ok::<_, CliError>(examine(source)))?;
    if reports.is_empty() {
        let dir = args.dir.display();
        return Err(CliError::input(format!("no `.replies` file in the directory `{dir}`")));
    }
    let good = reports.iter().filter(|report| report.problem.is_none()).count();
    match args.format {
        Format::Text => {
            let mut table = Table::new(vec![
                Column::Left(27),
                Column::Left(4),
                Column::Left(7),
                Column::Left(0),
            ]);
            for Report { name, baseline, is_exact, problem, .. } in &reports {
                let baseline = baseline.map_or("-", Baseline::name);
                let fit = if *is_exact { "exactly" } else { "nearly" };
                let result = match problem {
                    Some(problem) => (Meaning::Bad, problem.as_str()),
                    None => (Meaning::Good, "derives its XML"),
                };
                let cells = [name.as_str(), baseline, fit].map(|cell| (Meaning::Plain, cell));
                table.push(
                    cells
                        .into_iter()
                        .chain([result])
                        .map(|(meaning, cell)| (meaning, cell.to_owned())),
                );
            }
            table.text("", &mut context.out)?;
            line!(&mut context.out, "{good} of {}", reports.len())?;
        }
        Format::Json => {
            let captures: Vec<Value> = reports
                .iter()
                .map(|report| {
                    json!({
                        "capture": report.name,
                        "baseline": report.baseline.map(Baseline::name),
                        "exact": report.is_exact,
                        "problem": report.problem,
                        "difference": report.difference.as_ref().map(Difference::json),
                    })
                })
                .collect();
            json(&mut context.out, &json!({"captures": captures}))?;
        }
    }
    Ok(if good == reports.len() { Exit::Ok } else { Exit::No })
}

fn examine(source: Source) -> Report {
    let mut report = Report {
        name: source.name.clone(),
        baseline: None,
        is_exact: false,
        problem: None,
        difference: None,
    };
    report.problem = compare(source, &mut report).err();
    report
}

/// Finds the release that the capture fits and compares its description; the error says what is
/// wrong.
fn compare(source: Source, report: &mut Report) -> Result<(), String> {
    let path = source.xml();
    let words = |error: CliError| error.into_inner().to_string();
    let loaded = source.load().map_err(words)?;
    let id = loaded.id().map_err(words)?;
    let baseline = probe::detect(&loaded.conversation, &id);
    report.baseline = Some(baseline);
    let strict = Derived::new(&loaded.conversation, &id, Matching::Strict, baseline);
    report.is_exact = strict.is_ok();
    let derived = match strict {
        Ok(derived) => derived,
        Err(_) => {
            Derived::new(&loaded.conversation, &id, Matching::ByContent, baseline).map_err(words)?
        }
    };
    if !path.is_file() {
        return Err(format!("there is no `{}`", path.display()));
    }
    report.difference = Difference::first(&read_text(&path).map_err(words)?, &derived.xml);
    report.difference.as_ref().map_or(Ok(()), |difference| Err(difference.to_string()))
}
