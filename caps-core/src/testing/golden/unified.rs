//! Differences of texts as `diff -u` prints them.

use std::fmt::Write as _;
use std::iter::once;
use std::ops::Range;

/// How many equal lines to show around a difference.
const CONTEXT: usize = 3;

/// How many removed and added lines to look for. Memory grows with the square of it, and texts that differ in more
/// lines have little in common.
const MAX_EDITS: usize = 1000;

/// Formats the difference of two texts with these names; empty if they are equal.
pub(super) fn diff(names: [&str; 2], old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let mut text = String::new();
    let changes = changes(&old, &new);
    for hunk in changes.chunk_by(|a, b| b.old.start - a.old.end <= 2 * CONTEXT) {
        let (first, last) = (&hunk[0], &hunk[hunk.len() - 1]);
        let before = CONTEXT.min(first.old.start);
        let after = CONTEXT.min(old.len() - last.old.end);
        if text.is_empty() {
            let _ = writeln!(text, "--- {}\n+++ {}", names[0], names[1]);
        }
        let _ = writeln!(
            text,
            "@@ -{} +{} @@",
            place(first.old.start - before..last.old.end + after),
            place(first.new.start - before..last.new.end + after)
        );
        let mut at = first.old.start - before;
        for change in hunk {
            print(&mut text, ' ', &old[at..change.old.start]);
            print(&mut text, '-', &old[change.old.clone()]);
            print(&mut text, '+', &new[change.new.clone()]);
            at = change.old.end;
        }
        print(&mut text, ' ', &old[at..at + after]);
    }
    text
}

/// The first line and the number of lines, as in the head of a hunk.
fn place(lines: Range<usize>) -> String {
    match lines.len() {
        1 => (lines.start + 1).to_string(),
        0 => format!("{},0", lines.start),
        length => format!("{},{length}", lines.start + 1),
    }
}

fn print(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// Old lines that new ones replace; one of the two can be empty.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let (mut x, mut y) = (0, 0);
    let mut changes = Vec::new();
    for (next_x, next_y) in equal_lines(old, new).into_iter().chain(once((old.len(), new.len()))) {
        if (x, y) != (next_x, next_y) {
            changes.push(Change { old: x..next_x, new: y..next_y });
        }
        (x, y) = (next_x + 1, next_y + 1);
    }
    changes
}

/// The positions of lines that stay.
fn equal_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let between = most_equal_lines(&old[start..old_end], &new[start..new_end]);
    let between = between.into_iter().map(|(x, y)| (start + x, start + y));
    (0..start)
        .map(|at| (at, at))
        .chain(between)
        .chain((old_end..).zip(new_end..).take(end))
        .collect()
}

/// Myers' algorithm: `reach[k]` is how many old lines a path with so many edits can pass on the diagonal `k`, the
/// number of old lines passed minus that of new ones. None stay if more edits than the limit are necessary.
fn most_equal_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let mut reaches: Vec<Reach> = Vec::new();
    // Removing all old lines and adding all new ones is a path, too.
    for edits in 0..=MAX_EDITS {
        let mut reach = Reach { edits, old_lines: vec![0; 2 * edits + 1] };
        for k in reach.diagonals() {
            let mut x = reaches.last().map_or(0, |last| last.step(k).0);
            let mut y = passed_in_new(x, k);
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            if (x, y) == (old.len(), new.len()) {
                return path(&reaches, x, y);
            }
            reach.set(k, x);
        }
        reaches.push(reach);
    }
    Vec::new()
}

/// The equal lines on the way to a position, for each number of edits before.
fn path(reaches: &[Reach], mut x: usize, mut y: usize) -> Vec<(usize, usize)> {
    let mut equal = Vec::new();
    for reach in reaches.iter().rev() {
        let k = x.cast_signed() - y.cast_signed();
        let (after, before) = reach.step(k);
        while x > after {
            (x, y) = (x - 1, y - 1);
            equal.push((x, y));
        }
        y = passed_in_new(before.1, before.0);
        x = before.1;
    }
    equal.extend((0..x).rev().map(|at| (at, at)));
    equal.reverse();
    equal
}

fn passed_in_new(x: usize, k: isize) -> usize {
    x.saturating_add_signed(-k)
}

struct Reach {
    edits: usize,
    /// From the lowest diagonal to the highest.
    old_lines: Vec<usize>,
}

impl Reach {
    /// Every other one, because each edit moves to the next.
    fn diagonals(&self) -> impl Iterator<Item = isize> + use<> {
        let edits = self.edits.cast_signed();
        (-edits..=edits).step_by(2)
    }

    fn index(&self, k: isize) -> Option<usize> {
        self.edits.checked_add_signed(k)
    }

    fn get(&self, k: isize) -> Option<usize> {
        self.old_lines.get(self.index(k)?).copied()
    }

    fn set(&mut self, k: isize, x: usize) {
        if let Some(old_lines) = self.index(k).and_then(|index| self.old_lines.get_mut(index)) {
            *old_lines = x;
        }
    }

    /// One more edit, to the diagonal `k`: the old lines passed after it; and before it, with the diagonal.
    fn step(&self, k: isize) -> (usize, (isize, usize)) {
        match (self.get(k - 1), self.get(k + 1)) {
            // Removes an old line.
            (Some(x), above) if above.is_none_or(|above| x >= above) => (x + 1, (k - 1, x)),
            // Adds a new one.
            (_, above) => {
                let x = above.unwrap_or_default();
                (x, (k + 1, x))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_EDITS, changes, diff, equal_lines};

    #[test]
    fn hunks_are_those_of_diff() {
        let text = |lines: &[&str]| lines.join("\n") + "\n";
        let old = text(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
        let new = text(&["1", "2", "3", "4", "five", "6", "7", "8", "9", "10", "11", "12"]);
        let head = "--- a\n+++ b\n";
        for (old, new, expected) in [
            (&*old, &*old, ""),
            (
                &*old,
                &*new,
                "@@ -2,10 +2,11 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n 10\n 11\n+12\n",
            ),
            ("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"),
            ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
            ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
            ("a\nb\n", "b\nb", "@@ -1,2 +1,2 @@\n-a\n b\n+b\n\\ No newline at end of file\n"),
        ] {
            let expected =
                if expected.is_empty() { String::new() } else { format!("{head}{expected}") };
            assert_eq!(diff(["a", "b"], old, new), expected);
        }
        let far = text(&["x", "a", "b", "c", "d", "e", "f", "g", "y"]);
        let hunks = diff(["a", "b"], &far, &far.replace('x', "1").replace('y', "2"));
        assert_eq!(hunks.matches("@@ -").count(), 2, "{hunks}");
        let long = "-\n".repeat(20) + "x\n" + &"-\n".repeat(30) + "y\n";
        let hunks = diff(["a", "b"], &long, &long.replace('x', "1").replace('y', "2"));
        assert_eq!(hunks.matches("@@ -").count(), 2, "{hunks}");
        assert_eq!(diff(["a", "b"], "b\n", "a\nb\n"), format!("{head}@@ -1 +1,2 @@\n+a\n b\n"));
    }

    /// Applying the changes to the old lines makes the new ones, and no shorter list of changes does.
    #[test]
    fn changes_are_right_and_few() {
        let lines = |mut number: usize, length: usize| -> Vec<&str> {
            (0..length)
                .map(|_| {
                    let line = ["a", "b", "c"][number % 3];
                    number /= 3;
                    line
                })
                .collect()
        };
        for (a, b) in (0..81).flat_map(|a| (0..243).map(move |b| (a, b))) {
            let (old, new) = (lines(a, 4), lines(b, 5));
            let mut made = Vec::new();
            let mut at = 0;
            for change in changes(&old, &new) {
                made.extend_from_slice(&old[at..change.old.start]);
                made.extend_from_slice(&new[change.new.clone()]);
                at = change.old.end;
            }
            made.extend_from_slice(&old[at..]);
            assert_eq!(made, new, "{old:?}");
            assert_eq!(equal_lines(&old, &new).len(), longest(&old, &new), "{old:?} {new:?}");
        }
    }

    /// The length of the longest common subsequence, by its definition.
    fn longest(old: &[&str], new: &[&str]) -> usize {
        let ([a, old_rest @ ..], [b, new_rest @ ..]) = (old, new) else { return 0 };
        if a == b {
            return 1 + longest(old_rest, new_rest);
        }
        longest(old_rest, new).max(longest(old, new_rest))
    }

    #[test]
    fn texts_without_a_common_line_take_no_longer_than_the_limit() {
        let text = |sign: char| {
            let lines: Vec<String> = (0..20 * MAX_EDITS).map(|n| format!("{sign}{n}")).collect();
            lines.join("\n") + "\n"
        };
        let difference = diff(["a", "b"], &text('-'), &text('+'));
        assert_eq!(difference.lines().count(), 3 + 40 * MAX_EDITS);
    }
}
