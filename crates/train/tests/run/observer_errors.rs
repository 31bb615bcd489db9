//! An observer's error at a step ends the run; the step itself is done, whatever kind of error it is.

use drivetrain_data::DataError;
use drivetrain_train::AverageConfig;

use super::own_model::{OwnRun, in_folder, own_loader, own_model, own_trainer};
use super::*;

/// Fails at the step of a number, once.
struct FailsOnce {
    at: u64,
    error: Option<TrainError>,
}

impl FailsOnce {
    fn at(at: u64, error: TrainError) -> Self {
        Self { at, error: Some(error) }
    }
}

impl Observer for FailsOnce {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::Step(step) if step.step == self.at => self.error.take().map_or(Ok(Control::Continue), Err),
            _ => Ok(Control::Continue),
        }
    }
}

/// What `?` makes of an error of the data crate, and one that has nothing to do with a batch.
fn errors() -> [TrainError; 2] {
    let full = || std::io::Error::other("no space left");
    [
        TrainError::Data(DataError::Io { path: "notes".into(), source: full() }),
        TrainError::Io { path: "log".into(), source: full() },
    ]
}

#[test]
fn a_run_whose_observer_failed_at_any_step_resumes_to_the_same_bytes() {
    let config = config_saving(2, 5, 4);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for at in 0..26 {
        for error in errors() {
            let kind = format!("{error:?}");
            let cut = tempfile::tempdir().unwrap();
            train(cut.path(), config.clone(), How::default(), FailsOnce::at(at, error)).unwrap_err();
            train(cut.path(), config.clone(), How::default(), Idle).unwrap();
            assert_eq!(outcome(cut.path()), outcome(whole.path()), "{kind} at step {at}");
        }
    }
}

#[test]
fn a_second_fit_after_an_observer_failed_trains_on_no_batch_twice() {
    // With the running statistics of batch norms, and an average of the weights.
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
