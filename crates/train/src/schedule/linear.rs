use serde::{Deserialize, Serialize};

use super::rate::{Progress, Schedule, progress_after, warm_up};

/// Linear warm-up over `warmup_steps`, then a straight line down to `floor` × the base rate at the end of the run (transformers'
/// `get_linear_schedule_with_warmup`, PyTorch's `LinearLR`; here the first step already has 1/`warmup_steps` of the rate). With
/// `floor = 1` it is a constant rate after a warm-up.
///
/// ```
/// use drivetrain_train::{LinearDecay, Progress, Schedule};
///
/// let schedule = LinearDecay { warmup_steps: 2, floor: 0.0 };
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 10, base_rate: 1.0 });
/// assert_eq!((rate(0), rate(1), rate(2), rate(6), rate(10)), (0.5, 1.0, 1.0, 0.5, 0.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearDecay {
    /// Steps until the full rate.
    pub warmup_steps: u64,
    /// What is left at the end, as a share of the base rate.
    pub floor: f64,
}

impl Schedule for LinearDecay {
    fn rate(&self, at: &Progress) -> f64 {
        let share = warm_up(at.step, self.warmup_steps)
            .unwrap_or_else(|| self.floor + (1.0 - self.floor) * (1.0 - progress_after(at, self.warmup_steps)));
        at.base_rate * share
    }
}
