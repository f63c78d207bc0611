//! The order in which QEMU visits the members of an object, which comes from its hash tables. It
//! determines which of several problems QEMU reports, and how it prints an object.

use std::cmp::Reverse;

/// The number of buckets in QEMU's dictionary for JSON objects.
const BUCKETS: u32 = 512;

/// Sorts the names of properties, given in the order of the JSON text, into the order in which QEMU sets them. Of
/// several invalid ones, QEMU reports the first.
///
/// ```
/// let mut names = vec!["mac", "mq", "vectors"];
/// caps_core::validate::sort_as_qemu(&mut names);
/// assert_eq!(names, ["vectors", "mq", "mac"]);
/// ```
pub fn sort_as_qemu(names: &mut Vec<&str>) {
    sort_members(names, |name| name);
}

/// Sorts members from text order into the order of a parsed object: by bucket, and within a bucket
/// the newest first.
pub(crate) fn sort_members<T>(members: &mut Vec<T>, name: impl Fn(&T) -> &str) {
    let mut keyed: Vec<(u32, Reverse<usize>, T)> = members
        .drain(..)
        .enumerate()
        .map(|(position, member)| {
            (dictionary_hash(name(&member)) % BUCKETS, Reverse(position), member)
        })
        .collect();
    keyed.sort_by_key(|(bucket, position, _)| (*bucket, *position));
    members.extend(keyed.into_iter().map(|(_, _, member)| member));
}

/// The hash of the tdb database: starts from the length, adds each byte at one of 24 shifts, and
/// ends with a step of a linear congruential generator.
fn dictionary_hash(name: &str) -> u32 {
    const START: u32 = 0x238F_13AF;
    const FACTOR: u32 = 1_103_515_243;
    const TERM: u32 = 12_345;
    let bytes = name.as_bytes();
    // A token of at most 64 MiB can't exceed 32 bits.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let shifts = (0..24u32).step_by(5).chain((1..24).step_by(5)).chain((2..24).step_by(5));
    let shifts = shifts.chain((3..24).step_by(5)).chain((4..24).step_by(5)).cycle();
    let sum = bytes.iter().zip(shifts).fold(START.wrapping_mul(length), |sum, (&byte, shift)| {
        sum.wrapping_add(u32::from(byte) << shift)
    });
    sum.wrapping_mul(FACTOR).wrapping_add(TERM)
}

/// The names of an object, given in text order, that are not in `asked`, in the order in which QEMU
/// would report them. QEMU collects all names in a set, removes those in `asked` one by one, and
/// reports the first one left.
pub(super) fn left<'n>(names: &[&'n str], asked: &[impl AsRef<str>]) -> Vec<&'n str> {
    let mut names = names.to_vec();
    sort_members(&mut names, |name| name);
    let mut set = StringSet { slots: vec![None; 1 << StringSet::MIN_SHIFT], used: 0 };
    for name in names {
        set.insert(name);
    }
    for name in asked {
        set.remove(name.as_ref());
    }
    set.slots.into_iter().flatten().collect()
}

/// An open-addressing table with triangular probing, whose start index is taken modulo a prime.
///
/// Slots of removed strings aren't marked: nothing is looked up or inserted after the first
/// removal.
struct StringSet<'n> {
    slots: Vec<Option<&'n str>>,
    used: usize,
}

impl<'n> StringSet<'n> {
    const MIN_SHIFT: u32 = 3;
    /// The largest prime below each power of two.
    const PRIMES: [u32; 32] = [
        1,
        2,
        3,
        7,
        13,
        31,
        61,
        127,
        251,
        509,
        1021,
        2039,
        4093,
        8191,
        16381,
        32749,
        65521,
        131_071,
        262_139,
        524_287,
        1_048_573,
        2_097_143,
        4_194_301,
        8_388_593,
        16_777_213,
        33_554_393,
        67_108_859,
        134_217_689,
        268_435_399,
        536_870_909,
        1_073_741_789,
        2_147_483_647,
    ];

    fn insert(&mut self, name: &'n str) {
        self.place(name);
        self.used += 1;
        if self.slots.len() <= self.used + self.used / 16 {
            self.resize();
        }
    }

    fn remove(&mut self, name: &str) {
        let Some(slot) = self.slots.iter_mut().find(|slot| **slot == Some(name)) else { return };
        *slot = None;
        self.used -= 1;
        if self.slots.len() > (self.used * 4).max(1 << Self::MIN_SHIFT) {
            self.resize();
        }
    }

    /// Moves all names to their places in a table of another size. They move in the order of the slots;
    /// one whose place is held by a name that has not moved yet takes it, and the other moves next.
    fn resize(&mut self) {
        // A third more than the number of entries, in integers, rounded up to a power of two.
        let wanted = self.used * 1333 / 1000;
        let shift = (usize::BITS - wanted.leading_zeros()).max(Self::MIN_SHIFT);
        let (old, new) = (self.slots.len(), 1 << shift);
        self.slots.resize(old.max(new), None);
        let mut has_moved = vec![false; self.slots.len()];
        for slot in 0..old {
            let mut moving = if has_moved[slot] { None } else { self.slots[slot].take() };
            while let Some(name) = moving {
                let place = Self::find(name, new, |slot| has_moved[slot]);
                has_moved[place] = true;
                moving = self.slots[place].replace(name);
            }
        }
        self.slots.truncate(new);
    }

    fn place(&mut self, name: &'n str) {
        let slot = Self::find(name, self.slots.len(), |slot| self.slots[slot].is_some());
        self.slots[slot] = Some(name);
    }

    /// The first slot for a name that is not taken, in a table of this size.
    fn find(name: &str, size: usize, is_taken: impl Fn(usize) -> bool) -> usize {
        let prime = Self::PRIMES[(size.trailing_zeros() as usize).min(31)];
        let mut slot = (set_hash(name).wrapping_mul(11) % prime) as usize;
        let mut step = 0;
        while is_taken(slot) {
            step += 1;
            slot = (slot + step) & (size - 1);
        }
        slot
    }
}

/// Bernstein's string hash over signed bytes; 0 and 1 mark empty slots and become 2.
fn set_hash(name: &str) -> u32 {
    let hash = name.bytes().fold(5381u32, |hash, byte| {
        hash.wrapping_mul(33).wrapping_add_signed(i32::from(byte.cast_signed()))
    });
    hash.max(2)
}

#[cfg(test)]
mod tests {
    use super::{left, sort_members};

    /// The results are from QEMU 7.2, 10.0 and 11.1.
    #[test]
    fn members_come_in_the_order_that_qemu_was_seen_to_use() {
        let sorted = |text: &str| {
            let mut names: Vec<&str> = text.split(' ').collect();
            sort_members(&mut names, |name| name);
            names.join(" ")
        };
        assert_eq!(sorted("b a zeta id"), "zeta a b id");
        assert_eq!(sorted("arguments foo execute"), "execute arguments foo");
        assert_eq!(sorted("foo execute"), "execute foo");
        assert_eq!(sorted("execute zoo"), "zoo execute");
        assert_eq!(sorted("execute exec-oob"), "exec-oob execute");
        assert_eq!(sorted("error id return"), "return id error");
    }

    #[test]
    fn the_first_leftover_is_the_one_that_qemu_was_seen_to_report() {
        for (names, seen, first) in [
            ("b a c", "", "b"),
            ("zeta alpha", "", "alpha"),
            ("foo bar baz id driver qux size node-name x", "", "bar"),
            ("node-name x", "", "x"),
            ("x driver", "", "driver"),
            ("one two three", "", "three"),
            ("typename y z", "typename", "z"),
            ("driver file zeta alpha", "driver file", "alpha"),
            // Names that move to a larger table displace each other.
            ("psi sigma south qux three foo mu five omega chi ten kappa cyan lambda", "", "psi"),
            (
                "one qux iota psi south tau north four omega ten gamma blue xi mu two epsilon eta beta seven zeta \
                 eight west six pi",
                "",
                "psi",
            ),
            // The set shrinks as members are removed.
            (
                "bottom speed device job-id alpha zeta id auto-dismiss backing-mask-protocol on-error",
                "job-id device bottom backing-mask-protocol speed on-error auto-dismiss",
                "alpha",
            ),
        ] {
            let names: Vec<&str> = names.split(' ').collect();
            let seen: Vec<&str> = seen.split(' ').collect();
            assert_eq!(left(&names, &seen).first(), Some(&first), "{names:?}");
        }
    }
}
