//! Learning-rate schedules in a run: every schedule, including a user's own, resumes exactly.

use drivetrain_train::{
    CosineRestarts, EarlyStopConfig, LearningRateConfig, LinearDecay, OneCycle, PlateauConfig, Progress, Schedule,
    TrainError, ValidationResult,
};
use serde_json::{Value, json};

use super::*;

/// Falls linearly over the run, and by a tenth at each validation whose loss is not the lowest so far.
#[derive(Clone, Debug, Default)]
struct Cautious {
    lowest: Option<f64>,
    factor: Option<f64>,
}

impl Schedule for Cautious {
    fn rate(&self, at: &Progress) -> f64 {
        let left = 1.0 - at.step as f64 / at.total_steps as f64;
        at.base_rate * left * self.factor.unwrap_or(1.0)
    }

    fn on_validation(&mut self, validation: &ValidationResult<'_>) {
        match self.lowest {
            Some(lowest) if validation.loss >= lowest => self.factor = Some(self.factor.unwrap_or(1.0) * 0.9),
            _ => self.lowest = Some(validation.loss),
        }
    }

    fn state(&self) -> Value {
        json!({ "lowest": self.lowest, "factor": self.factor })
    }

    fn restore(&mut self, state: &Value) -> std::result::Result<(), String> {
        if state.get("lowest").is_none() {
            return Err("it has no lowest loss".into());
        }
        (self.lowest, self.factor) = (state["lowest"].as_f64(), state["factor"].as_f64());
        Ok(())
    }
}

/// A configuration without early stopping.
fn to_the_end(epochs: u64, validate_every: u64) -> TrainerConfig {
    let early_stop = EarlyStopConfig { patience: 0, ..EarlyStopConfig::default() };
    TrainerConfig { early_stop, ..config(epochs, validate_every) }
}

/// Trains with a schedule of the user's own, given before or after `resume`.
fn train_own(
    folder: &Path,
    config: TrainerConfig,
    stop: Option<u64>,
    own: impl Schedule + Clone + 'static,
) -> Result<Rates> {
    let (store, rates, flag) = (store(folder), Rates::default(), Stop::new());
    let mut trainer = trainer(config);
    if !store.is_empty() {
        let is_first = store.latest_meta().unwrap().state.position.step % 2 == 0;
        if is_first {
            trainer = trainer.schedule(own.clone());
        }
        trainer = trainer.resume(store.load_latest()?.checkpoint, ResumePlan::default())?;
        if !is_first {
            trainer = trainer.schedule(own);
        }
    } else {
        trainer = trainer.schedule(own);
    }
    let kind = |event: &Event<'_>| matches!(event, Event::Step(_));
    trainer
        .stop_when(flag.clone())
        .checkpoints(store, RunIdentity::default())
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1))
        .observe(rates.clone())
        .observe(StopAt { stop: flag, kind, countdown: stop.unwrap_or(u64::MAX) })
        .fit(&train_loader(1), &validation_loader(1))?;
    Ok(rates)
}

#[test]
fn a_run_stopped_at_any_step_of_a_schedule_ends_the_same() {
    for learning_rate in [
        LearningRateConfig::OneCycle(OneCycle { three_phase: true, ..OneCycle::default() }),
        // Lowered at every second consecutive validation that does not improve the loss by 10%.
        LearningRateConfig::Plateau(PlateauConfig {
            patience: 1,
            factor: 0.5,
            threshold: 0.1,
            ..PlateauConfig::default()
        }),
        LearningRateConfig::CosineRestarts(CosineRestarts { warmup_steps: 3, period: 4, period_factor: 2, floor: 0.1 }),
        LearningRateConfig::Linear(LinearDecay { warmup_steps: 3, floor: 0.0 }),
    ] {
        let config = TrainerConfig { learning_rate, ..to_the_end(2, 3) };
        let (whole, rates) = (tempfile::tempdir().unwrap(), Rates::default());
        train(whole.path(), config.clone(), How::default(), rates.clone()).unwrap();
        let rates = rates.0.lock().unwrap().0.clone();
        assert_eq!(rates.len(), 26);
        assert!(rates.iter().any(|rate| *rate != rates[0]), "{:?} changes no rate", config.learning_rate);
        for at in 0..25 {
            let cut = tempfile::tempdir().unwrap();
            stopped_at(cut.path(), &config, |event| matches!(event, Event::Step(_)), at);
            train(cut.path(), config.clone(), How::default(), Idle).unwrap();
            let message = format!("{:?} stopped at step {at}", config.learning_rate);
            assert_eq!(outcome(cut.path()), outcome(whole.path()), "{message}");
        }
    }
}

#[test]
fn a_schedule_of_ones_own_resumes_at_any_step_with_the_same_bytes() {
    let config = to_the_end(2, 2);
    let whole = tempfile::tempdir().unwrap();
    let rates = train_own(whole.path(), config.clone(), None, Cautious::default()).unwrap();
    let expected = outcome(whole.path());
    let factor = |step: usize| rates.0.lock().unwrap().0[step] / (5e-3 * (1.0 - step as f64 / 26.0));
    assert!((factor(0) - 1.0).abs() < 1e-12 && factor(25) < 0.91, "{} {}", factor(0), factor(25));
    assert!(expected.metrics.contains("\"event\":\"learning_rate\""));
    for at in 0..25 {
        let cut = tempfile::tempdir().unwrap();
        train_own(cut.path(), config.clone(), Some(at), Cautious::default()).unwrap();
        train_own(cut.path(), config.clone(), None, Cautious::default()).unwrap();
        assert_eq!(outcome(cut.path()), expected, "stopped at step {at}");
    }
}

#[test]
fn a_schedule_of_ones_own_knows_the_steps_of_a_longer_run() {
    let (longer, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    #[derive(Clone, Debug)]
    struct Line;
    impl Schedule for Line {
        fn rate(&self, at: &Progress) -> f64 {
            at.base_rate * (1.0 - at.step as f64 / at.total_steps as f64)
        }
    }
    let expected = train_own(whole.path(), config(4, 0), None, Line).unwrap().0.lock().unwrap().0.clone();
    train_own(longer.path(), config(2, 0), None, Line).unwrap();
    let (found, message) = train_own(longer.path(), config(4, 0), None, Line).unwrap().0.lock().unwrap().clone();
    assert_eq!(found, expected[26..]);
    assert_eq!((message.len(), message[0].old_steps, message[0].new_steps), (1, 26, 52));
    // Another base rate scales the schedule.
    let mut lower = config(6, 0);
    lower.optimizer = lower.optimizer.with_learning_rate(1e-3);
    let rates = train_own(longer.path(), lower, None, Line).unwrap();
    assert!((rates.0.lock().unwrap().0[0] - 1e-3 * (1.0 - 52.0 / 78.0)).abs() < 1e-15);
}

#[test]
fn one_cycle_ends_with_a_run_that_is_given_more_epochs() {
    let one_cycle = |epochs| TrainerConfig {
        learning_rate: LearningRateConfig::OneCycle(OneCycle::default()),
        ..config(epochs, 0)
    };
    let rates = |folder: &Path, epochs| {
        let rates = Rates::default();
        train(folder, one_cycle(epochs), How::default(), rates.clone()).unwrap();
        rates.0.lock().unwrap().clone()
    };
    let (longer, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (expected, message) = rates(whole.path(), 4);
    assert!(message.is_empty() && expected[51] < 1e-7, "{expected:?}");
    rates(longer.path(), 2);
    let (found, message) = rates(longer.path(), 4);
    assert_eq!(found, expected[26..]);
    assert_eq!((message.len(), message[0].old_steps, message[0].new_steps), (1, 26, 52));
    assert_eq!((message[0].new_rate, message[0].last_rate), (expected[26], expected[51]));
}

/// From a given step on, gives no valid learning rate.
#[derive(Clone, Debug)]
struct Broken {
    from: u64,
    gives: Option<f64>,
}

impl Schedule for Broken {
    fn rate(&self, at: &Progress) -> f64 {
        match at.step < self.from {
            true => at.base_rate,
            false => self.gives.expect("there is a rate for every step"),
        }
    }
}

#[test]
fn a_rate_that_is_none_ends_the_run_before_it_reaches_the_weights() {
    for gives in [Some(f64::NAN), Some(f64::INFINITY), Some(-1e-3), None] {
        let (cut, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let error = train_own(cut.path(), config(2, 0), None, Broken { from: 8, gives }).err().unwrap();
        match gives {
            Some(gives) => {
                assert!(matches!(error, TrainError::LearningRate { step: 8, .. }), "{error}");
                assert!(error.to_string().contains(&format!("gives {gives} at step 8")), "{error}");
            }
            None => assert!(error.to_string().contains("there is a rate for every step"), "{error}"),
        }
        // The state before that step was saved; with the schedule corrected, nothing is lost.
        let sound = Broken { from: u64::MAX, gives: None };
        train_own(cut.path(), config(2, 0), None, sound.clone()).unwrap();
        train_own(whole.path(), config(2, 0), None, sound).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "{gives:?}");
    }
}

#[test]
fn a_schedule_that_panics_at_a_validation_ends_the_run_with_an_error() {
    #[derive(Clone, Debug)]
    struct Panics;
    impl Schedule for Panics {
        fn rate(&self, at: &Progress) -> f64 {
            at.base_rate
        }
        fn on_validation(&mut self, validation: &ValidationResult<'_>) {
            panic!("no use for {} metrics", validation.metrics.len());
        }
    }
    let mut trainer = trainer(config(2, 0)).schedule(Panics);
    let message = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap_err().to_string();
    assert!(message.contains("the learning-rate schedule") && message.contains("no use for"), "{message}");
}

#[test]
fn a_run_is_not_resumed_without_its_schedule_or_with_another() {
    let folder = tempfile::tempdir().unwrap();
    train_own(folder.path(), config(2, 2), Some(7), Cautious::default()).unwrap();
    let resumed = || {
        let checkpoint = store(folder.path()).load_latest().unwrap().checkpoint;
        trainer(config(2, 2)).resume(checkpoint, ResumePlan::default()).unwrap()
    };
    let message = resumed().fit(&train_loader(1), &validation_loader(1)).unwrap_err().to_string();
    assert!(message.contains("trainer.own_schedule"), "{message}");
    // If this is allowed, the configured schedule takes over.
    let mut plain = resumed().allow_changes(["own_schedule"]);
    plain.fit(&train_loader(1), &validation_loader(1)).unwrap();
    assert_eq!(plain.state().learning_rate.at(25), 5e-3);

    /// Cannot restore the state of another schedule.
    #[derive(Clone, Debug)]
    struct Other;
    impl Schedule for Other {
        fn rate(&self, at: &Progress) -> f64 {
            at.base_rate
        }
        fn restore(&mut self, state: &Value) -> std::result::Result<(), String> {
            Err(format!("it has no use for {state}"))
        }
    }
    let message = resumed().schedule(Other).fit(&train_loader(1), &validation_loader(1)).unwrap_err().to_string();
    assert!(message.contains("it has no use for {") && message.contains("Trainer::schedule"), "{message}");
}
