use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{BatchSampler, Batched, LengthGroups, LineIndex, Sequential, Stop, Tokenizer, padding_share};
use drivetrain::train::Loaded;

use super::DEFAULT_RUN;
use crate::error::UserError;
use crate::run::RunFolder;
use crate::sample::parse_line;
use crate::text::grid;
use crate::types::SemanticType;
use crate::voice;

/// Show a sample file's lengths, labels and padding, or where a run stands.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A sample file or a run's folder.
    #[arg(value_name = "FILE|FOLDER", default_value = DEFAULT_RUN)]
    path: PathBuf,
    /// For a sample file: the tokenizer to count tokens with; without it characters are counted.
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// For a sample file: samples per batch.
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,
}

pub(super) fn run(args: &Args) -> Result<()> {
    if args.path.is_dir() { inspect_run(&args.path) } else { inspect_samples(args) }
}

fn inspect_samples(args: &Args) -> Result<()> {
    let tokenizer = args.tokenizer.as_deref().map(Tokenizer::load).transpose()?;
    let index = LineIndex::open(&args.path, &voice::progress(&Stop::new()))?;
    let mut lengths: Vec<u32> = Vec::with_capacity(index.len());
    let mut label_counts = [0_u64; SemanticType::ALL.len()];
    let (mut untyped, mut bad, mut first_bad) = (0_u64, 0_u64, None);
    for i in 0..index.len() {
        let column = match index.read_line(i).map(|line| parse_line(&line)) {
            Ok(Ok(column)) => column,
            Ok(Err(problem)) => {
                bad += 1;
                first_bad.get_or_insert_with(|| format!("line {}: {problem}", index.line_number(i)));
                continue;
            }
            Err(error) => {
                bad += 1;
                first_bad.get_or_insert_with(|| error.to_string());
                continue;
            }
        };
        let text = column.input_text();
        lengths.push(tokenizer.as_ref().map_or_else(|| text.chars().count(), |t| t.encode(&text).len()) as u32);
        untyped += u64::from(column.labels.is_empty());
        column.labels.iter().for_each(|label| label_counts[label.index()] += 1);
    }
    say!("{}: {} samples, fingerprint {}", args.path.display(), lengths.len(), index.fingerprint().short());
    if let Some(problem) = first_bad {
        let what = if bad == 1 { "line is no sample" } else { "lines are no samples" };
        say!("{bad} {what}; the first: {problem}");
    }
    if lengths.is_empty() {
        return Err(UserError::new(format!("{} holds no usable sample", args.path.display())).into());
    }
    let unit = if tokenizer.is_some() { "tokens" } else { "characters" };
    say!("\nlength in {unit}: {}", quantiles(&lengths));
    let batch_size = args.batch_size as usize;
    let in_order = padding_share(&Batched::new(Sequential::new(lengths.len()), batch_size, false)?.plan(0), &lengths);
    let grouped = padding_share(&LengthGroups::new(&lengths, batch_size, 0, false)?.plan(0), &lengths);
    say!("{}", say_padding(batch_size, in_order, grouped));
    say!("\n{}", label_table(&label_counts, untyped));
    Ok(())
}

fn quantiles(lengths: &[u32]) -> String {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let mean = sorted.iter().map(|&length| f64::from(length)).sum::<f64>() / sorted.len() as f64;
    format!(
        "shortest {}, 10% {}, median {}, 90% {}, 99% {}, longest {}, mean {mean:.1}",
        at(0.0),
        at(0.1),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    )
}

fn say_padding(batch_size: usize, in_order: f64, grouped: f64) -> String {
    let computed = |share: f64| 1.0 / (1.0 - share);
    let saved = 1.0 - computed(grouped) / computed(in_order);
    format!(
        "padding in batches of {batch_size}: {:.1}% in file order, {:.1}% grouped by length: grouping saves {:.1}% of the positions",
        100.0 * in_order,
        100.0 * grouped,
        100.0 * saved
    )
}

fn label_table(counts: &[u64], untyped: u64) -> String {
    let mut rows = vec![vec!["label".to_owned(), "中文".to_owned(), "samples".to_owned()]];
    for (label, count) in SemanticType::ALL.iter().zip(counts) {
        rows.push(vec![label.code().to_owned(), label.zh().to_owned(), count.to_string()]);
    }
    rows.push(vec!["(none)".to_owned(), "无".to_owned(), untyped.to_string()]);
    grid(&rows, &[2])
}

fn inspect_run(path: &Path) -> Result<()> {
    let run = RunFolder::new(path);
    let config = run.existing_config()?;
    let store = run.checkpoints();
    say!("{}", path.display());
    if store.is_empty() {
        say!("no checkpoint yet");
        return Ok(());
    }
    let Loaded { path: newest, checkpoint, damaged } = store.load_latest()?;
    for problem in damaged {
        say!("damaged: {problem}");
    }
    let state = &checkpoint.meta.state;
    let at = state.position;
    let status = if state.stopped_early {
        "ended by early stop"
    } else if at.epoch >= config.trainer.epochs {
        "complete"
    } else {
        "unfinished"
    };
    say!("state: {status}; next is epoch {}, batch {}, step {}", at.epoch + 1, at.batch, at.step);
    say!("newest whole checkpoint: {}", newest.display());
    if let Some(best) = state.best {
        say!("best: score {:.5} in epoch {}, step {}", best.score, best.epoch + 1, best.step);
    }
    if state.skipped_batches > 0 {
        say!("batches skipped because their numbers were wrong: {}", state.skipped_batches);
    }
    say!("early stop: {} of {} validations without improvement", state.early_stop.count(), state.early_stop.patience());
    say!("dropout {:.3}, learning rate {:.3e}", state.dropout.current(), state.learning_rate.at(at.step));
    say!("parameters: {}", checkpoint.model.num_values());
    let exported = run.file("export/config.json").exists();
    say!("exported model: {}\n", if exported { run.file("export").display().to_string() } else { "none yet".into() });
    let mut rows =
        vec![["epoch", "step", "train loss", "val loss", "score", "lr", "dropout"].map(str::to_owned).to_vec()];
    rows.extend(state.history.iter().map(|record| {
        vec![
            (record.epoch + 1).to_string(),
            record.step.to_string(),
            format!("{:.4}", record.train_loss),
            format!("{:.4}", record.validation_loss),
            format!("{:.4}", record.score),
            format!("{:.2e}", record.learning_rate),
            format!("{:.3}", record.dropout),
        ]
    }));
    say!("{}", grid(&rows, &[0, 1, 2, 3, 4, 5, 6]));
    Ok(())
}
