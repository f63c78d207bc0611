//! The contents of data directories and other files, read once for all uses of the macro in a
//! crate.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;
use std::{env, fs};

use caps_core::capture::{Capture, Captures, DataDir, DiscoverError, NoDataDir, SearchDir};
use caps_core::survey::Survey;
use caps_core::xml;
use caps_core::{Baseline, FlagSet};

/// Results by path, valid until the path is modified. The compiler exits after each crate, but the
/// server of an editor does not.
pub(crate) type Cache<T> = LazyLock<Mutex<HashMap<PathBuf, (Option<SystemTime>, T)>>>;

static LISTINGS: Cache<Arc<Captures>> = LazyLock::new(Mutex::default);
static FLAGS: Cache<FlagSet> = LazyLock::new(Mutex::default);

/// The directory of the package being compiled.
pub(crate) fn package() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

/// The directory of the captures shipped with `qemu-caps`.
pub(crate) fn built_in() -> &'static Path {
    Path::new(qemu_caps_data::DIR)
}

/// The given data directories, or else the default one.
pub(crate) fn directories(named: &[DataDir<'_>]) -> Result<Vec<PathBuf>, NoDataDir> {
    SearchDir::of_package(&package()).fallback(built_in()).find_all(named)
}

/// The captures of several directories; earlier ones take precedence.
pub(crate) fn captures(dirs: &[PathBuf]) -> Result<Arc<Captures>, DiscoverError> {
    let list = |dir: &PathBuf| cached(&LISTINGS, dir, || Captures::discover(dir).map(Arc::new));
    if let [dir] = dirs {
        return list(dir);
    }
    let mut all = Captures::discover_all([])?;
    for dir in dirs {
        all = all.with_fallback(Captures::clone(&*list(dir)?));
    }
    Ok(Arc::new(all))
}

/// The flags in a capability description.
pub(crate) fn flags(capture: &Capture) -> Result<FlagSet, String> {
    if let Some(path) = capture.survey.as_ref().filter(|_| capture.is_survey_alone()) {
        return cached(&FLAGS, path, || {
            let failed = |error: &dyn Display| format!("can't read `{}`: {error}", path.display());
            let bytes = caps_core::fs::read(path).map_err(|error| failed(&error))?;
            let survey = Survey::from_bytes(&bytes).map_err(|error| failed(&error))?;
            let capabilities = survey.capabilities(Baseline::NEWEST, &capture.id);
            Ok(capabilities.map_err(|error| failed(&error))?.flags)
        });
    }
    let Some(path) = &capture.xml else { return Err(no_xml(capture)) };
    cached(&FLAGS, path, || {
        let text = caps_core::fs::read_text(path)
            .map_err(|error| format!("can't read `{}`: {error}", path.display()))?;
        let capabilities = xml::read(&text).map_err(|error| {
            format!("`{}` is not a capability description: {error}", path.display())
        })?;
        Ok(capabilities.flags)
    })
}

/// The remedy for a missing capability description.
pub(crate) fn no_xml(capture: &Capture) -> String {
    let replies = capture.replies.clone().unwrap_or_default();
    format!(
        "the capture `{}` has no `.xml`; `qemu-caps derive {} > {}` makes it",
        capture.id,
        replies.display(),
        replies.with_extension("xml").display()
    )
}

pub(crate) fn cached<T: Clone, E>(
    cache: &Cache<T>,
    path: &Path,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    match cache.get(path) {
        Some((then, value)) if *then == modified => Ok(value.clone()),
        _ => {
            let value = read()?;
            cache.insert(path.to_owned(), (modified, value.clone()));
            Ok(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::process::Command;
    use std::sync::{LazyLock, Mutex};
    use std::time::{Duration, SystemTime};

    use super::{Cache, cached, flags};
    use caps_core::capture::Captures;

    /// The server of an editor lives longer than a file.
    #[test]
    fn a_file_is_read_again_after_it_was_modified() {
        static TEXTS: Cache<String> = LazyLock::new(Mutex::default);
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("file");
        let read = || cached(&TEXTS, &path, || fs::read_to_string(&path)).expect("a file");
        let write = |text: &str, second| {
            fs::write(&path, text).expect("a file");
            let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
            File::options()
                .append(true)
                .open(&path)
                .expect("the file")
                .set_modified(modified)
                .expect("a time");
        };
        write("first", 1);
        assert_eq!(read(), "first");
        // The time alone tells.
        write("second", 1);
        assert_eq!(read(), "first");
        write("second", 2);
        assert_eq!(read(), "second");
    }

    /// Reading it would hang the compiler or take all memory.
    #[test]
    fn what_has_no_end_is_no_description() {
        let dir = tempfile::tempdir().expect("a directory");
        for (name, make, message) in [
            (
                "caps_10.0.0_x86_64",
                (|path| assert!(Command::new("mkfifo").arg(path).status().expect("one").success()))
                    as fn(&Path),
                "not a regular file",
            ),
            (
                "caps_10.0.1_x86_64",
                |path| symlink("/dev/zero", path).expect("a link"),
                "not a regular file",
            ),
            (
                "caps_10.0.2_x86_64",
                |path| File::create(path).and_then(|file| file.set_len(1 << 40)).expect("a file"),
                "larger than 256 MiB",
            ),
        ] {
            for ending in ["xml", "survey"] {
                let path = dir.path().join(format!("{name}.{ending}"));
                make(&path);
                let captures = Captures::discover(dir.path()).expect("captures");
                let capture = captures.iter().next().expect("a capture");
                let error = flags(capture).expect_err("no file to read");
                assert_eq!(error, format!("can't read `{}`: {message}", path.display()));
                fs::remove_file(path).expect("a file");
            }
        }
    }
}
