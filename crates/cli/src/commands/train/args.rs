//! The flags of `train`.

use std::path::PathBuf;

use drivetrain::data::OnBadLine;
use drivetrain::train::{OnNonFinite, ResumeStrategy};
use tabular_sense::train::{self, TrainOptions};

use crate::commands::default_run::DEFAULT_RUN;
use crate::commands::misplaced::Misplaced;

/// Prepare the samples and the tokenizer if needed, then train, test and export a model.
///
/// Without arguments, `train` trains the default model and keeps the run in runs/default. If a run was stopped or
/// killed, the same command resumes it.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Use the configuration in this TOML file, or one of these presets: default, micro, small, medium, large, essay,
    /// million, base.
    ///
    /// The presets `micro`, `small`, `medium` and `large` differ mainly in the size of the model. `essay` trains a
    /// 1-layer model for up to 50 epochs, and `million` trains one for up to 4 epochs. `base` is the configuration of
    /// the built-in model.
    #[arg(long, value_name = "FILE|NAME")]
    config: Option<PathBuf>,
    /// Start from the model in this folder (config.json, model.safetensors, tokenizer.json) instead of random weights;
    /// the new run uses that model's dimensions and tokenizer.
    #[arg(long, value_name = "FOLDER")]
    init: Option<PathBuf>,
    /// Train on this sample file instead of generated samples.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// Train a model that gives each column exactly one label; otherwise a column may have any number of labels.
    #[arg(long, requires = "samples")]
    single_label: bool,
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
    /// Start a resumed run again at epoch 1, without its best score, history and early-stopping count. --strategy
    /// selects which of the other parts are restored.
    #[arg(long)]
    reset_state: bool,
    /// Resume even if this field differs from its value in the saved run: a configuration field
    /// (`trainer.optimizer.learning_rate`, or just `learning_rate`), a section (`trainer`), or one of samples_content,
    /// tokenizer_content, labels, input_version or program_version. This option may be repeated.
    #[arg(long, value_name = "FIELD")]
    allow_change: Vec<String>,
    /// Fail if the newest checkpoint is damaged, instead of resuming from an older one.
    #[arg(long)]
    strict: bool,
    /// Stop after this many more epochs; the same command resumes the run.
    #[arg(long, value_name = "N")]
    stop_after: Option<u64>,
    /// Choose what to do with a line that is not a valid sample; overrides `data.on_bad_line` in the configuration.
    /// Skipped lines are counted and shown.
    #[arg(long, value_enum)]
    on_bad_line: Option<BadLine>,
    /// Choose what to do with a batch whose loss or gradient is not finite; overrides `trainer.outliers.on_nonfinite`
    /// in the configuration. Skipped batches are counted and shown.
    #[arg(long, value_enum)]
    on_nonfinite: Option<NonFinite>,
    #[command(flatten)]
    pub(super) misplaced: Misplaced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Resume {
    /// Resume the run if it exists; otherwise start a new one.
    Auto,
    /// Resume the run; fail if it does not exist.
    Always,
    /// Start a new run; fail if the run exists.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum NonFinite {
    /// Stop, and list the samples in the batch.
    Stop,
    /// Skip the batch.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BadLine {
    /// Stop, and report the line.
    Fail,
    /// Skip the line.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Strategy {
    /// Restore everything: the run continues as if it had not stopped.
    Everything,
    /// Restore everything except the optimizer state, the averaged weights and the learning-rate schedule.
    WithoutOptimization,
    /// Restore everything except the dropout schedule and the early-stopping count.
    WithoutRegularization,
    /// Restore only the weights, the epoch and step, the best score and the history. Add --reset-state to start again
    /// at epoch 1.
    WeightsOnly,
}

impl Args {
    /// As the library takes them.
    pub(super) fn options(&self) -> TrainOptions {
        TrainOptions {
            config: self.config.clone(),
            init: self.init.clone(),
            samples: self.samples.clone(),
            is_single_label: self.single_label,
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
