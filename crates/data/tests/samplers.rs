//! Every sampler visits each sample once per epoch, and gives the same plan for the same seed and epoch; those that
//! shuffle give another plan for another seed or epoch.

use drivetrain_data::*;
use proptest::prelude::*;

const KINDS: usize = 4;

/// The batch sampler with the given number (0 to `KINDS` − 1), over samples of the given lengths.
fn sampler(kind: usize, lengths: &[u32], batch_size: usize, seed: u64, drop_last: bool) -> Box<dyn BatchSampler> {
    let n = lengths.len();
    match kind {
        0 => Box::new(Batched::new(Sequential::new(n), batch_size, drop_last).unwrap()),
        1 => Box::new(Batched::new(Shuffled::new(n, seed), batch_size, drop_last).unwrap()),
        2 => Box::new(LengthGroups::new(lengths, batch_size, seed, drop_last).unwrap()),
        _ => Box::new(TokenBudget::new(lengths, 40.max(batch_size), seed).unwrap()),
    }
}

fn sorted_indices(plan: &EpochPlan) -> Vec<u32> {
    let mut indices: Vec<u32> = plan.iter().flatten().copied().collect();
    indices.sort_unstable();
    indices
}

fn lengths() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0_u32..40, 0..120)
}

proptest! {
    #[test]
    fn cover_every_index_exactly_once(lengths in lengths(), size in 1_usize..20, seed: u64, epoch in 0_u64..5) {
        for kind in 0..KINDS {
            let plan = sampler(kind, &lengths, size, seed, false).plan(epoch);
            prop_assert_eq!(sorted_indices(&plan), (0..lengths.len() as u32).collect::<Vec<_>>());
            prop_assert_eq!(plan.samples(), lengths.len());
            prop_assert_eq!(plan.dropped(), 0);
            prop_assert!(plan.iter().all(|batch| !batch.is_empty()));
            prop_assert_eq!(plan.iter().len(), plan.len());
        }
    }

    #[test]
    fn are_pure_functions_of_seed_and_epoch(lengths in lengths(), size in 1_usize..20, seed: u64, epoch: u64) {
        for kind in 0..KINDS {
            let first = sampler(kind, &lengths, size, seed, false);
            first.plan(epoch.wrapping_add(1)); // a plan in between must leave no trace
            prop_assert_eq!(first.plan(epoch), sampler(kind, &lengths, size, seed, false).plan(epoch));
        }
    }

    #[test]
    fn drop_last_leaves_full_batches_and_counts_the_rest(lengths in lengths(), size in 1_usize..20, seed: u64) {
        for kind in 0..3 {
            let plan = sampler(kind, &lengths, size, seed, true).plan(0);
            prop_assert!(plan.iter().all(|batch| batch.len() == size));
            prop_assert_eq!(plan.dropped(), lengths.len() % size);
            prop_assert_eq!(plan.samples() + plan.dropped(), lengths.len());
            let mut unique = sorted_indices(&plan);
            unique.dedup();
            prop_assert_eq!(unique.len(), plan.samples());
        }
    }

    #[test]
    fn groups_hold_neighbours_in_length(lengths in lengths(), size in 1_usize..20, seed: u64) {
        let plan = sampler(2, &lengths, size, seed, false).plan(1);
        let of = |index: &u32| lengths[*index as usize];
        let mut ranges: Vec<(u32, u32)> = plan
            .iter()
            .map(|batch| (batch.iter().map(of).min().unwrap(), batch.iter().map(of).max().unwrap()))
            .collect();
        ranges.sort_unstable();
        prop_assert!(ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{:?}", ranges);
    }

    #[test]
    fn the_token_budget_is_kept_and_used(lengths in lengths(), budget in 40_usize..400, seed: u64) {
        let plan = TokenBudget::new(&lengths, budget, seed).unwrap().plan(2);
        let padded = |batch: &[u32]| {
            batch.iter().map(|&index| lengths[index as usize].max(1) as usize).max().unwrap() * batch.len()
        };
        prop_assert!(plan.iter().all(|batch| padded(batch) <= budget));
        // Greedy: no batch has room for the shortest sample of the next one.
        let mut batches: Vec<Vec<u32>> = plan.iter().map(<[u32]>::to_vec).collect();
        batches.iter_mut().for_each(|batch| batch.sort_unstable_by_key(|&index| (lengths[index as usize], index)));
        batches.sort_unstable_by_key(|batch| (lengths[batch[0] as usize], batch[0]));
        for pair in batches.windows(2) {
            prop_assert!(padded(&[&pair[0][..], &pair[1][..1]].concat()) > budget);
        }
    }
}

#[test]
fn epochs_and_seeds_differ() {
    let lengths: Vec<u32> = (0..200).map(|i| i * 7 % 40).collect();
    for kind in 1..KINDS {
        let plan = |seed, epoch| sampler(kind, &lengths, 8, seed, false).plan(epoch);
        assert_ne!(plan(1, 0), plan(1, 1), "kind {kind}");
        assert_ne!(plan(1, 0), plan(2, 0), "kind {kind}");
    }
    assert_eq!(sampler(0, &lengths, 8, 1, false).plan(0), sampler(0, &lengths, 8, 1, false).plan(9));
}

#[test]
fn dropping_the_short_group_spares_no_length_for_ever() {
    let lengths: Vec<u32> = (1..=10).collect();
    let groups = LengthGroups::new(&lengths, 4, 5, true).unwrap();
    let seen: std::collections::BTreeSet<u32> = (0..50).flat_map(|epoch| sorted_indices(&groups.plan(epoch))).collect();
    assert_eq!(seen.len(), 10);
}

#[test]
fn a_sample_beyond_the_budget_is_named() {
    let error = TokenBudget::new(&[3, 9, 4, 12], 8, 0).unwrap_err().to_string();
    assert!(error.contains("sample 1 has 9 tokens") && error.contains("budget of 8"), "{error}");
}

#[test]
fn a_batch_size_of_nothing_is_refused() {
    assert!(matches!(Batched::new(Sequential::new(3), 0, false), Err(DataError::Config(_))));
    assert!(matches!(LengthGroups::new(&[1, 2], 0, 0, false), Err(DataError::Config(_))));
}

#[test]
fn lengths_are_chosen_by_how_much_they_vary() {
    let (even, uneven) = ([100, 101, 102], [1, 5, 2]);
    assert_eq!(choose_lengths(GroupBy::Auto, &even, &uneven).unwrap(), (GroupBy::Output, &uneven[..]));
    assert_eq!(choose_lengths(GroupBy::Auto, &uneven, &even).unwrap(), (GroupBy::Input, &uneven[..]));
    assert_eq!(choose_lengths(GroupBy::Auto, &even, &even).unwrap().0, GroupBy::Input);
    assert_eq!(choose_lengths(GroupBy::Input, &even, &uneven).unwrap(), (GroupBy::Input, &even[..]));
    assert_eq!(choose_lengths(GroupBy::Output, &uneven, &even).unwrap(), (GroupBy::Output, &even[..]));
    assert!(choose_lengths(GroupBy::Auto, &even, &[1]).is_err());
}

#[test]
fn padding_is_counted_as_it_will_be() {
    let lengths = [4, 1, 2, 2, 0];
    let mut plan = EpochPlan::default();
    plan.push([0, 1]); // 8 positions, 5 real
    plan.push([2, 3]); // 4 positions, 4 real
    plan.push([4]); // 1 position, 0 real
    plan.push([]); // no batch at all
    assert_eq!(plan.len(), 3);
    assert!((padding_share(&plan, &lengths) - 4.0 / 13.0).abs() < 1e-12);
    assert_eq!(padding_share(&EpochPlan::default(), &lengths), 0.0);

    let lengths: Vec<u32> = (0..1000).map(|i| 1 + i * 7919 % 100).collect();
    let share = |kind| padding_share(&sampler(kind, &lengths, 16, 1, false).plan(0), &lengths);
    assert!(share(2) < 0.02 && share(1) > 0.3, "{} {}", share(2), share(1));
}
