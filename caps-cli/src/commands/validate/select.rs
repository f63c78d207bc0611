//! Which captures the matrix has.

use std::path::Path;

use caps_core::Version;
use caps_core::capture::{CaptureId, Captures};
use semver::VersionReq;

use super::Args;
use crate::commands::Context;
use crate::exit::CliError;
use crate::source::Source;

/// A range of versions.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    text: String,
    range: Range,
}

#[derive(Debug, Clone)]
enum Range {
    One(Version),
    Req(VersionReq),
}

impl Versions {
    pub(super) fn holds(&self, version: Version) -> bool {
        match &self.range {
            Range::One(one) => *one == version,
            Range::Req(range) => {
                let Version { major, minor, micro } = version;
                range.matches(&semver::Version::new(major.into(), minor.into(), micro.into()))
            }
        }
    }
}

/// Reads a range as `semver` has them, or one version.
pub(super) fn parse_versions(text: &str) -> Result<Versions, String> {
    let bare = text.trim();
    let range = if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        Range::One(bare.parse().map_err(|_| {
            format!(
                "`{bare}` is neither a version nor a range, write `9.2.0`, `>=9.2` or `>=9.2, <9.3`"
            )
        })?)
    } else {
        Range::Req(
            VersionReq::parse(text).map_err(|error| format!("not a version range: {error}"))?,
        )
    };
    Ok(Versions { text: text.to_owned(), range })
}

/// The captures that were named, or all.
pub(super) fn captures(args: &Args, context: &Context) -> Result<Vec<Source>, CliError> {
    let mut sources = Vec::new();
    if args.captures.is_empty() {
        return Ok(of_directory(&context.sources.captures()?));
    }
    for capture in &args.captures {
        if Path::new(capture).is_dir() {
            let found = of_directory(&Captures::discover(capture).map_err(CliError::input)?);
            if found.is_empty() {
                return Err(CliError::input(format!("no `.replies` file in `{capture}`")));
            }
            sources.extend(found);
        } else {
            sources.push(context.sources.find(capture)?);
        }
    }
    Ok(sources)
}

fn of_directory(captures: &Captures) -> Vec<Source> {
    captures
        .iter()
        .filter_map(|capture| Some(Source::from_path(capture.replies.as_ref()?)))
        .collect()
}

/// Is the capture one of the architectures and versions that were asked for?
pub(super) fn wanted(args: &Args, id: &CaptureId) -> bool {
    (args.arch.is_empty() || args.arch.contains(&id.arch))
        && args.versions.as_ref().is_none_or(|versions| versions.holds(id.version))
}

/// The error that no capture is wanted, with what there is.
pub(super) fn nothing(args: &Args, context: &Context) -> CliError {
    let mut wanted = Vec::new();
    if !args.arch.is_empty() {
        let arches: Vec<&str> = args.arch.iter().map(|arch| arch.name()).collect();
        wanted.push(format!("of {}", arches.join(", ")));
    }
    if let Some(versions) = &args.versions {
        wanted.push(format!("with a version of `{}`", versions.text));
    }
    let there: Vec<String> = match captures(args, context) {
        Ok(sources) => sources
            .iter()
            .map(|s| s.id.as_ref().map_or(s.name.clone(), ToString::to_string))
            .collect(),
        Err(error) => return error,
    };
    let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    CliError::usage(format!("no capture {}, there are: {there}", wanted.join(" ")))
}
