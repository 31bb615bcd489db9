use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drivetrain_data::{Fingerprint, read_bounded};

use super::disk::{Disk, SystemDisk};
use super::files::{AVERAGE, Files, MODEL, OPTIMIZER, STATE, is_same, is_whole, load};
use super::manifest::{MANIFEST, Manifest};
use super::names::{folders, name_of, save_point_in};
use super::{Checkpoint, CheckpointConfig, CheckpointMeta, SavePoint, StoreLock};
use crate::weights::safetensors_of;
use crate::{Result, RunState, TrainError};

const LATEST: &str = "latest";
const BEST: &str = "best";
/// The largest `latest` that is read, in bytes.
const LARGEST_POINTER: u64 = 1 << 12;

/// The checkpoints of one run, in a folder. Each is complete or absent, and is verified by its hashes when it is read.
///
/// ```
/// use drivetrain_nn::StateDict;
/// use drivetrain_train::{Checkpoint, CheckpointMeta, CheckpointStore, RunIdentity};
/// # use drivetrain_train::{Position, RunState, TrainerConfig};
/// # let position = Position { epoch: 1, batch: 0, step: 40 };
/// # let state = RunState { position, ..RunState::new(&TrainerConfig::default(), 400) };
/// # let folder = tempfile::tempdir()?;
///
/// let meta = CheckpointMeta {
///     state, // after step 40; a trainer fills this in
///     optimizer_name: "adamw".into(),
///     optimizer_step: 40,
///     average_count: 0,
///     validates_average: false,
///     seed: 7,
///     identity: RunIdentity::default(),
///     instruction_set: "x86-64 avx2+fma".into(),
/// };
/// let (model, optimizer) = (StateDict::default(), StateDict::default());
/// let checkpoint = Checkpoint { model, optimizer, average: None, meta };
/// let store = CheckpointStore::new(folder.path());
/// assert!(store.is_empty());
///
/// let path = store.save(&checkpoint)?;
/// assert!(path.ends_with("step-00000040"));
/// assert_eq!(store.load_latest()?.checkpoint, checkpoint);
///
/// // A damaged file is named; an earlier checkpoint would be used in its place.
/// std::fs::write(path.join("state.json"), "{}")?;
/// let error = store.load_latest().unwrap_err().to_string();
/// assert!(error.contains("step-00000040") && error.contains("state.json is damaged"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CheckpointStore {
    folder: PathBuf,
    keep: CheckpointConfig,
    disk: Arc<dyn Disk>,
}

/// A checkpoint that was read.
#[derive(Debug)]
pub struct Loaded {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub checkpoint: Checkpoint,
    /// What was wrong with newer ones, which were skipped.
    pub damaged: Vec<TrainError>,
}

impl CheckpointStore {
    /// The store in `folder`; nothing is written until the first save.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), keep: CheckpointConfig::default(), disk: Arc::new(SystemDisk) }
    }

    /// Sets which checkpoints are kept.
    #[must_use]
    pub fn keeping(self, config: CheckpointConfig) -> Self {
        Self { keep: config, ..self }
    }

    /// Writes through `disk` instead of the operating system's file system.
    #[must_use]
    pub fn on(self, disk: impl Disk + 'static) -> Self {
        Self { disk: Arc::new(disk), ..self }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is no checkpoint folder.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    /// Makes this process the only one that saves here, until the lock is dropped. The trainer holds the lock for as long as it
    /// trains.
    ///
    /// # Errors
    /// [`TrainError::InUse`] when another trainer saves here, in this process or another.
    pub fn lock(&self) -> Result<StoreLock> {
        // If the folder cannot be created, the first save reports that.
        let _ = std::fs::create_dir_all(&self.folder);
        StoreLock::take(&self.folder)
    }

    /// Whether one of the checkpoints here is the one that `meta` belongs to.
    #[must_use]
    pub fn holds(&self, meta: &CheckpointMeta) -> bool {
        // They are compared as they are written: in JSON, a loss that is not a number equals itself.
        let written = |meta: &CheckpointMeta| serde_json::to_vec(meta).ok();
        let wanted = SavePoint::of(&meta.state);
        let is_it = |name: &String| {
            let path = self.folder.join(name);
            Files::of(&path).and_then(|files| files.meta()).is_ok_and(|found| written(&found) == written(meta))
        };
        self.names().iter().filter(|name| save_point_in(name) == Some(wanted)).any(is_it)
    }

    /// Writes a checkpoint. First, all files are written to a temporary folder beside its final place, the files and the folder are
    /// flushed, and the folder is renamed. Then `latest` and `best` are replaced, each atomically. Finally, checkpoints that need
    /// no longer be kept are removed. Wherever this is interrupted, the checkpoint that `latest` names is undamaged; saving the
    /// same checkpoint again completes the save.
    ///
    /// # Errors
    /// When something cannot be written; the earlier checkpoints are then untouched.
    pub fn save(&self, checkpoint: &Checkpoint) -> Result<PathBuf> {
        let state = &checkpoint.meta.state;
        self.with_disk(&self.folder, |disk, path| disk.create_folder(path))?;
        let plain = name_of(state);
        let beside = self.hidden_path(&plain);
        self.with_disk(&beside, |disk, path| disk.remove_folder(path))?;
        self.with_disk(&beside, |disk, path| disk.create_folder(path))?;
        let manifest = self.write_files(&beside, checkpoint)?;
        let name = self.name_for(&plain, &manifest);
        let place = self.folder.join(&name);
        if is_same(&place, &manifest) {
            self.with_disk(&beside, |disk, path| disk.remove_folder(path))?;
        } else {
            self.remove(&name)?;
            self.with_disk(&place, |disk, path| disk.rename(&beside, path))?;
        }
        self.with_disk(&self.folder, |disk, path| disk.sync_folder(path))?;

        self.write_pointer(LATEST, &name, &manifest)?;
        self.tidy(state)?;
        Ok(place)
    }

    /// Makes `best` name the best checkpoint, and removes what need not be kept, as a save does at its end. This is for a run whose
    /// last save was interrupted at that point. `newest` is the state in the checkpoint that `latest` names.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn tidy(&self, newest: &RunState) -> Result<()> {
        let best = newest.best.and_then(|best| self.validated_at(best.step));
        match best.as_ref().map(|best| (best, Manifest::read(&self.folder.join(best)))) {
            Some((best, Ok(manifest))) if self.read_pointer(BEST) != Ok(Some(best.clone())) => {
                self.write_pointer(BEST, best, &manifest)?;
            }
            // A best checkpoint that was left by an abandoned start of the run does not count.
            None => self.with_disk(&self.folder.join(BEST), |disk, path| disk.remove_file(path))?,
            _ => {}
        }
        let latest = self.read_pointer(LATEST).ok().flatten();
        let names = self.newest_first();
        // Checkpoints after the newest one belong to a run that was set back, or are damaged.
        let reached = |name: &String| save_point_in(name) <= Some(SavePoint::of(newest));
        let last: Vec<String> = names.iter().filter(|name| reached(name)).take(self.keep.keep_last).cloned().collect();
        for name in names {
            let kept = [&latest, &best].contains(&&Some(name.clone())) || last.contains(&name);
            if !kept && !self.is_kept_for_good(&name) {
                self.remove(&name)?;
            }
        }
        // What earlier saves and removals left when they were interrupted.
        for name in folders(&self.folder).filter(|name| name.starts_with('.') && name.ends_with(".tmp")) {
            self.with_disk(&self.folder.join(name), |disk, path| disk.remove_folder(path))?;
        }
        Ok(())
    }

    /// The newest undamaged checkpoint, and what was wrong with newer ones.
    ///
    /// # Errors
    /// When there is none.
    pub fn load_latest(&self) -> Result<Loaded> {
        let (names, problem) = self.latest_first();
        let mut damaged: Vec<TrainError> = problem.into_iter().collect();
        for name in names {
            let path = self.folder.join(name);
            match load(&path) {
                Ok(checkpoint) => return Ok(Loaded { path, checkpoint, damaged }),
                Err(error) => damaged.push(error),
            }
        }
        let damaged = damaged.iter().map(|error| format!("; {error}")).collect();
        Err(TrainError::NoCheckpoint { path: self.folder.clone(), damaged })
    }

    /// The checkpoint of the best validation of the run that the newest checkpoint belongs to.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn load_best(&self) -> Result<Loaded> {
        let newest = self.load_latest()?;
        let state = &newest.checkpoint.meta.state;
        let missing = |damaged: &str| TrainError::NoCheckpoint { path: self.folder.clone(), damaged: damaged.into() };
        let best = state.best.ok_or_else(|| {
            missing(match state.history.is_empty() {
                true => " with a score: nothing was validated yet",
                false => {
                    " with a score: no validation had a finite loss and score; the model has diverged, or validation samples are \
                     damaged"
                }
            })
        })?;
        if state.is_best() {
            return Ok(newest);
        }
        let name = self.validated_at(best.step);
        let path = self.folder.join(name.ok_or_else(|| missing(&format!(" of step {}, the best", best.step)))?);
        let checkpoint = load(&path)?;
        Ok(Loaded { path, checkpoint, damaged: newest.damaged })
    }

    /// The metadata of the newest checkpoint whose state file is undamaged; its tensors are neither read nor verified.
    #[must_use]
    pub fn latest_meta(&self) -> Option<CheckpointMeta> {
        self.latest_first().0.iter().find_map(|name| Files::of(&self.folder.join(name)).ok()?.meta().ok())
    }

    /// The names of all checkpoints in the order in which they are tried, and what is wrong with the pointer to the first.
    fn latest_first(&self) -> (Vec<String>, Option<TrainError>) {
        let mut names = self.newest_first();
        match self.read_pointer(LATEST) {
            // Checkpoints after it were not complete when the run stopped; earlier ones are tried after it.
            Ok(Some(latest)) => {
                names.retain(|name| *name != latest);
                names.insert(0, latest);
            }
            Ok(None) => {}
            Err(problem) => {
                return (names, Some(TrainError::Checkpoint { path: self.folder.join(LATEST), problem }));
            }
        }
        (names, None)
    }

    /// Writes every file of a checkpoint and flushes them and the folder.
    fn write_files(&self, folder: &Path, checkpoint: &Checkpoint) -> Result<Manifest> {
        let mut state =
            serde_json::to_vec_pretty(&checkpoint.meta).map_err(|error| TrainError::io(folder)(error.into()))?;
        state.push(b'\n');
        let mut files = vec![
            (MODEL, safetensors_of(&folder.join(MODEL), &checkpoint.model)?),
            (OPTIMIZER, safetensors_of(&folder.join(OPTIMIZER), &checkpoint.optimizer)?),
            (STATE, state),
        ];
        if let Some(average) = &checkpoint.average {
            files.push((AVERAGE, safetensors_of(&folder.join(AVERAGE), average)?));
        }
        let mut hashes = BTreeMap::new();
        for (name, bytes) in files {
            self.write_file(&folder.join(name), &bytes)?;
            hashes.insert(name.to_owned(), Fingerprint::of_bytes(&bytes));
        }
        let manifest = Manifest::new(checkpoint.meta.state.position, hashes);
        self.write_file(&folder.join(MANIFEST), &manifest.to_bytes())?;
        self.with_disk(folder, |disk, path| disk.sync_folder(path))?;
        Ok(manifest)
    }

    fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.with_disk(path, |disk, path| {
            let mut file = disk.create_file(path)?;
            file.write_all(bytes)?;
            file.flush()?;
            file.sync()
        })
    }

    /// The name to save under. An undamaged checkpoint that `latest` names must not be replaced by a different one.
    fn name_for(&self, plain: &str, manifest: &Manifest) -> String {
        let latest = self.read_pointer(LATEST).ok().flatten();
        let revisions = (2..).map(|revision| format!("{plain}-r{revision}"));
        std::iter::once(plain.to_owned())
            .chain(revisions)
            .find(|name| {
                let place = self.folder.join(name);
                latest.as_ref() != Some(name) || is_same(&place, manifest) || !is_whole(&place)
            })
            .unwrap_or_else(|| plain.to_owned())
    }

    /// The checkpoint made after the validation at `step`.
    fn validated_at(&self, step: u64) -> Option<String> {
        let wanted = SavePoint { step, is_validated: true };
        let mut names: Vec<String> =
            self.names().into_iter().filter(|name| save_point_in(name) == Some(wanted)).collect();
        names.sort_unstable();
        // A later checkpoint of the same step differs in what a resumed run did not take over, but not in the weights.
        names.into_iter().find(|name| Manifest::read(&self.folder.join(name)).is_ok())
    }

    /// Whether it is one of the checkpoints at the end of every Nth epoch, which are kept for good.
    fn is_kept_for_good(&self, name: &str) -> bool {
        let every = self.keep.keep_epochs;
        every > 0
            && Manifest::read(&self.folder.join(name)).is_ok_and(|manifest| {
                let position = manifest.position;
                position.batch == 0 && position.epoch > 0 && position.epoch.is_multiple_of(every)
            })
    }

    /// Removes a checkpoint in such a way that it never exists in part.
    fn remove(&self, name: &str) -> Result<()> {
        let place = self.folder.join(name);
        if !place.exists() {
            return Ok(());
        }
        let gone = self.hidden_path(&format!("{name}.removed"));
        self.with_disk(&gone, |disk, path| disk.remove_folder(path))?;
        self.with_disk(&place, |disk, path| disk.rename(path, &gone))?;
        self.with_disk(&gone, |disk, path| disk.remove_folder(path))
    }

    /// The path of something that is being written or removed, and does not count as a checkpoint.
    fn hidden_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!(".{name}.tmp"))
    }

    /// The names of all checkpoint folders.
    fn names(&self) -> Vec<String> {
        folders(&self.folder).filter(|name| save_point_in(name).is_some()).collect()
    }

    /// The same, the newest first.
    fn newest_first(&self) -> Vec<String> {
        let mut names = self.names();
        names.sort_unstable_by_key(|name| std::cmp::Reverse(save_point_in(name)));
        names
    }

    /// The name in `latest` or `best`, if there is one. It is an error if the checkpoint has changed since it was named.
    fn read_pointer(&self, which: &str) -> std::result::Result<Option<String>, String> {
        let text = match read_bounded(self.folder.join(which), LARGEST_POINTER) {
            Ok(text) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let parts = text.strip_suffix('\n').and_then(|line| line.split_once("  "));
        // A pointer names a folder beside it and nothing else.
        let (name, hash) = parts.filter(|(name, _)| save_point_in(name).is_some()).ok_or("it names no checkpoint")?;
        match Manifest::read(&self.folder.join(name)) {
            Ok(manifest) if manifest.own.to_string() == hash => Ok(Some(name.to_owned())),
            Ok(_) => Err(format!("it does not have the hash of {name}")),
            Err(problem) => Err(format!("it names {name}, of which {problem}")),
        }
    }

    /// Makes `latest` or `best` name a checkpoint, atomically.
    fn write_pointer(&self, which: &str, name: &str, manifest: &Manifest) -> Result<()> {
        let beside = self.folder.join(format!(".{which}.new"));
        self.write_file(&beside, format!("{name}  {}\n", manifest.own).as_bytes())?;
        self.with_disk(&self.folder.join(which), |disk, path| disk.rename(&beside, path))?;
        self.with_disk(&self.folder, |disk, path| disk.sync_folder(path))
    }

    /// Runs a disk operation on `path`; an error names the path.
    fn with_disk<T>(&self, path: &Path, act: impl FnOnce(&dyn Disk, &Path) -> io::Result<T>) -> Result<T> {
        act(&*self.disk, path).map_err(TrainError::io(path))
    }
}
