use serde::{Deserialize, Serialize};

use super::rate::{Progress, Schedule};

/// The rate is multiplied by `factor` after every `step_size` steps: PyTorch's `StepLR`, stepped after each optimizer step.
///
/// ```
/// use drivetrain_train::{Progress, Schedule, StepDecay};
///
/// let schedule = StepDecay { step_size: 10, factor: 0.5 };
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 100, base_rate: 1.0 });
/// assert_eq!((rate(9), rate(10), rate(20)), (1.0, 0.5, 0.25));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDecay {
    /// Steps between two changes, at least 1.
    pub step_size: u64,
    /// What the rate is multiplied by (`gamma`).
    #[serde(default = "tenth")]
    pub factor: f64,
}

/// The rate is multiplied by `factor` at each of the `milestones`: PyTorch's `MultiStepLR`, stepped after each optimizer step.
///
/// ```
/// use drivetrain_train::{MultiStepDecay, Progress, Schedule};
///
/// let schedule = MultiStepDecay { milestones: vec![30, 80], factor: 0.5 };
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 100, base_rate: 1.0 });
/// assert_eq!((rate(29), rate(30), rate(80)), (1.0, 0.5, 0.25));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultiStepDecay {
    /// The steps at which the rate changes. A step that is listed twice counts twice.
    pub milestones: Vec<u64>,
    /// What the rate is multiplied by (`gamma`).
    #[serde(default = "tenth")]
    pub factor: f64,
}

const fn tenth() -> f64 {
    0.1
}

impl Schedule for StepDecay {
    fn rate(&self, at: &Progress) -> f64 {
        at.base_rate * self.factor.powf((at.step / self.step_size.max(1)) as f64)
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }
}

impl Schedule for MultiStepDecay {
    fn rate(&self, at: &Progress) -> f64 {
        let passed = self.milestones.iter().filter(|milestone| **milestone <= at.step).count();
        at.base_rate * self.factor.powf(passed as f64)
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }
}
