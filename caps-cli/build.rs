//! Packs the project's captures, so that the program has them wherever it runs.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", qemu_caps_data::DIR);
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var("OUT_DIR")?;
    let mut names = Vec::new();
    for entry in fs::read_dir(qemu_caps_data::DIR)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("replies" | "xml" | "survey")) {
            let name = path.file_name().and_then(|name| name.to_str());
            names.push(name.ok_or("a file name that is not UTF-8")?.to_owned());
        }
    }
    names.sort();
    let mut table = String::from("&[\n");
    for name in names {
        let path = Path::new(qemu_caps_data::DIR).join(&name);
        let mut packed = path.clone();
        // Surveys are packed already.
        if !name.ends_with(".survey") {
            packed = Path::new(&out).join(format!("{name}.gz"));
            let mut encoder = GzEncoder::new(File::create(&packed)?, Compression::default());
            io::copy(&mut File::open(path)?, &mut encoder)?;
            encoder.finish()?;
        }
        let packed = packed.to_str().ok_or("an output directory that is not UTF-8")?;
        writeln!(table, "    ({name:?}, include_bytes!({packed:?})),")?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&out).join("captures.rs"), table)?;
    Ok(())
}
