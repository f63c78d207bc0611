use std::cmp::Reverse;

/// Items with their positions.
pub(super) type Share<T> = Vec<(usize, T)>;

/// Distributes items so that each share is about the same amount of work. The last item of a share
/// comes first in the order of the items.
pub(super) fn shares<T>(items: Vec<(u64, T)>, count: usize) -> Vec<Share<T>> {
    let sizes: Vec<u64> = items.iter().map(|(size, _)| *size).collect();
    let mut owners = vec![0; sizes.len()];
    let mut totals = vec![0; count];
    let extremes = |totals: &[u64]| {
        let by_total = |&share: &usize| totals[share];
        let most = (0..count).max_by_key(by_total).unwrap_or_default();
        (most, (0..count).min_by_key(by_total).unwrap_or_default())
    };
    let mut largest_first: Vec<usize> = (0..sizes.len()).collect();
    largest_first.sort_by_key(|&item| Reverse(sizes[item]));
    for item in largest_first {
        let (_, least) = extremes(&totals);
        owners[item] = least;
        totals[least] = totals[least].saturating_add(sizes[item]);
    }
    // Exchanges between the largest and the smallest share, as long as they get closer.
    for _ in 0..sizes.len() {
        let (most, least) = extremes(&totals);
        let gap = totals[most] - totals[least];
        if gap < 2 {
            break;
        }
        let owner = |item: usize| owners[item];
        let of = |share| (0..sizes.len()).filter(move |&item| owner(item) == share);
        let pairs = of(most).flat_map(|given| of(least).map(move |taken| (given, taken)));
        let moved = |&(given, taken): &(usize, usize)| sizes[given].saturating_sub(sizes[taken]);
        let best = pairs
            .filter(|pair| (1..gap).contains(&moved(pair)))
            .min_by_key(|pair| gap.abs_diff(moved(pair).saturating_mul(2)));
        let Some(pair) = best else { break };
        totals[most] -= moved(&pair);
        totals[least] += moved(&pair);
        (owners[pair.0], owners[pair.1]) = (least, most);
    }
    let mut shares: Vec<Share<T>> = (0..count).map(|_| Vec::new()).collect();
    for (index, (_, item)) in items.into_iter().enumerate().rev() {
        shares[owners[index]].push((index, item));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_are_about_equal() {
        for (sizes, count, expected) in [
            (&[737, 895, 718, 660, 757, 827, 696, 686, 485, 590, 676, 873, 874][..], 2, 4740),
            (&[3, 3, 2, 2, 2], 2, 6),
            (&[9, 5, 12, 13, 6, 5, 11], 2, 31),
            (&[5, 5, 4, 3, 3, 3, 1], 3, 8),
            (&[9, 1, 1], 2, 9),
            (&[0, 0, 0], 2, 0),
            (&[4], 1, 4),
        ] {
            let items = sizes.iter().map(|&size| (size, size)).collect();
            let shares = shares(items, count);
            let mut all: Vec<usize> = shares.iter().flatten().map(|(index, _)| *index).collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..sizes.len()), "{sizes:?}");
            let total = |share: &Vec<(usize, u64)>| share.iter().map(|(_, size)| size).sum();
            let most: u64 = shares.iter().map(total).max().unwrap_or_default();
            assert!(most <= expected, "{most} {sizes:?}");
        }
    }

    #[test]
    fn sizes_may_have_any_sum() {
        // Sparse files can be as large as a number of bytes can be.
        for count in [1, 2, 3] {
            let shares = shares(vec![(u64::MAX, ()); 5], count);
            assert_eq!(shares.iter().map(Vec::len).sum::<usize>(), 5, "{count}");
        }
    }
}
