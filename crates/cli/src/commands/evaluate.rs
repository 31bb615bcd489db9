use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{Stop, write_atomically};
use serde::Serialize;
use tabular_sense::columns::{ColumnsReport, LabelledColumn, read_columns};
use tabular_sense::evaluate::evaluate_run;
use tabular_sense::labels::Labels;
use tabular_sense::model::Classifier;
use tabular_sense::run::RunFolder;
use tabular_sense::stability::Stability;
use tabular_sense_synth::types::SemanticType;

use super::default_run::DEFAULT_RUN;
use crate::progress::Bars;
use crate::show;
use crate::terminal::lang;

/// Evaluate a run on one of its splits, or an exported model on labelled columns.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Evaluate the best checkpoint of the run in this folder.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN, conflicts_with = "columns")]
    run: PathBuf,
    /// Evaluate on this split of the run's samples.
    #[arg(long, value_enum, default_value_t = Part::Test, conflicts_with = "columns")]
    split: Part,
    /// Evaluate an exported model instead of a run, on the labelled columns in this file (same format as a sample
    /// file).
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// With --columns: use the exported model in this folder [default: the built-in model].
    #[arg(long, value_name = "FOLDER", requires = "columns")]
    model: Option<PathBuf>,
    /// With --columns: write the predictions to this file, one line per column: `{"id", "labels", "probabilities"}`.
    #[arg(long, value_name = "FILE", requires = "columns")]
    predictions: Option<PathBuf>,
    /// With --columns: hide the column names from the model.
    #[arg(long, requires = "columns")]
    blank_names: bool,
    /// With --columns: hide the values from the model. The types `int` and `float` are not counted, because a column's
    /// name seldom reveals them.
    #[arg(long, requires = "columns", conflicts_with = "blank_names")]
    names_only: bool,
    /// With --columns: instead of the metrics, print how many columns get different types when their values are
    /// reordered or sampled again.
    #[arg(long, requires = "columns", conflicts_with_all = ["predictions", "threshold"])]
    stability: bool,
    /// With --columns: use this probability threshold for all types.
    #[arg(long, value_name = "P", requires = "columns", value_parser = super::predict::probability)]
    threshold: Option<f64>,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Part {
    Train,
    Validation,
    Test,
}

impl From<Part> for tabular_sense::Part {
    fn from(part: Part) -> Self {
        match part {
            Part::Train => Self::Train,
            Part::Validation => Self::Validation,
            Part::Test => Self::Test,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<()> {
    match &args.columns {
        Some(path) => on_columns(args, path),
        None => on_split(args),
    }
}

fn on_split(args: &Args) -> Result<()> {
    let report = evaluate_run(&RunFolder::new(&args.run), args.split.into(), &Bars::new(&Stop::new()))?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{}\n\n{}", show::headline(&report, lang()), show::table(&report));
    }
    Ok(())
}

#[derive(Serialize)]
struct Prediction<'a> {
    id: &'a str,
    labels: Vec<&'a str>,
    probabilities: std::collections::BTreeMap<&'a str, f32>,
}

/// Removes the values of a column, and the labels that a name seldom reveals.
fn keep_name_only(column: &mut LabelledColumn, labels: &Labels) {
    column.values.clear();
    let untold = [SemanticType::Int, SemanticType::Float].into_iter().filter_map(|label| labels.place(label));
    untold.for_each(|place| column.labels.remove(place));
}

fn on_columns(args: &Args, path: &Path) -> Result<()> {
    let classifier = Classifier::open(args.model.as_deref())?;
    let labels = classifier.labels();
    let mut columns = read_columns(path, labels).map_err(tabular_sense::Error::from)?;
    if args.blank_names {
        columns.iter_mut().for_each(|column| column.name.clear());
    }
    if args.names_only {
        columns.iter_mut().for_each(|column| keep_name_only(column, labels));
    }
    let inputs: Vec<(&str, &[String])> =
        columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
    if args.stability {
        let stability = Stability::of(&classifier, &inputs, &classifier.predict);
        match args.json {
            true => say!("{}", serde_json::to_string_pretty(&stability)?),
            false => say!("{stability}"),
        }
        return Ok(());
    }
    let contexts: Vec<Vec<Vec<String>>> = columns.iter().map(|column| column.context.clone()).collect();
    let mut answers = classifier.answers_in_context(&inputs, &contexts, &classifier.predict);
    if let Some(threshold) = args.threshold {
        answers.iter_mut().for_each(|answer| answer.thresholds = vec![threshold; labels.len()]);
    }
    let (predicted, report) = ColumnsReport::of_answers(&columns, &answers, labels);

    if let Some(out) = &args.predictions {
        write_atomically(out, |writer| {
            for ((column, answer), given) in columns.iter().zip(&answers).zip(&predicted) {
                let probabilities = labels.names().zip(answer.probabilities.iter().copied()).collect();
                let given = given.iter().map(|label| labels.name(label)).collect();
                serde_json::to_writer(&mut *writer, &Prediction { id: &column.id, labels: given, probabilities })?;
                writeln!(writer)?;
            }
            Ok(())
        })?;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{}", show::columns(&report, lang()));
    }
    Ok(())
}
