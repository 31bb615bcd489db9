//! No run replaces the checkpoints of another run, and no two trainers write to the same folder.

use std::sync::Mutex;

use drivetrain_train::{ResumeStrategy, StoreLock};
use serde_json::json;

use super::*;

/// The names and bytes of everything in a folder.
fn content(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path().is_dir() {
            true => found.extend(content(&entry.path())),
            false => drop(found.insert(entry.path(), std::fs::read(entry.path()).unwrap())),
        }
    }
    found
}

fn begin_in(folder: &Path, config: TrainerConfig) -> Result<()> {
    let mut trainer = trainer(config)
        .checkpoints(store(folder), RunIdentity::default())
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1));
    trainer.fit(&train_loader(0), &validation_loader(0)).map(|_| ())
}

#[test]
fn a_new_run_in_the_folder_of_another_is_refused_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    begin_in(folder.path(), config(3, 0)).unwrap();
    let before = content(folder.path());
    let message = begin_in(folder.path(), config(1, 0)).unwrap_err().to_string();
    assert!(message.contains("holds the checkpoints of a run already (the newest of step 39)"), "{message}");
    assert!(message.contains("Trainer::resume") && message.contains("empty folder"), "{message}");
    assert!(content(folder.path()) == before);

    // The same holds if no checkpoint in the folder can be read.
    for name in entries(folder.path()).iter().filter(|name| name.starts_with("step-")) {
        std::fs::remove_file(folder.path().join("checkpoints").join(name).join("state.json")).unwrap();
    }
    let before = content(folder.path());
    assert!(matches!(begin_in(folder.path(), config(1, 0)), Err(TrainError::HoldsRun { .. })));
    assert!(content(folder.path()) == before);
}

#[test]
fn a_resumed_run_does_not_replace_another_in_a_folder_that_is_not_its_own() {
    let (own, others) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    begin_in(own.path(), config(1, 0)).unwrap();
    begin_in(others.path(), TrainerConfig { histograms: false, ..config(4, 5) }).unwrap();
    let before = content(others.path());
    let resumed = |plan| {
        let saved = store(own.path()).load_latest().unwrap().checkpoint;
        let mut trainer = trainer(config(2, 0)).resume(saved, plan).unwrap();
        trainer = trainer.checkpoints(store(others.path()), RunIdentity::default());
        trainer.fit(&train_loader(0), &validation_loader(0)).map(|_| ())
    };
    for reset_state in [false, true] {
        let plan = ResumePlan { strategy: ResumeStrategy::WeightsOnly, reset_state };
        let message = resumed(plan).unwrap_err().to_string();
        assert!(message.contains("holds the checkpoints of another run") && message.contains("step 13"), "{message}");
        assert!(content(others.path()) == before);
    }
    // It may be resumed into an empty folder.
    let empty = tempfile::tempdir().unwrap();
    let saved = store(own.path()).load_latest().unwrap().checkpoint;
    let trainer = trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap();
    let mut trainer = trainer.checkpoints(store(empty.path()), RunIdentity::default());
    assert_eq!(trainer.fit(&train_loader(0), &validation_loader(0)).unwrap().steps, 26);
}

/// During its first step, starts another trainer in the folder and keeps the error.
#[derive(Clone)]
struct Meanwhile(Arc<Mutex<Option<String>>>, std::path::PathBuf);

impl Observer for Meanwhile {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let mut message = self.0.lock().unwrap();
        if matches!(event, Event::Step(_)) && message.is_none() {
            *message = begin_in(&self.1, config(1, 0)).err().map(|error| error.to_string());
        }
        Ok(Control::Continue)
    }
}

#[test]
fn two_trainers_in_one_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let meanwhile = Meanwhile(Arc::default(), folder.path().to_owned());
    let mut first =
        trainer(config(1, 0)).checkpoints(store(folder.path()), RunIdentity::default()).observe(meanwhile.clone());
    first.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let message = meanwhile.0.lock().unwrap().clone().expect("an error");
    assert!(message.contains("another trainer saves its checkpoints there"), "{message}");
    // A trainer that has finished holds no lock, although it still exists.
    let lock: StoreLock = store(folder.path()).lock().unwrap();
    assert!(matches!(store(folder.path()).lock(), Err(TrainError::InUse { .. })));
    drop(lock);
    train(folder.path(), config(2, 0), How::default(), Idle).unwrap();
    drop(first);
}

/// The environment variable with the folder that [`another_process`] locks.
const FOLDER: &str = "DRIVETRAIN_TEST_FOLDER";

#[test]
#[ignore = "the other process of the test below"]
fn another_process() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let _lock = store(Path::new(&folder)).lock().unwrap();
    println!("locked");
    // Waits until this process is killed, or the test that started it has ended.
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[test]
fn a_trainer_of_another_process_is_respected_until_it_is_killed() {
    use std::io::BufRead;
    let folder = tempfile::tempdir().unwrap();
    let mut other = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "folders::another_process", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.map_while(std::result::Result::ok).any(|line| line.contains("locked")));
    let refused = begin_in(folder.path(), config(1, 0));
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(matches!(refused, Err(TrainError::InUse { .. })), "{refused:?}");
    begin_in(folder.path(), config(1, 0)).unwrap();
}

#[test]
fn a_trainer_that_ended_in_an_error_holds_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    begin_in(folder.path(), config(1, 0)).unwrap();
    // The folder is checked before the validation set is read.
    let mut refused = trainer(config(2, 0)).checkpoints(store(folder.path()), RunIdentity::default());
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    let unfit = TokenizedSample { input: vec![3, 4000], target: vec![0] };
    let sampler = drivetrain_data::Batched::new(drivetrain_data::Sequential::new(1), 1, false).unwrap();
    let unfit = DataLoader::new(Arc::new(MemoryDataset::new(vec![unfit])), collate, sampler, LoaderConfig::default());
    let error = refused.fit(&train_loader(0), &unfit).unwrap_err();
    assert!(matches!(error, TrainError::HoldsRun { .. }), "{error}");
    // The run can be resumed, as the message says, although the refused trainer still exists.
    train(folder.path(), config(2, 0), How::default(), Idle).unwrap();
    // The same holds for a trainer that crashes.
    let mut crashed = trainer(config(3, 0))
        .resume(store(folder.path()).load_latest().unwrap().checkpoint, ResumePlan::default())
        .unwrap()
        .checkpoints(store(folder.path()), RunIdentity::default())
        .observe(Crash(30));
    crashed.fit(&train_loader(0), &validation_loader(0)).unwrap_err();
    train(folder.path(), config(3, 0), How::default(), Idle).unwrap();
    drop((refused, crashed));
}

#[test]
fn fit_called_again_replaces_nothing_that_another_trainer_saved_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = trainer(config(3, 0)).stop_after(Some(1)).checkpoints(store(folder.path()), RunIdentity::default());
    first.fit(&train_loader(0), &validation_loader(0)).unwrap();
    train(folder.path(), config(3, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let before = content(folder.path());
    let error = first.fit(&train_loader(0), &validation_loader(0)).unwrap_err();
    assert!(matches!(error, TrainError::HoldsOtherRun { step: 13, .. }), "{error}");
    assert!(content(folder.path()) == before);
    // The same holds if the trainer had saved nothing yet.
    let empty = tempfile::tempdir().unwrap();
    let mut crashed = trainer(config(3, 0)).checkpoints(store(empty.path()), RunIdentity::default()).observe(Crash(3));
    crashed.fit(&train_loader(0), &validation_loader(0)).unwrap_err();
    train(empty.path(), config(1, 0), How::default(), Idle).unwrap();
    let error = crashed.fit(&train_loader(0), &validation_loader(0)).unwrap_err();
    assert!(matches!(error, TrainError::HoldsOtherRun { .. }), "{error}");
}

#[test]
fn fit_called_again_resumes() {
    let (twice, once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(once.path(), config(2, 0), How::default(), Idle).unwrap();
    let mut trainer = trainer(config(2, 0))
        .stop_after(Some(1))
        .checkpoints(store(twice.path()), RunIdentity::default())
        .observe(JsonLines::new(twice.path().join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(twice.path().join("tensorboard"), 1));
    for epochs in [1, 2, 2] {
        assert_eq!(trainer.fit(&train_loader(0), &validation_loader(0)).unwrap().epochs, epochs);
    }
    assert_eq!(outcome(twice.path()), outcome(once.path()));
}

fn identity(batch_size: u64, data: &str) -> RunIdentity {
    let config = json!({"trainer": {"epochs": batch_size, "seed": 3}, "data": {"batch_size": batch_size}});
    RunIdentity { config, facts: BTreeMap::from([("data_content".to_owned(), data.to_owned())]) }
}

#[test]
fn a_run_that_is_resumed_as_another_is_refused_field_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = trainer(config(2, 0)).stop_after(Some(1)).checkpoints(store(folder.path()), identity(8, "aa"));
    first.fit(&train_loader(0), &validation_loader(0)).unwrap();
    drop(first);
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let resumed = |identity: RunIdentity, seed: u64, allowed: &[&str], reset_state: bool| {
        let plan = ResumePlan { reset_state, ..ResumePlan::default() };
        let trainer = trainer(TrainerConfig { seed, ..config(2, 0) }).resume(saved.clone(), plan).unwrap();
        let empty = tempfile::tempdir().unwrap();
        let mut trainer = trainer.allow_changes(allowed.iter().copied()).checkpoints(store(empty.path()), identity);
        trainer.fit(&train_loader(0), &validation_loader(0)).map(|_| ()).map_err(|error| error.to_string())
    };
    let message = resumed(identity(16, "bb"), 3, &[], false).unwrap_err();
    // With more epochs, it is still the same run; with another batch size or other data, it is not.
    let listed: Vec<&str> = message.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(listed, ["  data.batch_size: 8 → 16", "  data_content: aa → bb"], "{message}");
    assert!(message.contains("allow_changes"), "{message}");
    assert_eq!(resumed(identity(16, "bb"), 3, &["batch_size", "data_content"], false), Ok(()));
    assert!(resumed(identity(8, "aa"), 4, &[], false).unwrap_err().contains("trainer.seed: 3 → 4"));
    assert_eq!(resumed(identity(8, "aa"), 4, &["seed"], false), Ok(()));
    // With `reset_state`, only the weights come from that run.
    assert_eq!(resumed(identity(16, "bb"), 4, &[], true), Ok(()));
}

/// The error, if any, of a run that is saved with one configuration and resumed with another.
fn refusal(saved: serde_json::Value, now: serde_json::Value, seed: u64, allowed: &[&str]) -> Option<String> {
    let identity = |config| RunIdentity { config, facts: BTreeMap::from([("data".to_owned(), "aa".to_owned())]) };
    let folder = tempfile::tempdir().unwrap();
    let mut first = trainer(config(1, 0)).checkpoints(store(folder.path()), identity(saved));
    first.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let resumed = trainer(TrainerConfig { seed, ..config(1, 0) }).resume(saved, ResumePlan::default()).unwrap();
    let mut resumed = resumed.allow_changes(allowed.iter().copied()).checkpoints(store(folder.path()), identity(now));
    resumed.fit(&train_loader(0), &validation_loader(0)).err().map(|error| error.to_string())
}

#[test]
fn only_the_trainers_own_fields_are_harmless() {
    let refused = |saved, now| refusal(saved, now, 3, &[]);
    for harmless in ["epochs", "checkpoint", "outliers", "histograms"] {
        assert_eq!(refused(json!({harmless: 1}), json!({harmless: 2})), None, "{harmless}");
        assert_eq!(refused(json!({"trainer": {harmless: 1}}), json!({"trainer": {harmless: 2}})), None, "{harmless}");
        let below = |value: u64| json!({"trainer": {harmless: {"x": value}}});
        assert_eq!(refused(below(1), below(2)), None, "{harmless}");
        // The same field name in another place is another setting.
        let other = |value: u64| json!({"samples": {harmless: value}, "tokenizer": {harmless: {"x": value}}});
        let message = refused(other(1), other(2)).expect("a refusal");
        assert!(message.contains(&format!("samples.{harmless}: 1 → 2")), "{message}");
        assert!(message.contains(&format!("tokenizer.{harmless}.x: 1 → 2")), "{message}");
    }
}

#[test]
fn another_seed_elsewhere_does_not_hide_that_of_the_trainer() {
    let seeded = |seed: u64| json!({"samples": {"seed": seed}});
    let message = refusal(seeded(1), seeded(2), 4, &["samples.seed"]).expect("a refusal");
    assert!(message.contains("trainer.seed: 3 → 4") && !message.contains("samples.seed"), "{message}");
    let whole = |seed: u64| json!({"trainer": {"seed": seed}});
    assert_eq!(refusal(whole(3), whole(4), 4, &["trainer.seed"]), None);
}

#[test]
fn a_configuration_on_one_side_only_can_be_allowed_by_its_fields() {
    let (none, one) = (serde_json::Value::Null, json!({"data": {"batch_size": 8}}));
    for (saved, now) in [(&none, &one), (&one, &none)] {
        let message = refusal(saved.clone(), now.clone(), 3, &[]).expect("a refusal");
        assert!(message.contains("  data.batch_size: "), "{message}");
        assert_eq!(refusal(saved.clone(), now.clone(), 3, &["data.batch_size"]), None);
    }
}
