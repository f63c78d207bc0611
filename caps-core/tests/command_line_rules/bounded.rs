//! The work of a check grows with the length of the command line, not with its square.

use std::fs;
use std::hint::black_box;

use caps_core::command_line::CommandLine;
use caps_core::validate::{Policy, Validator};

use crate::shipped;

/// How often something is on the shorter line, and how many times as often on the longer one.
const FEW: usize = 250;
const TIMES: usize = 12;
/// The most that the work may grow: between `TIMES` and its square, near to `TIMES`.
const MOST: u64 = 30;

/// The least time to measure, in nanoseconds: the clock of some systems ticks a few times a second.
const TELLING: u64 = 80_000_000;

/// A line with something `n` times, by what is repeated.
type Line = (&'static str, fn(usize) -> Vec<String>);

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

#[test]
fn work_grows_with_the_length() {
    if used_time().is_none() {
        eprintln!("not run: this system does not report the processor time of a thread");
        return;
    }
    let validator = shipped("11.1.3", "x86_64");
    let mut slow = Vec::new();
    for (what, line) in LINES {
        let few = work(&validator, &line(FEW));
        let many = work(&validator, &line(FEW * TIMES));
        let growth = many / few;
        eprintln!("{what}: {TIMES} times as many take {growth} times the time ({many} ns)");
        // A disturbance is not repeated.
        if growth > MOST
            && work(&validator, &line(FEW * TIMES)) / work(&validator, &line(FEW)) > MOST
        {
            slow.push(format!("{what}: {growth}"));
        }
    }
    assert!(slow.is_empty(), "the work grows more than the line: {slow:?}");
}

/// The processor time that a check takes, in nanoseconds: of so many checks that the clock tells.
fn work(validator: &Validator, words: &[String]) -> u64 {
    let line = CommandLine::parse(words).expect("UTF-8");
    let before = used_time().expect("a time");
    for checks in 1.. {
        black_box(validator.check_command_line(&line, &Policy::default()));
        let time = used_time().expect("a time") - before;
        if time > TELLING {
            return time / checks;
        }
    }
    unreachable!("the time passes")
}

/// The processor time that this thread has used, which does not depend on what else runs.
fn used_time() -> Option<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
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
