//! Selecting captures: the same arguments, with the same meaning, in every subcommand.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use caps_core::capture::{CaptureId, CaptureVariant, Pick};
use caps_core::probe::{self, Matching};
use caps_core::qapi::{Query, Schema};
use caps_core::{Arch, BaselineChoice, Flag};

use crate::complete;
use crate::exit::CliError;
use crate::parallel;
use crate::source::data::Data;
use crate::source::{Loaded, Source, Sources, has_capture_ending, parse_variant};

const HEADING: &str = "Choosing captures";

/// Filters that a capture must pass, all of them, to be selected.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Filter {
    /// Select captures of these architectures.
    #[arg(long, value_name = "ARCH", value_delimiter = ',', help_heading = HEADING, alias = "if-arch", add = complete::arches())]
    arch: Vec<Arch>,

    /// Select these versions: one as in 9.2.0, a range as in '>=8.2, <10', or latest, latest(N) or
    /// oldest of each architecture and variant among the captures that pass the other filters.
    #[arg(long, value_name = "VERSIONS", help_heading = HEADING, aliases = ["pick", "if-version"])]
    versions: Option<Pick>,

    /// Select these variants, as in `hvf`; an empty one selects plain captures.
    #[arg(long, value_name = "VARIANT", value_delimiter = ',', value_parser = parse_variant, help_heading = HEADING, alias = "if-variant")]
    variant: Vec<CaptureVariant>,

    /// Select captures with all of these capability flags.
    #[arg(long, value_name = "FLAG", value_delimiter = ',', help_heading = HEADING, add = complete::flags())]
    has: Vec<Flag>,

    /// Select captures with none of these capability flags.
    #[arg(long, value_name = "FLAG", value_delimiter = ',', help_heading = HEADING, add = complete::flags())]
    lacks: Vec<Flag>,

    /// Select captures whose schema matches the query; repeatable.
    #[arg(long, value_name = "QUERY", help_heading = HEADING, alias = "if-schema")]
    schema: Vec<Query>,

    /// Select captures whose schema does not match the query; repeatable.
    #[arg(long, value_name = "QUERY", help_heading = HEADING, alias = "unless-schema")]
    without_schema: Vec<Query>,
}

impl Sources {
    /// Returns the captures that the CAPTURE arguments name and the filter passes. A directory
    /// selects every capture in it; no argument selects the whole data directory. No file appears
    /// twice.
    pub(crate) fn choose(
        &self,
        selectors: &[OsString],
        filter: &Filter,
    ) -> Result<Vec<Source>, CliError> {
        let named = self.named(selectors)?;
        let chosen = filter.apply(named.clone(), self.baseline)?;
        if chosen.is_empty() {
            return Err(filter.nothing(&named));
        }
        Ok(chosen)
    }

    /// Returns the captures that the CAPTURE arguments name; never an empty list.
    pub(crate) fn named(&self, selectors: &[OsString]) -> Result<Vec<Source>, CliError> {
        let mut found = Vec::new();
        if selectors.is_empty() {
            let data = self.data()?;
            found = data.sources(false);
            if found.is_empty() {
                return Err(none_in(data.captures.dir()));
            }
        }
        for selector in selectors {
            let path = Path::new(selector);
            if path.is_dir() {
                let data = Data::in_dir(path)?;
                data.warn();
                let sources = data.sources(true);
                if sources.is_empty() {
                    return Err(none_in(path));
                }
                found.extend(sources);
            } else {
                found.push(self.find(selector)?);
            }
        }
        let mut seen = Seen::default();
        found.retain(|source| seen.is_new(&source.replies));
        Ok(found)
    }
}

/// Files by their resolved paths.
#[derive(Default)]
struct Seen {
    files: HashSet<PathBuf>,
    /// Directories with their resolved paths; captures are many in few of them.
    dirs: HashMap<PathBuf, PathBuf>,
}

impl Seen {
    /// Returns whether no path to this file came before.
    fn is_new(&mut self, path: &Path) -> bool {
        let resolved = self.resolve(path).unwrap_or_else(|_| path.to_owned());
        self.files.insert(resolved)
    }

    fn resolve(&mut self, path: &Path) -> io::Result<PathBuf> {
        let is_link = path.symlink_metadata()?.is_symlink();
        let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else {
            return path.canonicalize();
        };
        if is_link {
            return path.canonicalize();
        }
        if let Some(resolved) = self.dirs.get(dir) {
            return Ok(resolved.join(name));
        }
        let here = Path::new(".");
        let resolved = if dir.as_os_str().is_empty() { here } else { dir }.canonicalize()?;
        let file = resolved.join(name);
        self.dirs.insert(dir.to_owned(), resolved);
        Ok(file)
    }
}

fn none_in(dir: &Path) -> CliError {
    CliError::input(format!("no `.replies` or `.survey` file in the directory `{}`", dir.display()))
}

impl Filter {
    /// Returns whether no filter is set.
    pub(crate) fn is_empty(&self) -> bool {
        self.words().is_empty()
    }

    /// Returns the captures that pass, in the given order.
    pub(crate) fn apply(
        &self,
        sources: Vec<Source>,
        baseline: BaselineChoice,
    ) -> Result<Vec<Source>, CliError> {
        if self.is_empty() {
            return Ok(sources);
        }
        let passes =
            |source: Source| self.passes(&source, baseline).map(|id| id.map(|id| (id, source)));
        let passing: Vec<_> = parallel::map(sources, passes)?.into_iter().flatten().collect();
        // Last, because `latest` is the newest of those that pass all other filters.
        let Some(pick) = &self.versions else {
            return Ok(passing.into_iter().map(|(_, source)| source).collect());
        };
        let versions = |group: (Arch, &CaptureVariant)| {
            let members = passing.iter().filter(|(id, _)| id.group() == group);
            let mut versions: Vec<_> = members.map(|(id, _)| id.version).collect();
            versions.sort();
            // A capture in two directories is one version.
            versions.dedup();
            versions
        };
        let picked = |id: &CaptureId| {
            let versions = versions(id.group());
            let older = versions.iter().filter(|version| **version < id.version).count();
            pick.label(id.version, older, versions.len() - 1 - older).is_some()
        };
        let picked: Vec<bool> = passing.iter().map(|(id, _)| picked(id)).collect();
        let passing = passing.into_iter().map(|(_, source)| source);
        Ok(passing.zip(picked).filter_map(|(source, picked)| picked.then_some(source)).collect())
    }

    /// Returns the capture's name if it passes every filter except the one for versions.
    fn passes(
        &self,
        source: &Source,
        baseline: BaselineChoice,
    ) -> Result<Option<CaptureId>, CliError> {
        let by_name = |id: &CaptureId| {
            (self.arch.is_empty() || self.arch.contains(&id.arch))
                && (self.variant.is_empty() || self.variant.contains(&id.variant))
        };
        // Reading a capture costs more than its name, so read only if that does not decide.
        if let Some(id) = &source.id
            && (!by_name(id) || !self.reads())
        {
            return Ok(by_name(id).then(|| id.clone()));
        }
        let loaded = source.clone().load()?.for_baseline(baseline)?;
        let id = loaded.id()?;
        let passes = by_name(&id)
            && self.flags_pass(&loaded, &id, baseline)?
            && self.schema_passes(&loaded)?;
        Ok(passes.then_some(id))
    }

    /// Returns whether a filter needs the content of captures, not just their names.
    fn reads(&self) -> bool {
        !(self.has.is_empty()
            && self.lacks.is_empty()
            && self.schema.is_empty()
            && self.without_schema.is_empty())
    }

    fn flags_pass(
        &self,
        loaded: &Loaded,
        id: &CaptureId,
        baseline: BaselineChoice,
    ) -> Result<bool, CliError> {
        if self.has.is_empty() && self.lacks.is_empty() {
            return Ok(true);
        }
        let derived = probe::derive(&loaded.conversation, id, Matching::ByContent, baseline)
            .map_err(|error| {
                let path = loaded.source.replies.display();
                CliError::input(error).context(format!("can't determine the flags of `{path}`"))
            })?;
        let flags = derived.capabilities.flags;
        Ok(self.has.iter().all(|&flag| flags.contains(flag))
            && !self.lacks.iter().any(|&flag| flags.contains(flag)))
    }

    fn schema_passes(&self, loaded: &Loaded) -> Result<bool, CliError> {
        if self.schema.is_empty() && self.without_schema.is_empty() {
            return Ok(true);
        }
        let schema = Schema::from_conversation(&loaded.conversation).map_err(|error| {
            let path = loaded.source.replies.display();
            CliError::input(error).context(format!("can't read the schema of `{path}`"))
        })?;
        Ok(self.schema.iter().all(|query| schema.holds(query))
            && !self.without_schema.iter().any(|query| schema.holds(query)))
    }

    /// Describes the filters for messages.
    fn words(&self) -> String {
        fn list<T>(prefix: &str, items: &[T], name: impl Fn(&T) -> String) -> Option<String> {
            let names: Vec<String> = items.iter().map(|item| format!("`{}`", name(item))).collect();
            (!names.is_empty()).then(|| format!("{prefix} {}", names.join(", ")))
        }
        let words = [
            list("of", &self.arch, ToString::to_string),
            self.versions.as_ref().map(|versions| format!("of version `{versions}`")),
            list("of the variant", &self.variant, ToString::to_string),
            list("with", &self.has, ToString::to_string),
            list("without", &self.lacks, ToString::to_string),
            list("where the query holds:", &self.schema, ToString::to_string),
            list("where the query does not hold:", &self.without_schema, ToString::to_string),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// The error for a selection without captures; it lists the candidates.
    fn nothing(&self, named: &[Source]) -> CliError {
        let name =
            |source: &Source| source.id.as_ref().map_or(source.name.clone(), ToString::to_string);
        let there: Vec<String> = named.iter().map(name).collect();
        CliError::usage(format!("no capture {}, there are: {}", self.words(), there.join(", ")))
    }
}

/// Returns whether an argument that could also be a schema query is meant as a CAPTURE. A query
/// contains only names and operators, and no command or event starts with a digit.
pub(crate) fn names_capture(argument: &OsStr) -> bool {
    let path = Path::new(argument);
    let Some(text) = argument.to_str() else { return true };
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '/')
        || text == "-"
        || text == "latest"
        || text.contains(':')
        || text.starts_with("caps_")
        || has_capture_ending(path)
        || (path.is_file() && text.contains('/'))
        || path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_of_captures_are_no_queries() {
        let dir = env!("CARGO_MANIFEST_DIR");
        for capture in [
            "10.0.13_x86_64",
            "./stop",
            "../stop",
            "/stop",
            "-",
            "latest",
            "latest:x86_64",
            "caps_10.0.13_x86_64",
            "stop.replies",
            "captures/stop.survey",
            // The tests run in the directory of the package.
            "src",
            "src/main.rs",
            dir,
        ] {
            assert!(names_capture(OsStr::new(capture)), "{capture}");
        }
        for query in ["stop", "block-stream/arg-type/base", "latest-news", "Cargo.toml"] {
            assert!(!names_capture(OsStr::new(query)), "{query}");
        }
    }

    #[test]
    fn a_capture_is_read_only_if_its_name_does_not_decide() {
        let source = Source::of_replies(Path::new("/none/caps_10.0.13_riscv64.replies"));
        let chosen = |filter: Filter| filter.apply(vec![source.clone()], BaselineChoice::Auto);
        let of = |arch| Filter { arch: vec![arch], ..Filter::default() };
        assert_eq!(chosen(of(Arch::Riscv64)).expect("not read").len(), 1);
        assert!(chosen(of(Arch::S390x)).expect("not read").is_empty());
        let has = vec![Flag::Kvm];
        let other = Filter { has: has.clone(), ..of(Arch::S390x) };
        assert!(chosen(other).expect("not read").is_empty());
        assert!(chosen(Filter { has, ..of(Arch::Riscv64) }).is_err(), "there is no such file");
    }
}
