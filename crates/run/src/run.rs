//! A run that this process holds.

use std::collections::BTreeSet;
use std::path::PathBuf;

use drivetrain_data::Tokenizer;
use drivetrain_train::{Checkpoint, CheckpointMeta, Loaded, RunIdentity};

use crate::error::{Result, RunError};
use crate::folder::RunFolder;
use crate::lock::RunLock;
use crate::notice::RunNotice;
use crate::options::{Resume, RunOptions};
use crate::record;

/// A run in a folder that this process holds until the value is dropped.
///
/// ```text
/// Run::open       lock the folder, remove what killed processes left, load the newest undamaged checkpoint
/// run.tokenizer   the tokenizer: trained once, then loaded from the run
/// run.attach      compare with the checkpoint; give the trainer the checkpoint, the logs and the stop request
/// run.fit         train what is left to train, if anything is
/// run.best        the best checkpoint;  run.export  the model;  run.report  the page
/// ```
///
/// ```
/// use std::sync::Arc;
/// use drivetrain_data::{
///     Batched, ClassCollate, DataError, DataLoader, Dataset, LoaderConfig, MemoryDataset, PadSide, Shuffled, TokenizedSample,
/// };
/// use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier, burn::tensor::Device};
/// use drivetrain_run::{Ended, ExportConfig, Exported, ProblemType, Run, RunOptions};
/// use drivetrain_train::{AdamWConfig, CrossEntropy, MultiClassMetric, RunIdentity, Trainer, TrainerConfig};
///
/// // Is token 3 in the sequence? Class 1 if so.
/// let sample = |i: u32| {
///     let input = vec![3 + i % 3, 4 + i % 2, 5];
///     let target = vec![u32::from(input.contains(&3))];
///     TokenizedSample { input, target }
/// };
/// let loader = |samples: std::ops::Range<u32>| {
///     let samples = MemoryDataset::new(samples.map(sample).collect());
///     let batches = Batched::new(Shuffled::new(samples.len(), 7), 8, false)?;
///     let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
///     Ok::<_, DataError>(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
/// };
/// let sizes = EncoderConfig { d_model: 8, d_feed_forward: 16, ..Preset::Micro.encoder(8, 4) };
/// let folder = tempfile::tempdir()?;
/// let train = |epochs: u64, learning_rate: f64| -> Result<(Ended, Run), Box<dyn std::error::Error>> {
///     let mut run = Run::open(folder.path(), RunOptions::new("example"))?;
///     let optimizer = AdamWConfig { learning_rate, ..AdamWConfig::default() };
///     let config = TrainerConfig { epochs, optimizer: optimizer.into(), ..TrainerConfig::default() };
///     let model = SequenceClassifier::new(&sizes, 2, 7, &Device::flex().autodiff())?;
///     let trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config.clone())?;
///     let mut trainer = run.attach(trainer, RunIdentity::new(&config)?)?;
///     Ok((run.fit(&mut trainer, &loader(0..96)?, &loader(96..128)?)?, run))
/// };
///
/// assert_eq!(train(5, 0.02)?.0, Ended::Complete);
/// // Another learning rate would make another run; more epochs are the same run, which is resumed.
/// let refused = train(5, 0.01).map(drop).unwrap_err().to_string();
/// assert!(refused.contains("optimizer.learning_rate: 0.02 → 0.01\n"), "{refused}");
/// assert_eq!(train(5, 0.02)?.0, Ended::AlreadyComplete);
/// let (ended, run) = train(6, 0.02)?;
/// assert_eq!(ended, Ended::Complete);
///
/// let config = ExportConfig::new("example", &sizes, ProblemType::SingleLabel, ["without", "with"]);
/// let path = run.export(&run.best()?, config, None)?;
/// let model = Exported::load(&path)?.sequence_classifier(&Device::flex())?; // for inference or fine-tuning
/// # let _ = model;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Run {
    pub(crate) folder: RunFolder,
    pub(crate) options: RunOptions,
    /// What the run resumes from, until a trainer has it.
    pub(crate) checkpoint: Option<Checkpoint>,
    is_resumed: bool,
    pub(crate) notices: Vec<RunNotice>,
    /// Fields whose changes have already been added to the notices.
    told: BTreeSet<String>,
    _lock: RunLock,
}

impl Run {
    /// Creates or opens the run in `path` and locks it, removes what killed processes left half-written, and loads the newest
    /// undamaged checkpoint. Damaged newer ones are among the [notices](Run::take_notices).
    ///
    /// # Errors
    /// When another process holds the run, another program started it, a run exists but must not, or must exist but does not, all
    /// checkpoints are damaged, or the newest one is damaged and `is_strict` is set.
    pub fn open(path: impl Into<PathBuf>, options: RunOptions) -> Result<Self> {
        let folder = RunFolder::new(path);
        record::check(&folder, &options)?;
        let lock = folder.lock()?;
        let mut notices = Vec::new();
        let checkpoint = newest_checkpoint(&folder, &options, &mut notices)?;
        let is_resumed = checkpoint.is_some();
        Ok(Self { folder, options, checkpoint, is_resumed, notices, told: BTreeSet::new(), _lock: lock })
    }

    /// The folder.
    #[must_use]
    pub const fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// A file of the run.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }

    /// The metadata of the checkpoint that the run resumes from; `None` if the run is new, or a trainer already has the checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Option<&CheckpointMeta> {
        self.checkpoint.as_ref().map(|checkpoint| &checkpoint.meta)
    }

    /// What the user should know and has not been told yet; print it. [`Run::fit`] sends the notices that are not taken to the
    /// trainer's observers.
    #[must_use]
    pub fn take_notices(&mut self) -> Vec<RunNotice> {
        std::mem::take(&mut self.notices)
    }

    /// The run's tokenizer. A run that has a checkpoint loads it from `tokenizer.json`, since the model knows only the ids of that
    /// tokenizer. For any other run, `train` makes the tokenizer, which is then saved.
    ///
    /// # Errors
    /// When it cannot be trained, read or written.
    pub fn tokenizer(&self, train: impl FnOnce() -> drivetrain_data::Result<Tokenizer>) -> Result<Tokenizer> {
        let path = self.file("tokenizer.json");
        if self.is_resumed {
            return Ok(Tokenizer::load(&path)?);
        }
        let tokenizer = train()?;
        tokenizer.save(&path)?;
        Ok(tokenizer)
    }

    /// Compares the run with its checkpoint, ignoring facts that `identity` does not contain. This is for a comparison before the
    /// data is prepared, which can take a long time. [`Run::attach`] compares everything.
    ///
    /// # Errors
    /// [`ChangeError`](crate::ChangeError) names each field that differs and was not allowed to.
    pub fn compare(&mut self, identity: &RunIdentity) -> Result<()> {
        let RunOptions { changes: rules, allow_change, .. } = &self.options;
        let Some(saved) = self.checkpoint.as_ref().map(|checkpoint| &checkpoint.meta.identity) else { return Ok(()) };
        let changes = rules.check_known(self.folder.path(), saved, identity, allow_change)?;
        self.tell(changes);
        Ok(())
    }

    /// Adds changes to the notices, each only once.
    pub(crate) fn tell(&mut self, changes: Vec<drivetrain_train::Change>) {
        for change in changes {
            if self.told.insert(change.field.clone()) {
                self.notices.push(RunNotice::Changed(change));
            }
        }
    }
}

fn newest_checkpoint(
    folder: &RunFolder,
    options: &RunOptions,
    notices: &mut Vec<RunNotice>,
) -> Result<Option<Checkpoint>> {
    let store = folder.checkpoints();
    if store.is_empty() {
        if options.resume == Resume::Always {
            notices.push(RunNotice::NoCheckpoint { run: folder.path().to_path_buf() });
        }
        return Ok(None);
    }
    let Loaded { path, checkpoint, damaged } = store.load_latest()?;
    for problem in damaged {
        if options.is_strict {
            return Err(RunError::DamagedCheckpoint { problem: Box::new(problem), older: path });
        }
        notices.push(RunNotice::DamagedCheckpoint { problem, older: path.clone() });
    }
    Ok(Some(checkpoint))
}
