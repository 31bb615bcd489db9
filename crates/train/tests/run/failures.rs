//! Saves in which one of the disk operations fails, each in turn.

use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

use drivetrain_train::{Checkpoint, Disk, DiskFile, OutlierConfig, SystemDisk};

use super::outliers::{nan_at_5, spoilt_trainer};
use super::*;

/// How a disk operation fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Failure {
    /// The disk is full.
    NoSpace,
    /// Half of the bytes are written, then the disk is full.
    ShortWrite,
    /// The process ends right before the operation: neither it nor any later one happens.
    Death,
}

/// Records the disk operations and lets one of them fail; with `Death`, all later ones fail as well.
#[derive(Clone, Debug)]
struct Faulty {
    calls: Arc<Mutex<Vec<String>>>,
    at: usize,
    failure: Failure,
}

impl Faulty {
    fn new(at: usize, failure: Failure) -> Self {
        Self { calls: Arc::default(), at, failure }
    }

    fn call(&self, what: &str, path: &Path) -> io::Result<()> {
        let mut calls = self.calls.lock().unwrap();
        calls.push(format!("{what} {}", path.file_name().unwrap_or_default().to_string_lossy()));
        let at = calls.len() - 1;
        let fails = if self.failure == Failure::Death { at >= self.at } else { at == self.at };
        if fails { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Faulty {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.call("create_folder", path)?;
        SystemDisk.create_folder(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.call("create_file", path)?;
        let file = SystemDisk.create_file(path)?;
        Ok(Box::new(FaultyFile { disk: self.clone(), path: path.to_owned(), file }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call("rename", to)?;
        SystemDisk.rename(from, to)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.call("remove_folder", path)?;
        SystemDisk.remove_folder(path)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.call("remove_file", path)?;
        SystemDisk.remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.call("sync_folder", path)?;
        SystemDisk.sync_folder(path)
    }
}

struct FaultyFile {
    disk: Faulty,
    path: std::path::PathBuf,
    file: Box<dyn DiskFile>,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.disk.call("write", &self.path) {
            if self.disk.failure == Failure::ShortWrite {
                self.file.write_all(&bytes[..bytes.len() / 2])?;
            }
            return Err(error);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.call("flush", &self.path)?;
        self.file.flush()
    }
}

impl DiskFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.call("sync", &self.path)?;
        self.file.sync()
    }
}

/// Three checkpoints of a run. The third is the best, and saving it removes the first.
fn checkpoints() -> [Checkpoint; 3] {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(1, 0), How::default(), Idle).unwrap();
    let last = store(folder.path()).load_latest().unwrap().checkpoint;
    [1, 2, 13].map(|step| {
        let mut one = last.clone();
        one.meta.state.position.step = step;
        one.meta.state.best = last.meta.state.best.filter(|best| best.step == step);
        one
    })
}

#[test]
fn every_call_of_a_save_may_fail_and_the_run_goes_on_from_a_whole_checkpoint() {
    let [first, second, third] = checkpoints();
    let prepare = || {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).save(&first).unwrap();
        store(folder.path()).save(&second).unwrap();
        folder
    };
    let counted = Faulty::new(usize::MAX, Failure::NoSpace);
    let folder = prepare();
    store(folder.path()).on(counted.clone()).save(&third).unwrap();
    let (calls, expected) = (counted.calls.lock().unwrap().clone(), entries(folder.path()));
    assert_eq!(expected, ["best", "latest", "step-00000002", "step-00000013"]);
    assert!(calls.len() > 30, "{calls:?}");

    println!("{} calls, each failing in 3 ways", calls.len());
    for failure in [Failure::NoSpace, Failure::ShortWrite, Failure::Death] {
        for (at, call) in calls.iter().enumerate() {
            let folder = prepare();
            let store = store(folder.path());
            let message = store.clone().on(Faulty::new(at, failure)).save(&third).unwrap_err().to_string();
            assert!(message.contains("checkpoints") && message.contains("space"), "{message}");
            // Whatever failed, the newest checkpoint is complete and undamaged, and is the second or the third.
            let loaded = store.load_latest().unwrap_or_else(|error| panic!("{failure:?} at {call}: {error}"));
            assert!(loaded.damaged.is_empty(), "{failure:?} at {call}: {:?}", loaded.damaged);
            assert!([&second, &third].contains(&&loaded.checkpoint), "{failure:?} at {call}");
            // Saving again is enough, also for a run that was resumed from this checkpoint.
            store.tidy(&loaded.checkpoint.meta.state).unwrap();
            store.save(&third).unwrap();
            assert_eq!(entries(folder.path()), expected, "{failure:?} at {call}");
            assert_eq!(store.load_latest().unwrap().checkpoint, third);
            assert_eq!(store.load_best().unwrap().checkpoint, third);
        }
    }
}

#[test]
fn nothing_takes_its_place_before_it_is_safe_on_the_disk() {
    let [first, second, third] = checkpoints();
    let folder = tempfile::tempdir().unwrap();
    store(folder.path()).save(&first).unwrap();
    store(folder.path()).save(&second).unwrap();
    let counted = Faulty::new(usize::MAX, Failure::NoSpace);
    store(folder.path()).on(counted.clone()).save(&third).unwrap();
    let calls = counted.calls.lock().unwrap().clone();
    let at = |call: &str| calls.iter().position(|made| made == call).unwrap_or_else(|| panic!("no {call}: {calls:#?}"));
    let placed = at("rename step-00000013");
    for file in ["model.safetensors", "optimizer.safetensors", "state.json", "manifest.json"] {
        assert!(at(&format!("sync {file}")) < placed, "{file}: {calls:#?}");
    }
    assert!(at("sync_folder .step-00000013.tmp") < placed);
    // The folder's new name is synced to disk before `latest` names it, and `latest` before anything older is removed.
    let named = at("rename latest");
    assert!(calls[placed..named].contains(&"sync_folder checkpoints".to_owned()), "{calls:#?}");
    assert!(calls[placed..named].contains(&"sync .latest.new".to_owned()), "{calls:#?}");
    let removed = at("rename .step-00000001.removed.tmp");
    assert!(calls[named..removed].contains(&"sync_folder checkpoints".to_owned()), "{calls:#?}");
}

/// A disk on which the first operations that create a folder fail, like a disk that is full until someone frees space.
#[derive(Debug)]
struct FullAtFirst {
    left: AtomicU64,
}

impl FullAtFirst {
    fn call(&self) -> io::Result<()> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for FullAtFirst {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.call()?;
        SystemDisk.create_folder(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        SystemDisk.create_file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(from, to)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_folder(path)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        SystemDisk.sync_folder(path)
    }
}

/// Keeps the outcome of every save.
#[derive(Clone, Default)]
struct Saves(Arc<Mutex<Vec<String>>>);

impl Observer for Saves {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::Saved { .. } => self.0.lock().unwrap().push("saved".into()),
            Event::SaveFailed { error, .. } => self.0.lock().unwrap().push(error.to_string()),
            _ => {}
        }
        Ok(Control::Continue)
    }
}

fn run_on(disk: impl Disk + 'static, folder: &Path, saves: Saves) -> Result<()> {
    let mut trainer = trainer(config(2, 0))
        .checkpoints(store(folder).on(disk), RunIdentity::default())
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1))
        .observe(saves);
    trainer.fit(&train_loader(0), &validation_loader(0)).map(|_| ())
}

#[test]
fn a_save_that_fails_is_told_and_tried_again_while_training_goes_on() {
    let (whole, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), config(2, 0), How::default(), Idle).unwrap();
    let saves = Saves::default();
    run_on(FullAtFirst { left: AtomicU64::new(2) }, full.path(), saves.clone()).unwrap();
    let message = saves.0.lock().unwrap().clone();
    assert!(message.first().is_some_and(|message| message.contains("space")), "{message:?}");
    assert!(message.last().is_some_and(|message| message == "saved"), "{message:?}");
    assert_eq!(outcome(full.path()), outcome(whole.path()));
}

#[test]
fn an_error_that_ends_a_run_is_told_also_where_the_save_after_it_fails() {
    let (folder, saves) = (tempfile::tempdir().unwrap(), Saves::default());
    let disk = FullAtFirst { left: AtomicU64::new(u64::MAX) };
    let mut trainer = spoilt_trainer(OutlierConfig::default(), nan_at_5)
        .checkpoints(store(folder.path()).on(disk), RunIdentity::default())
        .observe(saves.clone());
    let error = trainer.fit(&train_loader(0), &validation_loader(0)).unwrap_err();
    assert!(matches!(error, TrainError::Outlier { step: 5, .. }), "{error}");
    let message = saves.0.lock().unwrap().clone();
    assert!(message.last().is_some_and(|message| message.contains("space")), "{message:?}");
}

#[test]
fn a_run_whose_last_save_cannot_be_made_ends_in_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = run_on(FullAtFirst { left: AtomicU64::new(u64::MAX) }, folder.path(), Saves::default()).unwrap_err();
    assert!(error.to_string().contains("space"), "{error}");
}
