use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::tr;
use rayon::prelude::*;
use serde::Serialize;

use super::DEFAULT_MODEL;
use crate::config::PredictConfig;
use crate::error::{self, UserError};
use crate::model::{Classifier, choose};
use crate::table::{Column, Header, ReadOptions, Table, is_missing};
use crate::text::{grid, shorten};
use crate::types::SemanticType;
use crate::voice::{self, voice};

/// Say what each column of CSV and TSV files means.
///
/// Encoding (UTF-8, UTF-16, GB18030, Big5), delimiter, quoting and header line are found by looking. Several random
/// draws of values per column are averaged.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The tables.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The exported model.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_MODEL)]
    model: PathBuf,
    /// Print one JSON object per column on stdout.
    #[arg(long)]
    json: bool,
    /// Give the types from this probability on.
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// Give the K most likely types of each column, whatever their probability (unless --threshold is given too).
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    top_k: Option<u16>,
    /// The first line holds the columns' names.
    #[arg(long, conflicts_with = "no_header")]
    header: bool,
    /// The first line is data.
    #[arg(long)]
    no_header: bool,
    /// Random draws of values per column.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    draws: Option<u16>,
}

/// A probability strictly between 0 and 1.
pub(super) fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("expected a number above 0 and below 1".to_owned()),
    }
}

#[derive(Serialize)]
struct ColumnReport<'a> {
    file: &'a Path,
    column: usize,
    name: &'a str,
    types: Vec<TypeReport>,
    examples: Vec<&'a str>,
}

#[derive(Serialize)]
struct TypeReport {
    r#type: &'static str,
    probability: f32,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let classifier = Classifier::load(&args.model)?;
    // Tables are read and understood on all threads, some at a time, and shown in their order.
    let at_a_time = 4 * rayon::current_num_threads();
    let (mut shown, mut failed) = (0, 0);
    let progress = voice::progress(&Stop::new());
    // A bar and tables on one screen would be in each other's way.
    let is_shown = !std::io::stdout().is_terminal();
    if is_shown {
        let name = tr!(voice::lang(), "predicting", "预测");
        progress.start(Work::Named(&name), args.files.len() as u64, Unit::Tables);
    }
    for paths in args.files.chunks(at_a_time) {
        let answers: Vec<Result<Answer>> = paths.par_iter().map(|path| understand(args, &classifier, path)).collect();
        for (path, answer) in paths.iter().zip(answers) {
            match answer {
                Ok(answer) => show(args, path, &answer, shown > 0)?,
                Err(error) if args.files.len() == 1 => return Err(error),
                // One unreadable table does not keep the others from being read.
                Err(error) => {
                    voice().warn(&format!("error: {}", error::describe(&error)));
                    failed += 1;
                }
            }
            shown += 1;
            progress.advance(1);
        }
    }
    progress.finish();
    if failed > 0 {
        return Err(UserError::new(format!("{failed} of {} tables could not be read", args.files.len())).into());
    }
    Ok(())
}

/// A table, and the types of each of its columns.
struct Answer {
    table: Table,
    types: Vec<Vec<(SemanticType, f32)>>,
}

fn understand(args: &Args, classifier: &Classifier, path: &Path) -> Result<Answer> {
    let header = match (args.header, args.no_header) {
        (true, _) => Header::Present,
        (_, true) => Header::Absent,
        _ => Header::Auto,
    };
    let table = Table::read(path, &ReadOptions { header, ..ReadOptions::default() })?;
    let predict =
        PredictConfig { draws: args.draws.map_or(classifier.predict.draws, usize::from), ..classifier.predict };
    let columns: Vec<(&str, &[String])> =
        table.columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
    let found = classifier.columns(&columns, &predict);
    let threshold = args.threshold.or_else(|| args.top_k.is_none().then_some(predict.threshold));
    let types = found.iter().map(|row| choose(row, threshold, args.top_k.map(usize::from))).collect();
    Ok(Answer { table, types })
}

/// Up to three different values of a column.
fn examples(column: &Column) -> Vec<&str> {
    let mut examples: Vec<&str> = Vec::new();
    for value in column.values.iter().map(|value| value.trim()).filter(|value| !is_missing(value)) {
        if !examples.contains(&value) {
            examples.push(value);
        }
        if examples.len() == 3 {
            break;
        }
    }
    if examples.is_empty() {
        // Nothing but marks such as `无`: they are all that the model saw.
        examples.extend(column.values.iter().map(|value| value.trim()).find(|value| !value.is_empty()));
    }
    examples
}

fn show(args: &Args, path: &Path, answer: &Answer, is_further: bool) -> Result<()> {
    let Answer { table, types } = answer;
    let mut out = std::io::stdout().lock();
    if args.json {
        for (column, types) in table.columns.iter().zip(types) {
            let types = types.iter().map(|(label, p)| TypeReport { r#type: label.code(), probability: *p }).collect();
            let (column_number, name, examples) = (column.index + 1, column.name.as_str(), examples(column));
            let report = ColumnReport { file: path, column: column_number, name, types, examples };
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        }
        for remark in table.remarks() {
            voice().say(&format!("note: {}: {remark}", path.display()));
        }
        return Ok(());
    }
    let mut rows = vec![["#", "column", "types", "examples"].map(str::to_owned).to_vec()];
    for (column, types) in table.columns.iter().zip(types) {
        let said: Vec<String> = types.iter().map(|(label, p)| format!("{label} {p:.2}")).collect();
        let said = if said.is_empty() { "–".to_owned() } else { said.join(", ") };
        let examples: Vec<String> = examples(column).into_iter().map(|value| shorten(value, 24)).collect();
        let examples = if examples.is_empty() { "(no values)".to_owned() } else { examples.join(" · ") };
        let name = if column.name.is_empty() { "(no name)" } else { &column.name };
        rows.push(vec![(column.index + 1).to_string(), shorten(name, 28), said, examples]);
    }
    if is_further {
        writeln!(out)?;
    }
    writeln!(out, "{}  {}", path.display(), describe(table))?;
    writeln!(out, "{}", grid(&rows, &[0]))?;
    Ok(())
}

/// What was found by looking, and what was not as it should be.
fn describe(table: &Table) -> String {
    let delimiter = match table.delimiter {
        '\t' => "tab".to_owned(),
        other => format!("`{other}`"),
    };
    let header = if table.has_header { "header" } else { "no header" };
    let mut notes = vec![format!("{} rows", table.rows), table.encoding.to_owned(), delimiter, header.to_owned()];
    notes.extend(table.remarks());
    format!("({})", notes.join(", "))
}
