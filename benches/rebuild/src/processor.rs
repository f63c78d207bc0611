//! Processor time, which a busy machine affects less than elapsed time.

use std::error::Error;
use std::fs;

/// The processor time of all finished child processes, in seconds.
pub fn processor_time() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses can contain spaces; `cutime` and `cstime` are fields 16 and 17.
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields.get(13).ok_or("no cutime")?.parse::<f64>()?
        + fields.get(14).ok_or("no cstime")?.parse::<f64>()?;
    Ok(ticks / 100.0)
}
