use serde::{Deserialize, Serialize};

use super::rate::{Progress, Schedule};

/// Linear warm-up, then a fall with the inverse square root of the step: with s counted from 1 and w warm-up steps,
/// base rate × min(s / w, √(w / s)). That is the schedule of Vaswani et al., *Attention Is All You Need* (2017), section 5.3, whose
/// formula `d_model^−0.5 · min(s^−0.5, s · w^−1.5)` it equals with the base rate `(d_model · w)^−0.5`.
///
/// ```
/// use drivetrain_train::{InverseSquareRoot, Progress, Schedule};
///
/// let schedule = InverseSquareRoot { warmup_steps: 100 };
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 1000, base_rate: 1.0 });
/// assert_eq!((rate(49), rate(99), rate(399)), (0.5, 1.0, 0.5));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InverseSquareRoot {
    /// Steps until the full rate, at least 1.
    pub warmup_steps: u64,
}

impl Schedule for InverseSquareRoot {
    fn rate(&self, at: &Progress) -> f64 {
        let (s, w) = (at.step as f64 + 1.0, self.warmup_steps.max(1) as f64);
        at.base_rate * (s / w).min((w / s).sqrt())
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }
}
