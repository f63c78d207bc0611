use caps_core::probe::plan::{LIBVIRT_11_3, Step};
use serde_json::json;

use super::Context;
use crate::exit::{Exit, Outcome};
use crate::output::{Format, json, line};

/// Print the plan: what a QEMU is asked, in which order and under which conditions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qemu-caps plan\n  qemu-caps plan --format json")]
pub(crate) struct Args {
    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let plan = LIBVIRT_11_3;
    let sessions = [("accelerated", plan.accelerated), ("tcg", plan.tcg)];
    match args.format {
        Format::Text => {
            line!(&mut context.out, "{}, QEMU {} and newer", plan.name, plan.minimum)?;
            for (name, steps) in sessions {
                line!(&mut context.out)?;
                line!(&mut context.out, "session: {name}")?;
                for (index, step) in steps.iter().enumerate() {
                    let number = index + 1;
                    let (ask, when) = (step.ask.to_string(), conditions(step).join(" and "));
                    let line = if when.is_empty() {
                        format!("{number:3} {ask}")
                    } else {
                        format!("{number:3} {ask:<48} if {when}")
                    };
                    line!(&mut context.out, "{line}")?;
                }
            }
        }
        Format::Json => {
            let sessions: Vec<_> = sessions
                .into_iter()
                .map(|(name, steps)| {
                    let steps: Vec<_> = steps
                        .iter()
                        .map(|step| {
                            json!({
                                "ask": step.ask.to_string(),
                                "command": step.ask.command_name(),
                                "when": conditions(step),
                            })
                        })
                        .collect();
                    json!({"session": name, "steps": steps})
                })
                .collect();
            let minimum = plan.minimum.to_string();
            let value = json!({"plan": plan.name, "minimum": minimum, "sessions": sessions});
            json(&mut context.out, &value)?;
        }
    }
    Ok(Exit::Ok)
}

fn conditions(step: &Step) -> Vec<String> {
    step.when.iter().map(ToString::to_string).collect()
}
