//! Progress of work over many captures.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes less is shown by its result only.
const LONG: Duration = Duration::from_secs(1);

/// Shows on standard error how many captures are done, if that is a terminal and the work takes
/// longer than a second. Disappears when dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    pub(crate) fn new(captures: usize) -> Self {
        let bar =
            ProgressBar::with_draw_target(Some(captures as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} of {len} captures") {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now() }
    }

    /// One more capture is done.
    pub(crate) fn step(&self) {
        if self.bar.is_hidden() && self.begun.elapsed() > LONG {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
