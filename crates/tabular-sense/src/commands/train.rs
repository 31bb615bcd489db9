use std::path::PathBuf;

use anyhow::{Context, Result};
use drivetrain::burn::tensor::Device;
use drivetrain::data::OnBadLine;
use drivetrain::nn::SequenceClassifier;
use drivetrain::train::{
    BceWithLogits, Console, JsonLines, LogFile, MultiLabelMetric, ResumePlan, ResumeStrategy, Summary, TensorBoard,
    TerminalProgress, Trainer,
};

use super::DEFAULT_RUN;
use super::evaluate::{SplitReport, evaluate_split};
use crate::config::RunConfig;
use crate::error::UserError;
use crate::model::export;
use crate::prepare::{Prepared, write_json};
use crate::run::RunFolder;
use crate::types::SemanticType;

/// Make everything that is missing, then train, test and export a model.
///
/// Without arguments it trains the default model in runs/default. Run again, it goes on where it stopped, and does not
/// repeat what is there and valid.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A TOML file, or one of: default, micro, small, medium, large, seed.
    #[arg(long, value_name = "FILE|NAME")]
    config: Option<PathBuf>,
    /// Train on this sample file instead of generated samples.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// The run's folder.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Go on with a run that must exist, with its own configuration.
    #[arg(long)]
    resume: bool,
    /// What a resumed run takes over from its checkpoint.
    #[arg(long, value_enum, default_value_t = Strategy::Everything)]
    strategy: Strategy,
    /// Let a resumed run begin again at epoch 1, with no best score, from the checkpoint's weights.
    #[arg(long)]
    reset_state: bool,
    /// End after this many epochs, as if stopped there; the next `train` goes on.
    #[arg(long, value_name = "N")]
    stop_after: Option<u64>,
    /// What to do with a line that is no sample; skipped ones are counted and shown. Overrides `data.on_bad_line`.
    #[arg(long, value_enum)]
    on_bad_line: Option<BadLine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BadLine {
    /// End, naming the line.
    Fail,
    /// Leave the line out.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Strategy {
    /// Everything: the run goes on as if it had not stopped.
    Everything,
    /// Not the optimizer's state and the learning-rate schedule.
    WithoutOptimization,
    /// Not the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// Neither of the two.
    WeightsOnly,
}

impl From<Strategy> for ResumeStrategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::Everything => Self::Everything,
            Strategy::WithoutOptimization => Self::WithoutOptimization,
            Strategy::WithoutRegularization => Self::WithoutRegularization,
            Strategy::WeightsOnly => Self::WeightsOnly,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<()> {
    let run = RunFolder::new(&args.run);
    let existing = run.config()?;
    if args.resume && existing.is_none() {
        run.existing_config()?;
    }
    let mut config = match (&args.config, existing) {
        (Some(path), _) => RunConfig::read(path)?,
        (None, Some(existing)) => existing,
        (None, None) => RunConfig::embedded("default").context("the embedded configuration is damaged")?,
    };
    match args.on_bad_line {
        Some(BadLine::Fail) => config.data.on_bad_line = OnBadLine::Fail,
        Some(BadLine::Skip) => config.data.on_bad_line = OnBadLine::Skip,
        None => {}
    }
    if let Some(samples) = &args.samples
        && let Err(error) = std::fs::metadata(samples)
    {
        return Err(UserError::new(format!("sample file {}: {error}", samples.display()))
            .hint("`tabular-sense generate -o FILE` makes one; without --samples, `train` makes its own")
            .into());
    }
    let _lock = run.lock()?;
    run.claim(&config)?;

    let progress = TerminalProgress::default();
    let samples = match &args.samples {
        Some(path) => Some(path.clone()),
        // A run goes on with the samples it began with.
        None => Prepared::given_samples(&run)?,
    };
    let prepared = Prepared::open(&config, &run, samples.as_deref(), &progress)?;
    report_data(&prepared);

    let summary = fit(args, &config, &run, &prepared)?;
    if summary.is_some_and(|summary| summary.epochs < config.trainer.epochs && !summary.stopped_early) {
        eprintln!("stopped as asked; `tabular-sense train --run {} --resume` goes on", run.path().display());
        return Ok(());
    }
    finish(&config, &run, &prepared)
}

fn report_data(prepared: &Prepared) {
    let skipped = prepared.store.skipped();
    if skipped.count > 0 {
        let what = if skipped.count == 1 { "line is no sample and was" } else { "lines are no samples and were" };
        eprintln!("{} {what} skipped:", skipped.count);
        for line in &skipped.first {
            eprintln!("  line {}: {}", line.line, line.problem);
        }
    }
    let cut = prepared.store.truncated();
    if cut.samples > 0 {
        eprintln!("{} samples are longer than max_len: {} tokens were cut from their ends", cut.samples, cut.ids);
    }
}

/// Trains what is left to train; nothing where the run is complete.
fn fit(args: &Args, config: &RunConfig, run: &RunFolder, prepared: &Prepared) -> Result<Option<Summary>> {
    let encoder = config.model.encoder(prepared.tokenizer.vocab_size(), config.data.max_len);
    let n_classes = SemanticType::ALL.len();
    let model = SequenceClassifier::new(&encoder, n_classes, config.trainer.seed, &Device::flex().autodiff())?;
    let metric = MultiLabelMetric::new(n_classes, config.predict.threshold);
    let store = run.checkpoints();
    let mut trainer = Trainer::new(model, BceWithLogits, metric, config.trainer.clone())?;
    if store.is_empty() {
        if args.resume {
            eprintln!("{} holds no checkpoint yet: the run starts at its beginning", run.path().display());
        }
    } else {
        let (path, checkpoint, damaged) = store.load_latest()?;
        for problem in damaged {
            eprintln!("warning: {problem}; going on from {}", path.display());
        }
        let state = &checkpoint.meta.state;
        let complete = state.stopped_early || state.position.epoch >= config.trainer.epochs;
        if complete && !args.reset_state {
            eprintln!(
                "{} is trained: {} epochs, {} steps",
                run.path().display(),
                state.position.epoch,
                state.position.step
            );
            return Ok(None);
        }
        let plan = ResumePlan { strategy: args.strategy.into(), reset_state: args.reset_state };
        trainer = trainer.resume(checkpoint, plan)?;
    }
    let mut trainer = trainer
        .stop_after(args.stop_after)
        .checkpoints(store, serde_json::to_value(config)?)
        .observe(Console::new())
        .observe(LogFile::append(run.file("train.log"))?)
        .observe(JsonLines::new(run.file("metrics.jsonl"), 20))
        .observe(TensorBoard::new(run.file("tensorboard"), 20));
    let train = prepared.train_loader(config)?;
    let validation = prepared.eval_loader(config, &prepared.split.validation)?;
    Ok(Some(trainer.fit(&train, &validation)?))
}

/// Tests the best checkpoint and exports it, where that has not been done.
fn finish(config: &RunConfig, run: &RunFolder, prepared: &Prepared) -> Result<()> {
    let (path, best) = run.checkpoints().load_best()?;
    let report_path = run.file("test.json");
    let step = best.meta.state.position.step;
    let known: Option<SplitReport> =
        std::fs::read(&report_path).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let report = match known.filter(|report| report.step == step) {
        Some(report) => report,
        None => {
            let report = evaluate_split(config, prepared, best.model.clone(), step, "test")?;
            write_json(&report_path, &report)?;
            report
        }
    };
    let folder = run.file("export");
    let encoder = config.model.encoder(prepared.tokenizer.vocab_size(), config.data.max_len);
    export(&folder, &encoder, &best.model, &prepared.tokenizer, config.predict)?;
    eprintln!("tested {}", path.display());
    say!("{}", report.headline());
    say!("model: {}", folder.display());
    Ok(())
}
