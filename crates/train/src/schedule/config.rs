use serde::{Deserialize, Serialize};

use super::constant::Constant;
use super::cosine::{CosineRestarts, WarmupCosine};
use super::inverse_square_root::InverseSquareRoot;
use super::linear::LinearDecay;
use super::one_cycle::OneCycle;
use super::plateau::{Plateau, PlateauConfig};
use super::rate::Schedule;
use super::step_decay::{MultiStepDecay, StepDecay};
use crate::Result;
use crate::config_value::{require, require_at_least_one};

/// The learning-rate schedule, by its `kind`. `optimizer.learning_rate` is the base rate: the peak of each schedule. Steps are
/// counted from 0 over the whole run.
///
/// ```
/// use drivetrain_train::{LearningRateConfig, OneCycle, Progress, Schedule};
///
/// let json = r#"{"kind": "one_cycle", "pct_start": 0.1}"#;
/// let config: LearningRateConfig = serde_json::from_str(json)?;
/// assert_eq!(config, LearningRateConfig::OneCycle(OneCycle { pct_start: 0.1, ..OneCycle::default() }));
/// let at = Progress { step: 9, total_steps: 100, base_rate: 1e-3 };
/// assert_eq!(config.schedule(1e-3).rate(&at), 1e-3);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LearningRateConfig {
    /// The rate stays as it is.
    Constant,
    /// The rate falls when a value has stopped improving.
    Plateau(PlateauConfig),
    /// Linear warm-up over `warmup_steps`, then half a cosine down to `floor` × the base rate at the end of the run (transformers'
    /// `get_cosine_schedule_with_warmup`, whose warm-up starts at 0; here the first step already has 1/`warmup_steps` of the rate).
    WarmupCosine {
        /// Steps until the full rate.
        warmup_steps: u64,
        /// What is left at the end, as a share of the base rate.
        #[serde(default)]
        floor: f64,
    },
    /// Linear warm-up, then a straight line down to a floor at the end of the run.
    Linear(LinearDecay),
    /// Half a cosine, repeated (warm restarts).
    CosineRestarts(CosineRestarts),
    /// Up, then down, over the whole run.
    OneCycle(OneCycle),
    /// Linear warm-up, then a fall with the inverse square root of the step.
    InverseSquareRoot(InverseSquareRoot),
    /// The rate is multiplied by a factor after every `step_size` steps.
    Step(StepDecay),
    /// The rate is multiplied by a factor at each of several steps.
    MultiStep(MultiStepDecay),
}

const SHARE: &str = "between 0 and 1";

impl LearningRateConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        let is_share = |value: &f64| (0.0..=1.0).contains(value);
        let positive = |field, value: f64| require(field, value, value > 0.0 && value.is_finite(), "above 0");
        match self {
            Self::Constant => Ok(()),
            Self::Plateau(plateau) => {
                let is_factor = plateau.factor > 0.0 && plateau.factor < 1.0;
                require("factor", plateau.factor, is_factor, "above 0 and below 1")?;
                require("threshold", plateau.threshold, plateau.threshold >= 0.0, "0 or more")
            }
            Self::WarmupCosine { floor, .. } | Self::Linear(LinearDecay { floor, .. }) => {
                require("floor", floor, is_share(floor), SHARE)
            }
            Self::CosineRestarts(CosineRestarts { period, period_factor, floor, .. }) => {
                require_at_least_one("period", *period)?;
                require_at_least_one("period_factor", *period_factor)?;
                require("floor", floor, is_share(floor), SHARE)
            }
            Self::OneCycle(cycle) => {
                require("pct_start", cycle.pct_start, is_share(&cycle.pct_start), SHARE)?;
                let leaves_room = !cycle.three_phase || cycle.pct_start <= 0.5;
                require("pct_start", cycle.pct_start, leaves_room, "at most 0.5 with `three_phase`")?;
                positive("div_factor", cycle.div_factor)?;
                positive("final_div_factor", cycle.final_div_factor)
            }
            Self::InverseSquareRoot(InverseSquareRoot { warmup_steps }) => {
                require_at_least_one("warmup_steps", *warmup_steps)
            }
            Self::Step(StepDecay { step_size, factor }) => {
                require_at_least_one("step_size", *step_size)?;
                positive("factor", *factor)
            }
            Self::MultiStep(MultiStepDecay { factor, .. }) => positive("factor", *factor),
        }
    }

    /// The schedule at the start of a run with this base rate.
    #[must_use]
    pub fn schedule(&self, base_rate: f64) -> Box<dyn Schedule> {
        match self.clone() {
            Self::Constant => Box::new(Constant::new(base_rate)),
            Self::Plateau(config) => Box::new(Plateau::new(config, base_rate)),
            Self::WarmupCosine { warmup_steps, floor } => Box::new(WarmupCosine { warmup_steps, floor }),
            Self::Linear(schedule) => Box::new(schedule),
            Self::CosineRestarts(schedule) => Box::new(schedule),
            Self::OneCycle(schedule) => Box::new(schedule),
            Self::InverseSquareRoot(schedule) => Box::new(schedule),
            Self::Step(schedule) => Box::new(schedule),
            Self::MultiStep(schedule) => Box::new(schedule),
        }
    }
}
