use caps_core::Flag;
use caps_core::flag::FlagState;
use serde_json::json;

use super::Context;
use crate::exit::{Exit, Outcome};
use crate::output::{Format, json, line};

/// Print the table of capability flags.
///
/// One line each: the position in libvirt's list, the state, the name, what it says of a QEMU, and
/// below it the rules that show it. Retired flags are left out unless asked for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps flags | grep io_uring\n  qemu-caps flags --all --format json"
)]
pub(crate) struct Args {
    /// Include the retired flags.
    #[arg(long)]
    all: bool,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let flags = Flag::ALL.iter().filter(|flag| args.all || flag.state() == FlagState::Live);
    match args.format {
        Format::Text => {
            for flag in flags {
                let (index, state) = (flag.index(), flag.state());
                line!(&mut context.out, "{index:3} {state:<7} {flag:<40} {}", flag.doc())?;
                for rule in flag.rules() {
                    line!(&mut context.out, "            {rule}")?;
                }
            }
        }
        Format::Json => {
            let list: Vec<_> = flags
                .map(|flag| {
                    let rules: Vec<_> = flag.rules().iter().map(ToString::to_string).collect();
                    json!({
                        "index": flag.index(),
                        "name": flag.name(),
                        "state": flag.state().to_string(),
                        "doc": flag.doc(),
                        "rules": rules,
                    })
                })
                .collect();
            json(&mut context.out, &json!({"flags": list}))?;
        }
    }
    Ok(Exit::Ok)
}
