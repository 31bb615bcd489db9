//! The history of a run: `metrics.jsonl` and `timings.jsonl`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::goal::Goal;
use super::records::{Incident, RunEvent, Session, Step, Timing, Validation};

/// The history of a run, as recorded in its files.
#[derive(Clone, Debug, Default)]
pub struct RunHistory {
    /// In the order of the run.
    pub steps: Vec<Step>,
    /// In the order of the run.
    pub validations: Vec<Validation>,
    /// In the order of the run.
    pub events: Vec<RunEvent>,
    /// In the order of the run.
    pub incidents: Vec<Incident>,
    /// In the order of the run; each step is in one of them.
    pub timings: Vec<Timing>,
    /// In chronological order.
    pub sessions: Vec<Session>,
}

impl RunHistory {
    /// Reads the history in `folder`. Files that do not exist yet count as empty; a line that is not a record, such as the
    /// incomplete last line of a killed process, is skipped.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut history = Self::default();
        each_record(&folder.join("metrics.jsonl"), |kind, record| match kind {
            "step" => push(&mut history.steps, record),
            "validation" => push(&mut history.validations, record),
            "event" => push(&mut history.events, record),
            "incident" => push(&mut history.incidents, record),
            _ => {}
        })?;
        each_record(&folder.join("timings.jsonl"), |kind, record| match kind {
            "start" => push(&mut history.sessions, record),
            "interval" => {
                push(&mut history.timings, record);
                // Steps that were repeated count once: the last time.
                if let [.., _, last] = &history.timings[..] {
                    let step = last.step;
                    let end = history.timings.len() - 1;
                    let again = history.timings[..end].iter().position(|timing| timing.step >= step);
                    history.timings.drain(again.unwrap_or(end)..end);
                }
            }
            "end" => {
                if let Some(session) = history.sessions.last_mut() {
                    let text = |name: &str| record[name].as_str().map(str::to_owned);
                    (session.why_ended, session.ended) = (text("why"), text("time"));
                }
            }
            _ => {}
        })?;
        Ok(history)
    }

    /// The metric that the validations are compared by.
    #[must_use]
    pub fn goal(&self) -> Goal {
        Goal::of(&self.validations)
    }

    /// The best validation by the run's [`goal`](Self::goal), the first of several equal ones. A validation does not count if its
    /// loss or its goal is not finite, or if it was compared by another goal, before the run was resumed with this one: its model
    /// was not kept.
    #[must_use]
    pub fn best(&self) -> Option<&Validation> {
        let goal = self.goal();
        let is_sound = |v: &&Validation| {
            Goal::of(std::slice::from_ref(*v)) == goal && goal.value(v).is_finite() && v.validation_loss.is_finite()
        };
        self.validations.iter().filter(is_sound).fold(None, |best: Option<&Validation>, v| match best {
            Some(best) if goal.gain(goal.value(best), goal.value(v)) <= 0.0 => Some(best),
            _ => Some(v),
        })
    }

    /// The value of the run's [`goal`](Self::goal) in the best validation.
    #[must_use]
    pub fn best_value(&self) -> Option<f64> {
        self.best().map(|best| self.goal().value(best))
    }

    /// The sum of all timings.
    #[must_use]
    pub fn total(&self) -> Timing {
        self.timings.iter().fold(Timing::default(), |sum, i| Timing {
            step: i.step,
            samples: sum.samples + i.samples,
            tokens: sum.tokens + i.tokens,
            positions: sum.positions + i.positions,
            gflop: sum.gflop + i.gflop,
            loading_s: sum.loading_s + i.loading_s,
            forward_s: sum.forward_s + i.forward_s,
            backward_s: sum.backward_s + i.backward_s,
            optimizer_s: sum.optimizer_s + i.optimizer_s,
            saving_s: sum.saving_s + i.saving_s,
            training_s: sum.training_s + i.training_s,
            validation_s: sum.validation_s + i.validation_s,
        })
    }
}

fn push<T: for<'de> Deserialize<'de>>(records: &mut Vec<T>, record: &Value) {
    records.extend(T::deserialize(record).ok());
}

/// Passes every record of a JSON Lines file to `each`, with its kind.
fn each_record(path: &Path, mut each: impl FnMut(&str, &Value)) -> io::Result<()> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if let Ok(record) = serde_json::from_slice::<Value>(&line) {
            each(record["kind"].as_str().unwrap_or_default(), &record);
        }
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(mode: &str, values: &[f64]) -> RunHistory {
        let validation = |(epoch, value): (usize, &f64)| {
            let record = serde_json::json!({
                "epoch": epoch, "step": epoch, "train_loss": 1.0, "validation_loss": 1.0, "score": 0.5, "rmse": value,
                "monitor": "rmse", "mode": mode,
            });
            Validation::deserialize(record).unwrap()
        };
        let validations = values.iter().enumerate().map(validation).collect();
        RunHistory { validations, ..RunHistory::default() }
    }

    #[test]
    fn the_best_validation_is_that_with_the_lowest_value_where_lower_is_better() {
        let values = [3.0, 1.5, f64::NAN, 1.5, 2.0];
        let best = |mode| history(mode, &values).best().map(|best| best.epoch);
        assert_eq!((best("min"), best("max")), (Some(1), Some(0)));
        assert_eq!(history("min", &values).best_value(), Some(1.5));
    }

    #[test]
    fn a_run_that_names_no_metric_is_compared_by_its_score() {
        let mut history = history("min", &[3.0, 1.5]);
        history.validations.iter_mut().for_each(|v| (v.monitor, v.mode) = (None, None));
        assert_eq!((history.goal(), history.best_value()), (Goal::default(), Some(0.5)));
    }

    #[test]
    fn after_a_change_of_the_goal_only_later_validations_are_compared() {
        let mut history = history("min", &[1.0, 3.0, 2.0]);
        (history.validations[0].monitor, history.validations[0].mode) = (None, None);
        assert_eq!(history.best().map(|best| best.epoch), Some(2));
    }

    #[test]
    fn a_metric_that_the_run_monitors_and_did_not_measure_has_no_best_value() {
        let mut history = history("min", &[3.0]);
        history.validations[0].monitor = Some("accuracy".into());
        assert_eq!(history.best_value(), None);
    }
}
