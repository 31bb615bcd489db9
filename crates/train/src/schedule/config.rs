use serde::{Deserialize, Serialize};

use super::constant::Constant;
use super::cosine::{CosineRestarts, WarmupCosine};
use super::inverse_square_root::InverseSquareRoot;
use super::linear::LinearDecay;
use super::one_cycle::OneCycle;
use super::plateau::{Plateau, PlateauConfig};
use super::rate::Schedule;
use super::step_decay::{MultiStepDecay, StepDecay};
use crate::{Result, TrainError};

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
    /// Linear warm-up over `warmup_steps`, then half a cosine down to `floor` × the starting rate at the last step of
    /// the run (transformers' `get_cosine_schedule_with_warmup`, whose warm-up starts at 0; here the first step
    /// already has 1/`warmup_steps` of the rate).
    WarmupCosine {
        /// Steps until the full rate.
        warmup_steps: u64,
        /// What is left at the end, as a share of the starting rate.
        #[serde(default)]
        floor: f64,
    },
    /// Linear warm-up, then a straight line down to a floor at the last step of the run.
    Linear(LinearDecay),
    /// Half a cosine, again and again.
    CosineRestarts(CosineRestarts),
    /// Up, then down, over the whole run.
    OneCycle(OneCycle),
    /// Linear warm-up, then a fall with the inverse square root of the step.
    InverseSquareRoot(InverseSquareRoot),
    /// A factor after every so many steps.
    Step(StepDecay),
    /// A factor at each of several steps.
    MultiStep(MultiStepDecay),
}

const SHARE: &str = "between 0 and 1";
const POSITIVE: &str = "above 0";
const ONE_OR_MORE: &str = "at least 1";

impl LearningRateConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        let is_share = |value: &f64| (0.0..=1.0).contains(value);
        let is_positive = |value: f64| value > 0.0 && value.is_finite();
        let least = |field, value: u64| require(value >= 1, field, value, ONE_OR_MORE);
        match self {
            Self::Constant => Ok(()),
            Self::Plateau(plateau) => {
                let is_factor = plateau.factor > 0.0 && plateau.factor < 1.0;
                require(is_factor, "factor", plateau.factor, "above 0 and below 1")?;
                require(plateau.threshold >= 0.0, "threshold", plateau.threshold, "0 or more")
            }
            Self::WarmupCosine { floor, .. } | Self::Linear(LinearDecay { floor, .. }) => {
                require(is_share(floor), "floor", floor, SHARE)
            }
            Self::CosineRestarts(CosineRestarts { period, period_factor, floor, .. }) => {
                least("period", *period)?;
                least("period_factor", *period_factor)?;
                require(is_share(floor), "floor", floor, SHARE)
            }
            Self::OneCycle(cycle) => {
                require(is_share(&cycle.pct_start), "pct_start", cycle.pct_start, SHARE)?;
                let leaves_room = !cycle.three_phase || cycle.pct_start <= 0.5;
                require(leaves_room, "pct_start", cycle.pct_start, "at most 0.5 with `three_phase`")?;
                require(is_positive(cycle.div_factor), "div_factor", cycle.div_factor, POSITIVE)?;
                require(is_positive(cycle.final_div_factor), "final_div_factor", cycle.final_div_factor, POSITIVE)
            }
            Self::InverseSquareRoot(InverseSquareRoot { warmup_steps }) => least("warmup_steps", *warmup_steps),
            Self::Step(StepDecay { step_size, factor }) => {
                least("step_size", *step_size)?;
                require(is_positive(*factor), "factor", factor, POSITIVE)
            }
            Self::MultiStep(MultiStepDecay { factor, .. }) => require(is_positive(*factor), "factor", factor, POSITIVE),
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

fn require(holds: bool, field: &'static str, found: impl ToString, expected: &'static str) -> Result<()> {
    if holds { Ok(()) } else { Err(TrainError::Config { field, found: found.to_string(), expected }) }
}
