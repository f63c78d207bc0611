//! Devices, objects, CPU models and machine types of all kinds with valid and invalid properties,
//! sent to a real QEMU and to a validator with a survey of it.

mod cases;
mod machine;
mod objects;
mod score;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use caps_core::command_line::CommandLine;
use caps_core::json::Document;
use caps_core::survey::{RecordOptions, Survey, record};
use caps_core::validate::{JsonOption, Policy, Report, Validator};
use caps_test_support::generate::Generator;
use caps_test_support::qemu::{self, Qemu};
use caps_test_support::require_qemu;
use serde_json::{Value, json};
use tempfile::TempDir;

use cases::{Case, Cases};
use machine::Machine;
use score::{Outcome, Score};

/// A member that no command has, which QEMU checks after all others.
const NO_MEMBER: &str = "zz-no-such-member";
/// How many of the devices that can't be hotplugged are tried on the command line.
const COLD: usize = 150;
const MACHINE_LINES: usize = 120;
const JOBS: usize = 8;

struct Judge {
    binary: PathBuf,
    machine: Machine,
    survey: Survey,
    validator: Validator,
    /// Objects can create files.
    dir: TempDir,
}

impl Judge {
    fn new(test: &str, binary: &str) -> Option<Self> {
        let binary = require_qemu(test, binary)?;
        let survey = record(&binary, &RecordOptions::default(), &|_| {}).expect("a survey");
        let validator = Validator::from_conversation(survey.conversation()).expect("a schema");
        let target = validator.devices().and_then(|devices| devices.arch()).expect("a target");
        let machine = Machine::of(target);
        let dir = TempDir::new().expect("a directory");
        Some(Self { binary, machine, survey, validator, dir })
    }

    fn qemu(&self) -> Qemu {
        Qemu::start(&self.binary, &self.machine.argv, self.dir.path())
    }

    fn cases(&self, seed: u64) -> Cases<'_> {
        Cases {
            survey: &self.survey,
            validator: &self.validator,
            machine: &self.machine,
            generator: Generator::new(self.validator.schema(), seed),
        }
    }

    fn check(&self, command: &Value) -> Report {
        let document = Document::parse(command.to_string()).expect("JSON");
        self.validator.check(document.root(), &Policy::default())
    }

    fn judge_devices(&self, rounds: usize) {
        let mut score = Score::new("device_add");
        let mut cold = Vec::new();
        let cases = self.cases(1).devices(rounds);
        let outcomes = in_parallel(
            &cases,
            || self.qemu(),
            |qemu, case| {
                let answer = qemu.ask(&case.sent);
                if answer.as_ref().is_none_or(String::is_empty) {
                    // It has exited, or has one device more now.
                    qemu.restart();
                }
                Outcome::of(answer.as_deref(), case.sentinel.as_deref())
            },
        );
        for (case, outcome) in cases.iter().zip(outcomes) {
            if outcome == Outcome::NotPluggable && case.sentinel.is_some() {
                cold.push(case);
            } else {
                score.add(&case.command, outcome, &self.check(&case.command));
            }
        }
        score.finish(300);
        let step = cold.len().div_ceil(COLD).max(1);
        self.judge_cold_devices(&cold.into_iter().step_by(step).collect::<Vec<_>>());
    }

    fn judge_cold_devices(&self, cases: &[&Case]) {
        let mut score = Score::new("-device");
        let answers = in_parallel(
            cases,
            || (),
            |(), case| {
                let value = case.sent["arguments"].to_string();
                self.run(&[self.machine.argv.as_slice(), &["-device", &value]].concat())
            },
        );
        for (case, answer) in cases.iter().zip(answers) {
            let outcome = Outcome::of(answer.as_deref(), case.sentinel.as_deref());
            let value = Document::parse(case.command["arguments"].to_string()).expect("JSON");
            let report =
                self.validator.check_option(JsonOption::Device, value.root(), &Policy::default());
            score.add(&case.command, outcome, &report);
        }
        score.finish(20);
    }

    fn judge_objects(&self) {
        let schema = self.validator.schema();
        let entry = schema.entry("object-add").expect("a command");
        let mut generator = Generator::new(schema, 2);
        let mut qemu = self.qemu();
        let mut score = Score::new("object-add");
        for number in 0..800 {
            let mut arguments = generator.arguments(&entry);
            for _ in 0..number % 3 {
                generator.mutate(&mut arguments);
            }
            if !arguments.is_object() {
                continue;
            }
            if number % 4 > 0 {
                arguments["id"] = json!("o1");
            }
            let command = json!({"execute": "object-add", "arguments": arguments});
            let mut sent = command.clone();
            sent["arguments"][NO_MEMBER] = json!(1);
            let mut answer = qemu.ask(&sent);
            let report = self.check(&command);
            // Of several unexpected members, QEMU reports an arbitrary one, and checks ids and
            // types afterwards.
            if answer.as_ref().is_some_and(|answer| answer.contains(NO_MEMBER))
                && !report.problems.is_empty()
            {
                answer = qemu.ask(&command);
            }
            let outcome = Outcome::of(answer.as_deref(), Some(NO_MEMBER));
            score.add(&command, outcome, &report);
            if answer.is_none_or(|answer| answer.is_empty()) {
                qemu.restart();
            }
        }
        score.finish(500);
    }

    /// Objects that are created and parameters that are set, so that QEMU's setters see the values.
    fn judge_limits_of_objects(&self, rounds: usize) {
        let schema = self.validator.schema();
        let mut generator = Generator::new(schema, 5);
        let mut qemu = self.qemu();
        let mut score = Score::new("object-add and migrate-set-parameters, executed");
        for arguments in objects::objects(schema, &mut generator, rounds) {
            let command = json!({"execute": "object-add", "arguments": arguments});
            let answer = qemu.ask(&command);
            score.add(&command, objects::outcome(answer.as_deref()), &self.check(&command));
            let delete = json!({"execute": "object-del", "arguments": {"id": "o1"}});
            let is_there = answer.as_ref().is_none_or(String::is_empty);
            if is_there && qemu.ask(&delete).is_none_or(|error| !error.is_empty()) {
                qemu.restart();
            }
        }
        for command in objects::parameters(schema, &mut generator) {
            let answer = qemu.ask(&command);
            score.add(&command, objects::outcome(answer.as_deref()), &self.check(&command));
        }
        score.finish(300);
    }

    /// Properties of CPU models.
    fn judge_cpus(&self) {
        let devices = self.validator.devices().expect("devices");
        let mut generator = Generator::new(self.validator.schema(), 3);
        let mut models: Vec<&str> = devices.cpu_models().expect("CPU models").collect();
        models.sort_unstable();
        let mut commands = Vec::new();
        for _ in 0..500 {
            let model = *generator.pick(&models);
            let cpu_type = devices.cpu_type(model).unwrap_or_default();
            let Some(properties) = devices.object_properties(cpu_type) else { continue };
            let property = generator.pick(properties);
            let values = [json!(true), json!(false), generator.odd_value()];
            let mut props = json!({});
            props[generator.misspell(&property.name)] = generator.pick(&values).clone();
            commands.push(json!({
                "execute": "query-cpu-model-expansion",
                "arguments": {"type": "full", "model": {"name": model, "props": props}},
            }));
        }
        let mut score = Score::new("query-cpu-model-expansion");
        let answers = in_parallel(
            &commands,
            || self.qemu(),
            |qemu, command| {
                let answer = qemu.ask(command);
                if answer.is_none() {
                    qemu.restart();
                }
                answer
            },
        );
        for (command, answer) in commands.iter().zip(answers) {
            score.add(command, Outcome::of(answer.as_deref(), None), &self.check(command));
        }
        score.finish(300);
    }

    /// Properties of machine types, which only the command line takes.
    fn judge_machines(&self) {
        let mut generator = Generator::new(self.validator.schema(), 4);
        let mut score = Score::new("-machine");
        let machines: Vec<_> = self.survey.machines().iter().collect();
        let mut options = Vec::new();
        for _ in 0..MACHINE_LINES {
            let machine = *generator.pick(&machines);
            let properties = self.survey.machine_properties(&machine.name);
            let Some(properties) = properties.listed().filter(|list| !list.is_empty()) else {
                continue;
            };
            let property = generator.pick(properties);
            let value = generator.pick(&["on", "off", "auto", "1", "x", "4096", "1G", "-1"]);
            let key = generator.misspell(&property.name);
            options.push(format!("{},accel=tcg,{key}={value}", machine.name));
        }

        let answers = in_parallel(&options, || (), |(), option| self.run(&on_machine(option)));
        for (option, answer) in options.iter().zip(answers) {
            let line = CommandLine::parse(&on_machine(option)).expect("UTF-8");
            let report = self.validator.check_command_line(&line, &Policy::default());
            score.add(&json!(option), Outcome::of(answer.as_deref(), None), &report);
        }
        score.finish(40);
    }

    /// The error that QEMU exits with; empty if it starts; `None` if a signal kills it.
    fn run(&self, argv: &[&str]) -> Option<String> {
        run(&self.binary, argv, self.dir.path())
    }
}

fn run(binary: &Path, argv: &[&str], dir: &Path) -> Option<String> {
    let Err(error) = qemu::starts(binary, argv, dir) else { return Some(String::new()) };
    // A JSON argument precedes the error.
    error.map(|error| error.rsplit_once("}: ").map_or(error.clone(), |(_, rest)| rest.to_owned()))
}

fn on_machine(option: &str) -> [&str; 6] {
    ["-S", "-nodefaults", "-display", "none", "-machine", option]
}

/// Maps items on several threads that each have a state; the results are in the order of the items.
/// QEMU sleeps for most of the time it takes to reject a device.
fn in_parallel<T: Sync, S, R: Send>(
    items: &[T],
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..JOBS {
            scope.spawn(|| {
                let mut state = state();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(&mut state, item);
                    results.lock().expect("no panic").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no panic");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn devices_and_objects_are_judged_as_qemu_judges_them() {
    let Some(judge) = Judge::new("device_judge", "qemu-system-x86_64") else { return };
    judge.judge_devices(6);
    judge.judge_objects();
    judge.judge_limits_of_objects(25);
}

#[test]
fn cpu_models_and_machine_types_are_judged_as_qemu_judges_them() {
    let Some(judge) = Judge::new("device_judge", "qemu-system-x86_64") else { return };
    judge.judge_cpus();
    judge.judge_machines();
}

#[test]
fn devices_of_another_target_are_judged_as_qemu_judges_them() {
    let Some(judge) = Judge::new("device_judge", "qemu-system-aarch64") else { return };
    judge.judge_devices(3);
}
