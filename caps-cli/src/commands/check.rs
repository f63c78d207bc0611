use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::check::{CheckError, check};
use caps_core::fs::write_atomically;
use caps_core::testing::Regenerate;
use serde_json::json;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use crate::source::read;

/// Check captures: pairing, numbering, formatting, and coverage of the QAPI schema.
///
/// Prints a line for each file, as libvirt's replies tool does. Without PATH the data directory is
/// checked. The exit code is 1 if a file fails; mended files count as good.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps check tests/qemucapabilitiesdata\n  qemu-caps check --regenerate caps_10.0.0_x86_64.replies"
)]
pub(crate) struct Args {
    /// Captures, or directories of captures.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Mend numbering and formatting. Also done when `VIR_TEST_REGENERATE_OUTPUT` is 1.
    #[arg(long)]
    regenerate: bool,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

enum Verdict {
    Ok,
    Mended,
    Failed(CheckError),
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let wanted = Regenerate::from_env().map_err(CliError::usage)? == Regenerate::Yes;
    let regenerate = args.regenerate || wanted;
    let mut verdicts = Vec::new();
    let mut unreadable = None;
    for path in files(args, context)? {
        let verdict = match examine(&path, regenerate) {
            Ok(verdict) => verdict,
            Err(error) => {
                // The other files are checked all the same; the first such error ends the program.
                unreadable = unreadable.or(Some(error));
                continue;
            }
        };
        if args.format == Format::Text {
            print(&path, &verdict, context)?;
        }
        verdicts.push((path, verdict));
    }
    if args.format == Format::Json {
        let files: Vec<_> = verdicts
            .iter()
            .map(|(path, verdict)| {
                let (verdict, problem) = match verdict {
                    Verdict::Ok => ("ok", None),
                    Verdict::Mended => ("mended", None),
                    Verdict::Failed(error) => ("failed", Some(error.to_string())),
                };
                json!({"file": path.display().to_string(), "verdict": verdict, "problem": problem})
            })
            .collect();
        json(&mut context.out, &json!({"files": files}))?;
    }
    if let Some(error) = unreadable {
        context.out.flush()?;
        return Err(error);
    }
    let failed = verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
    Ok(if failed { Exit::No } else { Exit::Ok })
}

fn print(path: &Path, verdict: &Verdict, context: &mut Context) -> Result<(), CliError> {
    let path = path.display();
    match verdict {
        Verdict::Ok => writeln!(context.out, "'{path}' ... OK")?,
        Verdict::Mended => writeln!(context.out, "'{path}' ... OK (mended)")?,
        Verdict::Failed(error) => {
            let kind = match error {
                CheckError::Schema(_) => "qmp schema error",
                _ => "replies file error",
            };
            writeln!(context.out, "'{path}' ... FAIL\n{kind}: {error}")?;
            if matches!(error, CheckError::Differs { .. }) {
                writeln!(context.out, "mend it with: qemu-caps check --regenerate '{path}'")?;
            }
        }
    }
    Ok(())
}

fn examine(path: &Path, regenerate: bool) -> Result<Verdict, CliError> {
    let bytes = read(path).map_err(|error| {
        CliError::input(error).context(format!("can't read the capture `{}`", path.display()))
    })?;
    match check(&bytes) {
        Ok(()) => Ok(Verdict::Ok),
        Err(CheckError::Differs { canonical, .. }) if regenerate => {
            write_atomically(path, canonical.as_bytes()).map_err(CliError::input)?;
            Ok(Verdict::Mended)
        }
        Err(error) => Ok(Verdict::Failed(error)),
    }
}

/// The files to check; of a directory all `.replies`, sorted.
fn files(args: &Args, context: &Context) -> Result<Vec<PathBuf>, CliError> {
    if args.paths.is_empty() {
        let captures = context.sources.captures()?;
        return Ok(captures.iter().filter_map(|capture| capture.replies.clone()).collect());
    }
    let mut files = Vec::new();
    for path in args.paths.iter().cloned() {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        let before = files.len();
        let list_error = |error| {
            let dir = path.display();
            CliError::input(error).context(format!("can't list the directory `{dir}`"))
        };
        for entry in fs::read_dir(&path).map_err(list_error)? {
            let file = entry.map_err(list_error)?.path();
            if file.extension().is_some_and(|ending| ending == "replies") {
                files.push(file);
            }
        }
        files[before..].sort();
        if files.len() == before {
            let dir = path.display();
            return Err(CliError::input(format!("no `.replies` file in the directory `{dir}`")));
        }
    }
    Ok(files)
}
