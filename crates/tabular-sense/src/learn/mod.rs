//! Custom types, learned from a few labelled columns per type; [`learn`] does all of it.
//!
//! ```text
//! options ─ the options and the result
//! examples ─ columns that a user has labelled       corrections ─ answers that a user has corrected
//! labels ─ the labels that are learned              read ─ examples as classifiers read them
//! beside ─ types in addition to the built-in ones   single ─ a label set with exactly one label per column
//! rehearsal ─ columns of the built-in types         fit, fitted ─ classifiers and their cross-validation
//! calibrate ─ scores to probabilities               trust ─ how far each type can be trusted
//! write ─ the model's folder
//! ```

mod beside;
mod calibrate;
mod corrections;
mod examples;
mod fit;
mod fitted;
mod labels;
mod options;
mod read;
mod rehearsal;
mod single;
mod trust;
mod write;

use std::path::PathBuf;

use drivetrain::data::Progress;
use drivetrain::run::check_is_no_run;

pub use corrections::{Correction, HEADER, NO_TYPE, read_corrections, write_corrections};
pub use examples::{Example, Source, read_examples};
pub use options::{LearnOptions, Learned};
pub use trust::{Collision, TypeTrust};

use crate::error::{LearnError, Result};
use crate::learned_types::ColumnReader;
use crate::model::base_export;
use beside::learn_beside_built_in;
use fitted::Fitted;
use labels::labels_of;
use read::Reading;
use single::learn_single;
use write::write_model;

/// Learns the types of labelled columns in addition to the built-in ones, and writes a model that predicts both. The network of
/// the built-in model is not changed.
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
/// [`LearnError`] names the line of an example that cannot be used. Other errors come from reading and writing files.
pub fn learn(options: &LearnOptions, progress: &dyn Progress) -> Result<Learned> {
    check_is_no_run(&options.out)?;
    let (path, mut examples) = read(&options.from)?;
    let given = examples.len();
    if !options.is_single_label {
        examples.retain(Example::has_values);
    }
    let skipped = given - examples.len();
    let labels = labels_of(&path, &examples, options.is_single_label)?;
    let base = base_export()?;
    let tokenizer = base.tokenizer.clone().ok_or(LearnError::Empty { path: path.clone() })?;
    let reader = ColumnReader::new(&base.config.encoder, &base.weights, tokenizer)?;
    let work = Reading { reader: &reader, progress };
    let fitted = match options.is_single_label {
        true => learn_single(options.validation.as_deref(), &path, &examples, &labels, &work)?,
        false => learn_beside_built_in(&examples, &labels, &work)?,
    };
    write_model(options, base, &examples, &labels, &fitted)?;
    let Fitted { types, accuracy, .. } = fitted;
    Ok(Learned { model: options.out.clone(), types, accuracy, skipped })
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
