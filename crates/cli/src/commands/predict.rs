use std::collections::VecDeque;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::Result;
use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::terminal::Lang;
use drivetrain::tr;
use serde::Serialize;

use super::explain::Why;
use super::reading::{Reading, describe, sentence};
use drivetrain::terminal::{grid, shorten};
use tabular_sense::config::PredictConfig;
use tabular_sense::evidence::Finding;
use tabular_sense::model::{Classifier, Probabilities, choose, one_threshold};

use crate::error::{self, UserError};
use crate::progress::Bars;
use crate::terminal::{self, terminal};
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::{Column, Table, is_missing};

/// Find the types of each column of a table.
///
/// Reads delimited text: CSV, TSV and whatever else separates cells, plain or compressed with gzip. Encoding, delimiter,
/// quoting, and the lines above and below the table are detected automatically. Several random draws of values per column
/// are averaged.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Read these tables; `-` reads one from standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Use the exported model in this folder [default: the one that comes with the program].
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// Print one JSON object per column on stdout.
    #[arg(long)]
    json: bool,
    /// Explain the answers: for each type, how many values have its form or pass its checksum, the cue in the column's name, and the
    /// probability without the name.
    #[arg(long)]
    explain: bool,
    /// Give the types from this probability on.
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// Give the K most likely types of each column, whatever their probability (unless --threshold is given too).
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    top_k: Option<u16>,
    /// Average over this many random draws of values per column.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    draws: Option<u16>,
    #[command(flatten)]
    reading: Reading,
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
    /// There was no value to look at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_name_only: bool,
    /// With `--explain`: types that the model gives and the answer does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<WithheldReport>,
    examples: Vec<&'a str>,
    rows: u64,
    encoding: &'a str,
    delimiter: &'a str,
    header: bool,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct WithheldReport {
    r#type: &'static str,
    /// The model's.
    probability: f32,
    reason: &'static str,
}

#[derive(Serialize)]
struct TypeReport {
    r#type: &'static str,
    probability: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let classifier = Classifier::open(args.model.as_deref())?;
    let (mut shown, mut failed) = (0, 0);
    let progress = Bars::new(&Stop::new());
    // A bar and tables on one screen would be in each other's way.
    let is_shown = !std::io::stdout().is_terminal();
    if is_shown {
        let name = tr!(terminal::lang(), "predicting", "预测");
        progress.start(Work::Named(&name), args.files.len() as u64, Unit::Files);
    }
    in_order(
        &args.files,
        |path| understand(args, &classifier, path),
        |path, answer: Result<Answer>| {
            match answer {
                Ok(answer) => show(args, path, &answer, shown > 0)?,
                Err(error) if args.files.len() == 1 => return Err(error),
                // One unreadable table does not keep the others from being read.
                Err(error) => {
                    terminal().warn(&format!("{}{}", error::heading(), error::describe(&error)));
                    failed += 1;
                }
            }
            shown += 1;
            progress.advance(1);
            Ok(())
        },
    )?;
    progress.finish();
    if failed > 0 {
        let all = args.files.len();
        return Err(UserError::new(tr!(
            terminal::lang(),
            "{failed} of {all} tables could not be read",
            "{all} 个表格中有 {failed} 个无法读取"
        ))
        .into());
    }
    Ok(())
}

/// Gives `take` what `make` makes of each path, in their order: it is made on all threads, of some paths at a time, while the
/// earlier ones are taken on this one.
fn in_order<T: Send>(
    paths: &[PathBuf],
    make: impl Fn(&Path) -> T + Sync,
    mut take: impl FnMut(&Path, T) -> Result<()>,
) -> Result<()> {
    let at_a_time = 4 * rayon::current_num_threads();
    let make = &make;
    rayon::in_place_scope(|scope| {
        let mut begun: VecDeque<(&Path, Receiver<T>)> = VecDeque::with_capacity(at_a_time);
        let mut rest = paths.iter();
        loop {
            while begun.len() < at_a_time
                && let Some(path) = rest.next()
            {
                let (sender, receiver) = sync_channel(1);
                // Nobody receives it where an earlier one could not be taken.
                scope.spawn(move |_| drop(sender.send(make(path))));
                begun.push_back((path, receiver));
            }
            let Some((path, receiver)) = begun.pop_front() else { return Ok(()) };
            // Nothing comes of a thread that panicked; the scope passes that on.
            let Ok(made) = receiver.recv() else { return Ok(()) };
            take(path, made)?;
        }
    })
}

/// A table, and the types of each of its columns.
struct Answer {
    table: Table,
    types: Vec<Vec<(SemanticType, f32)>>,
    /// Whether a column's types are from its name alone.
    from_name_only: Vec<bool>,
    /// What changed the model's probabilities, where somebody asked why.
    findings: Vec<Vec<Finding>>,
    /// What the values say by themselves, where somebody asked why.
    nameless: Option<Vec<Probabilities>>,
}

fn understand(args: &Args, classifier: &Classifier, path: &Path) -> Result<Answer> {
    let table = args.reading.read(path)?;
    let predict =
        PredictConfig { draws: args.draws.map_or(classifier.predict.draws, usize::from), ..classifier.predict };
    let columns: Vec<(&str, &[String])> =
        table.columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
    let found = classifier.answers(&columns, &predict);
    let thresholds =
        args.threshold.map(one_threshold).or_else(|| args.top_k.is_none().then(|| classifier.thresholds()));
    let chosen = |row: &Probabilities| choose(row, thresholds.as_ref(), args.top_k.map(usize::from));
    let types = found.iter().map(|answer| chosen(&answer.probabilities)).collect();
    let from_name_only = found.iter().map(|answer| answer.from_name_only).collect();
    let nameless = args.explain.then(|| {
        let columns: Vec<(&str, &[String])> = columns.iter().map(|(_, values)| ("", *values)).collect();
        classifier.columns(&columns, &predict)
    });
    let findings = found.into_iter().map(|answer| if args.explain { answer.findings } else { Vec::new() }).collect();
    Ok(Answer { table, types, from_name_only, findings, nameless })
}

/// A column's name, as far as there is room.
fn shown_name(column: &Column) -> String {
    if column.name.is_empty() {
        tr!(terminal::lang(), "(no name)", "（无列名）")
    } else {
        shorten(&column.name, 28)
    }
}

/// Whether there is neither a name nor a value.
fn is_blank(column: &Column) -> bool {
    column.name.is_empty() && column.values.iter().all(|value| value.trim().is_empty())
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
    let Answer { table, types, from_name_only, findings, nameless } = answer;
    let why = |at: usize, label: SemanticType, probability: f32| {
        let nameless = nameless.as_ref()?;
        let mut why = Why::of(label, &table.columns[at], probability, nameless[at][label.index()]);
        why.settled = findings[at].iter().find(|finding| finding.label == label).map(|finding| finding.verdict);
        why.from_name_only = from_name_only[at];
        Some(why)
    };
    let withheld = |at: usize| findings[at].iter().filter(|finding| finding.is_taken(GIVEN));
    let mut out = BufWriter::new(std::io::stdout().lock());
    if args.json {
        let remarks: Vec<String> = table.remarks().iter().map(|remark| sentence(remark, terminal::lang())).collect();
        let delimiter = table.delimiter.to_string();
        for (at, (column, types)) in table.columns.iter().zip(types).enumerate() {
            let report = |(label, p): &(SemanticType, f32)| TypeReport {
                r#type: label.code(),
                probability: *p,
                why: why(at, *label, *p),
            };
            let types: Vec<TypeReport> = types.iter().map(report).collect();
            let (column_number, name, examples) = (column.index + 1, column.name.as_str(), examples(column));
            let withheld = withheld(at).map(|finding| WithheldReport {
                r#type: finding.label.code(),
                probability: finding.model,
                reason: finding.verdict.reason().map_or("", |(reason, _)| reason),
            });
            let (from_name_only, withheld) = (from_name_only[at] && !types.is_empty(), withheld.collect());
            let report = ColumnReport {
                file: path,
                column: column_number,
                name,
                types,
                from_name_only,
                withheld,
                examples,
                rows: table.rows,
                encoding: table.encoding,
                delimiter: &delimiter,
                header: table.has_header,
                remarks: &remarks,
            };
            serde_json::to_writer(&mut out, &report).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        out.flush()?;
        for remark in remarks {
            let path = path.display();
            terminal().print(&tr!(terminal::lang(), "note: {path}: {remark}", "注意：{path}：{remark}"));
        }
        return Ok(());
    }
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["#", "column", "types", "examples"],
        Lang::Zh => ["#", "列", "类型", "示例"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut columns = table.columns.iter().zip(types).peekable();
    while let Some((column, types)) = columns.next() {
        let given: Vec<String> = types.iter().map(|(label, p)| format!("{label} {p:.2}")).collect();
        let given: String = match given.join(", ") {
            given if given.is_empty() => "–".to_owned(),
            given if from_name_only[column.index] => {
                format!("{given} {}", tr!(terminal::lang(), "(name only)", "（仅凭列名）"))
            }
            given => given,
        };
        let examples: Vec<String> = examples(column).into_iter().map(|value| shorten(value, 24)).collect();
        let examples =
            if examples.is_empty() { tr!(lang, "(no values)", "（没有值）") } else { examples.join(" · ") };
        let mut number = (column.index + 1).to_string();
        if is_blank(column) {
            // The empty ends of ragged rows are one line.
            let mut last = column;
            while let Some((next, _)) = columns.next_if(|(next, _)| is_blank(next)) {
                last = next;
            }
            if last.index > column.index {
                number = format!("{number}–{}", last.index + 1);
            }
        }
        rows.push(vec![number, shown_name(column), given, examples]);
    }
    if is_further {
        writeln!(out)?;
    }
    writeln!(out, "{}  {}", path.display(), describe(table, terminal::lang()))?;
    writeln!(out, "{}", grid(&rows, &[0]))?;
    if nameless.is_some() {
        let mut rows = Vec::new();
        for (at, (column, types)) in table.columns.iter().zip(types).enumerate() {
            rows.extend(types.iter().map(|(label, probability)| {
                let why = why(at, *label, *probability).map(|why| why.sentence(terminal::lang()));
                let number = (column.index + 1).to_string();
                vec![number, shown_name(column), format!("{label} {probability:.2}"), why.unwrap_or_default()]
            }));
            rows.extend(withheld(at).map(|finding| {
                let Finding { label, model, verdict } = finding;
                let (reason, zh) = verdict.reason().unwrap_or_default();
                let not = tr!(terminal::lang(), "not {label} {model:.2}", "非 {label} {model:.2}");
                let because = tr!(terminal::lang(), "{reason}", "{zh}");
                vec![(column.index + 1).to_string(), shown_name(column), not, because]
            }));
        }
        if !rows.is_empty() {
            let head = match lang {
                Lang::En => ["#", "column", "type", "because"],
                Lang::Zh => ["#", "列", "类型", "理由"],
            };
            rows.insert(0, head.map(str::to_owned).to_vec());
            writeln!(out, "\n{}", grid(&rows, &[0]))?;
        }
    }
    Ok(out.flush()?)
}

/// The probability from which on a type that is left out is worth a word.
const GIVEN: f64 = 0.5;
