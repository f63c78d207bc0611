//! Packs the project's captures, so that the program has them wherever it runs.
//!
//! The captures of one QEMU version have most answers in common. One of its surveys, the base, is packed alone; all other
//! files of the version are packed as what differs from it, in a third of the space.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use zstd::stream::write::Encoder;

/// Fast: higher levels save little more and take many times as long.
const LEVEL: i32 = 3;
/// Spans the base and the longest text.
const WINDOW: u32 = 26;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", qemu_caps_data::DIR);
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var("OUT_DIR")?;
    let files = files(Path::new(qemu_caps_data::DIR))?;
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let mut table = String::new();
    for (name, content) in &files {
        let base = base(&files, version(name)).filter(|base| base != name);
        let prefix = base.and_then(|base| files.get(base)).map_or(&[][..], Vec::as_slice);
        let path = Path::new(&out).join(name);
        fs::write(&path, pack(content, prefix)?)?;
        let path = path.to_str().ok_or("an output directory that is not UTF-8")?;
        let base = base.and_then(|base| names.binary_search(&base).ok());
        writeln!(table, "    File::new({name:?}, {base:?}, include_bytes!({path:?})),")?;
    }
    let table = format!("static FILES: [File; {}] = [\n{table}];\n", names.len());
    fs::write(Path::new(&out).join("captures.rs"), table)?;
    Ok(())
}

/// The contents of all files by name, surveys unpacked.
fn files(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        let content = match ending {
            Some("replies" | "xml") => fs::read(&path)?,
            Some("survey") => zstd::decode_all(fs::File::open(&path)?)?,
            _ => continue,
        };
        let name = path.file_name().and_then(|name| name.to_str());
        files.insert(name.ok_or("a file name that is not UTF-8")?.to_owned(), content);
    }
    Ok(files)
}

/// The version in a file's name.
fn version(name: &str) -> &str {
    name.split('_').nth(1).unwrap_or_default()
}

/// The base of a version: its survey of middle length, which has what most have and takes little time to
/// unpack.
fn base<'f>(files: &'f BTreeMap<String, Vec<u8>>, version: &str) -> Option<&'f str> {
    let is_candidate = |name: &str| name.ends_with(".survey") && self::version(name) == version;
    let mut surveys: Vec<(usize, &str)> = files
        .iter()
        .filter(|(name, _)| is_candidate(name))
        .map(|(name, content)| (content.len(), name.as_str()))
        .collect();
    surveys.sort_unstable();
    surveys.get(surveys.len() / 2).map(|(_, name)| *name)
}

fn pack(content: &[u8], prefix: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = Encoder::with_ref_prefix(Vec::new(), LEVEL, prefix)?;
    encoder.long_distance_matching(true)?;
    encoder.window_log(WINDOW)?;
    encoder.set_pledged_src_size(Some(content.len() as u64))?;
    encoder.write_all(content)?;
    encoder.finish()
}
