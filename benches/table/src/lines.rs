//! How the instructions to judge command lines grow with their length: in proportion, whatever is repeated.

use std::fs;
use std::hint::black_box;

use caps_core::command_line::CommandLine;
use caps_core::survey::Survey;
use caps_core::validate::{Policy, Validator};

use crate::counts::count;
use crate::{Failure, root};

const SURVEY: &str = "qemucapabilitiesdata/caps_11.1.3_x86_64.survey";
/// How often something is on the shorter lines and on the longer ones.
pub const SIZES: [usize; 2] = [300, 1200];
/// Instructions may grow by this much more than the lines, because numbered names get longer, too. If those of
/// one kind of line grew with the square, those of all would grow by more.
pub const LIMIT: f64 = 1.1;

/// A line with something `n` times, by what is repeated.
type Line = (&'static str, fn(usize) -> Vec<String>);

/// All kinds; `cargo run --release -- lines N` under a profiler shows which one is slow.
const LINES: &[Line] = &[
    ("memory backends of nodes", |n| {
        repeat(n, |i| format!("-object memory-backend-ram,id=m{i},size=1M -numa node,memdev=m{i}"))
    }),
    ("drives without a place", |n| repeat(n, |_| "-drive if=virtio,file=x".to_owned())),
    ("drives on IDE", |n| repeat(n, |_| "-drive if=ide,file=x".to_owned())),
    ("devices of backends", |n| {
        repeat(n, |i| format!("-netdev user,id=n{i} -device e1000,netdev=n{i},id=d{i}"))
    }),
    ("references to nothing", |n| repeat(n, |i| format!("-device virtio-rng-pci,rng=none{i}"))),
    ("backends without devices, and references to nothing", |n| {
        repeat(n, |i| format!("-chardev null,id=c{i} -mon chardev=none{i},id=m{i}"))
    }),
    ("devices in JSON", |n| {
        repeat(n, |i| format!("-device {{\"driver\":\"virtio-rng-pci\",\"id\":\"r{i}\"}}"))
    }),
    ("ports with devices", |n| {
        repeat(n, |i| {
            format!("-device pcie-root-port,id=r{i},chassis={i} -device virtio-rng-pci,bus=r{i}")
        })
    }),
    ("controllers of disks", |n| {
        repeat(n, |i| format!("-device ahci,id=a{i} -device ide-cd,bus=a{i}.0 -device ide-cd"))
    }),
    ("disks of one controller", |n| {
        let mut words = split("-device virtio-scsi-pci");
        words.extend(repeat(n, |_| "-device scsi-cd".to_owned()));
        words
    }),
    ("ports of one serial device", |n| {
        let mut words = split("-device virtio-serial,max_ports=100000");
        words.extend(repeat(n, |_| "-device virtserialport".to_owned()));
        words
    }),
    ("nodes of drives", |n| {
        repeat(n, |i| format!("-blockdev driver=raw,file=n{},node-name=n{i}", i.max(1) - 1))
    }),
    ("defaults and settings", |n| {
        repeat(n, |i| format!("-global e1000.x{i}=1 -set device.d{i}.x=1"))
    }),
    ("unknown options", |n| repeat(n, |i| format!("-nosuch{i}"))),
    ("CPU features", |n| vec!["-cpu".to_owned(), keys("max", n)]),
    ("keys of a machine", |n| vec!["-machine".to_owned(), keys("q35", n)]),
    ("keys of a device", |n| vec!["-device".to_owned(), keys("e1000", n)]),
    ("keys of a drive", |n| vec!["-drive".to_owned(), keys("if=none", n)]),
    ("keys of a netdev", |n| vec!["-netdev".to_owned(), keys("user,id=n", n)]),
    ("keys of a node", |n| vec!["-blockdev".to_owned(), keys("null-co,node-name=n", n)]),
    ("keys of an object", |n| vec!["-object".to_owned(), keys("iothread,id=o", n)]),
    ("ranges of numbers", |n| {
        let ranges: Vec<String> = (0..n).map(|_| "host-nodes=0-4095".to_owned()).collect();
        let value = format!("memory-backend-ram,id=m,size=1M,{}", ranges.join(","));
        vec!["-object".to_owned(), value]
    }),
];

/// Judges a line of each kind, with something so often.
pub fn judge(size: &str) -> Result<(), Failure> {
    let size = size.parse()?;
    let survey = Survey::from_bytes(&fs::read(root().join(SURVEY))?)?;
    let validator = Validator::from_conversation(survey.conversation())?;
    for (_, line) in LINES {
        let line = CommandLine::parse(&line(size))?;
        black_box(validator.check_command_line(&line, &Policy::default()));
    }
    Ok(())
}

/// The instructions for the shorter and the longer lines, beyond those for lines with something once.
pub fn counts() -> Result<[f64; 2], Failure> {
    let own = std::env::current_exe()?;
    let count = |size: usize| -> Result<f64, Failure> {
        Ok(count(&own, &["lines".to_owned(), size.to_string()])? as f64)
    };
    let least = count(1)?;
    Ok([count(SIZES[0])? - least, count(SIZES[1])? - least])
}

fn repeat(n: usize, one: impl Fn(usize) -> String) -> Vec<String> {
    (0..n).flat_map(|i| split(&one(i))).collect()
}

fn split(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn keys(start: &str, n: usize) -> String {
    let keys: Vec<String> = (0..n).map(|i| format!("k{i}=1")).collect();
    format!("{start},{}", keys.join(","))
}
