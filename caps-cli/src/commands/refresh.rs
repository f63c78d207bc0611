use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use caps_core::capture::CaptureId;
use caps_core::diff::{DifferenceKind, Side, diff};
use caps_core::survey::{RecordOptions, Survey, record};
use caps_core::{Arch, Baseline, xml};

use super::Context;
use super::probe::Interrupt;
use super::survey::{existing, id, packed};
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{line, say};

/// Create or refresh the captures of several QEMUs in a directory.
///
/// Records surveys of all binaries, several at once, and makes `.replies` and `.xml` from the
/// surveys of some architectures. Prints the changes by kind before writing anything, and then
/// writes either all files or none. A survey with the same answers as before is left alone, with
/// its date.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps refresh --dir tests/qemucapabilitiesdata /usr/bin/qemu-system-*
  qemu-caps refresh --dir DIR --stage /var/tmp/surveys --dry-run BINARY...")]
pub(crate) struct Args {
    /// The QEMU binaries.
    #[arg(required = true, value_name = "BINARY")]
    binaries: Vec<PathBuf>,

    /// The directory that contains the captures.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// Keep surveys in this directory until they are written, and reuse those already there, so
    /// that an interrupted refresh can resume.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    stage: Option<PathBuf>,

    /// The architectures that also get `.replies` and `.xml`.
    #[arg(
        long,
        value_name = "ARCH",
        value_delimiter = ',',
        default_value = "x86_64,aarch64,s390x,ppc64,riscv64,loongarch64"
    )]
    replies: Vec<Arch>,

    /// Omit what identifies this host.
    #[arg(long)]
    anonymize: bool,

    /// Print the changes without writing anything.
    #[arg(long)]
    dry_run: bool,

    /// How many binaries to record at once. Defaults to the number of processors, at most 4.
    #[arg(long, value_name = "COUNT")]
    jobs: Option<NonZero<usize>>,

    /// How long QEMU may be silent, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,

    /// How long the survey of one binary may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1800, value_parser = clap::value_parser!(u64).range(1..))]
    deadline: u64,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    crate::files::create_dir(&args.dir)?;
    // The lock lasts until the end of the function.
    let _lock = lock(&args.dir)?;
    let baseline = context.sources.baseline.or_newest();
    let surveys = surveys(args)?;
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (binary, survey) in surveys {
        let id = id(&survey, None, &binary)?;
        let path = |ending: &str| args.dir.join(format!("{}.{ending}", id.file_stem()));
        let old = existing(&path("survey"))?;
        // A survey with equal answers keeps its date, so that a refresh without changes changes no
        // file.
        let same = old.as_ref().is_some_and(|old| old.has_same_answers(&survey));
        line!(
            &mut context.out,
            "{id}: {}",
            describe(old.as_ref().filter(|_| !same), &survey, same)
        )?;
        let survey = match old {
            Some(old) if same => old,
            _ => {
                let bytes = packed(&survey)?;
                if files.insert(path("survey"), bytes).is_some() {
                    let what = format!("`{}` is another QEMU of the name `{id}`", binary.display());
                    return Err(CliError::usage(what + ", expected one of each"));
                }
                survey
            }
        };
        if args.replies.contains(&id.arch) {
            for (ending, text) in made(&survey, &id, &binary, baseline)? {
                let path = path(ending);
                if caps_core::fs::read(&path).ok().is_none_or(|old| old != text.as_bytes()) {
                    line!(&mut context.out, "{id}: `.{ending}` changes")?;
                    files.insert(path, text.into_bytes());
                }
            }
        }
    }
    context.out.flush()?;
    // Everything has been printed by now, so a dry run ends here.
    if args.dry_run {
        return Ok(Exit::Ok);
    }
    crate::files::write(files.iter().map(|(path, bytes)| (path, bytes.as_slice())))?;
    Ok(Exit::Ok)
}

/// Takes the lock that keeps two refreshes from writing to the same directory.
#[expect(clippy::disallowed_methods, reason = "the directory is locked, not read")]
fn lock(dir: &Path) -> Result<File, CliError> {
    let failed = |error: io::Error| {
        CliError::output(error).context(format!("can't lock the directory `{}`", dir.display()))
    };
    let file = File::open(dir).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let what = format!("another refresh is at work in `{}`", dir.display());
            Err(CliError::output(what))
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Obtains the survey of each binary, in the given order.
fn surveys(args: &Args) -> Result<Vec<(PathBuf, Survey)>, CliError> {
    if let Some(stage) = &args.stage {
        crate::files::create_dir(stage)?;
    }
    let interrupt = Interrupt::install()
        .map_err(|error| CliError::qemu(error).context("can't set up the handling of signals"))?;
    let mut options = RecordOptions::default();
    let jobs = args.jobs.unwrap_or(options.jobs).get();
    options.live.timeout = Duration::from_secs(args.timeout);
    options.live.interrupt = Some(interrupt.descriptor());
    // The binaries run in parallel already, so each survey uses one QEMU at a time.
    options.jobs = NonZero::<usize>::MIN;
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<Survey, CliError>)>> = Mutex::default();
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(binary) = args.binaries.get(index) else { return };
            let mut options = options.clone();
            options.live.deadline = Instant::now().checked_add(Duration::from_secs(args.deadline));
            let survey = staged(args, binary, &options);
            // After a failure, start nothing new; what is already running finishes and stays in the
            // stage.
            if survey.is_err() {
                next.store(args.binaries.len(), Ordering::Relaxed);
            }
            if let Ok(mut done) = done.lock() {
                done.push((index, survey));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(args.binaries.len()) {
            scope.spawn(work);
        }
        work();
    });
    // All QEMUs have ended by now.
    drop(interrupt);
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    let named = |(index, survey): (usize, Result<Survey, CliError>)| {
        Ok((args.binaries[index].clone(), survey?))
    };
    done.into_iter().map(named).collect()
}

/// Takes the survey of a binary from the stage, or records it and puts it there.
fn staged(args: &Args, binary: &Path, options: &RecordOptions) -> Result<Survey, CliError> {
    let path = args.stage.as_ref().map(|stage| {
        // Named after the binary, whose version is unknown until it has run.
        let name = binary.display().to_string().replace('/', "%");
        stage.join(name + ".survey")
    });
    if let Some(path) = &path
        && let Some(survey) = existing(path)?
    {
        return Ok(survey);
    }
    let failed = || format!("can't record a survey of `{}`", binary.display());
    let mut survey = record(binary, options, &|_| {})
        .map_err(|error| CliError::qemu(error).context(failed()))?;
    if args.anonymize {
        survey = survey.anonymized().map_err(|error| CliError::qemu(error).context(failed()))?;
    }
    say!("recorded {}", binary.display());
    if let Some(path) = &path {
        crate::files::write([(path, packed(&survey)?.as_slice())])?;
    }
    Ok(survey)
}

/// Describes how a survey differs from the existing one.
fn describe(old: Option<&Survey>, new: &Survey, same: bool) -> String {
    let Some(old) = old else {
        return if same { "unchanged".to_owned() } else { "new".to_owned() };
    };
    let differences = diff(&Side::new(old.conversation()), &Side::new(new.conversation()));
    let Ok(differences) = differences else {
        return "changed, but one of the two can't be compared".to_owned();
    };
    let count = |kind: DifferenceKind| {
        let count = differences.iter().filter(|difference| difference.kind == kind).count();
        (count > 0).then(|| format!("{count} {}", kind.title()))
    };
    let counts: Vec<String> = DifferenceKind::ALL.iter().filter_map(|&kind| count(kind)).collect();
    if counts.is_empty() {
        "changed in what is not compared by kind".to_owned()
    } else {
        format!("changed: {}", counts.join(", "))
    }
}

/// Makes the other files of a capture.
fn made(
    survey: &Survey,
    id: &CaptureId,
    binary: &Path,
    baseline: Baseline,
) -> Result<[(&'static str, String); 2], CliError> {
    let failed = |error| {
        let what = format!("the survey of `{}` can't be probed", binary.display());
        CliError::qemu(error).context(what)
    };
    let replies = survey.replies(baseline).map_err(failed)?;
    let capabilities = survey.capabilities(baseline, id).map_err(failed)?;
    Ok([("replies", replies.text().to_owned()), ("xml", xml::write(&capabilities))])
}
