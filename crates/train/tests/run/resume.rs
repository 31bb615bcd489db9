//! A run that resumes as if nothing had happened.

use drivetrain_data::{DataLoader, Dataset};
use drivetrain_nn::StateDict;
use drivetrain_train::{LearningRateConfig, ResumePlan, ResumeStrategy, TrainerConfig};

use super::*;

#[test]
fn a_run_stopped_after_an_epoch_and_resumed_ends_the_same() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), config(3, 0), How::default(), Idle).unwrap();
    train(cut.path(), config(3, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    assert_eq!(outcome(cut.path()).state.history.len(), 1);
    train(cut.path(), config(3, 0), How::default(), Idle).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
}

#[test]
fn a_run_that_crashed_at_any_step_and_was_resumed_ends_the_same() {
    for steps in [0, 1, 4] {
        let config = config_saving(2, 5, steps);
        let whole = tempfile::tempdir().unwrap();
        train(whole.path(), config.clone(), How::default(), Idle).unwrap();
        for crash_at in 0..26 {
            let cut = tempfile::tempdir().unwrap();
            train(cut.path(), config.clone(), How { workers: 1, ..How::default() }, Crash(crash_at)).unwrap_err();
            train(cut.path(), config.clone(), How { workers: 2, ..How::default() }, Idle).unwrap();
            let message = format!("saved every {steps} steps, crashed at step {crash_at}");
            assert_eq!(outcome(cut.path()), outcome(whole.path()), "{message}");
        }
    }
}

#[test]
fn what_the_four_strategies_take_over() {
    let folder = tempfile::tempdir().unwrap();
    let falling = LearningRateConfig::WarmupCosine { warmup_steps: 2, floor: 0.1 };
    let config = TrainerConfig { learning_rate: falling, ..config(2, 0) };
    train(folder.path(), config.clone(), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let resumed = |strategy, reset_state| {
        trainer(config.clone()).resume(saved.clone(), ResumePlan { strategy, reset_state }).unwrap()
    };
    let everything = resumed(ResumeStrategy::Everything, false);
    assert_eq!(everything.state(), &saved.meta.state);
    for strategy in [
        ResumeStrategy::Everything,
        ResumeStrategy::WithoutOptimization,
        ResumeStrategy::WithoutRegularization,
        ResumeStrategy::WeightsOnly,
    ] {
        let kept = resumed(strategy, false);
        assert_eq!(StateDict::of(kept.model()), saved.model, "{strategy:?}");
        assert_eq!(kept.state().position, saved.meta.state.position);
        assert_eq!(kept.state().best, saved.meta.state.best);
        let moments_kept = matches!(strategy, ResumeStrategy::Everything | ResumeStrategy::WithoutRegularization);
        assert_eq!(kept.optimizer().steps() > 0, moments_kept, "{strategy:?}");
        assert_eq!(kept.optimizer().state() == saved.optimizer, moments_kept, "{strategy:?}");
        // A schedule that starts anew still knows the length of the run.
        let rate = |state: &RunState| state.learning_rate.at(20);
        assert_eq!(rate(kept.state()), rate(&saved.meta.state), "{strategy:?}");
        let count_kept = matches!(strategy, ResumeStrategy::Everything | ResumeStrategy::WithoutOptimization);
        assert_eq!(kept.state().early_stop == saved.meta.state.early_stop, count_kept, "{strategy:?}");

        let reset = resumed(strategy, true);
        assert_eq!(StateDict::of(reset.model()), saved.model);
        assert_eq!((reset.state().position.step, reset.state().best, reset.state().history.len()), (0, None, 0));
    }
}

#[test]
fn a_run_set_back_to_its_beginning_replaces_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config_saving(2, 0, 3), How::default(), Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let plan = ResumePlan { strategy: ResumeStrategy::WeightsOnly, reset_state: true };
    let mut again = trainer(config(2, 0))
        .resume(saved, plan)
        .unwrap()
        .checkpoints(store(folder.path()), RunIdentity::default())
        .stop_after(Some(0));
    again.fit(&train_loader(0), &validation_loader(0)).unwrap();
    assert_eq!(entries(folder.path()), ["latest", "step-00000000"]);
    let state = store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state.position.step, state.best), (0, None));
}

#[test]
fn another_configuration_takes_effect_from_where_the_run_resumes() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(4, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let mut changed = config(4, 0);
    changed.optimizer = changed.optimizer.with_learning_rate(5e-4);
    changed.dropout.initial = 0.3;
    changed.early_stop.patience = 1;
    let resumed = trainer(changed).resume(saved, ResumePlan::default()).unwrap();
    let state = resumed.state();
    assert!((state.learning_rate.at(20) - 5e-4).abs() < 1e-12);
    assert_eq!((state.dropout.current(), state.early_stop.patience()), (0.3, 1));
}

#[test]
fn a_run_resumes_with_fewer_samples_than_it_had() {
    let folder = tempfile::tempdir().unwrap();
    stopped_at(folder.path(), &config(2, 0), |event| matches!(event, Event::Step(_)), 10);
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    // The position is beyond the end of an epoch of 40 samples, which has 5 batches.
    assert_eq!(saved.meta.state.position.batch, 11);
    let mut trainer = trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap();
    let fewer: &DataLoader<_, _> = &loader(0, 40, 1);
    let summary = trainer.fit(fewer, &validation_loader(1)).unwrap();
    assert_eq!(summary.epochs, 2);
}

/// Counts how often each sample is read.
struct Counted {
    samples: MemoryDataset<TokenizedSample>,
    reads: Vec<AtomicU64>,
}

impl Dataset for Counted {
    type Sample = TokenizedSample;

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn get(&self, index: usize) -> drivetrain_data::Result<TokenizedSample> {
        self.reads[index].fetch_add(1, Ordering::Relaxed);
        self.samples.get(index)
    }

    fn describe(&self, index: usize) -> String {
        self.samples.describe(index)
    }
}

#[test]
fn a_resumed_run_reads_only_the_batches_that_it_has_not_had() {
    let folder = tempfile::tempdir().unwrap();
    stopped_at(folder.path(), &config(2, 0), |event| matches!(event, Event::Step(_)), 8);
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    assert_eq!((saved.meta.state.position.epoch, saved.meta.state.position.batch), (0, 9));

    let plain = train_loader(0);
    let samples: Vec<TokenizedSample> = (0..100).map(|i| plain.dataset().get(i).unwrap()).collect();
    let lengths: Vec<u32> = samples.iter().map(|sample| sample.input.len() as u32).collect();
    let reads = samples.iter().map(|_| AtomicU64::new(0)).collect();
    let dataset = Arc::new(Counted { samples: MemoryDataset::new(samples), reads });
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    let sampler = LengthGroups::new(&lengths, 8, 5, false).unwrap();
    let loader = DataLoader::new(dataset.clone(), collate, sampler, LoaderConfig { workers: 0, prefetch: 1 });

    trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap().fit(&loader, &validation_loader(0)).unwrap();
    // The second epoch reads every sample once; the rest of the first epoch reads those of its batches from 9 on.
    let mut expected = vec![1; 100];
    plain.plan(0).iter().skip(9).flatten().for_each(|index| expected[*index as usize] += 1);
    let found: Vec<u64> = dataset.reads.iter().map(|reads| reads.load(Ordering::Relaxed)).collect();
    assert_eq!(found, expected);
}
