//! The flags of `train`.

use std::path::PathBuf;

use drivetrain::data::OnBadLine;
use drivetrain::train::{OnNonFinite, ResumeStrategy};
use tabular_sense::train::{self, TrainOptions};

use crate::commands::default_run::DEFAULT_RUN;
use crate::commands::misplaced::Misplaced;

/// Make everything that is missing, then train, test and export a model.
///
/// Without arguments it trains the default model in runs/default. Run again, it resumes where it stopped or was killed, and
/// does not repeat what is there and valid.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Take the configuration from a TOML file, or a preset: default, micro, small, medium, large, essay, million, base.
    #[arg(long, value_name = "FILE|NAME")]
    config: Option<PathBuf>,
    /// Train on this sample file instead of generated samples.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// Keep the run in this folder.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Choose whether a run that exists is resumed.
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
    /// Choose what a resumed run takes over from its checkpoint.
    #[arg(long, value_enum, default_value_t = Strategy::Everything)]
    strategy: Strategy,
    /// Start a resumed run at epoch 1 again, with no best score, from the checkpoint's weights.
    #[arg(long)]
    reset_state: bool,
    /// Resume although this field differs from what the run was saved with: a field of the configuration, a part of its
    /// path, or a fact such as samples_content. May be given several times.
    #[arg(long, value_name = "FIELD")]
    allow_change: Vec<String>,
    /// Refuse to resume from an older checkpoint when the newest is damaged.
    #[arg(long)]
    strict: bool,
    /// Stop after this many epochs; the next `train` resumes there.
    #[arg(long, value_name = "N")]
    stop_after: Option<u64>,
    /// Choose what happens at a line that is no sample; skipped lines are counted and shown. Overrides
    /// `data.on_bad_line`.
    #[arg(long, value_enum)]
    on_bad_line: Option<BadLine>,
    /// Choose what happens at a batch whose loss or gradient is not finite; skipped batches are counted and shown.
    /// Overrides `trainer.outliers.on_nonfinite`.
    #[arg(long, value_enum)]
    on_nonfinite: Option<NonFinite>,
    #[command(flatten)]
    pub(super) misplaced: Misplaced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Resume {
    /// Resume a run that exists; otherwise start one.
    Auto,
    /// Resume; the run must exist. It keeps its own configuration.
    Always,
    /// Start; the run must not exist.
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
    /// Without the optimizer's state and the learning-rate schedule.
    WithoutOptimization,
    /// Without the dropout schedule and the early-stopping count.
    WithoutRegularization,
    /// The weights only.
    WeightsOnly,
}

impl Args {
    /// As the library takes them.
    pub(super) fn options(&self) -> TrainOptions {
        TrainOptions {
            config: self.config.clone(),
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
