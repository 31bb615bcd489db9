//! An observer's error at a step ends the run, but the step counts as done, whatever the kind of error.

use drivetrain_data::DataError;
use drivetrain_train::{AverageConfig, OnNonFinite, OutlierConfig};

use super::own_model::{OwnRun, in_folder, own_loader, own_model, own_trainer};
use super::*;

/// Fails once: at the first event of a kind that belongs to step `from` or a later step.
struct FailsOnce {
    kind: fn(&Event<'_>) -> Option<u64>,
    from: u64,
    error: Option<TrainError>,
}

impl FailsOnce {
    /// Fails at the given step.
    fn at(step: u64, error: TrainError) -> Self {
        let kind = |event: &Event<'_>| if let Event::Step(step) = event { Some(step.step) } else { None };
        Self { kind, from: step, error: Some(error) }
    }
}

impl Observer for FailsOnce {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match (self.kind)(event) {
            Some(step) if step >= self.from => self.error.take().map_or(Ok(Control::Continue), Err),
            _ => Ok(Control::Continue),
        }
    }
}

/// An error of the data crate, as `?` converts it, and one that has nothing to do with a batch.
fn errors() -> [TrainError; 2] {
    let full = || std::io::Error::other("no space left");
    [
        TrainError::Data(DataError::Io { path: "notes".into(), source: full() }),
        TrainError::Io { path: "log".into(), source: full() },
    ]
}

#[test]
fn a_run_whose_observer_failed_at_a_step_resumes_to_the_same_bytes() {
    let config = config_saving(2, 5, 4);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    // Before the first save, around a save and a validation, around an epoch's end, and at the end of the run.
    for at in [1, 3, 4, 12, 13, 25] {
        let [of_data, _] = errors();
        let cut = tempfile::tempdir().unwrap();
        train(cut.path(), config.clone(), How::default(), FailsOnce::at(at, of_data)).unwrap_err();
        train(cut.path(), config.clone(), How::default(), Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "failed at step {at}");
    }
}

#[test]
fn a_second_fit_after_an_observer_failed_trains_on_no_batch_twice() {
    // The model has batch norms with running statistics, and the weights are averaged.
    let average = Some(AverageConfig::Ema { decay: 0.8, validate: true });
    let config = TrainerConfig { average, ..config(2, 5) };
    let (train, validation) = (own_loader(0, 100, None), own_loader(100, 150, None));
    let mut whole = own_trainer(own_model(), config.clone());
    whole.fit(&train, &validation).unwrap();
    let average_of = |trainer: &OwnRun| StateDict::of(&trainer.averaged_model().unwrap());
    // In the middle of an epoch, before a validation, at an epoch's end, and at the end of the run.
    for at in [0, 1, 4, 12, 25] {
        for error in errors() {
            let kind = format!("{error:?}");
            let mut cut = own_trainer(own_model(), config.clone()).observe(FailsOnce::at(at, error));
            cut.fit(&train, &validation).unwrap_err();
            assert_eq!(cut.state().position.step, at + 1, "{kind}: the step is done");
            cut.fit(&train, &validation).unwrap();
            assert_eq!(StateDict::of(cut.model()), StateDict::of(whole.model()), "{kind} at step {at}");
            assert_eq!(average_of(&cut), average_of(&whole), "{kind} at step {at}");
            assert_eq!(cut.state(), whole.state(), "{kind} at step {at}");
        }
    }
}

#[test]
fn a_skipped_batch_counts_once_when_its_incident_cannot_be_written() {
    let run = |observer: Option<FailsOnce>| {
        let outliers = OutlierConfig { on_nonfinite: OnNonFinite::Skip, ..OutlierConfig::default() };
        let mut trainer = own_trainer(own_model(), TrainerConfig { outliers, ..config(1, 0) });
        let fails = observer.is_some();
        if let Some(observer) = observer {
            trainer = trainer.observe(observer);
        }
        // The number of a sample is NaN if the sample has nine tokens.
        let (train, validation) = (own_loader(0, 100, Some(9)), own_loader(100, 150, None));
        if fails {
            trainer.fit(&train, &validation).unwrap_err();
        }
        trainer.fit(&train, &validation).unwrap();
        (StateDict::of(trainer.model()), trainer.state().clone())
    };
    let kind = |event: &Event<'_>| if let Event::Incident(incident) = event { Some(incident.step) } else { None };
    let whole = run(None);
    assert!(whole.1.skipped_batches > 2, "{}", whole.1.skipped_batches);
    for error in errors() {
        assert_eq!(run(Some(FailsOnce { kind, from: 2, error: Some(error) })), whole);
    }
}

#[test]
fn the_best_model_is_kept_when_its_validation_cannot_be_written() {
    let (train, validation) = (own_loader(0, 100, None), own_loader(100, 150, None));
    let mut trainer = own_trainer(own_model(), config(2, 0));
    trainer.fit(&train, &validation).unwrap();
    let expected = trainer.state().best.unwrap();
    let best_weights = StateDict::of(&trainer.best_model().unwrap());

    let kind = |event: &Event<'_>| if let Event::Validated(found) = event { Some(found.record.step) } else { None };
    let [error, _] = errors();
    let failing = FailsOnce { kind, from: expected.step, error: Some(error) };
    let mut trainer = own_trainer(own_model(), config(2, 0)).observe(failing);
    trainer.fit(&train, &validation).unwrap_err();
    assert_eq!(trainer.state().best, Some(expected));
    assert_eq!(StateDict::of(&trainer.best_model().unwrap()), best_weights);
}

#[test]
fn running_statistics_stay_those_of_the_weights_when_an_observer_fails() {
    let (train, validation) = (own_loader(0, 100, None), own_loader(100, 150, None));
    let run = |folder: &Path, prepare: &dyn Fn(OwnRun) -> OwnRun| {
        let mut trainer = prepare(in_folder(own_trainer(own_model(), config(1, 0)), folder));
        let ended = trainer.fit(&train, &validation).map(drop);
        (StateDict::of(trainer.model()), ended)
    };
    let whole = tempfile::tempdir().unwrap();
    run(whole.path(), &|trainer| trainer).1.unwrap();
    for at in [0, 6, 12] {
        let (cut, stopped) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (failed, ended) = run(cut.path(), &|trainer| {
            let [error, _] = errors();
            trainer.observe(FailsOnce::at(at, error))
        });
        ended.unwrap_err();
        let (expected, ended) = run(stopped.path(), &|trainer| {
            let stop = Stop::new();
            let observer = StopAt { stop: stop.clone(), kind: |event| matches!(event, Event::Step(_)), countdown: at };
            trainer.stop_when(stop).observe(observer)
        });
        ended.unwrap();
        assert_eq!(failed, expected, "failed or stopped at step {at}");
        run(cut.path(), &|trainer| trainer).1.unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "failed at step {at}");
    }
}
