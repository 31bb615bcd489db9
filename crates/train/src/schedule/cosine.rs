use serde::{Deserialize, Serialize};

use super::rate::{Progress, Schedule, half_cosine, progress_after, warm_up};

/// Linear warm-up, then half a cosine over the rest of the run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WarmupCosine {
    pub(super) warmup_steps: u64,
    pub(super) floor: f64,
}

impl Schedule for WarmupCosine {
    fn rate(&self, at: &Progress) -> f64 {
        let share = warm_up(at.step, self.warmup_steps)
            .unwrap_or_else(|| half_cosine(progress_after(at, self.warmup_steps), self.floor));
        at.base_rate * share
    }
}

/// Half a cosine down to `floor` × the base rate over `period` steps, then again from the full rate, each period
/// `period_factor` times as long as the one before: PyTorch's `CosineAnnealingWarmRestarts`
/// (`T_0`, `T_mult`, `eta_min`), after Loshchilov and Hutter, *SGDR* (2017). A linear warm-up may come first.
///
/// ```
/// use drivetrain_train::{CosineRestarts, Progress, Schedule};
///
/// let schedule = CosineRestarts { warmup_steps: 0, period: 4, period_factor: 2, floor: 0.0 };
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 100, base_rate: 1.0 });
/// assert_eq!((rate(0), rate(4), rate(12)), (1.0, 1.0, 1.0)); // restarts after 4 and after 8 more steps
/// assert!((rate(2) - 0.5).abs() < 1e-12 && (rate(8) - 0.5).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CosineRestarts {
    /// Steps until the full rate, before the first period.
    #[serde(default)]
    pub warmup_steps: u64,
    /// Steps of the first period, at least 1 (`T_0`).
    pub period: u64,
    /// How many times as long each next period is, at least 1 (`T_mult`).
    #[serde(default = "one")]
    pub period_factor: u64,
    /// What is left at the end of a period, as a share of the base rate (`eta_min` / base rate).
    #[serde(default)]
    pub floor: f64,
}

const fn one() -> u64 {
    1
}

impl CosineRestarts {
    /// For a step counted from the end of the warm-up: its position within its period, and the length of the period.
    fn place(&self, step: u64) -> (u64, u64) {
        let (mut left, mut period) = (step, self.period.max(1));
        if self.period_factor <= 1 {
            return (left % period, period);
        }
        while left >= period {
            left -= period;
            period = period.saturating_mul(self.period_factor);
        }
        (left, period)
    }
}

impl Schedule for CosineRestarts {
    fn rate(&self, at: &Progress) -> f64 {
        let share = warm_up(at.step, self.warmup_steps).unwrap_or_else(|| {
            let (step, period) = self.place(at.step - self.warmup_steps);
            half_cosine(step as f64 / period as f64, self.floor)
        });
        at.base_rate * share
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }
}
