//! `predict`: the types of the columns of tables.
//!
//! ```text
//! answer ─ a table and the types of its columns      examples ─ values that stand for a column
//! json ─ one object per column                       text ─ a grid for people
//! ```

mod answer;
mod examples;
mod json;
mod text;

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::Result;
use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::tr;
use tabular_sense::model::Classifier;
use tabular_sense_rules::OwnTypes;

use super::reading::Reading;
use crate::error::{self, UserError};
use crate::progress::Bars;
use crate::terminal::{self, terminal};
use answer::{Answer, Asked};

/// Find the types of each column of a table.
///
/// A table is delimited text (CSV, TSV, or text with another delimiter), plain or compressed with gzip. The encoding, the
/// delimiter, the quotes, and any lines above and below the table are detected automatically.
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
    /// Give the reasons for each answer: how many values look like the type, how many have a valid checksum, what the
    /// column's name suggests, and the probability without the name.
    #[arg(long)]
    explain: bool,
    /// Also find the custom types that this file defines by rules: patterns, lists, checksums, ranges, column names.
    #[arg(long, value_name = "FILE")]
    types: Option<PathBuf>,
    /// Report all types with at least this probability.
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// Report the K most likely types of each column, even improbable ones; with --threshold, omit those below it.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    top_k: Option<u16>,
    /// Average the probabilities over N random samples of a column's values, or over five times as many if the probability
    /// of any type is close to its threshold. A column of at most ten values is sampled once [default: the model's setting,
    /// usually 5].
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

pub(super) fn run(args: &Args) -> Result<()> {
    let classifier = Classifier::open(args.model.as_deref())?;
    let own_types = args.types.as_deref().map(OwnTypes::read).transpose()?;
    let asked = Asked { args, classifier: &classifier, own_types: own_types.as_ref() };
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
        |path| Answer::of(&asked, path),
        |path, answer: Result<Answer>| {
            match answer {
                Ok(answer) if args.json => json::print(path, &answer)?,
                Ok(answer) => text::print(path, &answer, shown > 0)?,
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
