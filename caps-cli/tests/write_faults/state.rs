//! The files of a workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use caps_core::survey::Survey;

/// The files by path, with the target of those that are links, and the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State(BTreeMap<PathBuf, (Option<PathBuf>, String)>);

impl State {
    /// The state of a directory, and the temporary files in it.
    pub(crate) fn of(dir: &Path) -> (Self, Vec<String>) {
        let (mut files, mut leftovers) = (BTreeMap::new(), Vec::new());
        collect(dir, dir, &mut files, &mut leftovers);
        (Self(files), leftovers)
    }

    /// Returns whether each file is that of one of the states, or is in one of them only.
    pub(crate) fn is_mixture(&self, one: &Self, other: &Self) -> bool {
        let paths = one.0.keys().chain(other.0.keys()).chain(self.0.keys());
        paths.into_iter().all(|path| {
            let file = self.0.get(path);
            file == one.0.get(path) || file == other.0.get(path)
        })
    }

    /// The paths and lengths of the files.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |(path, (_, text)): (&PathBuf, &(Option<PathBuf>, String))| {
            format!("{} ({} bytes)", path.display(), text.len())
        };
        self.0.iter().map(name).collect()
    }
}

fn collect(
    root: &Path,
    dir: &Path,
    files: &mut BTreeMap<PathBuf, (Option<PathBuf>, String)>,
    leftovers: &mut Vec<String>,
) {
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.strip_prefix(root).expect("a path below the root").to_owned();
        if path.is_dir() {
            collect(root, &path, files, leftovers);
        } else if name.to_string_lossy().ends_with(".tmp") {
            leftovers.push(name.display().to_string());
        } else {
            let bytes = fs::read(&path).expect("a file");
            let contents = timeless(&bytes);
            let contents = contents.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
            files.insert(name, (fs::read_link(&path).ok(), contents));
        }
    }
}

/// What a survey contains besides its date, if the file is a survey.
fn timeless(bytes: &[u8]) -> Option<String> {
    let survey = Survey::from_bytes(bytes).ok()?;
    let exchanges = survey.conversation().exchanges();
    let texts = exchanges
        .filter(|exchange| exchange.command().execute() != "qemu-caps:provenance")
        .map(|exchange| format!("{}\n{}\n", exchange.command(), exchange.reply_text()));
    Some(texts.collect())
}
