//! Work whose results are needed in the order of the items.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::{mem, thread};

use super::{cores, lock};

/// What [`in_turn`] hands over.
pub(crate) enum Piece<'a, R> {
    /// The next part of the text of an item.
    Text(&'a [u8]),
    /// The result of an item, after its text.
    End(R),
}

/// Applies `work` to all items on all cores and passes their texts and results to `take` in the order
/// of the items, until it fails.
///
/// The text of the first item that is not done is passed on as it comes. That of others is kept until
/// their turn, up to a limit. Each thread is at most one item ahead, so that memory does not grow with
/// the number of items.
pub(crate) fn in_turn<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    work: impl Fn(T, &mut dyn FnMut(&[u8])) -> R + Sync,
    take: impl FnMut(Piece<'_, R>) -> Result<(), E> + Send,
) -> Result<(), E> {
    in_turn_on(items, cores(), work, take)
}

fn in_turn_on<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    threads: usize,
    work: impl Fn(T, &mut dyn FnMut(&[u8])) -> R + Sync,
    take: impl FnMut(Piece<'_, R>) -> Result<(), E> + Send,
) -> Result<(), E> {
    let threads = threads.min(items.len());
    let items = Mutex::new(items.into_iter().enumerate());
    let turns = Turns {
        current: AtomicUsize::new(0),
        limit: LIMIT * threads.saturating_sub(1),
        moved: Condvar::new(),
        state: Mutex::new(State { take, early: BTreeMap::new(), spare: Vec::new(), failure: None }),
    };
    let next = || lock(&items).next();
    let run = || {
        while let Some((index, item)) = next()
            && turns.may_begin(index, threads)
        {
            let mut turn = Turn { turns: &turns, index, text: Vec::new(), has_ended: false };
            let result = work(item, &mut |text| turn.text(text));
            turn.end(result);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let state = turns.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.failure.map_or(Ok(()), Err)
}

/// How much of the text of an item is kept for each other thread: fresh memory takes time, too, and
/// with half a megabyte two threads that dump captures hardly wait for each other.
const LIMIT: usize = 1 << 19;

/// Whose turn it is, and what waits for its turn.
struct Turns<F, R, E> {
    /// The item whose turn it is, or [`NOBODY`]. It changes only while the state is locked.
    current: AtomicUsize,
    /// How much text an item whose turn has not come may have.
    limit: usize,
    moved: Condvar,
    state: Mutex<State<F, R, E>>,
}

/// In place of an item after a failure.
const NOBODY: usize = usize::MAX;

struct State<F, R, E> {
    take: F,
    /// Items that were done before their turn.
    early: BTreeMap<usize, (Vec<u8>, R)>,
    /// Texts that were passed on, whose memory is used again.
    spare: Vec<Vec<u8>>,
    failure: Option<E>,
}

impl<F, R, E> Turns<F, R, E> {
    fn current(&self) -> usize {
        self.current.load(Ordering::Acquire)
    }

    /// Waits until an item is at most so far ahead; returns `false` after a failure.
    fn may_begin(&self, index: usize, ahead: usize) -> bool {
        self.wait(index.saturating_sub(ahead)) != NOBODY
    }

    /// Waits until it is the turn of an item or a later one; returns whose turn it is.
    fn wait(&self, index: usize) -> usize {
        if self.current() < index {
            let mut state = lock(&self.state);
            while self.current() < index {
                state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        self.current()
    }

    fn set(&self, current: usize) {
        self.current.store(current, Ordering::Release);
        self.moved.notify_all();
    }
}

impl<F: FnMut(Piece<'_, R>) -> Result<(), E>, R, E> State<F, R, E> {
    fn take(&mut self, piece: Piece<'_, R>) -> Option<()> {
        match (self.take)(piece) {
            Ok(()) => Some(()),
            Err(error) => {
                self.failure = Some(error);
                None
            }
        }
    }

    /// Passes on a text, of which nothing is left.
    fn take_text(&mut self, text: &mut Vec<u8>) -> Option<()> {
        if !text.is_empty() {
            self.take(Piece::Text(text))?;
            text.clear();
            self.spare.push(mem::take(text));
        }
        Some(())
    }
}

/// An item in work.
struct Turn<'t, F: FnMut(Piece<'_, R>) -> Result<(), E>, R, E> {
    turns: &'t Turns<F, R, E>,
    index: usize,
    /// The text that waits.
    text: Vec<u8>,
    has_ended: bool,
}

impl<F: FnMut(Piece<'_, R>) -> Result<(), E>, R, E> Turn<'_, F, R, E> {
    fn text(&mut self, text: &[u8]) {
        let is_too_long = self.text.len() + text.len() > self.turns.limit;
        let current = if is_too_long { self.turns.wait(self.index) } else { self.turns.current() };
        if current == self.index {
            let mut state = lock(&self.turns.state);
            let taken = state.take_text(&mut self.text);
            if taken.and_then(|()| state.take(Piece::Text(text))).is_none() {
                self.turns.set(NOBODY);
            }
        } else if current != NOBODY {
            if self.text.capacity() == 0 {
                self.text = lock(&self.turns.state).spare.pop().unwrap_or_default();
            }
            self.text.extend_from_slice(text);
        }
    }

    fn end(mut self, result: R) {
        self.has_ended = true;
        let mut state = lock(&self.turns.state);
        state.early.insert(self.index, (mem::take(&mut self.text), result));
        let mut current = self.turns.current();
        while let Some((mut text, result)) = state.early.remove(&current) {
            let taken = state.take_text(&mut text);
            let taken = taken.and_then(|()| state.take(Piece::End(result)));
            current = taken.map_or(NOBODY, |()| current + 1);
            self.turns.set(current);
        }
    }
}

impl<F: FnMut(Piece<'_, R>) -> Result<(), E>, R, E> Drop for Turn<'_, F, R, E> {
    fn drop(&mut self) {
        // After a panic, nobody must wait for this turn to end.
        if !self.has_ended {
            let _state = lock(&self.turns.state);
            self.turns.set(NOBODY);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{panic, thread};

    use super::{LIMIT, Piece, in_turn, in_turn_on};
    use crate::parallel::cores;
    use crate::parallel::tests::Meeting;

    /// Lets the other threads go as far as they do before something else happens.
    fn wait(count: &AtomicUsize, wanted: usize) {
        while cores() > 1 && count.load(Ordering::Relaxed) < wanted {
            thread::yield_now();
        }
        (0..1000).for_each(|_| thread::yield_now());
    }

    #[test]
    fn texts_and_results_come_in_the_order_of_the_items() {
        let work = |item: usize, emit: &mut dyn FnMut(&[u8])| {
            for part in 0..3 {
                if (item + part).is_multiple_of(5) {
                    wait(&AtomicUsize::new(0), 0);
                }
                emit(format!("{item} {part}").as_bytes());
            }
            item
        };
        for count in [0, 1, 2, 3, 100] {
            let mut seen = String::new();
            let ended = in_turn((0..count).collect(), work, |piece| {
                match piece {
                    Piece::Text(text) => seen.push_str(&String::from_utf8_lossy(text)),
                    Piece::End(item) => seen.extend([" end of ", &item.to_string(), "\n"]),
                }
                Ok::<_, ()>(())
            });
            assert_eq!(ended, Ok(()));
            let line = |item| format!("{item} 0{item} 1{item} 2 end of {item}\n");
            assert_eq!(seen, (0..count).map(line).collect::<String>());
        }
    }

    #[test]
    fn the_first_error_counts_and_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let mut seen = Vec::new();
        let work = |item, emit: &mut dyn FnMut(&[u8])| {
            begun.fetch_add(1, Ordering::Relaxed);
            emit(b"a");
            if item % 10 == 7 { Err(item) } else { Ok(item) }
        };
        let ended = in_turn((0..1000).collect(), work, |piece| {
            if let Piece::End(result) = piece {
                seen.push(result?);
            }
            Ok(())
        });
        assert_eq!((ended, seen), (Err(7), (0..7).collect()));
        assert!(begun.into_inner() < 1000);
    }

    #[test]
    fn an_error_of_a_text_ends_the_work() {
        let work = |item: usize, emit: &mut dyn FnMut(&[u8])| {
            for part in ["a", "b"] {
                emit(format!("{item} {part}").as_bytes());
            }
            item
        };
        let mut ends = 0;
        let ended = in_turn((0..1000).collect(), work, |piece| match piece {
            Piece::Text(text) if text.starts_with(b"3 a") => Err("3 a"),
            Piece::Text(text) if text.starts_with(b"3 b") => Err("3 b"),
            Piece::Text(_) => Ok(()),
            Piece::End(_) => {
                ends += 1;
                Ok(())
            }
        });
        assert_eq!((ended, ends), (Err("3 a"), 3));
    }

    #[test]
    fn nobody_is_far_ahead() {
        let (begun, mut done, mut most) = (AtomicUsize::new(0), 0, 0);
        let work = |item, _: &mut dyn FnMut(&[u8])| {
            begun.fetch_add(1, Ordering::Relaxed);
            if item == 0 {
                wait(&begun, cores() + 1);
            }
        };
        let ended = in_turn((0..1000).collect(), work, |_| {
            most = most.max(begun.load(Ordering::Relaxed) - done);
            done += 1;
            Ok::<_, ()>(())
        });
        assert_eq!((ended, done), (Ok(()), 1000));
        assert!(most <= cores() + 1, "{most}");
    }

    #[test]
    fn little_text_waits() {
        let limit = LIMIT * (cores() - 1);
        let (count, block) = (2 * cores(), vec![b'x'; limit / 8 + 1]);
        let (emitted, mut taken, mut most) = (AtomicUsize::new(0), 0, 0);
        let work = |item, emit: &mut dyn FnMut(&[u8])| {
            if item == 0 {
                wait(&emitted, 8 * block.len() * (cores() - 1));
            }
            for _ in 0..24 {
                emitted.fetch_add(block.len(), Ordering::Relaxed);
                emit(&block);
            }
        };
        let ended = in_turn((0..count).collect(), work, |piece| {
            most = most.max(emitted.load(Ordering::Relaxed) - taken);
            if let Piece::Text(text) = piece {
                taken += text.len();
            }
            Ok::<_, ()>(())
        });
        assert_eq!((ended, taken), (Ok(()), count * 24 * block.len()));
        assert!(most <= cores() * (limit + block.len()), "{most} of {taken}");
    }

    #[test]
    fn half_a_megabyte_for_each_other_thread_is_kept() {
        let (meeting, text) = (Meeting::default(), vec![b'x'; 1024 * 1024]);
        let work = |item: usize, emit: &mut dyn FnMut(&[u8])| {
            if item == 1 {
                emit(&text);
            }
            item > 1 || meeting.is_of(2)
        };
        let mut taken = Vec::new();
        let ended = in_turn_on(vec![0, 1, 2], 3, work, |piece| {
            taken.push(match piece {
                Piece::Text(text) => Err(text.len()),
                Piece::End(has_met) => Ok(has_met),
            });
            Ok::<_, ()>(())
        });
        assert_eq!((ended, taken), (Ok(()), vec![Ok(true), Err(text.len()), Ok(true), Ok(true)]));
    }

    #[test]
    fn a_panic_ends_the_work() {
        let work = |item, _: &mut dyn FnMut(&[u8])| assert_ne!(item, 5, "five");
        let take = |_: Piece<'_, ()>| Ok::<_, ()>(());
        assert!(panic::catch_unwind(|| in_turn((0..1000).collect(), work, take)).is_err());
    }
}
