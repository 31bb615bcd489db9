//! Whose folder it is: no run replaces another's checkpoints, and no two trainers write in one.

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
    let said = begin_in(folder.path(), config(1, 0)).unwrap_err().to_string();
    assert!(said.contains("holds the checkpoints of a run already (the newest of step 39)"), "{said}");
    assert!(said.contains("Trainer::resume") && said.contains("empty folder"), "{said}");
    assert!(content(folder.path()) == before);

    // Also where nothing of it can be read.
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
        let said = resumed(plan).unwrap_err().to_string();
        assert!(said.contains("holds the checkpoints of another run") && said.contains("step 13"), "{said}");
        assert!(content(others.path()) == before);
    }
    // Into an empty folder it may go on.
    let empty = tempfile::tempdir().unwrap();
    let saved = store(own.path()).load_latest().unwrap().checkpoint;
    let trainer = trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap();
    let mut trainer = trainer.checkpoints(store(empty.path()), RunIdentity::default());
    assert_eq!(trainer.fit(&train_loader(0), &validation_loader(0)).unwrap().steps, 26);
}

/// At its first step, does something else and keeps what came of it.
#[derive(Clone)]
struct Meanwhile(Arc<Mutex<Option<String>>>, std::path::PathBuf);

impl Observer for Meanwhile {
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        let mut said = self.0.lock().unwrap();
        if matches!(event, Event::Step(_)) && said.is_none() {
            *said = begin_in(&self.1, config(1, 0)).err().map(|error| error.to_string());
        }
        Ok(())
    }
}

#[test]
fn two_trainers_in_one_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let meanwhile = Meanwhile(Arc::default(), folder.path().to_owned());
    let mut first =
        trainer(config(1, 0)).checkpoints(store(folder.path()), RunIdentity::default()).observe(meanwhile.clone());
    first.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let said = meanwhile.0.lock().unwrap().clone().expect("an error");
    assert!(said.contains("another trainer saves its checkpoints there"), "{said}");
    // A trainer that has ended holds nothing, though it is still there.
    let lock: StoreLock = store(folder.path()).lock().unwrap();
    assert!(matches!(store(folder.path()).lock(), Err(TrainError::InUse { .. })));
    drop(lock);
    train(folder.path(), config(2, 0), How::default(), Deaf).unwrap();
    drop(first);
}

#[test]
fn fit_called_again_goes_on() {
    let (twice, once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(once.path(), config(2, 0), How::default(), Deaf).unwrap();
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
    let said = resumed(identity(16, "bb"), 3, &[], false).unwrap_err();
    // More epochs are the same run; other batches and other data are not.
    let listed: Vec<&str> = said.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(listed, ["  data.batch_size: 8 → 16", "  data_content: aa → bb"], "{said}");
    assert!(said.contains("allow_changes"), "{said}");
    assert_eq!(resumed(identity(16, "bb"), 3, &["batch_size", "data_content"], false), Ok(()));
    assert!(resumed(identity(8, "aa"), 4, &[], false).unwrap_err().contains("trainer.seed: 3 → 4"));
    assert_eq!(resumed(identity(8, "aa"), 4, &["seed"], false), Ok(()));
    // Only the weights are of that run.
    assert_eq!(resumed(identity(16, "bb"), 4, &[], true), Ok(()));
}
