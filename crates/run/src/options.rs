//! How a run is opened.

use drivetrain_data::Stop;
use drivetrain_train::ResumePlan;

use crate::changes::ChangeRules;

/// Whether a run that exists is resumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// If it exists; otherwise a new run is started.
    #[default]
    Auto,
    /// It must exist.
    Always,
    /// It must not exist.
    Never,
}

/// How a run is opened; [`RunOptions::new`] has the defaults.
///
/// ```
/// use drivetrain_run::RunOptions;
///
/// // The learning rate may differ from what the run was started with; a damaged checkpoint is an error.
/// let options = RunOptions { allow_change: vec!["learning_rate".into()], is_strict: true, ..RunOptions::new("my-program") };
/// assert_eq!(options.log_every, 20);
/// ```
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The name of the program. The run of another program is refused.
    pub program: String,
    /// The file in which the program itself keeps the run's configuration, if it does. Otherwise, the run keeps the program's name,
    /// the configuration and the facts in `run.json`.
    pub own_config: Option<&'static str>,
    /// Whether a run that exists is resumed.
    pub resume: Resume,
    /// What a resumed run takes over from its checkpoint.
    pub plan: ResumePlan,
    /// Fields that may differ from those that the run was saved with, each by its path or a part of it.
    pub allow_change: Vec<String>,
    /// What may change without being named.
    pub changes: ChangeRules,
    /// Whether a damaged checkpoint is an error even if an older one could be used.
    pub is_strict: bool,
    /// When this stop is requested, the run ends after the current step: see [`stop_on_signals`](crate::stop_on_signals).
    pub stop: Stop,
    /// Stops after this many more epochs.
    pub stop_after: Option<u64>,
    /// Every Nth step is logged to `metrics.jsonl` and TensorBoard; 0: only validations.
    pub log_every: u64,
}

impl RunOptions {
    /// The runs of `program`, with every other option at its default.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            own_config: None,
            resume: Resume::Auto,
            plan: ResumePlan::default(),
            allow_change: Vec::new(),
            changes: ChangeRules::default(),
            is_strict: false,
            stop: Stop::new(),
            stop_after: None,
            log_every: 20,
        }
    }
}
