//! Places in a large table that are read instead of the whole table.

use std::ops::Range;

use drivetrain_random::Random;

/// Up to `count` runs of rows out of `rows` rows, `kept` rows altogether, in order and without overlap: one from each of `count`
/// equal parts of the table. All rows if there are at most `kept`.
pub(crate) fn runs(rows: u64, kept: u64, count: u64, seed: u64) -> Vec<Range<u64>> {
    if rows <= kept {
        return std::iter::once(0..rows).filter(|run| !run.is_empty()).collect();
    }
    let count = count.clamp(1, kept.max(1));
    let random = Random::new(seed, "runs of rows of a table");
    let share = |of: u64, index: u64| (u128::from(index) * u128::from(of) / u128::from(count)) as u64;
    (0..count)
        .map(|index| {
            let length = share(kept, index + 1) - share(kept, index);
            // Rows of the part that are not kept.
            let (before, after) = (share(rows - kept, index), share(rows - kept, index + 1));
            let room = after - before + 1;
            let skipped = ((u128::from(random.bits(index)) * u128::from(room)) >> 64) as u64;
            let begin = share(kept, index) + before + skipped;
            begin..begin + length
        })
        .filter(|run| !run.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_apart_and_as_many_rows_as_asked_for() {
        for (rows, kept, count) in [(1_000_000, 10_000, 8), (10_001, 10_000, 7), (50, 10, 64), (u64::MAX, 100, 3)] {
            let runs = runs(rows, kept, count, 1);
            assert_eq!(runs.iter().map(|run| run.end - run.start).sum::<u64>(), kept);
            assert!(runs.windows(2).all(|pair| pair[0].end <= pair[1].start) && runs.last().unwrap().end <= rows);
        }
        assert!(matches!(runs(5, 10, 3, 1).as_slice(), [run] if *run == (0..5)));
        assert!(runs(0, 10, 3, 1).is_empty());
    }
}
