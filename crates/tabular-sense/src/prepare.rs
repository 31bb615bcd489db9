//! File → sample → batch for a run: makes what is missing, keeps what is there and valid.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drivetrain::data::{
    BatchSampler, Batched, DataError, DataLoader, Dataset, EpochPlan, Fingerprint, LengthGroups, LineIndex,
    LoaderConfig, MultiLabelCollate, OnBadLine, Progress, Sequential, Split, SplitRatio, Subset, TokenBudget,
    TokenStore, Tokenizer, Unit, Work, choose_lengths, read_bounded, write_atomically,
};
use drivetrain::run::RunFolder;
use serde::{Deserialize, Serialize};

use crate::config::{RunConfig, SamplesConfig, TokenizerConfig};
use crate::encoder::ColumnEncoder;
use crate::error::{Result, RunError, SamplesError};
use crate::input::line_text;
use crate::labels::{Labels, closest};
use crate::part::Part;
use tabular_sense_synth as synth;
use tabular_sense_synth::sample::SampleLine;
use tabular_sense_synth::types::SemanticType;

/// The loader of one part of the split.
pub type ColumnLoader = DataLoader<Subset<TokenStore>, MultiLabelCollate>;

/// What a run trains on.
pub struct Prepared {
    /// The sample file's lines.
    pub index: LineIndex,
    /// Text to ids.
    pub tokenizer: Tokenizer,
    /// Every sample as ids.
    pub store: Arc<TokenStore>,
    /// Which samples are for what.
    pub split: Split,
    /// The labels that samples may have.
    pub labels: Labels,
    origins: Origins,
}

/// What the run's samples and tokenizer were made from: as long as it is unchanged, they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Origins {
    /// The generator's settings, where the run made its samples itself.
    generated: Option<(u32, SamplesConfig)>,
    /// The sample file.
    samples: PathBuf,
    /// Its content.
    content: Fingerprint,
    /// The tokenizer's settings.
    tokenizer: TokenizerConfig,
    /// The tokenizer's content.
    vocabulary: Fingerprint,
    /// The labels, where they are not the built-in types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    labels: Option<Vec<String>>,
}

impl Origins {
    /// Those of a run; none where nothing was prepared yet.
    fn of(run: &RunFolder) -> Result<Option<Self>> {
        let path = run.file("prepared.json");
        let read = || -> std::io::Result<Self> { Ok(serde_json::from_slice(&read_bounded(&path, 1 << 20)?)?) };
        match read() {
            Ok(origins) => Ok(Some(origins)),
            Err(_) if run.checkpoints().is_empty() => Ok(None),
            Err(source) => Err(RunError::Read { path, source }.into()),
        }
    }
}

/// The labels that a run was prepared with; the built-in types where it was not yet.
///
/// # Errors
/// When what is known of its preparation is damaged.
pub(crate) fn known_labels(config: &RunConfig, run: &RunFolder) -> Result<Labels> {
    let names = Origins::of(run)?.and_then(|origins| origins.labels).unwrap_or_default();
    Ok(Labels::of_samples(names.iter().map(String::as_str), config.single_label && !names.is_empty()))
}

impl Prepared {
    /// Prepares `config`'s data in `run`, from `samples` or, without it, from generated ones. A run that was not trained yet takes
    /// `given` as its tokenizer or, without it, trains one.
    ///
    /// # Errors
    /// When a sample cannot be read, or a file not written.
    pub fn open(
        config: &RunConfig,
        run: &RunFolder,
        samples: Option<&Path>,
        given: Option<&Tokenizer>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let origins = Origins::of(run)?;
        let is_trained = !run.checkpoints().is_empty();
        let generated = samples.is_none().then_some((synth::VERSION, config.samples));
        let path = match samples {
            Some(path) => path.to_path_buf(),
            None => run.file("samples.jsonl"),
        };
        // What a model was trained on is not made again because a newer program would make it otherwise.
        let same_settings = |a: Option<(u32, SamplesConfig)>| a.map(|of| of.1) == generated.map(|of| of.1);
        let is_kept = origins
            .as_ref()
            .is_some_and(|origins| origins.generated == generated || (is_trained && same_settings(origins.generated)));
        if generated.is_some() && !(is_kept && path.exists()) {
            generate_samples(config.samples, &path, progress)?;
        }
        let index = LineIndex::open(&path, progress)?;
        let labels = match &generated {
            Some(_) => {
                let codes = Labels::built_in();
                Labels::of_samples(codes.names(), config.single_label)
            }
            None => labels_of(config, &index, progress)?,
        };
        let tokenizer_path = run.file("tokenizer.json");
        // A trained model knows its tokenizer's ids, whatever became of the samples.
        let is_same = |origins: &Origins| {
            origins.tokenizer == config.tokenizer && (is_trained || origins.content == index.fingerprint())
        };
        let loaded = origins.as_ref().filter(|origins| is_same(origins)).and_then(|origins| {
            Tokenizer::load(&tokenizer_path).ok().filter(|tokenizer| tokenizer.fingerprint() == origins.vocabulary)
        });
        let tokenizer = match (given.filter(|_| !is_trained), loaded) {
            (Some(given), _) => {
                given.save(&tokenizer_path)?;
                given.clone()
            }
            (None, Some(tokenizer)) => tokenizer,
            (None, None) => {
                let tokenizer = train_tokenizer(&index, config, progress)?;
                tokenizer.save(&tokenizer_path)?;
                tokenizer
            }
        };
        let now = Origins {
            generated,
            samples: std::path::absolute(&path).unwrap_or(path),
            content: index.fingerprint(),
            tokenizer: config.tokenizer,
            vocabulary: tokenizer.fingerprint(),
            labels: (!labels.is_built_in()).then(|| labels.names().map(str::to_owned).collect()),
        };
        if !is_trained && origins.as_ref() != Some(&now) {
            run.write_json("prepared.json", &now)?;
        }
        let encoder =
            ColumnEncoder { tokenizer: tokenizer.clone(), max_len: config.data.max_len, labels: labels.clone() };
        let store = TokenStore::open(&index, &encoder, config.data.on_bad_line, progress)?;
        let split = Split::by_seed(store.input_lengths().len(), config.data.split, config.data.split_seed)?;
        let split = if generated.is_some() { with_copies_in_training(split, config.samples) } else { split };
        Ok(Self { index, tokenizer, store: Arc::new(store), split, labels, origins: now })
    }

    /// Nothing can be trained without samples to train on, and nothing be chosen without samples to validate on; without any for
    /// a test, it can.
    ///
    /// # Errors
    /// Names the empty part.
    pub fn check_split(&self, config: &RunConfig) -> Result<(), SamplesError> {
        let is_empty = |part: &Part| self.part(*part).is_empty();
        let Some(part) = [Part::Train, Part::Validation].into_iter().find(is_empty) else { return Ok(()) };
        Err(SamplesError::NoneFor { part, split: split_of(config), samples: self.store.len() })
    }

    /// The samples of a part.
    #[must_use]
    pub fn part(&self, part: Part) -> &[usize] {
        match part {
            Part::Train => &self.split.train,
            Part::Validation => &self.split.validation,
            Part::Test => &self.split.test,
        }
    }

    /// Records what the run resumes with: where it was trained already, other data must have been allowed first.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, run: &RunFolder) -> Result<()> {
        if Origins::of(run)?.as_ref() == Some(&self.origins) {
            return Ok(());
        }
        Ok(run.write_json("prepared.json", &self.origins)?)
    }

    /// The data of a run that was prepared before, unchanged.
    ///
    /// # Errors
    /// When its samples are gone or other ones.
    pub fn reopen(config: &RunConfig, run: &RunFolder, progress: &dyn Progress) -> Result<Self> {
        Self::open(config, run, Self::given_samples(run)?.as_deref(), None, progress)
    }

    /// The sample file that a run was given; none where it makes its own or was not prepared yet.
    ///
    /// # Errors
    /// When what is known of its preparation is damaged.
    pub fn given_samples(run: &RunFolder) -> Result<Option<PathBuf>> {
        Ok(Origins::of(run)?.filter(|origins| origins.generated.is_none()).map(|origins| origins.samples))
    }

    /// The loader of the training split: grouped by length, shuffled by epoch.
    ///
    /// # Errors
    /// When a sample exceeds the token budget.
    pub fn train_loader(&self, config: &RunConfig) -> Result<ColumnLoader> {
        let sampler = self.grouped(config, &self.split.train)?;
        self.loader(config, &self.split.train, sampler)
    }

    /// A loader of another split: every sample once, in groups of like length, in the same order each time.
    ///
    /// # Errors
    /// When the split does not belong to the samples.
    pub fn eval_loader(&self, config: &RunConfig, indices: &[usize]) -> Result<ColumnLoader> {
        let lengths = self.lengths(config, indices)?;
        let mut order: Vec<u32> = (0..indices.len() as u32).collect();
        order.sort_by_key(|&i| lengths[i as usize]);
        let mut plan = EpochPlan::with_capacity(order.len());
        order.chunks(config.data.batch_size).for_each(|batch| plan.push(batch.iter().copied()));
        self.loader(config, indices, Box::new(Fixed(plan)))
    }

    /// The plan of an epoch in file order, to compare grouping with.
    ///
    /// # Errors
    /// When `batch_size` is 0.
    pub fn ungrouped_plan(&self, config: &RunConfig) -> Result<EpochPlan> {
        Ok(Batched::new(Sequential::new(self.split.train.len()), config.data.batch_size, false)?.plan(0))
    }

    /// Where the samples are from: the run itself, or a file.
    #[must_use]
    pub fn given_file(&self) -> Option<&Path> {
        self.origins.generated.is_none().then_some(&self.origins.samples)
    }

    /// The lengths that samples are grouped by.
    ///
    /// # Errors
    /// When there are no samples.
    pub fn lengths(&self, config: &RunConfig, indices: &[usize]) -> Result<Vec<u32>> {
        let inputs: Vec<u32> = indices.iter().map(|&i| self.store.input_len(i) as u32).collect();
        let targets: Vec<u32> = indices.iter().map(|&i| self.store.target_len(i) as u32).collect();
        let (_, lengths) = choose_lengths(config.data.group_by, &inputs, &targets)?;
        Ok(lengths.to_vec())
    }

    fn grouped(&self, config: &RunConfig, indices: &[usize]) -> Result<Box<dyn BatchSampler>> {
        let lengths = self.lengths(config, indices)?;
        let seed = config.trainer.seed;
        Ok(match config.data.token_budget {
            0 => Box::new(LengthGroups::new(&lengths, config.data.batch_size, seed, false)?),
            budget => Box::new(TokenBudget::new(&lengths, budget, seed)?),
        })
    }

    fn loader(&self, config: &RunConfig, indices: &[usize], sampler: Box<dyn BatchSampler>) -> Result<ColumnLoader> {
        let part = Subset::new(Arc::clone(&self.store), indices.to_vec())?;
        let collate = MultiLabelCollate { n_classes: self.labels.len(), pad_side: config.data.pad_side };
        let loading = LoaderConfig { workers: config.data.workers, prefetch: config.data.prefetch };
        Ok(DataLoader::new(Arc::new(part), collate, sampler, loading))
    }
}

/// The split with every copy of a written column in its training part: of each column there are others, so that those set aside
/// would measure what the model remembers. Written tables that are held out measure it instead.
fn with_copies_in_training(split: Split, samples: SamplesConfig) -> Split {
    let mixture = samples.mixture();
    let is_written = |index: &usize| mixture.is_written(*index as u64);
    let Split { mut train, validation, test } = split;
    let mut set_aside = |part: Vec<usize>| {
        let (copies, kept): (Vec<usize>, Vec<usize>) = part.into_iter().partition(is_written);
        train.extend(copies);
        kept
    };
    let (validation, test) = (set_aside(validation), set_aside(test));
    Split { train, validation, test }
}

/// The fractions of the split, as a configuration writes them.
#[must_use]
pub fn split_of(config: &RunConfig) -> String {
    let SplitRatio { train, validation, test } = config.data.split;
    format!("{{ train = {train}, validation = {validation}, test = {test} }}")
}

/// The same batches every epoch.
struct Fixed(EpochPlan);

impl BatchSampler for Fixed {
    fn plan(&self, _epoch: u64) -> EpochPlan {
        self.0.clone()
    }
}

/// Writes a sample file, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn generate_samples(config: SamplesConfig, path: &Path, progress: &dyn Progress) -> Result<u64> {
    let mixture = config.mixture();
    progress.start(Work::Named("generating samples"), mixture.total(), Unit::Samples);
    let mut on_written = |n| {
        progress.advance(n);
        if progress.is_stop_requested() { Err(std::io::Error::other("stopped")) } else { Ok(()) }
    };
    let written = write_atomically(path, |writer| synth::generate(mixture, writer, &mut on_written));
    progress.finish();
    match written {
        Err(_) if progress.is_stop_requested() => Err(DataError::Stopped.into()),
        other => Ok(other?),
    }
}

/// Samples that a label needs at least: fewer can be neither trained on nor measured, and are most often misspelt.
const LEAST_OF_A_LABEL: usize = 3;

/// The labels of a sample file; lines that are no samples are left to the token store.
///
/// # Errors
/// When a label that is no built-in type occurs too seldom: it names the line.
fn labels_of(config: &RunConfig, index: &LineIndex, progress: &dyn Progress) -> Result<Labels> {
    let mut occurring: Vec<(String, usize, usize)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for i in 0..index.len() {
        if progress.is_stop_requested() {
            return Err(DataError::Stopped.into());
        }
        let Ok(line) = index.read_line(i) else { continue };
        let Ok(sample) = SampleLine::parse(&line) else { continue };
        for name in sample.label_names() {
            match places.get(name) {
                Some(place) => occurring[*place].2 += 1,
                None => {
                    places.insert(name.to_owned(), occurring.len());
                    occurring.push((name.to_owned(), i, 1));
                }
            }
        }
    }
    let is_rare = |(name, _, count): &&(String, usize, usize)| {
        SemanticType::from_code(name).is_err() && *count < LEAST_OF_A_LABEL
    };
    if config.data.on_bad_line == OnBadLine::Fail
        && let Some((name, first, count)) = occurring.iter().find(is_rare)
    {
        let others = occurring.iter().map(|(other, ..)| other.as_str()).filter(|other| other != name);
        let meant = closest(name, others).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let samples = if *count == 1 { "sample" } else { "samples" };
        let problem = format!(
            "`{name}` is no built-in type, and too rare for one of your own: {count} {samples}, expected at least \
             {LEAST_OF_A_LABEL}{meant}"
        );
        return Err(index.bad_line(*first, problem).into());
    }
    // Where lines with mistakes are skipped, those of rare labels are.
    let frequent = occurring.iter().filter(|one| !is_rare(one)).map(|(name, ..)| name.as_str());
    Ok(Labels::of_samples(frequent, config.single_label))
}

/// Trains the tokenizer on samples spread evenly over the file.
fn train_tokenizer(index: &LineIndex, config: &RunConfig, progress: &dyn Progress) -> Result<Tokenizer> {
    let stride = index.len().div_ceil(config.tokenizer.texts).max(1);
    let text = |i: usize| -> Option<drivetrain::data::Result<String>> {
        let input = index.read_line(i).and_then(|line| match SampleLine::parse(&line) {
            Ok(sample) => Ok(line_text(&sample)),
            Err(problem) => Err(index.bad_line(i, problem.to_string())),
        });
        match input {
            Ok(input) => Some(Ok(input)),
            // The token store will count and show it.
            Err(DataError::BadLine { .. }) if config.data.on_bad_line == OnBadLine::Skip => None,
            Err(error) => Some(Err(error)),
        }
    };
    let texts = (0..index.len()).step_by(stride).filter_map(text);
    Ok(Tokenizer::train(texts, config.tokenizer.vocab_size, progress)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_written_columns_are_trained_on_and_never_set_aside() {
        let samples = SamplesConfig { per_type: 300, seed: 1, written: 1 };
        let mixture = samples.mixture();
        let before = Split::by_seed(mixture.total() as usize, SplitRatio::default(), 0).unwrap();
        let after = with_copies_in_training(before.clone(), samples);
        let is_written = |index: &usize| mixture.is_written(*index as u64);
        assert!(before.validation.iter().any(is_written) && before.test.iter().any(is_written));
        assert!(!after.validation.iter().chain(&after.test).any(is_written));
        let mut all = [after.train, after.validation, after.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..mixture.total() as usize).collect::<Vec<_>>());

        let without = SamplesConfig { written: 0, ..samples };
        let before = Split::by_seed(without.mixture().total() as usize, SplitRatio::default(), 0).unwrap();
        assert_eq!(with_copies_in_training(before.clone(), without).train, before.train);
    }
}
