//! A run that resumes as if nothing had happened.

use std::process::{Command, Stdio};

use super::*;
use drivetrain_nn::burn::tensor::Tensor;
use drivetrain_run::{Ended, RunError, RunNotice, RunOptions};
use drivetrain_train::{Gradient, Optimizer, ParamState, ParamStep};

const FOLDER: &str = "FOLDER_OF_THE_TEST";
const STEP: &str = "STEP_OF_THE_TEST";

#[test]
fn a_run_stopped_after_any_step_and_resumed_ends_with_the_same_files() {
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(train(whole.path(), How::default()).unwrap().ended, Ended::Complete);
    let expected = results(whole.path());
    for name in ["run.json", "metrics.jsonl", "data.json", "report.html", "export/config.json", "checkpoints/best"] {
        assert!(expected.contains_key(name), "{name} is missing from {expected:?}");
    }
    for step in 0..STEPS {
        let cut = tempfile::tempdir().unwrap();
        let stopped = train(cut.path(), How::ending(End::StopAfter(step))).unwrap().ended;
        let ended = if step + 1 < STEPS { Ended::Stopped { by: None } } else { Ended::Complete };
        assert_eq!(stopped, ended, "step {step}");
        let resumed = train(cut.path(), How::default()).unwrap();
        assert!(resumed.notices.is_empty() && resumed.ended.is_complete(), "{resumed:?}");
        assert_eq!(results(cut.path()), expected, "stopped after step {step}");
    }
}

#[test]
fn a_run_that_failed_at_any_step_and_was_resumed_ends_with_the_same_files() {
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), How::default()).unwrap();
    for step in 0..STEPS {
        let cut = tempfile::tempdir().unwrap();
        train(cut.path(), How::ending(End::CrashAt(step))).unwrap_err();
        let second = (step + 5).min(STEPS - 1);
        let _ = train(cut.path(), How::ending(End::CrashAt(second)));
        train(cut.path(), How::default()).unwrap();
        assert_eq!(results(cut.path()), results(whole.path()), "failed at steps {step} and {second}");
    }
}

#[test]
fn a_run_killed_at_any_step_and_resumed_ends_with_the_same_files() {
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), How::default()).unwrap();
    for step in 0..STEPS {
        let cut = tempfile::tempdir().unwrap();
        let killed = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "resume::is_killed_at_a_step", "--ignored"])
            .env(FOLDER, cut.path())
            .env(STEP, step.to_string())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(killed.code(), None, "killed by a signal at step {step}");
        assert!(train(cut.path(), How::default()).unwrap().ended.is_complete());
        assert_eq!(results(cut.path()), results(whole.path()), "killed at step {step}");
    }
}

#[test]
#[ignore = "the process that the test above has killed"]
fn is_killed_at_a_step() {
    let folder = std::env::var_os(FOLDER).expect("the folder");
    let step = std::env::var(STEP).expect("the step").parse().unwrap();
    let _ = train(folder.as_ref(), How::ending(End::KillAt(step)));
}

#[test]
fn a_complete_run_is_left_alone_and_what_a_killed_process_left_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How::default()).unwrap();
    let (before, run) = (files(folder.path()), folder.path().join("run"));
    let timings = std::fs::read_to_string(run.join("timings.jsonl")).unwrap();
    assert_eq!(train(folder.path(), How::default()).unwrap().ended, Ended::AlreadyComplete);
    assert_eq!(files(folder.path()), before);
    assert_eq!(std::fs::read_to_string(run.join("timings.jsonl")).unwrap(), timings);

    // As if the process had been killed between its last save and the last line of its log, and during the export.
    let unfinished = timings.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n{\"kind\": \"e";
    std::fs::write(run.join("timings.jsonl"), unfinished).unwrap();
    std::fs::remove_file(run.join("checkpoints/best")).unwrap();
    std::fs::remove_file(run.join("export/config.json")).unwrap();
    std::fs::write(run.join("export/.model.safetensors.abc123.tmp"), "half").unwrap();
    assert_eq!(train(folder.path(), How::default()).unwrap().ended, Ended::AlreadyComplete);
    assert_eq!(files(folder.path()), before);
    let last = std::fs::read_to_string(run.join("timings.jsonl")).unwrap();
    assert!(last.lines().last().is_some_and(|line| line.contains("\"completed\"")), "{last}");
}

#[test]
fn a_complete_run_goes_on_with_more_epochs() {
    let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let longer = || How { config: drivetrain_train::TrainerConfig { epochs: 3, ..config() }, ..How::default() };
    train(folder.path(), How::default()).unwrap();
    let left = train(folder.path(), longer()).unwrap();
    assert_eq!(left.ended, Ended::Complete);
    let told: Vec<String> = left.notices.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["changed since the run was saved: trainer.epochs: 2 → 3"]);
    train(whole.path(), longer()).unwrap();
    let newest = |name: &&String| name.starts_with("export/") || *name == "metrics.jsonl" || *name == "run.json";
    let of = |folder| files(folder).into_iter().filter(|(name, _)| newest(&name)).collect::<Vec<_>>();
    assert_eq!(of(folder.path()), of(whole.path()));
}

#[test]
fn a_damaged_newest_checkpoint_is_told_and_the_one_before_it_taken() {
    let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), How::default()).unwrap();
    train(folder.path(), How::ending(End::StopAfter(13))).unwrap();
    let weights = folder.path().join("run/checkpoints/step-00000014/model.safetensors");
    std::fs::write(&weights, "cut").unwrap();

    let strict = || How { options: RunOptions { is_strict: true, ..RunOptions::new("test") }, ..How::default() };
    let refused = error(folder.path(), strict());
    assert!(matches!(refused, RunError::DamagedCheckpoint { .. }), "{refused}");
    assert!(refused.to_string().contains("step-00000014") && refused.hint().unwrap().contains("step-0000001"));

    let left = train(folder.path(), How::default()).unwrap();
    assert!(matches!(left.notices[..], [RunNotice::DamagedCheckpoint { .. }]), "{:?}", left.notices);
    assert!(left.notices[0].to_string().contains("model.safetensors is damaged"), "{}", left.notices[0]);
    assert_eq!(files(folder.path())["metrics.jsonl"], files(whole.path())["metrics.jsonl"]);
    assert_eq!(files(folder.path())["export/model.safetensors"], files(whole.path())["export/model.safetensors"]);
}

#[test]
fn the_observer_that_asked_to_stop_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ended = train(folder.path(), How::ending(End::AskAt(4))).unwrap().ended;
    assert_eq!(ended, Ended::Stopped { by: Some("the test's end".to_owned()) });
    assert_eq!(ended.to_string(), "stopped by the observer the test's end; run the program again to resume");
    assert_eq!(train(folder.path(), How::default()).unwrap().ended, Ended::Complete);
}

/// Plain gradient descent.
struct Descent;

impl Optimizer for Descent {
    fn name(&self) -> &str {
        "descent"
    }

    fn state_names(&self) -> &[&str] {
        &[]
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        grad: Gradient<'_>,
        _: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        weight_n - grad.dense().mul_scalar(step.learning_rate)
    }
}

#[test]
fn an_optimizer_that_comes_after_attach_is_refused_in_a_new_run() {
    let folder = tempfile::tempdir().unwrap();
    let how = || How { optimizer: Some(|| Box::new(Descent)), ..How::default() };
    let refused = error(folder.path(), How { is_optimizer_late: true, ..how() }).to_string();
    assert!(
        refused.starts_with("`with_optimizer` is called after `attach`, but it must be called before: "),
        "{refused}"
    );
    assert!(!folder.path().join("run/checkpoints").exists(), "nothing was trained");
    let left = train(folder.path(), how()).unwrap();
    assert!(left.ended.is_complete() && left.shown.contains(&"descent".to_owned()), "{left:?}");
}
