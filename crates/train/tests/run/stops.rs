//! Runs that are asked to stop, and what is kept of them.

use super::*;

#[test]
fn a_stop_at_any_step_saves_that_step_and_nothing_is_taken_twice() {
    let config = config(2, 0);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for at in [0, 1, 11, 12, 13, 24] {
        let cut = tempfile::tempdir().unwrap();
        stopped_at(cut.path(), &config, |event| matches!(event, Event::Step(_)), at);
        let state = store(cut.path()).load_latest().unwrap().checkpoint.meta.state;
        assert_eq!(state.position.step, at + 1);
        train(cut.path(), config.clone(), How::default(), Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "stopped at step {at}");
    }
}

#[test]
fn a_stop_in_a_validation_leaves_it_for_later() {
    let config = config(2, 0);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for at in [0, 3, 6, 8] {
        let cut = tempfile::tempdir().unwrap();
        stopped_at(cut.path(), &config, |event| matches!(event, Event::ValidationStep { .. }), at);
        let state = store(cut.path()).load_latest().unwrap().checkpoint.meta.state;
        // 50 samples make 7 batches; after the last one, the validation is complete.
        let validated = state.history.len() as u64;
        assert_eq!((state.validation_pending, validated), if at == 6 { (false, 1) } else { (true, at / 7) });
        train(cut.path(), config.clone(), How::default(), Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "stopped at validation step {at}");
    }
}

/// Fails when the first save begins, after everything about a validation has been logged.
struct CrashAtSaving;

impl Observer for CrashAtSaving {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::Saving { .. } => Err(TrainError::Io { path: "log".into(), source: std::io::Error::other("crash") }),
            _ => Ok(Control::Continue),
        }
    }
}

#[test]
fn a_validation_that_was_logged_but_not_saved_is_not_logged_twice() {
    let config = config(2, 0);
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    let cut = tempfile::tempdir().unwrap();
    stopped_at(cut.path(), &config, |event| matches!(event, Event::ValidationStep { .. }), 3);
    train(cut.path(), config.clone(), How::default(), CrashAtSaving).unwrap_err();
    train(cut.path(), config, How::default(), Idle).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
}

#[test]
fn checkpoints_kept_are_the_newest_the_best_and_those_of_every_nth_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = CheckpointConfig { keep_last: 1, keep_epochs: 2, ..CheckpointConfig::default() };
    train(folder.path(), TrainerConfig { checkpoint, ..config(5, 0) }, How::default(), Idle).unwrap();
    let best = store(folder.path()).load_best().unwrap().checkpoint.meta.state;
    let best = best.best.unwrap().step;
    let mut expected: Vec<u64> = vec![26, 52, 65, best];
    expected.sort_unstable();
    expected.dedup();
    let mut expected: Vec<String> = expected.iter().map(|step| format!("step-{step:08}")).collect();
    expected.splice(0..0, ["best".to_owned(), "latest".to_owned()]);
    assert_eq!(entries(folder.path()), expected);
}

#[test]
fn checkpoints_by_steps_and_by_time() {
    let saves = |checkpoint: CheckpointConfig| {
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = trainer(TrainerConfig { checkpoint, ..config(1, 0) })
            .checkpoints(store(folder.path()), RunIdentity::default());
        trainer.fit(&train_loader(0), &validation_loader(0)).unwrap().saves
    };
    let only_last = CheckpointConfig { epochs: 0, minutes: 0.0, ..CheckpointConfig::default() };
    assert_eq!(saves(only_last), 1);
    // A save that is due while another one is being written waits for it, so there may be fewer saves.
    assert!((2..=5).contains(&saves(CheckpointConfig { steps: 3, ..only_last })));
    assert!((2..=13).contains(&saves(CheckpointConfig { minutes: 1e-9, ..only_last })));
}
