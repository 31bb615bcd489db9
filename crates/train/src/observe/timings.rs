use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::{Control, Event, Observer, timestamp};
use crate::{Result, TrainError};

/// `timings.jsonl`: what depends on the clock. One object when the run starts or resumes (`"kind": "start"`), one per
/// validation, about the training before it (`"kind": "interval"`), and one when the run ends (`"kind": "end"`).
///
/// The file is only ever appended to. Of two intervals that end at the same step, the later one counts: the run was resumed from an
/// earlier step and took the steps again.
pub struct Timings {
    path: PathBuf,
    file: File,
    /// The maximum number of epochs of the run.
    epochs: u64,
}

impl Timings {
    /// Opens `path` for appending.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn append(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(TrainError::io(&path))?;
        Ok(Self { path, file, epochs: 0 })
    }

    /// Notes in the file at `path` that its run has ended, and `why`, if the process that trained it was killed before it could do
    /// so.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn close(path: impl AsRef<Path>, step: u64, why: &str) -> Result<()> {
        let path = path.as_ref();
        let Ok(text) = std::fs::read_to_string(path) else { return Ok(()) };
        let records = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut turns = records.filter(|record| record["kind"] == "start" || record["kind"] == "end");
        if turns.next_back().is_none_or(|last| last["kind"] == "end") {
            return Ok(());
        }
        let mut timings = Self::append(path)?;
        // A line that was cut short is not a record, and the next line must not become part of it.
        if !text.ends_with('\n') {
            timings.file.write_all(b"\n").map_err(TrainError::io(path))?;
        }
        timings.write(json!({"kind": "end", "step": step, "why": why}))
    }

    fn write(&mut self, mut value: Value) -> Result<()> {
        value["time"] = json!(timestamp(SystemTime::now()));
        self.file.write_all(format!("{value}\n").as_bytes()).map_err(TrainError::io(&self.path))
    }
}

impl Observer for Timings {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::RunStart(start) => {
                self.epochs = start.epochs;
                self.write(json!({
                    "kind": "start", "step": start.resumed_at.map_or(0, |at| at.step), "epochs": start.epochs,
                    "steps_per_epoch": start.batches, "train_samples": start.train_samples,
                    "validation_samples": start.validation_samples, "parameters": start.parameters,
                    "device": start.device, "instruction_set": start.instruction_set, "threads": start.threads,
                }))?;
            }
            Event::Validated(validated) => {
                let (throughput, record) = (&validated.throughput, validated.record);
                self.write(json!({
                    "kind": "interval", "epoch": record.epoch, "step": record.step, "steps": throughput.steps,
                    "samples": throughput.samples, "tokens": throughput.size.tokens, "positions": throughput.size.positions,
                    "gflop": throughput.flops / 1e9, "loading_s": throughput.time.loading.as_secs_f64(),
                    "forward_s": throughput.time.forward.as_secs_f64(),
                    "backward_s": throughput.time.backward.as_secs_f64(),
                    "optimizer_s": throughput.time.optimizer.as_secs_f64(), "saving_s": throughput.saving.as_secs_f64(),
                    "training_s": throughput.wall.as_secs_f64(),
                    "validation_s": validated.validation_time.as_secs_f64(),
                }))?;
            }
            Event::RunEnd(summary) => {
                let why = match summary {
                    _ if summary.stopped_early => "early_stop",
                    _ if summary.epochs >= self.epochs => "completed",
                    _ => "stopped",
                };
                self.write(json!({"kind": "end", "step": summary.steps, "why": why, "duration_s": summary.seconds}))?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
