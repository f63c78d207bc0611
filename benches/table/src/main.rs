//! Measures the speed of qemu-caps beside that of others and prints it as a table.
//!
//! * `table [--json] [--rounds N] [--quick | --builds]`: the table, over the captures of the project or those that
//!   `QEMU_CAPS_CONFORMANCE_DIR` names; `--quick` leaves out what needs other programs to be built, `--builds` adds
//!   clean builds, and rebuilds of a suite beside those of its peers.
//! * `table counts`: instructions of the main work, compared with `counts.txt`.
//! * `table growth [PROGRAM [CAPTURES]]`: how instructions grow with the input; with a `qemu-caps`, also how its
//!   commands grow with the number of captures, and that their memory doesn't.
//! * `table work NAME CAPTURE`: some work over a capture, for profilers.
//! * `table tests DIR COUNT [latest | derived]`: as many tests in one process over the captures of a directory,
//!   selected as all or as the latest; or of their `.replies` alone.
//! * `table lines N`: judges long command lines, for profilers.
//! * `table run PROGRAM ARGUMENTS..`: the processor time and peak memory of a program.

#[cfg(feature = "peers")]
mod builds;
mod counts;
mod grown;
mod growth;
mod lines;
mod process;
#[cfg(feature = "peers")]
mod rows;
#[cfg(feature = "peers")]
mod table;
mod tests;
mod works;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use caps_core::testing::Case;
use works::Input;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["work", name, capture] => work(name, Path::new(capture)),
        ["run", program, arguments @ ..] => process::run_and_report(program, arguments),
        ["tests", dir, count] => {
            println!("{}", tests::run(dir, count.parse()?, "all", Case::capabilities)?);
            Ok(())
        }
        ["tests", dir, count, "latest"] => {
            println!("{}", tests::run(dir, count.parse()?, "latest(1000)", Case::capabilities)?);
            Ok(())
        }
        ["tests", dir, count, "derived"] => {
            println!("{}", tests::run(dir, count.parse()?, "all", Case::derived_capabilities)?);
            Ok(())
        }
        ["counts"] => counts::compare(),
        ["lines", size] => lines::judge(size),
        ["growth", options @ ..] => growth::compare(options),
        #[cfg(feature = "peers")]
        options => table::print(options),
        #[cfg(not(feature = "peers"))]
        _ => Err("expected `work`, `run`, `tests`, `lines`, `counts` or `growth`".into()),
    }
}

fn work(name: &str, replies: &Path) -> Result<(), Failure> {
    let work = works::named(name).ok_or_else(|| format!("there is no work `{name}`"))?;
    // Each process reads only what its work is about.
    let is_about_xml = name.ends_with("-xml");
    let read =
        |path: &Path, wanted| if wanted { fs::read_to_string(path) } else { Ok(String::new()) };
    let input = Input {
        id: id(replies)?,
        replies: read(replies, !is_about_xml)?.into(),
        xml: read(&replies.with_extension("xml"), is_about_xml)?,
    };
    println!("{}", work(&input));
    Ok(())
}

fn id(path: &Path) -> Result<caps_core::capture::CaptureId, Failure> {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    Ok(name.strip_prefix("caps_").unwrap_or(name).parse()?)
}

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
