//! Processor time and peak memory of processes.

use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{Usage, UsageWho, getrusage};

use crate::Failure;

/// What a process needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// Elapsed seconds.
    pub wall: f64,
    /// Seconds of processor time.
    pub processor: f64,
    /// The peak memory, in bytes.
    pub memory: f64,
}

impl Cost {
    /// The least of each.
    pub fn least(self, other: Self) -> Self {
        Self {
            wall: self.wall.min(other.wall),
            processor: self.processor.min(other.processor),
            memory: self.memory.min(other.memory),
        }
    }
}

/// Runs a program and prints what it needed, for [`cost`].
pub fn run_and_report(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    let start = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status()?;
    let wall = start.elapsed().as_secs_f64();
    // A failed check is an answer, too.
    if status.code().is_none_or(|code| code > 1) {
        return Err(format!("{program}: {status}").into());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    println!("{wall} {} {}", processor(&usage), usage.max_rss() * 1024);
    Ok(())
}

/// The least that a program needed in some rounds.
///
/// A process between this one and the program keeps the peak memory of others out of the result.
pub fn cost(rounds: usize, program: &str, arguments: &[&str]) -> Result<Cost, Failure> {
    let mut least: Option<Cost> = None;
    for _ in 0..rounds {
        let output = Command::new(std::env::current_exe()?)
            .args(["run", program])
            .args(arguments)
            .stderr(Stdio::inherit())
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let [wall, processor, memory] = numbers[..] else {
            return Err(format!("can't measure {program}").into());
        };
        let cost = Cost { wall, processor, memory };
        least = Some(least.map_or(cost, |least| least.least(cost)));
    }
    least.ok_or_else(|| "no rounds".into())
}

/// The processor time of this process, in seconds.
#[cfg(feature = "peers")]
pub fn own_processor_time() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).as_ref().map_or(0.0, processor)
}

/// The processor time of all finished children, in seconds.
#[cfg(feature = "peers")]
pub fn children_processor_time() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).as_ref().map_or(0.0, processor)
}

fn processor(usage: &Usage) -> f64 {
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}
