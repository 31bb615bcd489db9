//! `learn`: custom types, from a few labelled columns of each.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use drivetrain::run::Signals;
use drivetrain::terminal::{Lang, grid};
use drivetrain::tr;
use tabular_sense::learn::{Collision, LearnOptions, Learned, Source, TypeTrust, learn};

use crate::progress::Bars;
use crate::signals::interrupted;
use crate::terminal::{lang, terminal};

/// Learn custom types, in addition to the built-in ones, from a few labelled columns per type.
///
/// Five columns of each type are a good start. The built-in model is not changed; the new model finds both the
/// built-in types and yours.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Learn from this sample file, one labelled column per line; or, with --corrections, from the tables in this
    /// folder.
    #[arg(long, value_name = "FILE|FOLDER")]
    from: PathBuf,
    /// If --from is a folder: read the correct types of the columns in its tables from this file, which
    /// `predict --corrections` wrote and you corrected.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// Write the model to this folder.
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// Learn a separate label set instead: each column has exactly one label, and built-in types are found only if they
    /// are among the labels. If the samples have a `context` field, which holds the table's other columns, the model
    /// uses it too.
    #[arg(long)]
    single_label: bool,
    /// With --single-label: tune the hyperparameters on the labelled columns in this file, and evaluate on them.
    #[arg(long, value_name = "FILE", requires = "single_label")]
    validation: Option<PathBuf>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let from = match &args.corrections {
        Some(corrections) => Source::Tables { folder: args.from.clone(), corrections: corrections.clone() },
        None => Source::Samples(args.from.clone()),
    };
    let options = LearnOptions {
        from,
        out: args.output.clone(),
        is_single_label: args.single_label,
        validation: args.validation.clone(),
    };
    let signals = Signals::listen().with_context(|| tr!(lang(), "cannot listen to signals", "无法接收信号"))?;
    let learned = match learn(&options, &Bars::new(&signals.stop())) {
        Err(error) if error.is_stopped() => {
            let again = tr!(lang(), "nothing was written", "没有写入任何文件");
            return Err(interrupted(&signals, &again).map_or(error.into(), Into::into));
        }
        other => other?,
    };
    match args.json {
        true => say!("{}", serde_json::to_string_pretty(&learned.types)?),
        false => print(&learned, started.elapsed().as_secs_f64())?,
    }
    Ok(())
}

fn print(learned: &Learned, seconds: f64) -> Result<()> {
    let lang = lang();
    if learned.skipped > 0 {
        let count = learned.skipped;
        terminal().warn(&tr!(lang, "{count} examples have no values and were skipped", "{count} 个示例没有值，已跳过"));
    }
    say!("{}", grid(&rows(&learned.types, lang), &[1, 2]));
    if let Some(accuracy) = learned.accuracy {
        say!("{}", tr!(lang, "accuracy on held-out columns: {accuracy:.4}", "留出列上的准确率：{accuracy:.4}"));
    }
    let model = learned.model.display();
    say!(
        "{}",
        tr!(
            lang,
            "model: {model} (learned in {seconds:.0} s); use it with `tabular-sense predict --model {model}`",
            "模型：{model}（用时 {seconds:.0} 秒）；使用方法：`tabular-sense predict --model {model}`"
        )
    );
    Ok(())
}

/// The rows of a table that shows how far each type can be trusted, with a header. The last two columns list the built-in types
/// to whose columns the learned type is assigned, and the built-in types that are assigned to its examples, each with the
/// number of columns.
fn rows(types: &[TypeTrust], lang: Lang) -> Vec<Vec<String>> {
    let head = match lang {
        Lang::En => ["type", "columns", "F1, held out", "95%", "takes columns from", "examples found as"],
        Lang::Zh => ["类型", "列数", "留出时的 F1", "95%", "夺走的列", "示例被识别为"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for of in types {
        let [low, high] = of.f1_interval;
        rows.push(vec![
            of.r#type.clone(),
            of.columns.to_string(),
            format!("{:.2}", of.f1),
            format!("{low:.2}–{high:.2}"),
            collisions(of, |one| one.given),
            collisions(of, |one| one.claimed),
        ]);
    }
    rows
}

/// At most three built-in types that collide with a learned type, each with the number of columns.
fn collisions(of: &TypeTrust, columns: impl Fn(&Collision) -> usize) -> String {
    let counted = of.collides_with.iter().map(|one| (&one.r#type, columns(one))).filter(|(_, count)| *count > 0);
    let shown: Vec<String> = counted.take(3).map(|(name, count)| format!("{name} ({count})")).collect();
    if shown.is_empty() { "–".to_owned() } else { shown.join(", ") }
}
