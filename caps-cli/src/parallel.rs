//! Work over many captures, on all cores.

mod shares;
mod turns;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use self::shares::shares;
pub(crate) use self::turns::{Piece, in_turn};
use crate::progress::Progress;
use crate::source::Source;

/// Applies `work` to all captures on all cores and returns the results in the order of the captures,
/// or the first error. Shows the progress of long work.
pub(crate) fn map<R: Send, E: Send>(
    sources: Vec<Source>,
    work: impl Fn(Source) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    // Of many captures, one more or less on a core makes no difference.
    let is_few = sources.len() <= 100;
    let size = |source: &Source| if is_few { source.size() } else { 1 };
    let items: Vec<_> = sources.into_iter().map(|source| (size(&source), source)).collect();
    let progress = Progress::new(items.len());
    map_sized(items, cores(), work, |done| progress.show(done))
}

/// As [`map`], for items with the amount of work that each is. The first thread shows how many are
/// done.
fn map_sized<T: Send, R: Send, E: Send>(
    items: Vec<(u64, T)>,
    threads: usize,
    work: impl Fn(T) -> Result<R, E> + Sync,
    show: impl Fn(usize) + Sync,
) -> Result<Vec<R>, E> {
    let count = items.len();
    let shares = shares(items, threads.min(count).max(1));
    let shares: Vec<_> = shares.into_iter().map(Mutex::new).collect();
    // The first item that failed; those after it are not needed.
    let failed = AtomicUsize::new(count);
    let done = AtomicUsize::new(0);
    let run = |own: usize| {
        let mut results = Vec::new();
        // What is left of the shares of others comes last.
        let share = |turn| &shares[(own + turn) % shares.len()];
        let next = || (0..shares.len()).find_map(|turn| lock(share(turn)).pop());
        while let Some((index, item)) = next() {
            if index > failed.load(Ordering::Relaxed) {
                continue;
            }
            let result = work(item);
            if result.is_err() {
                failed.fetch_min(index, Ordering::Relaxed);
            }
            results.push((index, result));
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            if own == 0 {
                show(done);
            }
        }
        results
    };
    let mut results = thread::scope(|scope| {
        let run = &run;
        let others: Vec<_> = (1..shares.len()).map(|own| scope.spawn(move || run(own))).collect();
        let mut results = run(0);
        for other in others {
            results.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::sync::{Condvar, Mutex};
    use std::thread;
    use std::time::Duration;

    use super::{cores, lock, map_sized};

    /// Items that are in work at the same time.
    #[derive(Default)]
    pub(super) struct Meeting {
        begun: Mutex<usize>,
        changed: Condvar,
    }

    impl Meeting {
        /// Waits until so many items have begun; returns `false` if they don't.
        pub(super) fn is_of(&self, items: usize) -> bool {
            let mut begun = lock(&self.begun);
            *begun += 1;
            self.changed.notify_all();
            let limit = Duration::from_secs(30);
            let begun = self.changed.wait_timeout_while(begun, limit, |begun| *begun < items);
            begun.is_ok_and(|(begun, _)| *begun >= items)
        }
    }

    fn sized(items: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
        items.into_iter().map(|n| (n % 7, n)).collect()
    }

    fn map<R: Send>(
        items: impl IntoIterator<Item = u64>,
        work: impl Fn(u64) -> Result<R, u64> + Sync,
    ) -> Result<Vec<R>, u64> {
        map_sized(sized(items), cores(), work, |_| ())
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in [1, 2, 5] {
            for count in [0, 1, 2, 3, 100] {
                let double = |n| Ok::<_, ()>(2 * n);
                let doubled = map_sized(sized(0..count), threads, double, |_| ());
                assert_eq!(doubled, Ok((0..count).map(|n| 2 * n).collect()));
            }
        }
    }

    #[test]
    fn what_is_done_is_shown() {
        let shown = Mutex::new(Vec::new());
        let show = |done| shown.lock().expect("no panic").push(done);
        let result = map_sized(sized(0..3), 1, Ok::<_, ()>, show);
        assert_eq!(
            (result, shown.into_inner().expect("no panic")),
            (Ok(vec![0, 1, 2]), vec![1, 2, 3])
        );
    }

    #[test]
    fn the_first_of_several_errors_is_returned() {
        for _ in 0..100 {
            let result = map(0..100, |n| if n % 10 == 7 { Err(n) } else { Ok(n) });
            assert_eq!(result, Err(7));
        }
    }

    #[test]
    fn items_after_one_that_failed_are_left() {
        let worked = Mutex::new(Vec::new());
        let work = |n| {
            lock(&worked).push(n);
            if n == 1 { Err(n) } else { Ok(n) }
        };
        assert_eq!(map_sized(sized(0..3), 1, work, |_| ()), Err(1));
        assert_eq!(worked.into_inner().expect("no panic"), [0, 1]);
    }

    #[test]
    fn all_cores_work_at_the_same_time() {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let meeting = Meeting::default();
        let work = |n| if meeting.is_of(cores) { Ok(n) } else { Err(n) };
        let items = 0..cores as u64;
        assert_eq!(map(items.clone(), work), Ok(items.collect()));
    }

    #[test]
    fn a_thread_without_work_helps_the_others() {
        // The first item is the share of the first thread, the others are that of the second.
        let items = vec![(3, 0), (1, 1), (1, 2), (1, 3)];
        let meeting = Meeting::default();
        let work = |n| if ![1, 2].contains(&n) || meeting.is_of(2) { Ok(n) } else { Err(n) };
        assert_eq!(map_sized(items, 2, work, |_| ()), Ok(vec![0, 1, 2, 3]));
    }

    #[test]
    #[should_panic(expected = "five")]
    fn a_panic_is_passed_on() {
        let _ = map(0..10, |n| if n == 5 { panic!("five") } else { Ok(n) });
    }
}
