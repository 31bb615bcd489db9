//! The full state of a run as a folder that is whole or absent.
//!
//! ```text
//! checkpoints/
//!   latest                 names the newest checkpoint
//!   best                   names the one with the best score
//!   step-00001234/
//!     model.safetensors    every parameter, in PyTorch's conventions
//!     optimizer.safetensors  both running means of every parameter
//!     state.json           position, schedules, best, early stop, history, seed, configuration
//!     manifest.json        format version and the hash of every file above
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use drivetrain_data::{Fingerprint, write_atomically};
use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use crate::{Result, RunState, TrainError, read_safetensors, write_safetensors};

const FORMAT: u32 = 1;
const FILES: [&str; 3] = ["model.safetensors", "optimizer.safetensors", "state.json"];

/// Everything a run needs to go on as if it had never stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The model's parameters.
    pub model: StateDict,
    /// The optimizer's running means.
    pub optimizer: StateDict,
    /// Everything that is not a tensor.
    pub meta: CheckpointMeta,
}

/// The part of a checkpoint that is not tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointMeta {
    /// Where the run stands.
    pub state: RunState,
    /// Steps the optimizer has taken (its bias correction depends on them).
    pub optimizer_step: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// The configuration of the whole run, as the application wrote it.
    pub config: serde_json::Value,
    /// The instruction set in use: another one may round differently.
    pub instruction_set: String,
}

/// What a checkpoint folder holds, and the hash of each file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// File name to the xxh3-128 of its content, in hexadecimal.
    pub files: BTreeMap<String, Fingerprint>,
}

/// What of a checkpoint a resumed run takes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResumeStrategy {
    /// Everything: the run goes on as if it had not stopped.
    #[default]
    Everything,
    /// Not the optimizer's running means and the learning-rate schedule.
    WithoutOptimization,
    /// Not the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// The weights, and neither of the two.
    WeightsOnly,
}

/// How to resume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResumePlan {
    /// What to take over.
    pub strategy: ResumeStrategy,
    /// Start at epoch 0 with no best score and no history, instead of where the checkpoint stood.
    pub reset_state: bool,
}

/// The checkpoints of one run.
#[derive(Clone, Debug)]
pub struct CheckpointStore {
    folder: PathBuf,
}

impl CheckpointStore {
    /// The store in `folder`; nothing is touched until the first save.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a checkpoint, then points `latest` (and `best`) at it, then removes what neither names.
    ///
    /// # Errors
    /// When something cannot be written; the earlier checkpoints are then untouched.
    pub fn save(&self, checkpoint: &Checkpoint, is_best: bool) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.folder).map_err(TrainError::io(&self.folder))?;
        let name = format!("step-{:08}", checkpoint.meta.state.position.step);
        let place = self.folder.join(&name);
        let beside = self.folder.join(format!(".{name}.tmp"));
        remove_folder(&beside)?;
        std::fs::create_dir(&beside).map_err(TrainError::io(&beside))?;
        write_files(&beside, checkpoint)?;
        // A resumed run may pass the same step again: the folder that is there has the same name, and gives way.
        remove_folder(&place)?;
        std::fs::rename(&beside, &place).map_err(TrainError::io(&place))?;
        sync_folder(&self.folder);

        self.point("latest", &name)?;
        if is_best {
            self.point("best", &name)?;
        }
        self.remove_unnamed()?;
        Ok(place)
    }

    /// The newest checkpoint that is whole, and what was wrong with newer ones.
    ///
    /// # Errors
    /// When there is none.
    pub fn load_latest(&self) -> Result<(PathBuf, Checkpoint, Vec<TrainError>)> {
        let mut damaged = Vec::new();
        let mut names = self.names();
        names.sort_unstable_by(|a, b| b.cmp(a));
        for name in names {
            let path = self.folder.join(name);
            match load(&path) {
                Ok(checkpoint) => return Ok((path, checkpoint, damaged)),
                Err(error) => damaged.push(error),
            }
        }
        let damaged = damaged.iter().map(|error| format!("; {error}")).collect();
        Err(TrainError::NoCheckpoint { path: self.folder.clone(), damaged })
    }

    /// The checkpoint with the best score.
    ///
    /// # Errors
    /// When there is none or it is damaged.
    pub fn load_best(&self) -> Result<(PathBuf, Checkpoint)> {
        let Some(name) = self.pointer("best") else {
            return Err(TrainError::NoCheckpoint { path: self.folder.clone(), damaged: String::new() });
        };
        let path = self.folder.join(name);
        let checkpoint = load(&path)?;
        Ok((path, checkpoint))
    }

    /// Whether any checkpoint folder is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with("step-"))
            .collect()
    }

    fn pointer(&self, which: &str) -> Option<String> {
        let name = std::fs::read_to_string(self.folder.join(which)).ok()?;
        let name = name.trim();
        // A pointer names a folder beside it and nothing else, whoever wrote it.
        (name.starts_with("step-") && !name.contains(['/', '\\'])).then(|| name.to_owned())
    }

    fn point(&self, which: &str, name: &str) -> Result<()> {
        write_atomically(self.folder.join(which), |writer| writeln!(writer, "{name}"))?;
        Ok(())
    }

    fn remove_unnamed(&self) -> Result<()> {
        let kept = [self.pointer("latest"), self.pointer("best")];
        for name in self.names() {
            if !kept.contains(&Some(name.clone())) {
                remove_folder(&self.folder.join(name))?;
            }
        }
        Ok(())
    }
}

fn write_files(folder: &Path, checkpoint: &Checkpoint) -> Result<()> {
    write_safetensors(&folder.join(FILES[0]), &checkpoint.model)?;
    write_safetensors(&folder.join(FILES[1]), &checkpoint.optimizer)?;
    write_json(&folder.join(FILES[2]), &checkpoint.meta)?;
    let mut files = BTreeMap::new();
    for name in FILES {
        files.insert(name.to_owned(), Fingerprint::of_file(folder.join(name))?);
    }
    let manifest = Manifest { format: FORMAT, program: env!("CARGO_PKG_VERSION").to_owned(), files };
    write_json(&folder.join("manifest.json"), &manifest)
}

/// Reads and verifies one checkpoint folder.
fn load(path: &Path) -> Result<Checkpoint> {
    let unusable = |problem: String| TrainError::Checkpoint { path: path.into(), problem };
    let manifest: Manifest = read_json(&path.join("manifest.json")).map_err(unusable)?;
    if manifest.format != FORMAT {
        return Err(unusable(format!("its format is {}, this program reads format {FORMAT}", manifest.format)));
    }
    for name in FILES {
        let expected =
            manifest.files.get(name).ok_or_else(|| unusable(format!("its manifest does not list {name}")))?;
        let found = Fingerprint::of_file(path.join(name))?;
        if found != *expected {
            return Err(unusable(format!("{name} is damaged (hash {found}, the manifest says {expected})")));
        }
    }
    let meta = read_json(&path.join(FILES[2])).map_err(unusable)?;
    Ok(Checkpoint {
        model: read_safetensors(&path.join(FILES[0]))?,
        optimizer: read_safetensors(&path.join(FILES[1]))?,
        meta,
    })
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    write_atomically(path, |writer| {
        serde_json::to_writer_pretty(&mut *writer, value)?;
        writeln!(writer)
    })?;
    Ok(())
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> std::result::Result<T, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn remove_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(TrainError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Makes the disk keep a rename. Not every file system lets a folder be synced; the content is safe either way.
fn sync_folder(path: &Path) {
    if let Ok(folder) = std::fs::File::open(path) {
        let _ = folder.sync_all();
    }
}
