//! Many tests in one process, as test programs run them.

use std::fs;
#[cfg(feature = "peers")]
use std::path::Path;

use caps_core::Capabilities;
use caps_core::testing::{Case, LoadError, Suite};

use crate::Failure;

/// The captures that the tests are about.
#[cfg(feature = "peers")]
pub const CAPTURES: usize = 60;

/// Makes a directory of captures with the contents of one.
#[cfg(feature = "peers")]
pub fn captures(capture: &Path, place: &Path, count: usize) -> Result<(), Failure> {
    fs::create_dir_all(place)?;
    for number in 0..count {
        for extension in ["replies", "xml"] {
            let name = format!("caps_10.0.{number}_x86_64.{extension}");
            fs::copy(capture.with_extension(extension), place.join(name))?;
        }
    }
    Ok(())
}

/// Runs tests that want the capabilities of a capture, in turn over those of a directory. `pick` is the selector.
pub fn run(
    dir: &str,
    count: usize,
    pick: &'static str,
    capabilities: fn(&Case) -> Result<&Capabilities, LoadError>,
) -> Result<usize, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        let name = name.strip_prefix("caps_").and_then(|name| name.strip_suffix(".replies"));
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    let names: &'static [&'static str] =
        names.into_iter().map(|name| &*name.leak()).collect::<Vec<_>>().leak();
    let dir: &'static str = dir.to_owned().leak();
    let suite: &'static Suite =
        Box::leak(Box::new(Suite::new("tests", "tests", dir).captures(dir, pick, names)));
    let mut machines = 0;
    for name in names.iter().cycle().take(count) {
        let case = suite.case().over_capture(name);
        machines += capabilities(&case)?.flags.iter().count();
    }
    Ok(machines)
}
