//! A model that has diverged is not saved, so that the run can be resumed from an earlier state.

use drivetrain_train::ModelAtEnd;

use super::*;

/// A learning rate so high that the first step ruins the weights.
fn wild(mut config: TrainerConfig) -> TrainerConfig {
    config.optimizer = config.optimizer.with_learning_rate(1e30);
    config
}

fn divergence(result: Result<()>) -> ModelAtEnd {
    match result.unwrap_err() {
        TrainError::Outlier { model, outlier, .. } if !outlier.is_of_validation() => model,
        error => panic!("{error}"),
    }
}

#[test]
fn a_model_that_diverged_in_its_first_step_is_not_saved_and_a_lower_rate_starts_anew() {
    let folder = tempfile::tempdir().unwrap();
    let ended = train(folder.path(), wild(config(2, 0)), How::default(), Idle);
    assert_eq!(divergence(ended), ModelAtEnd::Diverged);
    assert!(store(folder.path()).is_empty());
    train(folder.path(), config(2, 0), How::default(), Idle).unwrap();
    // The result is that of a run that never diverged.
    let sound = tempfile::tempdir().unwrap();
    train(sound.path(), config(2, 0), How::default(), Idle).unwrap();
    assert_eq!(outcome(folder.path()), outcome(sound.path()));
}

#[test]
fn a_run_whose_model_diverged_is_resumed_from_before_that() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let before = store(folder.path()).load_latest().unwrap().checkpoint;
    let error = train(folder.path(), wild(config(2, 0)), How::default(), Idle).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("has diverged") && message.contains("not saved, earlier checkpoints are unchanged"),
        "{message}"
    );
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint, before);
    train(folder.path(), config(2, 0), How::default(), Idle).unwrap();
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.position.step, 26);
}

#[test]
fn a_model_that_was_saved_before_it_was_seen_to_diverge_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ended = train(folder.path(), wild(config_saving(2, 0, 1)), How::default(), Idle);
    let message = ended.as_ref().unwrap_err().to_string();
    assert!(message.contains("the newest checkpoint holds this model"), "{message}");
    assert_eq!(divergence(ended), ModelAtEnd::DivergedAfterSave);
}
