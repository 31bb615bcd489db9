use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use drivetrain_data::write_atomically;
use serde_json::{Value, json};

use super::{Event, Observer};
use crate::{Result, TrainError};

/// `metrics.jsonl`: one object per `every`-th step (`"kind": "step"`) and per validation (`"kind": "validation"`).
///
/// A resumed run first drops the lines of steps it will take again, so the file has no overlap and no gap.
pub struct JsonLines {
    path: PathBuf,
    file: Option<File>,
    every: u64,
}

impl JsonLines {
    /// Writes to `path`, steps only every `every`-th (0: none).
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, every: u64) -> Self {
        Self { path: path.into(), file: None, every }
    }

    fn open(&mut self, resumed_at: Option<u64>) -> Result<()> {
        let kept = match resumed_at {
            None => String::new(),
            Some(step) => lines_before(&self.path, step)?,
        };
        write_atomically(&self.path, |writer| writer.write_all(kept.as_bytes()))?;
        let file = OpenOptions::new().append(true).open(&self.path).map_err(TrainError::io(&self.path))?;
        self.file = Some(file);
        Ok(())
    }

    fn write(&mut self, value: &Value) -> Result<()> {
        match &mut self.file {
            Some(file) => writeln!(file, "{value}").map_err(TrainError::io(&self.path)),
            None => Ok(()),
        }
    }
}

/// The lines of `path` that a run standing before `step` has written: steps below it, validations up to it.
fn lines_before(path: &Path, step: u64) -> Result<String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(TrainError::io(path)(error)),
    };
    let keep = |line: &&str| {
        let Ok(value) = serde_json::from_str::<Value>(line) else { return false };
        let last = if value["kind"] == "validation" { step + 1 } else { step };
        value["step"].as_u64().is_some_and(|at| at < last)
    };
    Ok(text.lines().filter(keep).map(|line| format!("{line}\n")).collect())
}

impl Observer for JsonLines {
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::RunStart(start) => self.open(start.resumed_at.map(|at| at.step)),
            Event::Step(step) if self.every > 0 && step.step.is_multiple_of(self.every) => self.write(&json!({
                "kind": "step", "epoch": step.epoch, "step": step.step, "loss": step.loss,
                "learning_rate": step.learning_rate, "gradient_norm": step.gradient_norm,
            })),
            Event::Validated(validated) => {
                let record = validated.record;
                let mut value = json!({
                    "kind": "validation", "epoch": record.epoch, "step": record.step, "train_loss": record.train_loss,
                    "validation_loss": record.validation_loss, "score": record.score,
                    "learning_rate": record.learning_rate, "dropout": record.dropout,
                });
                for (name, figure) in &record.figures {
                    value[name] = json!(figure);
                }
                self.write(&value)
            }
            _ => Ok(()),
        }
    }
}
