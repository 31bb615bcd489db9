//! The options of a training run.

use std::path::PathBuf;

use drivetrain::data::OnBadLine;
use drivetrain::run::Resume;
use drivetrain::train::{OnNonFinite, ResumeStrategy};

/// The options of a training run; [`TrainOptions::new`] has the defaults.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// The run's folder.
    pub run: PathBuf,
    /// A configuration file or the name of a preset. Without it, the run's own configuration or else the preset `default`.
    pub config: Option<PathBuf>,
    /// The folder of a trained model that a new run starts from. Without it, the configuration's `init` or else random weights.
    pub init: Option<PathBuf>,
    /// The sample file. Without it, the run's own sample file or else generated samples.
    pub samples: Option<PathBuf>,
    /// Whether each column has exactly one label; if `false`, the configuration decides.
    pub is_single_label: bool,
    /// Whether a run that exists is resumed.
    pub resume: Resume,
    /// What a resumed run restores from its checkpoint.
    pub strategy: ResumeStrategy,
    /// Whether a resumed run starts at epoch 1 again, with the checkpoint's weights.
    pub reset_state: bool,
    /// Fields that may differ from their values in the saved run.
    pub allow_change: Vec<String>,
    /// Whether a damaged checkpoint is an error even if an older one could be used.
    pub is_strict: bool,
    /// Stop after this many more epochs.
    pub stop_after: Option<u64>,
    /// In place of `data.on_bad_line`.
    pub on_bad_line: Option<OnBadLine>,
    /// In place of `trainer.outliers.on_nonfinite`.
    pub on_nonfinite: Option<OnNonFinite>,
}

impl TrainOptions {
    /// A run in the folder `run`, with every option at its default.
    pub fn new(run: impl Into<PathBuf>) -> Self {
        Self {
            run: run.into(),
            config: None,
            init: None,
            samples: None,
            is_single_label: false,
            resume: Resume::Auto,
            strategy: ResumeStrategy::Everything,
            reset_state: false,
            allow_change: Vec::new(),
            is_strict: false,
            stop_after: None,
            on_bad_line: None,
            on_nonfinite: None,
        }
    }
}
