//! What observers may ask of a run, and what becomes of a run whose observer panics.

use super::*;

/// Calls a function at the given step.
struct At(u64, fn() -> Control);

impl Observer for At {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::Step(step) if step.step == self.0 => Ok((self.1)()),
            _ => Ok(Control::Continue),
        }
    }

    fn name(&self) -> &str {
        "the test's observer"
    }
}

#[test]
fn an_observer_may_end_the_run_after_any_step_and_it_resumes_the_same() {
    let config = config(2, 5);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for at in 0..26 {
        let cut = tempfile::tempdir().unwrap();
        train(cut.path(), config.clone(), How::default(), At(at, || Control::Stop)).unwrap();
        // A validation that is due after the step is done before the run ends.
        let state = store(cut.path()).load_latest().unwrap().checkpoint.meta.state;
        assert_eq!((state.position.step, state.validation_pending), (at + 1, false));
        train(cut.path(), config.clone(), How::default(), Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "stopped at step {at}");
    }
}

#[test]
fn the_summary_names_who_ended_the_run_and_a_second_fit_goes_on() {
    let mut trainer = trainer(config(2, 0)).observe(At(3, || Control::Stop));
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    assert_eq!((summary.steps, summary.stopped_by.as_deref()), (4, Some("the test's observer")));
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    assert_eq!((summary.steps, summary.stopped_by), (26, None));
    // The run is complete, so a third `fit` changes nothing.
    let weights = StateDict::of(trainer.model());
    assert_eq!(trainer.fit(&train_loader(1), &validation_loader(1)).unwrap().steps, 26);
    assert_eq!(StateDict::of(trainer.model()), weights);
}

#[test]
fn an_observer_that_panics_is_named_and_the_run_is_saved() {
    let config = config(2, 5);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for at in [0, 4, 12, 25] {
        let cut = tempfile::tempdir().unwrap();
        let error = train(cut.path(), config.clone(), How::default(), At(at, || panic!("out of paper"))).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("the test's observer panicked at the event Step: out of paper"), "{message}");
        let state = store(cut.path()).load_latest().unwrap().checkpoint.meta.state;
        assert_eq!((state.position.step, state.validation_pending), (at + 1, false));
        train(cut.path(), config.clone(), How::default(), Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "panicked at step {at}");
    }
}

#[test]
fn an_observer_that_panics_at_the_end_is_named_too() {
    struct AtEnd;
    impl Observer for AtEnd {
        fn on(&mut self, event: &Event<'_>) -> Result<Control> {
            assert!(!matches!(event, Event::RunEnd(_)), "at the end");
            Ok(Control::Continue)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let error = train(folder.path(), config(1, 0), How::default(), AtEnd).unwrap_err().to_string();
    assert!(error.contains("AtEnd panicked at the event RunEnd: at the end"), "{error}");
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.position.step, 13);
}
