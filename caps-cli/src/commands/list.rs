use std::io::Write as _;

use serde_json::json;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use caps_core::capture::{Capture, Captures};
use std::path::PathBuf;

/// List the captures of a directory.
///
/// One line each: the name, which files there are, and whether it is the latest of its architecture
/// and variant. Sorted by architecture, variant and version.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps list\n  qemu-caps list tests/qemucapabilitiesdata --format json"
)]
pub(crate) struct Args {
    /// The directory; the data directory when absent.
    dir: Option<PathBuf>,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let captures = match &args.dir {
        Some(dir) => Captures::discover(dir).map_err(CliError::input)?,
        None => context.sources.captures()?,
    };
    let is_latest =
        |capture: &Capture| captures.latest(capture.id.arch, &capture.id.variant) == Some(capture);
    match args.format {
        Format::Text => {
            for capture in &captures {
                let files = match (&capture.replies, &capture.xml) {
                    (Some(_), Some(_)) => "replies, xml",
                    (Some(_), None) => "replies",
                    _ => "xml",
                };
                let latest = if is_latest(capture) { "  latest" } else { "" };
                writeln!(context.out, "{:<28} {files:<12}{latest}", capture.id)?;
            }
        }
        Format::Json => {
            let list: Vec<_> = captures
                .iter()
                .map(|capture| {
                    json!({
                        "capture": capture.id.to_string(),
                        "version": capture.id.version.to_string(),
                        "arch": capture.id.arch.name(),
                        "variant": capture.id.variant.as_str(),
                        "replies": capture.replies,
                        "xml": capture.xml,
                        "latest": is_latest(capture),
                    })
                })
                .collect();
            json(&mut context.out, &json!({"dir": captures.dir(), "captures": list}))?;
        }
    }
    Ok(Exit::Ok)
}
