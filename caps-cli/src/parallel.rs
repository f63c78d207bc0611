//! Work over many captures, on all cores.

use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::progress::Progress;

/// Applies `work` to all items on all cores and passes the results to `take` in the order of the
/// items, until it fails.
///
/// Each thread is at most one result ahead, so that memory does not grow with the number of items.
pub(crate) fn in_order<T: Send, R: Send, E>(
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (count, threads) = (items.len(), cores.min(items.len()));
    if threads < 2 {
        return items.into_iter().map(work).try_for_each(take);
    }
    let mut shares: Vec<Vec<T>> = (0..threads).map(|_| Vec::new()).collect();
    for (index, item) in items.into_iter().enumerate() {
        shares[index % threads].push(item);
    }
    let work = &work;
    thread::scope(|scope| {
        let results: Vec<_> = shares
            .into_iter()
            .map(|share| {
                let (sender, receiver) = sync_channel(1);
                // Once nobody receives, the rest is not needed.
                scope.spawn(move || share.into_iter().all(|item| sender.send(work(item)).is_ok()));
                receiver
            })
            .collect();
        for turn in 0..count {
            // Without a result the thread has panicked, which the end of the scope passes on.
            let Ok(result) = results[turn % threads].recv() else { break };
            take(result)?;
        }
        Ok(())
    })
}

/// Applies `work` to all captures on all cores and returns the results in the order of the items,
/// or the first error. Shows the progress of long work.
pub(crate) fn map<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let mut all = Vec::with_capacity(items.len());
    let progress = Progress::new(items.len());
    in_order(items, work, |result| {
        all.push(result?);
        progress.step();
        Ok(())
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{in_order, map};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let double = |n: usize| Ok::<_, ()>(2 * n);
        for count in [0, 1, 2, 3, 100] {
            let doubled = map((0..count).collect(), double);
            assert_eq!(doubled, Ok((0..count).map(|n| 2 * n).collect()));
        }
    }

    #[test]
    fn the_first_error_counts_and_ends_the_work() {
        let mut seen = Vec::new();
        let ended = in_order(
            (0..1000).collect(),
            |n| if n % 10 == 7 { Err(n) } else { Ok(n) },
            |result: Result<i32, i32>| {
                seen.push(result?);
                Ok(())
            },
        );
        assert_eq!(ended, Err(7));
        assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_passed_on() {
        let _ =
            map((0..10).collect(), |n: i32| if n == 5 { panic!("five") } else { Ok::<_, ()>(n) });
    }
}
