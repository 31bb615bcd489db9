//! Diagnostics together: their order and their number.

use super::fixture::*;

#[test]
fn a_run_without_a_validation_has_none() {
    assert!(names(&RunHistory::default(), None).is_empty());
}

#[test]
fn a_validation_that_is_not_finite_is_never_the_best() {
    let history = run(&[(0.5, 0.3, 0.8), (0.4, f64::NAN, 0.99), (0.3, 0.2, f64::NAN)]);
    assert_eq!(history.best().map(|best| best.epoch), Some(0));
}

#[test]
fn warnings_come_before_hints() {
    let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    history.timings = vec![Timing { training_s: 10.0, loading_s: 3.0, saving_s: 1.0, ..Timing::default() }];
    history.incidents = vec![Incident { epoch: 0, step: 7, what: "the loss is NaN".into(), skipped: true }];
    history.sessions[0].validation_samples = 400;
    let expected = ["non-finite-loss", "data-loading", "slow-checkpoints", "small-validation-set"];
    assert_eq!(names(&history, None), expected);
}

#[test]
fn there_are_at_most_five() {
    let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    history.timings = vec![Timing { training_s: 10.0, loading_s: 3.0, saving_s: 1.0, ..Timing::default() }];
    history.sessions[0].validation_samples = 400;
    let data = DataFacts {
        labels: vec![("a".into(), 5000), ("b".into(), 40)],
        truncated_samples: 900,
        repeated: Some(Repeated::new("a|27", 2000, 8001)),
        ..samples(10_000)
    };
    let expected = ["data-loading", "duplicates", "slow-checkpoints", "truncation", "class-imbalance"];
    assert_eq!(names(&history, Some(&data)), expected);
}
