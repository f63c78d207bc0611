use caps_core::flag::{FlagState, RELEASED, Rule, lint};
use caps_core::{Baseline, Flag};
use serde_json::json;

use super::Context;
use crate::color::Meaning;
use crate::exit::{Exit, Outcome};
use crate::output::{Format, json, line};

/// Print the table of capability flags.
///
/// Prints the position in libvirt's list, the state, the name and the meaning of each flag, with
/// its rules below. Flags that are not live in the release are omitted without `--all`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps flags | grep io_uring\n  qemu-caps flags --all --format json\n  qemu-caps flags --since 11.3"
)]
pub(crate) struct Args {
    /// Include the flags that are not live.
    #[arg(long, conflicts_with_all = ["since", "lint"])]
    all: bool,

    /// Print only what differs from an older release: new or retired flags, and new (`+`) or
    /// dropped (`-`) rules.
    #[arg(long, value_name = "RELEASE", conflicts_with = "lint")]
    since: Option<Baseline>,

    /// Compare the table with the flags of the last release, which must keep their names and
    /// positions; exits with 1 if they don't.
    #[arg(long)]
    lint: bool,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The column of the meaning.
const DOC: usize = 53;

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let baseline = context.sources.baseline.or_newest();
    if args.lint {
        return print_lint(args, context);
    }
    if let Some(since) = args.since {
        return print_changes(args, since, baseline, context);
    }
    let flags = Flag::ALL.iter().filter(|flag| args.all || flag.is_live(baseline));
    match args.format {
        Format::Text => {
            for flag in flags {
                let (index, state) = (flag.index(), flag.state(baseline));
                let meaning = match state {
                    FlagState::Live => Meaning::Plain,
                    _ => Meaning::Faint,
                };
                let state = format!("{index:3} {state:<7} {flag:<40} {}", flag.doc());
                context.out.wrapped(DOC, &[(meaning, state)])?;
                for rule in flag.rules_in(baseline) {
                    line!(&mut context.out, "            {}", text(rule))?;
                }
            }
        }
        Format::Json => {
            let list: Vec<_> = flags
                .map(|flag| {
                    let rules: Vec<_> = flag.rules_in(baseline).map(text).collect();
                    json!({
                        "index": flag.index(),
                        "name": flag.name(),
                        "state": flag.state(baseline).to_string(),
                        "doc": flag.doc(),
                        "rules": rules,
                    })
                })
                .collect();
            json(&mut context.out, &json!({"baseline": baseline.name(), "flags": list}))?;
        }
    }
    Ok(Exit::Ok)
}

/// The rule as it applies within one release.
fn text(rule: &Rule) -> String {
    match rule.accel {
        Some(accel) => format!("{} with {accel}", rule.kind),
        None => rule.kind.to_string(),
    }
}

/// How a flag differs between two releases.
struct FlagChange {
    flag: Flag,
    states: [FlagState; 2],
    added: Vec<String>,
    removed: Vec<String>,
}

fn changes(old: Baseline, new: Baseline) -> impl Iterator<Item = FlagChange> {
    Flag::ALL.iter().filter_map(move |&flag| {
        let rules = |baseline| flag.rules_in(baseline).map(text).collect::<Vec<_>>();
        let (before, after) = (rules(old), rules(new));
        let states = [flag.state(old), flag.state(new)];
        let added: Vec<_> = after.iter().filter(|rule| !before.contains(rule)).cloned().collect();
        let removed: Vec<_> = before.into_iter().filter(|rule| !after.contains(rule)).collect();
        let differs = states[0] != states[1] || !added.is_empty() || !removed.is_empty();
        differs.then_some(FlagChange { flag, states, added, removed })
    })
}

fn print_changes(args: &Args, old: Baseline, new: Baseline, context: &mut Context) -> Outcome {
    let changes = changes(old, new);
    match args.format {
        Format::Text => {
            for FlagChange { flag, states: [was, is], added, removed } in changes {
                let state = if was == is { is.to_string() } else { format!("{was} -> {is}") };
                let index = flag.index();
                let line = format!("{index:3} {state:<15} {flag:<40} {}", flag.doc());
                context.out.wrapped(DOC + 8, &[(Meaning::Plain, line)])?;
                let removed = removed.iter().map(|rule| ('-', rule));
                for (mark, rule) in removed.chain(added.iter().map(|rule| ('+', rule))) {
                    let text = format!("                  {mark} {rule}");
                    context.out.pieces(&[(Meaning::of_sign(mark), text)])?;
                }
            }
        }
        Format::Json => {
            let list: Vec<_> = changes
                .map(|change| {
                    json!({
                        "index": change.flag.index(),
                        "name": change.flag.name(),
                        "was": change.states[0].to_string(),
                        "state": change.states[1].to_string(),
                        "doc": change.flag.doc(),
                        "added": change.added,
                        "removed": change.removed,
                    })
                })
                .collect();
            let value = json!({"since": old.name(), "baseline": new.name(), "flags": list});
            json(&mut context.out, &value)?;
        }
    }
    Ok(Exit::Ok)
}

fn print_lint(args: &Args, context: &mut Context) -> Outcome {
    let findings: Vec<String> = lint(RELEASED).iter().map(ToString::to_string).collect();
    match args.format {
        Format::Text => {
            for finding in &findings {
                line!(&mut context.out, "{finding}")?;
            }
        }
        Format::Json => json(&mut context.out, &json!({"findings": findings}))?,
    }
    Ok(if findings.is_empty() { Exit::Ok } else { Exit::No })
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::{assert_continued, printed};
    use crate::output::Kept;

    #[test]
    fn meanings_continue_below_themselves() {
        for (words, column) in [(&["flags"][..], 53), (&["flags", "--since", "11.3"], 61)] {
            assert_continued(&printed(words, |kept| kept.out(Some(100))), column);
        }
    }

    #[test]
    fn only_flags_that_are_not_live_are_faint() {
        let live = printed(&["flags"], Kept::colored);
        assert!(live.contains(" live ") && !live.contains('\u{1b}'), "{live}");
        let all = printed(&["flags", "--all"], Kept::colored);
        let of_state = |state: &str| {
            let is_it = |line: &&str| line.split_whitespace().nth(1) == Some(state);
            all.lines().filter(is_it).map(|line| line.starts_with('\u{1b}')).collect::<Vec<_>>()
        };
        assert!(of_state("live").iter().all(|is_faint| !is_faint));
        let retired = of_state("retired");
        assert!(!retired.is_empty() && retired.iter().all(|is_faint| *is_faint), "{all}");
    }
}
