//! How instructions and memory grow with the input: in proportion, or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use caps_core::json::Text;
use caps_core::probe::{Matching, derive};
use caps_core::replies::{Conversation, ConversationBuilder};
use caps_core::{BaselineChoice, json, xml};

use crate::counts::count;
use crate::grown::{self, with_answer};
use crate::lines;
use crate::process::cost;
use crate::works::Input;
use crate::{Failure, id, root};

/// How many times as large the larger input is, if not given.
const TIMES: usize = 4;
/// The same for numbers of captures.
const CAPTURES: [usize; 2] = [10, 40];
/// Instructions may grow by this much more than the input.
const LIMIT: f64 = 1.25;
/// Peak memory may grow by this factor, where no result needs it.
const MEMORY_LIMIT: f64 = 1.25;
/// Besides, so many bytes for each capture: its name has to be known.
const NAME_LIMIT: f64 = 2048.0;

const CAPTURE: &str = "qemucapabilitiesdata/caps_10.0.13_x86_64.replies";

/// Makes an input some times as large as a capture.
type Make = fn(&Input, usize) -> Result<Input, Failure>;

/// What grows, how, and the work over it.
const GROWING: [(&str, Make, &str); 17] = [
    ("derive", capture, "derive"),
    ("check", capture, "check"),
    ("dump", capture, "dump"),
    ("load .xml", capture, "load-xml"),
    ("validate", capture, "validate"),
    ("query", capture, "query"),
    ("check: repeated keys", repeated_keys, "check"),
    ("check: escapes", escapes, "check"),
    ("check: nesting", nesting, "check"),
    ("read an edit script", grown::numbers, "edit-script"),
    ("edit: insert after all", grown::exchanges, "edit-insert"),
    ("edit: pointer with a star", grown::objects, "edit-pointer"),
    ("derive: CPU properties", grown::cpu_properties, "derive"),
    ("diff: CPU properties", grown::cpu_properties, "diff"),
    ("validate: chain of types", grown::types, "qom-chain"),
    ("suggest for a long name", grown::long_name, "nearest"),
    ("compare objects", grown::members, "same-value"),
];

/// Work whose peak memory grows with its input, and the part of the input that it reads.
const REMEMBERING: [(&str, Read); 4] = [
    ("load-xml", |input| input.xml.len()),
    ("check", |input| input.replies.len()),
    ("derive", |input| input.replies.len()),
    ("dump", |input| input.replies.len()),
];
/// How many bytes of an input are read.
type Read = fn(&Input) -> usize;
/// It may grow by this much for each byte of the input.
const BYTES_LIMIT: f64 = 6.0;

/// Commands of the program over captures, which follow the arguments.
const COMMANDS: [&[&str]; 4] =
    [&["list"], &["check"], &["dump", "--all"], &["query", "query-status"]];

/// Counts the instructions of each work over a smaller and a larger input, and fails if they grow much
/// more than the input; with a program, those of its commands over captures, and their memory. After the
/// program can stand the largest number of captures, and how many times as large the larger input is.
pub fn compare(options: &[&str]) -> Result<(), Failure> {
    let times = options.get(2).map_or(Ok(TIMES), |times| times.parse())?;
    let place = std::env::temp_dir().join(format!("qemu-caps-growth-{}", std::process::id()));
    let compared = works(&place, times).and_then(|mut faults| {
        let longer = lines::SIZES[1] as f64 / lines::SIZES[0] as f64;
        faults.extend(report("command lines", lines::counts()?, longer * lines::LIMIT));
        if let [program, rest @ ..] = options {
            let most = rest.first().map_or(Ok(CAPTURES[1] * 10), |most| most.parse())?;
            faults.extend(commands(&place, program, most)?);
        }
        Ok(faults)
    });
    fs::remove_dir_all(&place)?;
    let faults = compared?;
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ").into()) }
}

fn works(place: &Path, times: usize) -> Result<Vec<String>, Failure> {
    let base = input(&root().join(CAPTURE))?;
    println!("{:<24} {:>12} {:>12} {:>8}", "work", "1x", format!("{times}x"), "growth");
    let mut faults = Vec::new();
    for (what, make, work) in GROWING {
        let mut counts = [0; 2];
        for (size, counted) in [1, times].into_iter().zip(&mut counts) {
            let input = make(&base, size)?;
            let file = place.join(format!("caps_{}.replies", input.id));
            fs::create_dir_all(place)?;
            fs::write(&file, &*input.replies)?;
            fs::write(file.with_extension("xml"), input.xml)?;
            let own = std::env::current_exe()?;
            *counted = count(&own, &["work".as_ref(), work.as_ref(), file.as_os_str()])?;
        }
        faults.extend(report(what, counts.map(|count| count as f64), times as f64 * LIMIT));
    }
    println!("\n{:<24} {:>12} {:>12} {:>8}", "memory", "4x", "16x", "per byte");
    let own = std::env::current_exe()?.display().to_string();
    for Memory { work, peaks: [small, large], per_byte } in memory(&own, place, &base)? {
        println!("{work:<24} {small:>12} {large:>12} {per_byte:>8.2}");
        if per_byte > BYTES_LIMIT {
            faults.push(format!("`{work}` takes {per_byte:.1} bytes for each of its input"));
        }
    }
    Ok(faults)
}

/// The peak memory of some work over a capture 4 and 16 times as large, and for each byte of the difference. What the
/// process itself needs is in both.
pub struct Memory {
    pub work: &'static str,
    peaks: [f64; 2],
    pub per_byte: f64,
}

/// The peak memory of work with this program over a capture that grows.
#[cfg(feature = "peers")]
pub fn memory_of(program: &str, path: &Path) -> Result<Vec<Memory>, Failure> {
    let place = std::env::temp_dir().join(format!("qemu-caps-memory-{}", std::process::id()));
    fs::create_dir_all(&place)?;
    let measured = input(path).and_then(|base| memory(program, &place, &base));
    fs::remove_dir_all(&place)?;
    measured
}

fn input(path: &Path) -> Result<Input, Failure> {
    let xml = fs::read_to_string(path.with_extension("xml"))?;
    Ok(Input { id: id(path)?, replies: fs::read_to_string(path)?.into(), xml })
}

fn memory(program: &str, place: &Path, base: &Input) -> Result<Vec<Memory>, Failure> {
    let [small, large] = [capture(base, 4)?, capture(base, 16)?];
    let file = place.join(format!("caps_{}.replies", base.id));
    let mut measured = Vec::new();
    for (work, size) in REMEMBERING {
        let mut peaks = [0.0; 2];
        for (input, peak) in [&small, &large].into_iter().zip(&mut peaks) {
            fs::write(&file, &*input.replies)?;
            fs::write(file.with_extension("xml"), &input.xml)?;
            *peak = cost(3, program, &["work", work, &file.display().to_string()])?.memory;
        }
        let per_byte = (peaks[1] - peaks[0]) / (size(&large) - size(&small)) as f64;
        measured.push(Memory { work, peaks, per_byte });
    }
    Ok(measured)
}

fn commands(place: &Path, program: &str, number: usize) -> Result<Vec<String>, Failure> {
    let conversation = Conversation::parse(&fs::read_to_string(root().join(CAPTURE))?)?;
    let small = small(&conversation)?;
    let make = |number: usize| -> Result<PathBuf, Failure> {
        let dir = place.join(number.to_string());
        fs::create_dir_all(&dir)?;
        for index in 0..number {
            let name = format!("caps_10.{}.{}_x86_64.replies", index / 1000, index % 1000);
            fs::write(dir.join(name), &small)?;
        }
        Ok(dir)
    };
    let [few, more, most] = [make(CAPTURES[0])?, make(CAPTURES[1])?, make(number)?];
    let arguments = |command: &[&str], dir: &Path| -> Result<Vec<String>, Failure> {
        let mut files: Vec<String> = fs::read_dir(dir)?
            .map(|entry| Ok(entry?.path().display().to_string()))
            .collect::<Result<_, Failure>>()?;
        files.sort();
        Ok(command.iter().map(|&word| word.to_owned()).chain(files).collect())
    };
    let mut faults = Vec::new();
    let heading = |what, sizes: [&Path; 2]| {
        let [few, many] = sizes.map(|dir| dir.file_name().unwrap_or_default().display());
        println!("\n{what:<24} {few:>12} {many:>12} {:>8}", "growth");
    };
    heading("command over captures", [&few, &more]);
    for command in COMMANDS {
        let counts = [
            count(program.as_ref(), &arguments(command, &few)?)?,
            count(program.as_ref(), &arguments(command, &more)?)?,
        ];
        let times = CAPTURES[1] as f64 / CAPTURES[0] as f64;
        faults.extend(report(&command.join(" "), counts.map(|count| count as f64), times * LIMIT));
    }
    heading("its memory", [&few, &most]);
    for command in COMMANDS {
        let memory = |dir| -> Result<f64, Failure> {
            let arguments = arguments(command, dir)?;
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            Ok(cost(3, program, &words)?.memory)
        };
        let memory = [memory(&few)?, memory(&most)?];
        let names = number as f64 * NAME_LIMIT / memory[0];
        faults.extend(report(&command.join(" "), memory, MEMORY_LIMIT + names));
    }
    Ok(faults)
}

/// Prints a row, and returns what is wrong if it grows more than by a factor.
fn report(what: &str, [few, many]: [f64; 2], limit: f64) -> Option<String> {
    let growth = many / few;
    println!("{what:<24} {few:>12} {many:>12} {growth:>8.2}");
    (growth > limit).then(|| format!("`{what}` grows by {growth:.1}, expected at most {limit:.1}"))
}

/// A capture in which every array of the answers is some times as long, with other names.
fn capture(base: &Input, times: usize) -> Result<Input, Failure> {
    let conversation = Conversation::parse(base.replies.clone())?;
    let mut builder = ConversationBuilder::default();
    for exchange in conversation.exchanges() {
        let reply = exchange.reply()?;
        let text = match reply.result() {
            Ok(answer) if answer.elements().next().is_some() => {
                let mut elements = Vec::new();
                for number in 0..times {
                    elements.extend(answer.elements().map(|element| renamed(element, number)));
                }
                format!("{{\"return\": [{}]}}", elements.join(","))
            }
            _ => exchange.reply_text().to_owned(),
        };
        builder.push(exchange.command_text(), &text)?;
    }
    let replies = Text::from(builder.into_text());
    let conversation = Conversation::parse(replies.clone())?;
    let derived = derive(&conversation, &base.id, Matching::ByContent, BaselineChoice::Auto)?;
    Ok(Input { id: base.id.clone(), replies, xml: xml::write(&derived.capabilities) })
}

/// The text of an element with another name.
fn renamed(element: json::Node<'_>, number: usize) -> String {
    let text = element.text().to_owned();
    let name = ["name", "option"].into_iter().find_map(|key| element.get(key));
    let Some(name) = name.filter(|name| number > 0 && name.as_str().is_some()) else { return text };
    let at = name.range().end - 1 - element.range().start;
    format!("{}-{number}{}", &text[..at], &text[at..])
}

fn repeated_keys(base: &Input, times: usize) -> Result<Input, Failure> {
    let members: Vec<String> =
        (0..10_000 * times).map(|index| format!("\"key{}\": {index}", index % 1000)).collect();
    Ok(with_answer(base, &format!("{{{}}}", members.join(","))))
}

fn escapes(base: &Input, times: usize) -> Result<Input, Failure> {
    Ok(with_answer(base, &format!("[\"{}\"]", "\\u00e9\\n\\ud83d\\ude00x".repeat(5_000 * times))))
}

fn nesting(base: &Input, times: usize) -> Result<Input, Failure> {
    let nested = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let elements = vec![nested; 10 * times];
    Ok(with_answer(base, &format!("[{}]", elements.join(","))))
}

/// A small capture, to have many of.
fn small(conversation: &Conversation) -> Result<String, Failure> {
    let mut builder = ConversationBuilder::default();
    for command in ["qmp_capabilities", "query-version", "query-target"] {
        let exchange = conversation.find(command).ok_or("a capture without the first questions")?;
        builder.push(exchange.command_text(), exchange.reply_text())?;
    }
    let schema = r#"[{"name": "query-status", "meta-type": "command", "arg-type": "0", "ret-type": "0"},
                     {"name": "0", "meta-type": "object", "members": []}]"#;
    let reply = format!("{{\"return\": {schema}}}");
    builder.push("{\"execute\": \"query-qmp-schema\"}", &reply)?;
    Ok(builder.into_text())
}
