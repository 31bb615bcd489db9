use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Control, Event, Notice, Observer};
use crate::{Monitored, Result, TrainError};

/// `metrics.jsonl`: one object for every `every`-th step (`"kind": "step"`), each validation (`"kind": "validation"`), each change
/// that a validation causes (`"kind": "event"`: new best, learning rate, dropout, early stop), each outlier (`"kind": "incident"`),
/// and each notice before the first step (`"kind": "notice"`). Nothing in it depends on the clock: two identical runs write the
/// same bytes.
///
/// A resumed run first drops the lines of steps it will take again, so the file has no overlap and no gap.
pub struct JsonLines {
    path: PathBuf,
    file: Option<File>,
    every: u64,
}

impl JsonLines {
    /// Writes to `path`; of the steps, only every `every`-th (0: none).
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, every: u64) -> Self {
        Self { path: path.into(), file: None, every }
    }

    /// Opens the file for a run that resumes after the steps below `step` and the validations up to `validated`.
    fn open(&mut self, step: u64, validated: u64) -> Result<()> {
        let open = || -> io::Result<File> {
            let mut file = File::options().read(true).append(true).create(true).open(&self.path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let kept = length_kept(&bytes, |line| {
                let follows_validation = line["kind"] == "validation" || line["kind"] == "event";
                let last = if follows_validation { validated + 1 } else { step };
                line["step"].as_u64().is_some_and(|at| at < last)
            });
            file.set_len(kept as u64)?;
            Ok(file)
        };
        self.file = Some(open().map_err(TrainError::io(&self.path))?);
        Ok(())
    }

    fn write(&mut self, value: &Value) -> Result<()> {
        match &mut self.file {
            // In one piece, so that a line is seldom cut short.
            Some(file) => file.write_all(format!("{value}\n").as_bytes()).map_err(TrainError::io(&self.path)),
            None => Ok(()),
        }
    }
}

/// The end of the last complete line that `keep` accepts. Lines after it belong to steps that will be taken again, or were cut
/// short. Since lines are in the order of the run, only these have to be read.
fn length_kept(bytes: &[u8], keep: impl Fn(&Value) -> bool) -> usize {
    let mut end = bytes.len();
    while let Some(line_end) = bytes[..end].iter().rposition(|&byte| byte == b'\n') {
        let start = bytes[..line_end].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1);
        if serde_json::from_slice(&bytes[start..line_end]).is_ok_and(|line| keep(&line)) {
            return line_end + 1;
        }
        end = start;
    }
    0
}

impl Observer for JsonLines {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::RunStart(start) => self.open(start.resumed_at.map_or(0, |at| at.step), start.validated_at)?,
            Event::Step(step) if self.every == 0 || !step.step.is_multiple_of(self.every) => {}
            // A resumed run has written it already.
            Event::Notice { step, .. } if *step > 0 => {}
            // It is about this process, but identical runs must have identical files.
            Event::Notice { notice: Notice::Other(_), .. } => {}
            Event::Saving { .. } => {
                if let Some(file) = &self.file {
                    file.sync_data().map_err(TrainError::io(&self.path))?;
                }
            }
            other => {
                if let Some(value) = event_record(other) {
                    self.write(&value)?;
                }
            }
        }
        Ok(Control::Continue)
    }
}

/// Names what decides which validation is the best, if that is not the score.
fn note_monitored(value: &mut Value, monitored: &Monitored) {
    if !monitored.is_default() {
        value["monitor"] = json!(monitored.monitor);
        value["mode"] = json!(monitored.mode);
    }
}

/// An event as JSON; most events have none. `metrics.jsonl` is made of these.
#[must_use]
pub fn event_record(event: &Event<'_>) -> Option<Value> {
    Some(match event {
        Event::Step(step) => {
            let mut value = json!({
                "kind": "step", "epoch": step.epoch, "step": step.step, "samples": step.samples, "loss": step.loss,
                "learning_rate": step.learning_rate, "dropout": step.dropout,
                "gradient_norm": step.gradient_norms.total,
            });
            value["gradient_norms"] = step.gradient_norms.components.iter().cloned().collect();
            if let Some(size) = step.size {
                value["tokens"] = json!(size.tokens);
                value["positions"] = json!(size.positions);
            }
            value
        }
        Event::Validated(validated) => {
            let record = validated.record;
            let mut value = json!({
                "kind": "validation", "epoch": record.epoch, "step": record.step, "train_loss": record.train_loss,
                "validation_loss": record.validation_loss, "score": record.score,
                "learning_rate": record.learning_rate, "dropout": record.dropout,
                "early_stop_count": validated.early_stop.0, "early_stop_patience": validated.early_stop.1,
            });
            note_monitored(&mut value, validated.monitored);
            for (name, figure) in &record.metrics {
                value[name] = json!(figure);
            }
            if !validated.classes.is_empty() {
                value["classes"] = json!(validated.classes);
            }
            if !validated.class_names.is_empty() {
                value["class_names"] = json!(validated.class_names);
            }
            value
        }
        Event::NewBest { epoch, step, monitored, value: new, former } => {
            let mut value = json!({
                "kind": "event", "event": "new_best", "epoch": epoch, "step": step, "old": former, "new": new,
            });
            note_monitored(&mut value, monitored);
            value
        }
        Event::LearningRate { epoch, step, old, new } => json!({
            "kind": "event", "event": "learning_rate", "epoch": epoch, "step": step, "old": old, "new": new,
        }),
        Event::Dropout { epoch, step, old, new } => json!({
            "kind": "event", "event": "dropout", "epoch": epoch, "step": step, "old": old, "new": new,
        }),
        Event::NearEarlyStop { epoch, step, count, patience } => json!({
            "kind": "event", "event": "near_early_stop", "epoch": epoch, "step": step, "count": count,
            "patience": patience,
        }),
        Event::EarlyStop { epoch, step, count, .. } => json!({
            "kind": "event", "event": "early_stop", "epoch": epoch, "step": step, "count": count,
        }),
        Event::Notice { step, notice } => json!({ "kind": "notice", "step": step, "what": notice.to_string() }),
        Event::Incident(incident) => json!({
            "kind": "incident", "epoch": incident.epoch, "step": incident.step, "what": incident.outlier.to_string(),
            "skipped": incident.is_skipped,
        }),
        _ => return None,
    })
}
