//! What a run trains on, prepared or reopened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use drivetrain::data::{Dataset, LineIndex, Progress, Split, TokenStore, Tokenizer};
use drivetrain::run::RunFolder;
use tabular_sense_synth as synth;

use super::labels::labels_of;
use super::origins::{Earlier, Origins};
use super::samples::own_samples;
use super::split::{split_of, with_copies_in_training};
use super::tokenizer::run_tokenizer;
use crate::config::RunConfig;
use crate::encoder::ColumnEncoder;
use crate::error::{Result, SamplesError};
use crate::labels::Labels;
use crate::part::Part;

/// What a run trains on.
pub struct Prepared {
    /// The sample file's lines.
    pub index: LineIndex,
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// Every sample as ids.
    pub store: Arc<TokenStore>,
    /// The training, validation and test split.
    pub split: Split,
    /// The labels that samples may have.
    pub labels: Labels,
    origins: Origins,
}

/// The labels that a run was prepared with; the built-in types if it has not been prepared yet.
///
/// # Errors
/// When the record of its preparation is damaged.
pub(crate) fn known_labels(config: &RunConfig, run: &RunFolder) -> Result<Labels> {
    let names = Origins::of(run)?.and_then(|origins| origins.labels).unwrap_or_default();
    Ok(Labels::of_samples(names.iter().map(String::as_str), config.single_label && !names.is_empty()))
}

impl Prepared {
    /// Prepares the data for `config` in `run`, from `samples` or, without them, from generated samples. A run that has not
    /// been trained yet uses `given` as its tokenizer or, without it, trains one.
    ///
    /// # Errors
    /// When a sample cannot be read, or a file cannot be written.
    pub fn open(
        config: &RunConfig,
        run: &RunFolder,
        samples: Option<&Path>,
        given: Option<&Tokenizer>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let earlier = Earlier::of(run)?;
        let generated = samples.is_none().then_some((synth::VERSION, config.samples));
        let path = match generated {
            Some(generated) => own_samples(generated, run, &earlier, progress)?,
            None => samples.map(Path::to_path_buf).unwrap_or_default(),
        };
        let index = LineIndex::open(&path, progress)?;
        let labels = match generated {
            Some(_) => Labels::of_samples(Labels::built_in().names(), config.single_label),
            None => labels_of(config, &index, progress)?,
        };
        let tokenizer = run_tokenizer(config, run, &earlier, given, &index, progress)?;
        let origins = Origins {
            generated,
            samples: std::path::absolute(&path).unwrap_or(path),
            content: index.fingerprint(),
            tokenizer: config.tokenizer,
            vocabulary: tokenizer.fingerprint(),
            labels: (!labels.is_built_in()).then(|| labels.names().map(str::to_owned).collect()),
        };
        if !earlier.is_trained {
            origins.write(run)?;
        }
        let encoder =
            ColumnEncoder { tokenizer: tokenizer.clone(), max_len: config.data.max_len, labels: labels.clone() };
        let store = TokenStore::open(&index, &encoder, config.data.on_bad_line, progress)?;
        let split = Split::by_seed(store.input_lengths().len(), config.data.split, config.data.split_seed)?;
        let split = if generated.is_some() { with_copies_in_training(split, config.samples) } else { split };
        Ok(Self { index, tokenizer, store: Arc::new(store), split, labels, origins })
    }

    /// Checks that the training and the validation split have samples. The test split may be empty.
    ///
    /// # Errors
    /// Names the empty split.
    pub fn check_split(&self, config: &RunConfig) -> Result<(), SamplesError> {
        let is_empty = |part: &Part| self.part(*part).is_empty();
        let Some(part) = [Part::Train, Part::Validation].into_iter().find(is_empty) else { return Ok(()) };
        Err(SamplesError::NoneFor { part, split: split_of(config), samples: self.store.len() })
    }

    /// The indices of the samples of one split.
    #[must_use]
    pub fn part(&self, part: Part) -> &[usize] {
        match part {
            Part::Train => &self.split.train,
            Part::Validation => &self.split.validation,
            Part::Test => &self.split.test,
        }
    }

    /// Records what the run was prepared from, so that it can resume. If the run has already been trained, changed data must
    /// have been allowed before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, run: &RunFolder) -> Result<()> {
        self.origins.write(run)
    }

    /// Reopens the data of a run that was prepared before; it must be unchanged.
    ///
    /// # Errors
    /// When its samples are missing or have changed.
    pub fn reopen(config: &RunConfig, run: &RunFolder, progress: &dyn Progress) -> Result<Self> {
        Self::open(config, run, Self::given_samples(run)?.as_deref(), None, progress)
    }

    /// The sample file that a run was given; `None` if the run generates its samples or has not been prepared yet.
    ///
    /// # Errors
    /// When the record of its preparation is damaged.
    pub fn given_samples(run: &RunFolder) -> Result<Option<PathBuf>> {
        Ok(Origins::of(run)?.filter(|origins| origins.generated.is_none()).map(|origins| origins.samples))
    }

    /// The sample file that the run was given; `None` if it generated its samples itself.
    #[must_use]
    pub fn given_file(&self) -> Option<&Path> {
        self.origins.generated.is_none().then_some(&self.origins.samples)
    }
}
