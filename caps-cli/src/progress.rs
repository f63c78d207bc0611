//! Progress of work over many captures.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes less is shown by its result only.
const LONG: Duration = Duration::from_secs(1);

/// Shows on standard error how many captures are done, if that is a terminal and the work takes
/// longer than a second. Disappears when dropped.
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

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
