//! Types of one's own, learned from a few examples beside the built-in ones: [`learn`] is the whole of it.
//!
//! ```text
//! examples ─ columns that a user has labelled       corrections ─ answers that a user has corrected
//! rehearsal ─ columns of the built-in types         fit ─ classifiers, and columns held out
//! calibrate ─ scores to probabilities               trust ─ how far each type can be trusted
//! ```

mod calibrate;
mod corrections;
mod examples;
mod fit;
mod rehearsal;
mod trust;

use std::path::{Path, PathBuf};

use drivetrain::data::{DataError, Progress, Unit, Work};
use drivetrain::run::{check_is_no_run, write_export};
use tabular_sense_synth::types::SemanticType;

pub use corrections::{Correction, HEADER, NO_TYPE, read_corrections, write_corrections};
pub use examples::{Example, Source, read_examples};
pub use trust::{Collision, TypeTrust};

use crate::error::{LearnError, Result};
use crate::labels::{Labels, closest};
use crate::learned::{
    BlockWeights, Column, ColumnReader, Costs, LearnedConfig, LearnedType, LearnedTypes, ReadColumn, TypeScores,
};
use crate::model::{Answer, Classifier, Exported, base_export, choose, export_config};
use fit::{Examples, Settings, likeliest};
use trust::Judged;

/// Columns that a type needs at least.
const LEAST: usize = 3;

/// From so many examples of each type on, on average, more features are weighed.
const MANY: usize = 10;

/// What is learned, and where it is written.
#[derive(Clone, Debug)]
pub struct LearnOptions {
    /// The labelled columns.
    pub from: Source,
    /// The folder of the model that is written.
    pub out: PathBuf,
    /// Whether each column has exactly one label, of those of the examples alone; otherwise the types are learned beside the
    /// built-in ones.
    pub is_single_label: bool,
    /// Labelled columns by which settings are chosen and the types are measured; without them, by examples that are held out
    /// in turn.
    pub validation: Option<PathBuf>,
}

/// What was learned.
#[derive(Debug)]
pub struct Learned {
    /// The model's folder.
    pub model: PathBuf,
    /// How far each type can be trusted.
    pub types: Vec<TypeTrust>,
    /// The share of columns with the right label, where each has exactly one.
    pub accuracy: Option<f64>,
    /// Examples without values, which were passed over.
    pub passed_over: usize,
}

/// Learns the types of labelled columns beside the built-in ones, and writes a model that gives both. The network of the
/// built-in model stays as it is.
///
/// ```no_run
/// use tabular_sense::learn::{LearnOptions, Source, learn};
/// use tabular_sense::model::Classifier;
///
/// let options = LearnOptions {
///     from: Source::Samples("mine.jsonl".into()),
///     out: "model".into(),
///     is_single_label: false,
///     validation: None,
/// };
/// let learned = learn(&options, &drivetrain::data::Silent)?;
/// assert!(learned.types.iter().all(|of| of.f1 > 0.5));
/// let model = Classifier::open(Some("model".as_ref()))?;
/// let values = ["YRF2301-黑-L".to_owned()];
/// let answers = model.answers(&[("货号", &values)], &model.predict);
/// # Ok::<(), tabular_sense::Error>(())
/// ```
///
/// # Errors
/// [`LearnError`] names the line of an example that cannot be used; other errors are those of reading and writing files.
pub fn learn(options: &LearnOptions, progress: &dyn Progress) -> Result<Learned> {
    check_is_no_run(&options.out)?;
    let (path, mut examples) = read(&options.from)?;
    let given = examples.len();
    if !options.is_single_label {
        examples.retain(Example::has_values);
    }
    let passed_over = given - examples.len();
    let labels = labels_of(&path, &examples, options.is_single_label)?;
    let base = base_export()?;
    let tokenizer = base.tokenizer.clone().ok_or(LearnError::Empty { path: path.clone() })?;
    let reader = ColumnReader::new(&base.config.encoder, &base.weights, tokenizer)?;
    let work = Reading { reader: &reader, progress };
    let fitted = match options.is_single_label {
        true => fit_single(options, &path, &examples, &labels, &work)?,
        false => fit_any(&examples, &labels, &work)?,
    };
    write(options, base, &examples, &labels, &fitted)?;
    let Fitted { types, accuracy, .. } = fitted;
    Ok(Learned { model: options.out.clone(), types, accuracy, passed_over })
}

fn read(from: &Source) -> Result<(PathBuf, Vec<Example>)> {
    match from {
        Source::Samples(path) if path.is_dir() => Err(LearnError::Folder { path: path.clone() }.into()),
        Source::Samples(path) => Ok((path.clone(), read_examples(path)?)),
        Source::Tables { folder, corrections } => {
            Ok((corrections.clone(), corrections::read_corrected(folder, corrections)?))
        }
    }
}

/// The labels that are learned.
fn labels_of(path: &Path, examples: &[Example], is_single: bool) -> Result<Vec<String>> {
    if is_single && let Some(example) = examples.iter().find(|example| example.labels.len() != 1) {
        let (line, found) = (example.line, example.labels.len());
        return Err(LearnError::NotSingle { path: path.to_path_buf(), line, found }.into());
    }
    let mut counts: Vec<(String, usize, usize)> = Vec::new();
    for example in examples {
        for label in &example.labels {
            match counts.iter_mut().find(|(known, ..)| known == label) {
                Some((_, _, count)) => *count += 1,
                None => counts.push((label.clone(), example.line, 1)),
            }
        }
    }
    counts.retain(|(label, ..)| is_single || SemanticType::from_code(label).is_err());
    if counts.is_empty() {
        return Err(LearnError::NothingNew { path: path.to_path_buf() }.into());
    }
    if let Some((label, line, found)) = counts.iter().find(|(_, _, count)| *count < LEAST) {
        let others = counts.iter().map(|(other, ..)| other.as_str()).filter(|other| *other != label);
        return Err(LearnError::TooFew {
            path: path.to_path_buf(),
            line: *line,
            label: label.clone(),
            found: *found,
            expected: LEAST,
            meant: closest(label, others),
        }
        .into());
    }
    Ok(counts.into_iter().map(|(label, ..)| label).collect())
}

/// What reads columns, and hears how far it is.
struct Reading<'a> {
    reader: &'a ColumnReader,
    progress: &'a dyn Progress,
}

impl Reading<'_> {
    fn read(&self, examples: &[Example], name: &str) -> Result<Vec<ReadColumn>> {
        self.progress.start(Work::Named(name), examples.len() as u64, Unit::Samples);
        let mut read = Vec::with_capacity(examples.len());
        for part in examples.chunks(512) {
            let columns: Vec<Column<'_>> = part.iter().map(Example::column).collect();
            read.extend(self.reader.read(&columns, true));
            self.progress.advance(part.len() as u64);
            self.check()?;
        }
        self.progress.finish();
        Ok(read)
    }

    fn check(&self) -> Result<()> {
        if self.progress.is_stop_requested() { Err(DataError::Stopped.into()) } else { Ok(()) }
    }
}

/// Classifiers, and what is known of them.
struct Fitted {
    scores: TypeScores,
    weights: BlockWeights,
    calibration: Option<crate::learned::Calibration>,
    /// The built-in types that the base model gives to examples of each type.
    known: Vec<Vec<String>>,
    types: Vec<TypeTrust>,
    accuracy: Option<f64>,
}

const fn settings(weights: BlockWeights, of_row: f64, positive: f64, is_name_hidden: bool) -> Settings {
    Settings { weights, costs: Costs { of_row, positive }, is_name_hidden }
}

/// Learns types beside the built-in ones.
fn fit_any(examples: &[Example], labels: &[String], work: &Reading<'_>) -> Result<Fitted> {
    let rehearsal = rehearsal::rehearsal(examples);
    let read = work.read(examples, "reading examples")?;
    let of_rehearsal = work.read(&rehearsal, "reading columns of the built-in types")?;
    let given = given_by_base(examples)?;
    let of = Examples {
        examples,
        read: &read,
        rehearsal: &of_rehearsal,
        rehearsal_columns: &rehearsal,
        given: &given,
        labels,
    };
    let weights = if examples.len() >= MANY * labels.len() { BlockWeights::MANY } else { BlockWeights::FEW };
    let (scores, calibration, judged) = of.fit_any(settings(weights, 1.0, 10.0, true));
    work.check()?;
    let types = trust::trust(labels, &judged);
    let known = of.known(|_| true);
    Ok(Fitted { scores, weights, calibration: Some(calibration), known, types, accuracy: None })
}

/// The built-in types that the base model gives to each example.
fn given_by_base(examples: &[Example]) -> Result<Vec<Vec<String>>> {
    let base = Classifier::base()?;
    let inputs: Vec<(&str, &[String])> =
        examples.iter().map(|example| (example.name.as_str(), example.values.as_slice())).collect();
    let of = |answer: Answer| {
        let given = choose(&answer.probabilities, Some(&answer.thresholds), None).into_iter();
        given.map(|(label, _)| base.labels().name(label).to_owned()).collect()
    };
    Ok(base.answers(&inputs, &base.predict).into_iter().map(of).collect())
}

/// Learns a label set of which each column has exactly one label.
fn fit_single(
    options: &LearnOptions,
    path: &Path,
    examples: &[Example],
    labels: &[String],
    work: &Reading<'_>,
) -> Result<Fitted> {
    let read = work.read(examples, "reading examples")?;
    let of = Examples { examples, read: &read, rehearsal: &[], rehearsal_columns: &[], given: &[], labels };
    let Some(validation) = &options.validation else {
        let weights = BlockWeights::MANY;
        let (scores, judged) = of.fit_single(settings(weights, 1.0, 1.0, false));
        let accuracy = Some(accuracy(&judged));
        let types = trust::trust(labels, &judged);
        return Ok(Fitted { scores, weights, calibration: None, known: Vec::new(), types, accuracy });
    };
    let held_out = read_examples(validation)?;
    let read_held_out = work.read(&held_out, "reading columns to validate on")?;
    let mut best: Option<(f64, Fitted)> = None;
    for (weights, of_row) in CANDIDATES {
        work.check()?;
        let (scores, _) = of.fit_single(settings(weights, of_row, 1.0, false));
        let judge = |(example, read): (&Example, &ReadColumn)| {
            let given = likeliest(&scores.of(read, true));
            Judged {
                truths: labels.iter().map(|label| example.labels.contains(label)).collect(),
                given: (0..labels.len()).map(|label| Some(label) == given).collect(),
                built_in: Vec::new(),
                is_rehearsal: false,
            }
        };
        let judged: Vec<Judged> = held_out.iter().zip(&read_held_out).map(judge).collect();
        let accuracy = accuracy(&judged);
        if best.as_ref().is_none_or(|(known, _)| accuracy > *known) {
            let types = trust::trust(labels, &judged);
            let fitted =
                Fitted { scores, weights, calibration: None, known: Vec::new(), types, accuracy: Some(accuracy) };
            best = Some((accuracy, fitted));
        }
    }
    best.map(|(_, fitted)| fitted).ok_or_else(|| LearnError::Empty { path: path.to_path_buf() }.into())
}

/// Settings of which validation columns choose one.
const CANDIDATES: [(BlockWeights, f64); 3] =
    [(BlockWeights::MANY, 1.0), (BlockWeights::MANY, 3.0), (BlockWeights { network: 2.0, ..BlockWeights::MANY }, 1.0)];

/// The share of columns that were given what they have and nothing else.
fn accuracy(judged: &[Judged]) -> f64 {
    judged.iter().filter(|one| one.given == one.truths).count() as f64 / judged.len().max(1) as f64
}

/// Writes the model's folder: without `config.json`, which is written last, it is no model.
fn write(
    options: &LearnOptions,
    base: Exported,
    examples: &[Example],
    labels: &[String],
    fitted: &Fitted,
) -> Result<()> {
    let Exported { config, weights, tokenizer, .. } = base;
    let network_labels = config.labels.clone();
    let names = match options.is_single_label {
        true => labels.to_vec(),
        false => network_labels.iter().chain(labels).cloned().collect(),
    };
    let names = Labels::new(names, options.is_single_label).map_err(|problem| LearnError::Line {
        path: options.out.clone(),
        line: 0,
        problem: problem.to_string(),
    })?;
    let of_type = |(at, label): (usize, &String)| {
        let of_label = || examples.iter().filter(|example| example.labels.contains(label));
        let mut columns: Vec<String> = of_label().map(|example| example.name.clone()).collect();
        let mut with: Vec<String> =
            of_label().flat_map(|example| example.labels.clone()).filter(|other| other != label).collect();
        columns.dedup();
        with.sort_unstable();
        with.dedup();
        let given = fitted.known.get(at).cloned().unwrap_or_default();
        LearnedType { name: label.clone(), columns, given, with }
    };
    let learned = LearnedConfig {
        network_labels,
        features: fitted.weights,
        calibration: fitted.calibration.clone(),
        types: labels.iter().enumerate().map(of_type).collect(),
        context: fitted.scores.reads_context(),
    };
    let mut exported = export_config(config.encoder, config.extra.predict, config.extra.decision, &names);
    exported.extra.learned = Some(learned);
    LearnedTypes::save(&options.out, &fitted.scores)?;
    Ok(write_export(&options.out, exported, &weights, tokenizer.as_ref())?)
}
