//! An event of a run as JSON.

use drivetrain::train::{Event, Summary, event_record};
use serde_json::{Value, json};

/// The record of an event: as in `metrics.jsonl`, and also for the start and end of the run and of each epoch, and for checkpoints.
/// `None` for other events, such as single validation steps.
pub(super) fn record(event: &Event<'_>) -> Option<Value> {
    event_record(event).or_else(|| {
        Some(match event {
            Event::RunStart(start) => json!({
                "kind": "run_start", "parameters": start.parameters, "train_samples": start.train_samples,
                "validation_samples": start.validation_samples, "batches": start.batches, "epochs": start.epochs,
                "resumed_at": start.resumed_at.map(|at| at.step),
            }),
            Event::EpochStart { epoch, epochs, batches, first_batch } => json!({
                "kind": "epoch_start", "epoch": epoch, "epochs": epochs, "batches": batches, "first_batch": first_batch,
            }),
            Event::EpochEnd { epoch } => json!({ "kind": "epoch_end", "epoch": epoch }),
            Event::Saved { path, is_best, .. } => json!({ "kind": "saved", "path": path, "is_best": is_best }),
            Event::SaveFailed { error, .. } => json!({ "kind": "save_failed", "what": error.to_string() }),
            Event::RunEnd(summary) => end(summary),
            _ => return None,
        })
    })
}

fn end(summary: &Summary) -> Value {
    json!({
        "kind": "run_end", "epochs": summary.epochs, "steps": summary.steps, "best": summary.best.map(|best| best.score),
        "stopped_early": summary.stopped_early, "seconds": summary.seconds,
    })
}
