//! A run is the same run only with the same configuration and data.

use super::*;
use drivetrain_run::{ChangeError, RunError};
use drivetrain_train::{AdamWConfig, ResumeStrategy, SgdConfig, TrainerConfig};

fn faster() -> How {
    let optimizer = AdamWConfig { learning_rate: 6e-3, ..AdamWConfig::default() };
    How { config: TrainerConfig { optimizer: optimizer.into(), ..config() }, ..How::default() }
}

#[test]
fn another_configuration_is_refused_field_by_field_until_it_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How::ending(End::StopAfter(5))).unwrap();
    let before = files(folder.path());
    let refused = error(folder.path(), faster());
    let path = folder.path().join("run");
    let expected = format!(
        "the run in {} was saved with other settings or data:\n  trainer.optimizer.learning_rate: 0.005 → 0.006\nundo the change, \
         choose another folder, or resume nevertheless with `trainer.optimizer.learning_rate` in `RunOptions::allow_change`",
        path.display()
    );
    assert_eq!(refused.to_string(), expected);
    assert_eq!(refused.hint(), None, "the message has it");
    assert_eq!(files(folder.path()), before, "a refusal changes nothing");

    let left = train(folder.path(), faster().allowing(&["learning_rate"])).unwrap();
    let told: Vec<String> = left.notices.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["changed since the run was saved: trainer.optimizer.learning_rate: 0.005 → 0.006"]);
    assert!(left.ended.is_complete());
}

#[test]
fn other_samples_and_facts_that_come_or_go_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How { fact: Some(("rounding", "up")), ..How::ending(End::StopAfter(5)) }).unwrap();
    let gone = refusal(folder.path(), How::default());
    assert!(gone.contains("data:\n  rounding: up → not set\nundo "), "{gone}");
    write_samples(&folder.path().join("samples.tsv"), "a heron\tanimal\n");
    let other = refusal(folder.path(), How { fact: Some(("rounding", "down")), ..How::default() });
    assert!(other.contains("\n  rounding: up → down\n  samples_content: "), "{other}");
    let allowed = How::default().allowing(&["samples_content", "rounding"]);
    assert!(train(folder.path(), allowed).unwrap().ended.is_complete());
}

#[test]
fn a_name_that_no_field_has_is_refused_with_the_closest() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = error(folder.path(), How::default().allowing(&["learning-rate"]));
    assert!(matches!(&wrong, RunError::Changes(ChangeError::UnknownField { .. })), "{wrong}");
    let expected = "`learning-rate` cannot be allowed to change: a run has no such field\n\
                    did you mean `trainer.optimizer.learning_rate`?";
    assert_eq!(wrong.to_string(), expected);
}

#[test]
fn another_seed_is_refused_even_where_the_configuration_does_not_hold_it() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How { has_config: false, ..How::ending(End::StopAfter(5)) }).unwrap();
    let other = || How { config: TrainerConfig { seed: 4, ..config() }, has_config: false, ..How::default() };
    let refused = error(folder.path(), other());
    let text = refused.to_string();
    assert!(text.contains("settings or data:\n  trainer.seed: 3 → 4\n"), "{text}");
    assert!(text.ends_with("with `trainer.seed` in `RunOptions::allow_change`"), "{text}");
    assert!(train(folder.path(), other().allowing(&["seed"])).unwrap().ended.is_complete());
}

#[test]
fn another_optimizer_is_allowed_without_the_state_of_the_former_one() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How::ending(End::StopAfter(5))).unwrap();
    let sgd = || How { config: TrainerConfig { optimizer: SgdConfig::default().into(), ..config() }, ..How::default() };
    let text = refusal(folder.path(), sgd());
    let expected = "in `RunOptions::allow_change` and `ResumeStrategy::WithoutOptimization` in `RunOptions::plan`";
    assert!(text.ends_with(expected), "{text}");
    let mut how = sgd().allowing(&["optimizer"]);
    how.options.plan.strategy = ResumeStrategy::WithoutOptimization;
    assert!(train(folder.path(), how).unwrap().ended.is_complete());
}
