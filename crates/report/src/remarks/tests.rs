use super::*;
use crate::data_facts::{Repeated, Split};
use crate::history::{Interval, Mishap, Session};

fn validation(epoch: u64, train_loss: f64, validation_loss: f64, score: f64) -> Validation {
    let record = serde_json::json!({
        "epoch": epoch, "step": (epoch + 1) * 100, "train_loss": train_loss, "validation_loss": validation_loss,
        "score": score, "exact_match": score,
    });
    serde_json::from_value(record).unwrap()
}

/// A run of these (train loss, validation loss, score) with 100,000 validation samples.
fn run(validations: &[(f64, f64, f64)]) -> RunHistory {
    let validations = (0..).zip(validations).map(|(e, &(t, v, s))| validation(e, t, v, s)).collect();
    let session = Session { validation_samples: 100_000, why_ended: Some("completed".into()), ..Session::default() };
    RunHistory { validations, sessions: vec![session], ..RunHistory::default() }
}

fn topics(history: &RunHistory, data: Option<&DataFacts>) -> Vec<&'static str> {
    remarks(history, data, None, Lang::En).iter().map(|remark| remark.topic).collect()
}

#[test]
fn a_sound_run_is_called_sound() {
    let history = run(&[(0.5, 0.3, 0.9), (0.2, 0.15, 0.95), (0.1, 0.12, 0.97), (0.08, 0.11, 0.971)]);
    assert_eq!(topics(&history, None), ["sound"]);
}

#[test]
fn a_gap_that_grows_is_overfitting_and_one_bad_epoch_is_not() {
    let grows = [(0.5, 0.3, 0.9), (0.3, 0.25, 0.92), (0.2, 0.27, 0.92), (0.1, 0.29, 0.92), (0.05, 0.33, 0.92)];
    let history = run(&grows);
    assert_eq!(topics(&history, None), ["overfitting"]);
    let said = &remarks(&history, None, None, Lang::En)[0];
    assert!(said.claim.contains("since epoch 2") && said.evidence.contains("0.2500 → 0.3300"), "{said:?}");
    assert_eq!(topics(&run(&grows[..4]), None), ["sound"]);
}

#[test]
fn a_loss_that_swings_or_comes_apart_is_the_learning_rates() {
    let swings = [0.5, 0.3, 0.4, 0.28, 0.39, 0.27].map(|train| (train, 0.3, 0.9));
    assert_eq!(topics(&run(&swings), None), ["oscillating"]);
    let apart = [0.5, 0.3, 0.2, 0.9].map(|train| (train, 0.3, 0.9));
    assert_eq!(topics(&run(&apart), None), ["diverging"]);
}

#[test]
fn a_small_loss_that_rose_has_not_diverged() {
    // More than twice the lowest in each, but tiny, or next to nothing of what was won.
    for losses in [[0.2, 0.0004, 0.0009], [0.001, 0.0004, 0.0009], [0.9, 0.03, 0.07], [0.7, 0.008, 0.019]] {
        assert!(!topics(&run(&losses.map(|train| (train, 0.3, 0.9))), None).contains(&"diverging"), "{losses:?}");
    }
    for losses in [[0.5, 0.2, 0.9], [0.7, 0.0004, 0.2], [0.2, 0.2, 0.5], [0.3, 0.2, f64::NAN]] {
        assert!(topics(&run(&losses.map(|train| (train, 0.3, 0.9))), None).contains(&"diverging"), "{losses:?}");
    }
}

#[test]
fn a_validation_that_is_not_finite_is_never_the_best() {
    let history = run(&[(0.5, 0.3, 0.8), (0.4, f64::NAN, 0.99), (0.3, 0.2, f64::NAN)]);
    assert_eq!(history.best().map(|best| best.epoch), Some(0));
}

#[test]
fn samples_of_one_label_or_of_none_are_pointed_out() {
    let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    let told = |labels: [u64; 2], unlabelled| {
        let labels = ["age", "ip"].map(str::to_owned).into_iter().zip(labels).collect();
        let data = DataFacts { labels, unlabelled, ..DataFacts::default() };
        let found = remarks(&history, Some(&data), None, Lang::En);
        found.iter().find(|remark| remark.topic == "one-label").map(|remark| remark.evidence.clone())
    };
    assert_eq!(told([7, 0], 0).as_deref(), Some("The 7 training samples are all age."));
    assert_eq!(told([0, 0], 1).as_deref(), Some("The 1 training sample has no label."));
    assert_eq!((told([7, 1], 0), told([7, 0], 3), told([0, 0], 0)), (None, None, None));
}

#[test]
fn a_run_whose_last_epoch_was_the_best_by_far_could_go_on() {
    let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.9), (0.15, 0.15, 0.95)]);
    assert_eq!(topics(&history, None), ["still-learning", "sound"]);
}

#[test]
fn types_that_are_never_found_are_named() {
    let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    let class = |recall, support| crate::ClassRow { recall, support, ..crate::ClassRow::default() };
    history.validations[1].classes = vec![class(0.9, 50), class(0.0, 50), class(0.0, 3)];
    let labels = [("age".to_owned(), 9), ("plate".to_owned(), 9), ("ip".to_owned(), 9)].to_vec();
    let data = DataFacts { labels, ..DataFacts::default() };
    let said = &remarks(&history, Some(&data), None, Lang::En)[0];
    assert!(said.topic == "never-found" && said.evidence.ends_with("0 for plate."), "{said:?}");
    // After two validations of many it is too early to say so.
    history.sessions[0].why_ended = None;
    assert!(!topics(&history, Some(&data)).contains(&"never-found"));
}

#[test]
fn the_data_is_looked_at() {
    let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    let data = DataFacts {
        splits: vec![Split { name: "train".into(), samples: 10_000 }],
        labels: vec![("age".into(), 5000), ("plate".into(), 40)],
        truncated_samples: 900,
        repeated: Some(Repeated { text: "nl|27".into(), count: 2000, distinct: 8001 }),
        ..DataFacts::default()
    };
    assert_eq!(topics(&history, Some(&data)), ["repeated-sample", "cut-samples", "unequal-labels"]);
}

#[test]
fn time_and_trouble_are_looked_at() {
    let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
    let interval = Interval { training_s: 10.0, loading_s: 3.0, saving_s: 1.0, ..Interval::default() };
    history.intervals = vec![interval];
    history.mishaps = vec![Mishap { epoch: 0, step: 7, what: "the loss is NaN".into(), skipped: true }];
    history.sessions[0].validation_samples = 400;
    let expected = ["bad-numbers", "waiting-for-data", "slow-saves", "small-validation"];
    assert_eq!(topics(&history, None), expected);
    let noise = remarks(&history, None, None, Lang::Zh).pop().unwrap();
    // 1.96 √(0.801 · 0.199 / 400)
    assert!(noise.evidence.contains("0.039"), "{noise:?}");
}

#[test]
fn a_run_without_a_validation_says_nothing() {
    assert!(topics(&RunHistory::default(), None).is_empty());
}
