use serde::{Deserialize, Serialize};

use super::rate::{Progress, Schedule};

/// One cycle over the whole run: up from the base rate / `div_factor` to the base rate, then down to
/// the first rate / `final_div_factor`. PyTorch's `OneCycleLR` with `max_lr` = the base rate, after Smith and Topin,
/// *Super-Convergence* (2018); the rate only, not the momentum.
///
/// ```
/// use drivetrain_train::{OneCycle, Progress, Schedule};
///
/// let schedule = OneCycle::default();
/// let rate = |step| schedule.rate(&Progress { step, total_steps: 100, base_rate: 1.0 });
/// assert!((rate(0) - 0.04).abs() < 1e-12); // 1/25 at first
/// assert_eq!(rate(29), 1.0); // the peak after 30% of the steps
/// assert!((rate(99) - 4e-6).abs() < 1e-12); // 1/10,000 of the first
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneCycle {
    /// The share of the steps in which the rate rises. At most 0.5 with `three_phase`.
    pub pct_start: f64,
    /// The shape of each phase.
    pub anneal: Anneal,
    /// The first step has the base rate divided by this.
    pub div_factor: f64,
    /// The last step has the first step's rate divided by this.
    pub final_div_factor: f64,
    /// Whether the rate falls in two phases: to the first rate, in as many steps as it rose, and then to the last rate. Otherwise,
    /// it falls in one phase.
    pub three_phase: bool,
}

/// The shape of a phase of [`OneCycle`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anneal {
    /// Half a cosine.
    #[default]
    Cos,
    /// A straight line.
    Linear,
}

impl Default for OneCycle {
    fn default() -> Self {
        Self { pct_start: 0.3, anneal: Anneal::Cos, div_factor: 25.0, final_div_factor: 1e4, three_phase: false }
    }
}

/// From one rate to another, up to and including the step `end`.
struct Phase {
    end: f64,
    from: f64,
    to: f64,
}

impl OneCycle {
    /// Ends of phases may lie between two steps, as in PyTorch.
    fn phases(&self, at: &Progress) -> Vec<Phase> {
        let (total, peak) = (at.total_steps as f64, at.base_rate);
        let first = peak / self.div_factor;
        let last = first / self.final_div_factor;
        let rise = Phase { end: self.pct_start * total - 1.0, from: first, to: peak };
        let end = total - 1.0;
        match self.three_phase {
            true => vec![
                rise,
                Phase { end: 2.0 * self.pct_start * total - 2.0, from: peak, to: first },
                Phase { end, from: first, to: last },
            ],
            false => vec![rise, Phase { end, from: peak, to: last }],
        }
    }
}

impl Schedule for OneCycle {
    fn rate(&self, at: &Progress) -> f64 {
        let phases = self.phases(at);
        // After the last step the rate stays; PyTorch refuses such steps.
        let step = (at.step as f64).min(at.total_steps as f64 - 1.0).max(0.0);
        let at_phase = phases.iter().position(|phase| step <= phase.end).unwrap_or(phases.len() - 1);
        let start = if at_phase == 0 { 0.0 } else { phases[at_phase - 1].end };
        let Phase { end, from, to } = phases[at_phase];
        let share = if end > start { ((step - start) / (end - start)).clamp(0.0, 1.0) } else { 1.0 };
        match self.anneal {
            Anneal::Cos => to + (from - to) / 2.0 * ((std::f64::consts::PI * share).cos() + 1.0),
            Anneal::Linear => (to - from) * share + from,
        }
    }
}
