use caps_core::Baseline;
use caps_core::probe::{Launch, Step, plan};
use caps_core::survey::{QUESTIONS, Question};
use serde_json::json;

use super::Context;
use crate::color::Meaning;
use crate::exit::{Exit, Outcome};
use crate::output::{Format, json, line, pieces};

/// Print the plan: the questions for a QEMU, in order, with their conditions.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qemu-caps plan\n  qemu-caps plan --baseline 11.3 --format json\n  qemu-caps plan --since 11.3"
)]
pub(crate) struct Args {
    /// Print only what differs from an older release: new (`+`) or dropped (`-`) questions.
    #[arg(long, value_name = "RELEASE")]
    since: Option<Baseline>,

    /// Print the questions of a survey instead.
    #[arg(long)]
    survey: bool,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The column of the conditions.
const WHEN: usize = 53;

const SESSIONS: [(&str, Launch); 2] = [("accelerated", Launch::Accelerated), ("tcg", Launch::Tcg)];

/// A step, its number in the printed plan, and the mark for a difference.
struct Line {
    number: Option<usize>,
    mark: &'static str,
    step: &'static Step,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    if args.survey {
        return survey(args.format, context);
    }
    let baseline = context.sources.baseline.or_newest();
    let sessions = SESSIONS.map(|(name, launch)| (name, lines(baseline, args.since, launch)));
    let (release, minimum) = (baseline.release(), baseline.minimum());
    match args.format {
        Format::Text => {
            line!(&mut context.out, "{release}, QEMU {minimum} and newer")?;
            for (name, lines) in sessions {
                line!(&mut context.out, "")?;
                pieces!(&mut context.out, Heading "session: {name}")?;
                for Line { number, mark, step } in lines {
                    let number = number.map(|number| number.to_string()).unwrap_or_default();
                    let (ask, when) = (step.ask, conditions(step).join(" and "));
                    let line = if when.is_empty() {
                        format!("{mark}{number:>3} {ask}")
                    } else {
                        format!("{mark}{number:>3} {ask:<48} if {when}")
                    };
                    let meaning = mark.chars().next().map_or(Meaning::Plain, Meaning::of_sign);
                    context.out.wrapped(WHEN + mark.len(), &[(meaning, line)])?;
                }
            }
        }
        Format::Json => {
            let sessions: Vec<_> = sessions
                .into_iter()
                .map(|(name, lines)| {
                    let steps: Vec<_> = lines.iter().map(|line| value(line, args.since)).collect();
                    json!({"session": name, "steps": steps})
                })
                .collect();
            let minimum = minimum.to_string();
            let value = json!({"plan": release, "minimum": minimum, "sessions": sessions});
            json(&mut context.out, &value)?;
        }
    }
    Ok(Exit::Ok)
}

fn lines(baseline: Baseline, since: Option<Baseline>, launch: Launch) -> Vec<Line> {
    let mut number = 0;
    let mut lines = Vec::new();
    for step in plan::all_steps(launch) {
        let is_asked = step.span.contains(baseline);
        number += usize::from(is_asked);
        let mark = match since.map(|since| step.span.contains(since)) {
            None if is_asked => "",
            Some(false) if is_asked => "+",
            Some(true) if !is_asked => "-",
            _ => continue,
        };
        lines.push(Line { number: is_asked.then_some(number), mark, step });
    }
    lines
}

fn value(line: &Line, since: Option<Baseline>) -> serde_json::Value {
    let mut value = json!({
        "ask": line.step.ask.to_string(),
        "command": line.step.ask.command_name(),
        "when": conditions(line.step),
    });
    if since.is_some() {
        value["change"] = if line.mark == "+" { "added" } else { "removed" }.into();
    }
    value
}

fn survey(format: Format, context: &mut Context) -> Outcome {
    match format {
        Format::Text => {
            line!(&mut context.out, "survey: sessions, question, what it gives")?;
            line!(&mut context.out)?;
            for Question { ask, sessions, gives, .. } in QUESTIONS {
                let line = format!("{sessions:<8} {ask:<56} {gives}");
                context.out.wrapped(66, &[(Meaning::Plain, line)])?;
            }
        }
        Format::Json => {
            let questions: Vec<_> = QUESTIONS
                .iter()
                .map(|question| {
                    json!({
                        "sessions": question.sessions.to_string(),
                        "ask": question.ask.to_string(),
                        "gives": question.gives,
                    })
                })
                .collect();
            json(&mut context.out, &json!({"survey": questions}))?;
        }
    }
    Ok(Exit::Ok)
}

fn conditions(step: &Step) -> Vec<String> {
    step.when.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tests::{assert_continued, printed};

    #[test]
    fn dropped_questions_are_in_the_difference_alone() {
        let (old, new) = (Baseline::ALL[0], Baseline::NEWEST);
        for (_, launch) in SESSIONS {
            let asked = lines(new, None, launch);
            assert!(asked.iter().all(|line| line.mark.is_empty() && line.step.span.contains(new)));
            let numbers: Vec<usize> = asked.iter().filter_map(|line| line.number).collect();
            assert!(numbers.into_iter().eq(1..=asked.len()));
            assert!(asked.iter().all(|line| value(line, None).get("change").is_none()));
        }
        assert!(lines(new, Some(new), Launch::Accelerated).is_empty());
        let differing = lines(new, Some(old), Launch::Accelerated);
        let values: Vec<_> =
            differing.iter().map(|line| (line.mark, value(line, Some(old)))).collect();
        for (mark, name) in [("+", "added"), ("-", "removed")] {
            assert!(values.iter().any(|(found, _)| *found == mark), "{mark}");
            let of_mark = values.iter().filter(|(found, _)| *found == mark);
            assert!(of_mark.map(|(_, value)| &value["change"]).all(|change| change == name));
        }
        let (line, (_, value)) = (&differing[0], &values[0]);
        assert_eq!(value["ask"], line.step.ask.to_string());
        assert_eq!(value["command"], json!(line.step.ask.command_name()));
        assert_eq!(value["when"], json!(conditions(line.step)));
    }

    #[test]
    fn conditions_continue_below_themselves() {
        for (words, column) in [(&["plan"][..], 53), (&["plan", "--since", "11.3"], 54)] {
            assert_continued(&printed(words, |kept| kept.out(Some(81))), column);
        }
    }
}
