//! The value by which validations are compared: the loss, the score, or a metric by its name.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Result, TrainError};

/// A value of a validation that the best checkpoint, early stopping or a plateau schedule depends on. It is written as `"loss"`,
/// `"score"`, `"best"`, or the name of a metric ([`MetricValues::named`](crate::MetricValues::named)).
///
/// ```
/// use drivetrain_train::Monitor;
///
/// assert_eq!(Monitor::from("loss"), Monitor::Loss);
/// assert_eq!(Monitor::from("macro_f1"), Monitor::Metric("macro_f1".into()));
/// assert_eq!(serde_json::to_string(&Monitor::Score)?, r#""score""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Monitor {
    /// The validation loss: lower is better.
    #[default]
    Loss,
    /// The metric's score: higher is better, unless [`MetricValues::mode_of`](crate::MetricValues::mode_of) says otherwise.
    Score,
    /// For a plateau schedule: what the trainer's own `monitor` names.
    Best,
    /// The metric of this name.
    Metric(String),
}

impl From<String> for Monitor {
    fn from(name: String) -> Self {
        match name.as_str() {
            "loss" => Self::Loss,
            "score" => Self::Score,
            "best" => Self::Best,
            _ => Self::Metric(name),
        }
    }
}

impl From<&str> for Monitor {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<Monitor> for String {
    fn from(monitor: Monitor) -> Self {
        match monitor {
            Monitor::Metric(name) => name,
            other => other.name().to_owned(),
        }
    }
}

impl Monitor {
    /// As it is written in a configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Loss => "loss",
            Self::Score => "score",
            Self::Best => "best",
            Self::Metric(name) => name,
        }
    }

    /// The name, if it is that of a metric.
    pub(crate) fn metric(&self) -> Option<&str> {
        match self {
            Self::Metric(name) => Some(name),
            Self::Loss | Self::Score | Self::Best => None,
        }
    }

    pub(crate) const fn is_score(&self) -> bool {
        matches!(self, Self::Score)
    }

    /// Whether higher or lower values are better: what `mode` says, or else what is known about the value. `mode_of` is the
    /// metric's function.
    ///
    /// # Errors
    /// When this is not known, or `mode` contradicts the loss.
    pub(crate) fn mode(
        &self,
        mode: Option<MonitorMode>,
        mode_of: fn(&str) -> Option<MonitorMode>,
    ) -> Result<MonitorMode> {
        match (self, mode) {
            (Self::Loss, Some(MonitorMode::Max)) => Err(TrainError::Config {
                field: "mode",
                found: "max".into(),
                expected: "min where the loss is monitored",
            }),
            (_, Some(mode)) => Ok(mode),
            (Self::Loss, None) => Ok(MonitorMode::Min),
            (Self::Score | Self::Best, None) => Ok(mode_of("score").unwrap_or(MonitorMode::Max)),
            (Self::Metric(name), None) => mode_of(name).ok_or_else(|| TrainError::NoMode { name: name.clone() }),
        }
    }
}

impl fmt::Display for Monitor {
    /// For people: `score`, `validation loss`, or the metric's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Loss { "validation loss" } else { self.name() })
    }
}

/// Whether higher or lower values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorMode {
    /// Lower is better.
    Min,
    /// Higher is better.
    Max,
}

impl MonitorMode {
    /// Whether `value` is better than `best` by more than `delta`. NaN is never better.
    #[must_use]
    pub fn improves(self, value: f64, best: f64, delta: f64) -> bool {
        match self {
            Self::Min => value < best - delta,
            Self::Max => value > best + delta,
        }
    }
}

/// What decides which validation is the best: a value, and whether higher or lower is better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitored {
    /// The value.
    pub monitor: Monitor,
    /// Whether higher or lower is better.
    pub mode: MonitorMode,
}

impl Default for Monitored {
    /// The score, higher is better.
    fn default() -> Self {
        Self { monitor: Monitor::Score, mode: MonitorMode::Max }
    }
}

impl Monitored {
    /// Whether it is the score, and higher is better.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a validation found, as schedules receive it.
#[derive(Clone, Copy, Debug)]
pub struct ValidationResult<'a> {
    /// Steps taken by then.
    pub step: u64,
    /// The mean validation loss; NaN if the loss or the monitored value is not finite.
    pub loss: f64,
    /// The metric's score; NaN in the same case.
    pub score: f64,
    /// The metric's values by name.
    pub metrics: &'a [(String, f64)],
    /// What decides which validation is the best.
    pub monitored: &'a Monitored,
    /// The metric's [`MetricValues::mode_of`](crate::MetricValues::mode_of).
    pub mode_of: fn(&str) -> Option<MonitorMode>,
}

impl ValidationResult<'_> {
    /// The value that `monitor` stands for; NaN if there is none of that name.
    #[must_use]
    pub fn value(&self, monitor: &Monitor) -> f64 {
        match monitor {
            Monitor::Loss => self.loss,
            Monitor::Score => self.score,
            Monitor::Best => match &self.monitored.monitor {
                Monitor::Best => f64::NAN,
                other => self.value(other),
            },
            Monitor::Metric(name) => {
                self.metrics.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, value)| *value)
            }
        }
    }

    /// Whether higher or lower is better for that value. What `mode` says takes precedence, except for [`Monitor::Best`].
    #[must_use]
    pub fn mode(&self, monitor: &Monitor, mode: Option<MonitorMode>) -> MonitorMode {
        match monitor {
            Monitor::Best => self.monitored.mode,
            _ if mode.is_none() && *monitor == self.monitored.monitor => self.monitored.mode,
            // A check before the first step has made sure that there is a mode.
            _ => monitor.mode(mode, self.mode_of).unwrap_or(MonitorMode::Min),
        }
    }
}
