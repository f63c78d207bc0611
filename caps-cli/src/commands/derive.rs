use std::io::Write as _;

use caps_core::probe::{self, Matching};
use caps_core::xml;

use super::Context;
use super::show::Summary;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};

/// Print the capability XML that follows from a capture.
///
/// The XML is what libvirt 11.3.0's own test writes for a file of that name. Answers are found by
/// command and arguments; what the capture has no answer to counts as not supported. Both that and
/// what nothing asked for is said on standard error.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps derive latest:x86_64\n  qemu-caps derive caps_10.0.0_s390x.replies --strict"
)]
pub(crate) struct Args {
    /// The capture.
    capture: String,

    /// Fail unless the capture is exactly the conversation that libvirt 11.3.0 has.
    #[arg(long)]
    strict: bool,

    /// The form of the output: the XML, or what `show --format json` prints.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let loaded = context.sources.load(&args.capture)?;
    let matching = if args.strict { Matching::Strict } else { Matching::ByContent };
    let id = loaded.id()?;
    let derived = probe::derive(&loaded.conversation, &id, matching).map_err(|error| {
        let path = loaded.source.replies.display();
        CliError::input(error).context(format!("can't derive capabilities from `{path}`"))
    })?;
    warn(&derived.missing, &derived.unused);
    match args.format {
        Format::Text => {
            context.out.write_all(xml::write(&derived.capabilities).as_bytes())?;
        }
        Format::Json => {
            let summary = Summary::new(&loaded.conversation, &derived.capabilities)
                .map_err(CliError::input)?;
            json(&mut context.out, &summary.json(&loaded.source.name))?;
        }
    }
    Ok(Exit::Ok)
}

/// Says how a capture and the questions of libvirt 11.3.0 differ.
pub(super) fn warn(missing: &[String], unused: &[String]) {
    for question in missing {
        eprintln!("warning: the capture has no answer to {question}, taken as not supported");
    }
    for exchange in unused {
        eprintln!("warning: nothing asks for {exchange}");
    }
}
