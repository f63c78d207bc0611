//! Progress of work over many captures.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes less is shown by its result only.
const LONG: Duration = Duration::from_secs(1);

/// Shows on standard error how many captures are done, if that is a terminal and the work takes
/// longer than a second. Disappears when dropped, as progress bars do by default.
pub(crate) struct Progress {
    captures: usize,
    begun: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(captures: usize) -> Self {
        Self { captures, begun: Instant::now(), bar: OnceLock::new() }
    }

    /// So many captures are done.
    pub(crate) fn show(&self, done: usize) {
        if self.begun.elapsed() > LONG {
            self.bar.get_or_init(|| self.start()).set_position(done as u64);
        }
    }

    fn start(&self) -> ProgressBar {
        let bar =
            ProgressBar::with_draw_target(Some(self.captures as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} of {len} captures") {
            bar.set_style(style);
        }
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_work_is_shown() {
        let progress = Progress::new(7);
        progress.show(1);
        assert!(progress.bar.get().is_none());
        let begun = Instant::now().checked_sub(2 * LONG).expect("time before the test");
        let progress = Progress { begun, ..Progress::new(7) };
        progress.show(3);
        let bar = progress.bar.get().expect("a bar");
        assert_eq!((bar.position(), bar.length()), (3, Some(7)));
    }
}
