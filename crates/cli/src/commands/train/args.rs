//! The flags of `train`.

use std::path::PathBuf;

use drivetrain::data::OnBadLine;
use drivetrain::train::{OnNonFinite, ResumeStrategy};
use tabular_sense::train::{self, TrainOptions};

use crate::commands::default_run::DEFAULT_RUN;
use crate::commands::misplaced::Misplaced;

/// Prepare the samples and the tokenizer if needed, then train, test and export a model.
///
/// Without arguments it trains the default model in runs/default. When run again, it resumes where it stopped or was
/// killed, and reuses everything that is already there and valid.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Take the configuration from a TOML file, or a preset: default, micro, small, medium, large, essay, million, base.
    #[arg(long, value_name = "FILE|NAME")]
    config: Option<PathBuf>,
    /// Start from the model in this folder (config.json, model.safetensors, tokenizer.json) instead of random weights; the new
    /// run takes over its sizes and its tokenizer.
    #[arg(long, value_name = "FOLDER")]
    init: Option<PathBuf>,
    /// Train on this sample file instead of generated samples.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// Keep the run in this folder.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Choose whether to resume an existing run; `--resume` alone means `always`.
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t = Resume::Auto,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always"
    )]
    resume: Resume,
    /// Choose what to restore from the checkpoint when a run is resumed.
    #[arg(long, value_enum, default_value_t = Strategy::Everything)]
    strategy: Strategy,
    /// When resuming, restore what --strategy says, but start again at epoch 1, with no best score, no history and no
    /// early-stopping count.
    #[arg(long)]
    reset_state: bool,
    /// Resume even if this field differs from the saved run: a configuration field (`trainer.optimizer.learning_rate`, or just
    /// `learning_rate`), a section (`trainer`), or one of samples_content, tokenizer_content, labels, input_version and
    /// program_version. May be given several times.
    #[arg(long, value_name = "FIELD")]
    allow_change: Vec<String>,
    /// Refuse to resume from an older checkpoint when the newest is damaged.
    #[arg(long)]
    strict: bool,
    /// Stop after this many more epochs; the next `train` continues from there.
    #[arg(long, value_name = "N")]
    stop_after: Option<u64>,
    /// Choose what to do with a line that is not a valid sample; skipped lines are counted and shown. Overrides
    /// `data.on_bad_line`.
    #[arg(long, value_enum)]
    on_bad_line: Option<BadLine>,
    /// Choose what to do with a batch whose loss or gradient is not finite; skipped batches are counted and shown.
    /// Overrides `trainer.outliers.on_nonfinite`.
    #[arg(long, value_enum)]
    on_nonfinite: Option<NonFinite>,
    #[command(flatten)]
    pub(super) misplaced: Misplaced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Resume {
    /// Resume the run if it exists; otherwise start a new one.
    Auto,
    /// Resume the run, which must exist.
    Always,
    /// Start a new run; it must not exist yet.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum NonFinite {
    /// Stop, naming the samples.
    Stop,
    /// Skip the batch.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BadLine {
    /// Stop, naming the line.
    Fail,
    /// Skip the line.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Strategy {
    /// Everything: the run continues as if it had not stopped.
    Everything,
    /// Everything except the optimizer state, the weight average and the learning-rate schedule.
    WithoutOptimization,
    /// Everything except the dropout schedule and the early-stopping count.
    WithoutRegularization,
    /// The weights, and the position (epoch, step, best score, history); not the optimizer state, the weight average, the
    /// schedules or the early-stopping count. Add --reset-state to start again at epoch 1.
    WeightsOnly,
}

impl Args {
    /// As the library takes them.
    pub(super) fn options(&self) -> TrainOptions {
        TrainOptions {
            config: self.config.clone(),
            init: self.init.clone(),
            samples: self.samples.clone(),
            resume: match self.resume {
                Resume::Auto => train::Resume::Auto,
                Resume::Always => train::Resume::Always,
                Resume::Never => train::Resume::Never,
            },
            strategy: match self.strategy {
                Strategy::Everything => ResumeStrategy::Everything,
                Strategy::WithoutOptimization => ResumeStrategy::WithoutOptimization,
                Strategy::WithoutRegularization => ResumeStrategy::WithoutRegularization,
                Strategy::WeightsOnly => ResumeStrategy::WeightsOnly,
            },
            reset_state: self.reset_state,
            allow_change: self.allow_change.clone(),
            is_strict: self.strict,
            stop_after: self.stop_after,
            on_bad_line: self.on_bad_line.map(|on_bad_line| match on_bad_line {
                BadLine::Fail => OnBadLine::Fail,
                BadLine::Skip => OnBadLine::Skip,
            }),
            on_nonfinite: self.on_nonfinite.map(|on_nonfinite| match on_nonfinite {
                NonFinite::Stop => OnNonFinite::Stop,
                NonFinite::Skip => OnNonFinite::Skip,
            }),
            ..TrainOptions::new(&self.run)
        }
    }
}
