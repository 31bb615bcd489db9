//! The history of a run: `metrics.jsonl` and `timings.jsonl`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::Path;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::analysis::ClassRow;

/// A logged step.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// Counted from 0 over the run.
    pub step: u64,
    /// Counted from 0.
    pub epoch: u64,
    /// Mean over the batch.
    #[serde(deserialize_with = "number")]
    pub loss: f64,
    /// Of this step.
    #[serde(default)]
    pub learning_rate: f64,
    /// Of this step.
    #[serde(default)]
    pub dropout: f64,
    /// Of all gradients together, before clipping.
    #[serde(default, deserialize_with = "number")]
    pub gradient_norm: f64,
    /// Component by component.
    #[serde(default)]
    pub gradient_norms: BTreeMap<String, f64>,
}

/// A validation.
#[derive(Clone, Debug, Deserialize)]
pub struct Validation {
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken.
    pub step: u64,
    /// Mean over the training since the validation before.
    #[serde(deserialize_with = "number")]
    pub train_loss: f64,
    /// Mean over the validation set.
    #[serde(deserialize_with = "number")]
    pub validation_loss: f64,
    /// The metric's score: what validations are compared by unless `monitor` names another value.
    #[serde(deserialize_with = "number")]
    pub score: f64,
    /// What they are compared by where it is not the score: `loss`, or the name of a metric.
    #[serde(default)]
    pub monitor: Option<String>,
    /// Whether a lower value of that is better (`min`) or a higher one (`max`).
    #[serde(default)]
    pub mode: Option<String>,
    /// Of the step before.
    #[serde(default)]
    pub learning_rate: f64,
    /// Of the training before.
    #[serde(default)]
    pub dropout: f64,
    /// Validations in a row without improvement.
    #[serde(default)]
    pub early_stop_count: u64,
    /// How many end the run; 0: none do.
    #[serde(default)]
    pub early_stop_patience: u64,
    /// Class by class, in the order of the logits.
    #[serde(default)]
    pub classes: Vec<ClassRow>,
    /// Every further metric.
    #[serde(flatten)]
    pub metrics: BTreeMap<String, Value>,
}

impl Validation {
    /// The value that validations are compared by; NaN where it is unknown.
    #[must_use]
    pub fn monitored(&self) -> f64 {
        match self.monitor.as_deref() {
            None | Some("score") => self.score,
            Some("loss") => self.validation_loss,
            Some(name) => self.metric(name).unwrap_or(f64::NAN),
        }
    }

    /// Whether a lower value of that is better.
    #[must_use]
    pub fn is_lower_better(&self) -> bool {
        self.mode.as_deref() == Some("min")
    }

    /// Whether that value is better than the other validation's, by what this one is compared by.
    #[must_use]
    pub fn is_better_than(&self, other: &Self) -> bool {
        let (now, then) = (self.monitored(), other.monitored());
        if self.is_lower_better() { now < then } else { now > then }
    }

    /// A further metric by its name.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.get(name)?.as_f64()
    }
}

/// Something that a validation led to.
#[derive(Clone, Debug, Deserialize)]
pub struct RunEvent {
    /// `new_best`, `learning_rate`, `dropout`, `near_early_stop` or `early_stop`.
    pub event: String,
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken.
    pub step: u64,
    /// Before.
    pub old: Option<f64>,
    /// After.
    pub new: Option<f64>,
    /// Validations without improvement.
    pub count: Option<u64>,
}

/// A batch or a validation with a non-finite loss, or a loss spike.
#[derive(Clone, Debug, Deserialize)]
pub struct Incident {
    /// Counted from 0.
    pub epoch: u64,
    /// Counted from 0 over the run.
    pub step: u64,
    /// What happened.
    pub what: String,
    /// Whether the batch was skipped.
    pub skipped: bool,
}

/// The work between two validations, and the time it took.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// Steps taken at its end.
    pub step: u64,
    /// Trained on.
    pub samples: u64,
    /// Real tokens.
    pub tokens: u64,
    /// Real tokens and padding.
    pub positions: u64,
    /// Of forward and backward passes.
    pub gflop: f64,
    /// Training waited for the loader.
    pub loading_s: f64,
    /// From batches to losses.
    pub forward_s: f64,
    /// From losses to gradients.
    pub backward_s: f64,
    /// From gradients to weights.
    pub optimizer_s: f64,
    /// Training waited for checkpoints.
    pub saving_s: f64,
    /// The whole training by the clock.
    pub training_s: f64,
    /// The validation after it.
    pub validation_s: f64,
}

/// A start of the program that trained.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Session {
    /// When, in UTC.
    pub time: String,
    /// Steps taken before.
    pub step: u64,
    /// Most epochs.
    pub epochs: u64,
    /// Batches per epoch.
    pub steps_per_epoch: u64,
    /// In the training set.
    pub train_samples: u64,
    /// In the validation set.
    pub validation_samples: u64,
    /// Of the model.
    pub parameters: u64,
    /// Where the model lived.
    pub device: String,
    /// What the processor offered.
    pub instruction_set: String,
    /// That computed.
    pub threads: u64,
    /// How it ended, where it is known: `completed`, `early_stop` or `stopped`.
    pub why_ended: Option<String>,
    /// When, in UTC.
    pub ended: Option<String>,
}

/// The history of a run, as its files have it.
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
    /// In the order of the clock.
    pub sessions: Vec<Session>,
}

impl RunHistory {
    /// Reads what is in `folder`. Files that are not there yet are empty; a line that is no record, as the last one of a killed
    /// process may be, is passed over.
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
                // Steps that were taken again count once: the last time.
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

    /// The validation whose monitored value is the best, the first of several; one whose loss or monitored value is not finite is
    /// none.
    #[must_use]
    pub fn best(&self) -> Option<&Validation> {
        let last = self.validations.last();
        // A resumed run may compare by another value than before; the last one counts.
        let is_sound = |v: &&Validation| {
            let is_same = last.is_some_and(|last| (&last.monitor, &last.mode) == (&v.monitor, &v.mode));
            is_same && v.monitored().is_finite() && v.validation_loss.is_finite()
        };
        self.validations.iter().filter(is_sound).fold(None, |best: Option<&Validation>, v| match best {
            Some(best) if !v.is_better_than(best) => Some(best),
            _ => Some(v),
        })
    }

    /// All of them in one.
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

/// Gives every record of a file of JSON lines with its kind.
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

/// JSON has no word for what is not a number but `null`.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
}
