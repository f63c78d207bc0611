use std::path::Path;

use caps_core::BaselineChoice;

use crate::choose::Filter;
use crate::exit::CliError;
use crate::source::Source;
use crate::source::data::Data;

/// The pairs of captures to compare in two directories.
pub(super) struct Pairs {
    pub(super) both: Vec<[Source; 2]>,
    pub(super) only_first: Vec<Source>,
    pub(super) only_second: Vec<Source>,
}

impl Pairs {
    pub(super) fn new(
        first: &Path,
        second: &Path,
        filter: &Filter,
        baseline: BaselineChoice,
    ) -> Result<Self, CliError> {
        let [first, second] = [first, second].map(|dir| {
            let data = Data::in_dir(dir)?;
            data.warn();
            filter.apply(data.sources(true), baseline)
        });
        let (mut only_first, mut only_second) = (first?, second?);
        if only_first.is_empty() && only_second.is_empty() {
            return Err(CliError::usage("no capture in either directory passes the filters"));
        }
        let same_name = |a: &Source, b: &Source| a.id.is_some() && a.id == b.id;
        let mut both = take_pairs(&mut only_first, &mut only_second, same_name);
        let same_group = |a: &Source, b: &Source| group(a).is_some() && group(a) == group(b);
        let alone = |side: &[Source], one: &Source| {
            side.iter().filter(|other| group(other) == group(one)).count() == 1
        };
        let [all_first, all_second] = [only_first.clone(), only_second.clone()];
        both.extend(take_pairs(&mut only_first, &mut only_second, |a, b| {
            same_group(a, b) && alone(&all_first, a) && alone(&all_second, b)
        }));
        both.sort_by(|a, b| a[1].id.cmp(&b[1].id));
        Ok(Self { both, only_first, only_second })
    }

    pub(super) fn has_unpaired(&self) -> bool {
        !(self.only_first.is_empty() && self.only_second.is_empty())
    }
}

fn group(source: &Source) -> Option<(caps_core::Arch, &str)> {
    source.id.as_ref().map(|id| (id.arch, id.variant.as_str()))
}

/// Moves matching captures out of two lists.
fn take_pairs(
    first: &mut Vec<Source>,
    second: &mut Vec<Source>,
    belong: impl Fn(&Source, &Source) -> bool,
) -> Vec<[Source; 2]> {
    let mut pairs = Vec::new();
    first.retain(|a| match second.iter().position(|b| belong(a, b)) {
        Some(at) => {
            pairs.push([a.clone(), second.remove(at)]);
            false
        }
        None => true,
    });
    pairs
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes the files that it pairs")]
mod tests {
    use super::*;

    #[test]
    fn a_capture_without_partner_is_on_its_side() {
        let dir_with = |versions: &[&str]| {
            let dir = tempfile::tempdir().expect("a directory");
            for version in versions {
                let name = format!("caps_{version}_x86_64.replies");
                std::fs::write(dir.path().join(name), "").expect("a file");
            }
            dir
        };
        for (first, second, both, unpaired) in [
            (&["9.0.0", "9.1.0"][..], &["9.0.0", "9.1.0"][..], 2, false),
            // The only ones left are a pair, too.
            (&["9.0.0", "9.1.0"], &["9.0.0", "9.2.0"], 2, false),
            (&["9.0.0", "9.1.0"], &["9.0.0"], 1, true),
            (&["9.0.0"], &["9.0.0", "9.1.0"], 1, true),
            (&["9.0.0", "9.1.0"], &["9.2.0"], 0, true),
        ] {
            let dirs = [dir_with(first), dir_with(second)];
            let [a, b] = dirs.each_ref().map(tempfile::TempDir::path);
            let pairs = Pairs::new(a, b, &Filter::default(), BaselineChoice::Auto);
            let pairs = pairs.expect("captures");
            assert_eq!((pairs.both.len(), pairs.has_unpaired()), (both, unpaired), "{first:?}");
        }
    }
}
