use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::config::LearningRateConfig;
use super::plateau::Counted;
use super::rate::{Progress, Schedule};
use crate::ValidationResult;

/// The learning-rate schedule of a run and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct LearningRateScheduler {
    /// The configured schedule, unless a schedule of the user's own replaces it.
    config: LearningRateConfig,
    /// The optimizer's learning rate as it is configured.
    base_rate: f64,
    /// Steps of the whole run, for schedules that end with it.
    total_steps: u64,
    schedule: Slot,
}

/// The schedule in use.
#[derive(Clone, Debug)]
enum Slot {
    /// The configured one.
    Configured(Box<dyn Schedule>),
    /// A schedule of the user's own.
    Own(Box<dyn Schedule>),
    /// The state of a schedule of the user's own, read from a checkpoint; the schedule itself is not known yet. Since then, the
    /// base rate has changed by `factor`.
    OwnState { state: Value, factor: f64 },
}

impl LearningRateScheduler {
    /// A schedule that starts at `base_rate`, for a run of `total_steps`.
    #[must_use]
    pub fn new(config: LearningRateConfig, base_rate: f64, total_steps: u64) -> Self {
        let schedule = Slot::Configured(config.schedule(base_rate));
        Self { config, base_rate, total_steps, schedule }
    }

    /// Uses `own` instead of the configured schedule. If this value was read from the checkpoint of a run with such a schedule,
    /// `own` continues from the saved state.
    ///
    /// # Errors
    /// When the state does not belong to `own`.
    pub fn set_own(&mut self, mut own: Box<dyn Schedule>) -> Result<(), String> {
        match &self.schedule {
            Slot::Own(_) => return Ok(()),
            Slot::Configured(_) => {}
            Slot::OwnState { state, factor } => {
                own.restore(state)?;
                own.rescale(*factor);
            }
        }
        self.schedule = Slot::Own(own);
        Ok(())
    }

    /// Goes back to the configured schedule, from its start, if a schedule of the user's own was used.
    pub fn set_configured(&mut self) {
        if self.is_own() {
            self.schedule = Slot::Configured(self.config.schedule(self.base_rate));
        }
    }

    /// Whether a schedule of the user's own is in use, not the configured one.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        !matches!(self.schedule, Slot::Configured(_))
    }

    /// Whether the rate of a step depends on how long the run is.
    #[must_use]
    pub fn depends_on_total_steps(&self) -> bool {
        match &self.schedule {
            Slot::Configured(schedule) | Slot::Own(schedule) => schedule.depends_on_total_steps(),
            Slot::OwnState { .. } => true,
        }
    }

    /// The same schedule for a run of another length.
    #[must_use]
    pub fn with_total_steps(self, total_steps: u64) -> Self {
        Self { total_steps, ..self }
    }

    /// Steps of the whole run that the schedule was made for.
    #[must_use]
    pub const fn total_steps(&self) -> u64 {
        self.total_steps
    }

    /// Continues under another configuration: what was counted is kept, and a rate that has fallen keeps its ratio to the base
    /// rate.
    pub fn reconfigure(&mut self, config: &LearningRateConfig, base_rate: f64) {
        if let Slot::Configured(schedule) = &mut self.schedule {
            let state = schedule.state();
            *schedule = config.schedule(self.base_rate);
            if !state.is_null() {
                // Another kind of schedule has no use for this state, and starts anew.
                let _ = schedule.restore(&state);
            }
        }
        self.config.clone_from(config);
        if base_rate.to_bits() != self.base_rate.to_bits() {
            let by = base_rate / self.base_rate;
            match &mut self.schedule {
                Slot::Configured(schedule) | Slot::Own(schedule) => schedule.rescale(by),
                Slot::OwnState { factor, .. } => *factor *= by,
            }
            self.base_rate = base_rate;
        }
    }

    /// The rate of step `step`, counted from 0 over the run. For a schedule of the user's own that was read from a checkpoint, the
    /// rate is known only once the schedule has been set ([`Trainer::schedule`](crate::Trainer::schedule)); until then, this is the
    /// base rate.
    #[must_use]
    pub fn at(&self, step: u64) -> f64 {
        match &self.schedule {
            Slot::Configured(schedule) | Slot::Own(schedule) => {
                schedule.rate(&Progress { step, total_steps: self.total_steps, base_rate: self.base_rate })
            }
            Slot::OwnState { .. } => self.base_rate,
        }
    }

    /// Takes a validation into account. Returns (old, new) if it changes the rate of the next step.
    pub fn on_validation(&mut self, validation: &ValidationResult<'_>) -> Option<(f64, f64)> {
        let old = self.at(validation.step);
        match &mut self.schedule {
            Slot::Configured(schedule) | Slot::Own(schedule) => schedule.on_validation(validation),
            Slot::OwnState { .. } => {}
        }
        let new = self.at(validation.step);
        (old.to_bits() != new.to_bits()).then_some((old, new))
    }
}

impl PartialEq for LearningRateScheduler {
    /// Two schedulers are equal if a checkpoint stores them in the same way.
    fn eq(&self, other: &Self) -> bool {
        Saved::from(self.clone()) == Saved::from(other.clone())
    }
}

/// A schedule in a checkpoint. In format 2 each has the fields of a plateau.
#[derive(PartialEq, Serialize, Deserialize)]
struct Saved {
    config: LearningRateConfig,
    initial: f64,
    total_steps: u64,
    #[serde(flatten)]
    counted: Counted,
    /// The state of a schedule of the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<OwnState>,
}

/// In a struct of its own, so that a state of `null` differs from no state.
#[derive(PartialEq, Serialize, Deserialize)]
struct OwnState {
    state: Value,
}

impl From<LearningRateScheduler> for Saved {
    fn from(scheduler: LearningRateScheduler) -> Self {
        let LearningRateScheduler { config, base_rate, total_steps, schedule } = scheduler;
        let (counted, own) = match schedule {
            Slot::Configured(schedule) => (Counted::deserialize(schedule.state()).ok(), None),
            Slot::Own(schedule) => (None, Some(OwnState { state: schedule.state() })),
            Slot::OwnState { state, .. } => (None, Some(OwnState { state })),
        };
        let counted = counted.unwrap_or(Counted::from_rate(base_rate));
        Self { config, initial: base_rate, total_steps, counted, own }
    }
}

impl From<Saved> for LearningRateScheduler {
    fn from(saved: Saved) -> Self {
        let Saved { config, initial, total_steps, counted, own } = saved;
        let schedule = match own {
            Some(OwnState { state }) => Slot::OwnState { state, factor: 1.0 },
            None => {
                let mut schedule = config.schedule(initial);
                // Schedules without a state have nothing to restore; the others have these fields.
                let _ = serde_json::to_value(&counted).map(|state| schedule.restore(&state));
                Slot::Configured(schedule)
            }
        };
        Self { config, base_rate: initial, total_steps, schedule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PlateauConfig;

    #[test]
    fn a_schedule_of_format_2_is_written_as_it_was() {
        let plateau = r#"{"config":{"kind":"plateau","monitor":"loss","factor":0.5,"patience":10,"threshold":0.0001,"threshold_mode":"relative","cooldown":0,"min_learning_rate":0.0,"epsilon":1e-8},"initial":0.001,"total_steps":3,"current":0.0005,"best":0.25,"bad_validations":2,"cooldown_left":1}"#;
        let cosine = r#"{"config":{"kind":"warmup_cosine","warmup_steps":2,"floor":0.1},"initial":0.001,"total_steps":3,"current":0.001,"best":null,"bad_validations":0,"cooldown_left":0}"#;
        let constant = r#"{"config":{"kind":"constant"},"initial":1e+30,"total_steps":3,"current":1e+30,"best":null,"bad_validations":0,"cooldown_left":0}"#;
        for json in [plateau, cosine, constant] {
            let scheduler: LearningRateScheduler = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&scheduler).unwrap(), json);
        }
        let scheduler: LearningRateScheduler = serde_json::from_str(plateau).unwrap();
        assert_eq!(scheduler.at(7), 0.0005);
    }

    #[test]
    fn a_rate_that_had_fallen_keeps_its_share_under_another_configuration() {
        let json = r#"{"config":{"kind":"plateau"},"initial":0.5,"total_steps":3,"current":0.25,"best":1.0,"bad_validations":2,"cooldown_left":1}"#;
        for config in [LearningRateConfig::Plateau(PlateauConfig::default()), LearningRateConfig::Constant] {
            let mut scheduler: LearningRateScheduler = serde_json::from_str(json).unwrap();
            scheduler.reconfigure(&config, 1.0);
            assert_eq!(scheduler.at(0), 0.5);
        }
    }

    #[test]
    fn unknown_kinds_and_fields_and_impossible_values_are_errors_that_name_them() {
        let read = |json: &str| serde_json::from_str::<LearningRateConfig>(json).map_err(|error| error.to_string());
        let message = read(r#"{"kind": "cosin"}"#).unwrap_err();
        for kind in ["`constant`", "`linear`", "`warmup_cosine`", "`cosine_restarts`", "`one_cycle`", "`plateau`"] {
            assert!(message.contains("cosin") && message.contains(kind), "{message}");
        }
        for kind in ["`inverse_square_root`", "`step`", "`multi_step`"] {
            assert!(message.contains(kind), "{message}");
        }
        assert!(read(r#"{"kind": "linear", "flor": 0.1}"#).unwrap_err().contains("flor"));
        assert!(read(r#"{"kind": "step", "factor": 0.1}"#).unwrap_err().contains("step_size"));
        for (json, field) in [
            (r#"{"kind": "linear", "floor": 1.5}"#, "floor"),
            (r#"{"kind": "cosine_restarts", "period": 0}"#, "period"),
            (r#"{"kind": "one_cycle", "pct_start": 0.6, "three_phase": true}"#, "pct_start"),
            (r#"{"kind": "one_cycle", "div_factor": 0.0}"#, "div_factor"),
            (r#"{"kind": "inverse_square_root", "warmup_steps": 0}"#, "warmup_steps"),
            (r#"{"kind": "step", "step_size": 3, "factor": -1.0}"#, "factor"),
            (r#"{"kind": "multi_step", "milestones": [3], "factor": 0.0}"#, "factor"),
        ] {
            let message = read(json).unwrap().validate().unwrap_err().to_string();
            assert!(message.starts_with(&format!("`{field}` is ")), "{message}");
        }
    }
}
