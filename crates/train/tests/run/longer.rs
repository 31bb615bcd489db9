//! Runs that are given more or fewer epochs than they were started with.

use drivetrain_train::{EarlyStopConfig, LearningRateConfig};

use super::*;

const COSINE: LearningRateConfig = LearningRateConfig::WarmupCosine { warmup_steps: 3, floor: 0.0 };

fn cosine(epochs: u64) -> TrainerConfig {
    TrainerConfig { learning_rate: COSINE, ..config(epochs, 0) }
}

fn rates(folder: &Path, config: TrainerConfig, how: How) -> (Vec<f64>, Vec<Rescheduled>) {
    let rates = Rates::default();
    train(folder, config, how, rates.clone()).unwrap();
    rates.0.lock().unwrap().clone()
}

#[test]
fn more_epochs_after_a_cosine_train_at_the_rates_of_the_longer_run() {
    let (longer, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (expected, message) = rates(whole.path(), cosine(4), How::default());
    assert!(message.is_empty());
    rates(longer.path(), cosine(2), How::default());
    let (found, message) = rates(longer.path(), cosine(4), How::default());
    assert_eq!(found, expected[26..]);
    assert!(found.iter().all(|rate| *rate > 0.0));
    let [message] = message[..] else { panic!("{message:?}") };
    assert_eq!((message.old_steps, message.new_steps, message.old_rate), (26, 52, 0.0));
    assert_eq!((message.new_rate, message.last_rate), (expected[26], expected[51]));
    // It is the run's schedule from now on, so the change is not reported again.
    assert!(rates(longer.path(), cosine(4), How::default()).1.is_empty());
}

#[test]
fn fewer_epochs_end_at_the_floor() {
    let folder = tempfile::tempdir().unwrap();
    rates(folder.path(), cosine(4), How { stop_after: Some(1), ..How::default() });
    let (found, message) = rates(folder.path(), cosine(2), How::default());
    assert_eq!((found.len(), message[0].new_steps), (13, 26));
    assert!(found[12] < 0.02 * found[0], "{found:?}");
}

#[test]
fn a_run_of_the_length_that_it_was_begun_with_keeps_its_schedule_to_the_bit() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), cosine(3), How::default(), Idle).unwrap();
    stopped_at(cut.path(), &cosine(3), |event| matches!(event, Event::Step(_)), 17);
    assert!(rates(cut.path(), cosine(3), How::default()).1.is_empty());
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
    // The same holds for a run that was given more epochs and was then interrupted.
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [whole.path(), cut.path()] {
        train(folder, cosine(2), How::default(), Idle).unwrap();
    }
    train(whole.path(), cosine(4), How::default(), Idle).unwrap();
    stopped_at(cut.path(), &cosine(4), |event| matches!(event, Event::Step(_)), 4);
    train(cut.path(), cosine(4), How::default(), Idle).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
}

#[test]
fn a_larger_patience_lets_a_run_go_on_that_early_stop_had_ended() {
    let folder = tempfile::tempdir().unwrap();
    // No score rises by more than 1, so the first validation stays the best. The dropout is constant, since a change of
    // it would restart the count of early stopping.
    let dropout = DropoutConfig { initial: 0.2, max: 0.2, ..DropoutConfig::default() };
    let patience = |patience| {
        let early_stop = EarlyStopConfig { patience, min_delta: 1.0 };
        TrainerConfig { early_stop, dropout: dropout.clone(), ..config(9, 0) }
    };
    train(folder.path(), patience(2), How::default(), Idle).unwrap();
    let state = || store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state().stopped_early, state().history.len()), (true, 3));
    train(folder.path(), patience(2), How::default(), Idle).unwrap();
    assert_eq!(state().history.len(), 3);
    train(folder.path(), patience(4), How::default(), Idle).unwrap();
    assert_eq!((state().stopped_early, state().history.len()), (true, 5));
    train(folder.path(), patience(0), How::default(), Idle).unwrap();
    assert_eq!((state().stopped_early, state().history.len()), (false, 9));
}

/// Epochs of 13, 10, 7 and 12 batches, of one sample each.
struct Uneven;

impl drivetrain_data::BatchSampler for Uneven {
    fn plan(&self, epoch: u64) -> drivetrain_data::EpochPlan {
        let mut plan = drivetrain_data::EpochPlan::default();
        let batches = [13, 10, 7, 12][epoch as usize % 4];
        (0..batches).for_each(|index| plan.push([index]));
        plan.note_dropped(20 - batches as usize);
        plan
    }
}

fn uneven_rates(folder: &Path, epochs: u64, stop_after: Option<u64>) -> (Vec<f64>, Vec<Rescheduled>) {
    let sample = |i: u32| TokenizedSample { input: vec![3 + i % 3], target: vec![i % 2] };
    let data = Arc::new(MemoryDataset::new((0..20).map(sample).collect()));
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    let uneven = DataLoader::new(data, collate, Uneven, LoaderConfig { workers: 0, prefetch: 1 });
    let (rates, mut trainer) = (Rates::default(), trainer(cosine(epochs)));
    if !store(folder).is_empty() {
        trainer = trainer.resume(store(folder).load_latest().unwrap().checkpoint, ResumePlan::default()).unwrap();
    }
    let mut trainer =
        trainer.stop_after(stop_after).checkpoints(store(folder), RunIdentity::default()).observe(rates.clone());
    trainer.fit(&uneven, &validation_loader(0)).unwrap();
    rates.0.lock().unwrap().clone()
}

#[test]
fn a_longer_schedule_over_epochs_of_different_lengths_is_the_same_wherever_it_is_interrupted() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [whole.path(), cut.path()] {
        uneven_rates(folder, 2, None);
    }
    let (expected, message) = uneven_rates(whole.path(), 4, None);
    // The schedule ends where the run ends.
    assert_eq!((expected.len(), message.len(), message[0].new_steps), (19, 1, 42));
    let (mut found, message) = uneven_rates(cut.path(), 4, Some(1));
    assert_eq!((found.len(), message.len()), (7, 1));
    let (rest, message) = uneven_rates(cut.path(), 4, None);
    found.extend(rest);
    assert!(message.is_empty(), "{message:?}");
    assert_eq!(found, expected);
}
