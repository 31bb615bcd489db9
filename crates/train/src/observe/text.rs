use std::time::Duration;

use super::{Event, Incident, Validated};

/// How many samples of a batch are named.
const SHOWN: usize = 3;

/// An event as lines for people; most events have none. The console and the log file say the same.
#[must_use]
pub fn describe(event: &Event<'_>) -> Vec<String> {
    match event {
        Event::RunStart(start) => {
            let mut lines = vec![match start.resumed_at {
                None => "training starts".to_owned(),
                Some(at) => format!("training goes on at epoch {}, batch {}, step {}", at.epoch + 1, at.batch, at.step),
            }];
            flatten("", &start.config, &mut lines);
            lines.extend([
                format!("  {:<34} {}", "parameters", start.parameters),
                format!("  {:<34} {} in {} batches", "training samples", start.train_samples, start.batches),
                format!("  {:<34} {}", "validation samples", start.validation_samples),
                format!(
                    "  {:<34} learning rate {:.2e}, dropout {:.3}",
                    "starting at", start.learning_rate, start.dropout
                ),
                format!("  {:<34} {}", "instruction set", start.instruction_set),
            ]);
            if let Some(best) = start.best {
                lines.push(format!("  {:<34} score {:.5} in epoch {}", "best so far", best.score, best.epoch + 1));
            }
            lines
        }
        Event::Validated(validated) => epoch_lines(validated),
        Event::NewBest { score, former: None, .. } => vec![format!("  ★ first best: score {score:.5}")],
        Event::NewBest { score, former: Some(former), .. } => {
            vec![format!("  ★ new best: score {former:.5} → {score:.5}")]
        }
        Event::LearningRate { old, new, .. } => vec![format!("  ↓ learning rate {old:.3e} → {new:.3e}")],
        Event::Dropout { old, new, .. } => {
            vec![format!(
                "  ↑ dropout {old:.3} → {new:.3} (training loss falls, validation loss rises); patience restarts"
            )]
        }
        Event::NearEarlyStop { count, patience, .. } => {
            vec![format!("  ! {count} of {patience} validations without improvement before early stop")]
        }
        Event::EarlyStop { count, best, .. } => {
            let best =
                best.map_or(String::new(), |best| format!("; best: epoch {}, score {:.5}", best.epoch + 1, best.score));
            vec![format!("  ■ early stop: {count} validations without improvement{best}")]
        }
        Event::Incident(incident) => incident_lines(incident),
        Event::SaveFailed { error, retry_after } => vec![format!(
            "  ! the checkpoint could not be saved: {error}; earlier ones are untouched, the next try is in {}",
            say_duration(*retry_after)
        )],
        Event::RunEnd(summary) => {
            let time = say_duration(Duration::from_secs_f64(summary.seconds));
            let best = summary.best.map_or("no validation yet".to_owned(), |best| {
                format!("best score {:.5} in epoch {}", best.score, best.epoch + 1)
            });
            let mut lines =
                vec![format!("training ends after {} epochs, {} steps, {time}: {best}", summary.epochs, summary.steps)];
            if summary.saves > 0 {
                let share = summary.save_wait.as_secs_f64() / summary.seconds.max(1e-9);
                let (count, wait) = (summary.saves, say_duration(summary.save_wait));
                let what = if count == 1 { "checkpoint" } else { "checkpoints" };
                lines.push(format!("  {count} {what}; training waited {wait} for them ({:.2} %)", share * 100.0));
            }
            if summary.skipped_batches > 0 {
                lines.push(format!("  {} batches were skipped: their numbers were wrong", summary.skipped_batches));
            }
            lines
        }
        _ => Vec::new(),
    }
}

/// What is wrong with which samples.
fn incident_lines(incident: &Incident<'_>) -> Vec<String> {
    let Incident { trouble, epoch, batch, step, samples, is_skipped } = incident;
    let what = if *is_skipped { "the batch is skipped" } else { "training stops before it touches the weights" };
    let mut lines = vec![format!("  ! {trouble} at step {step} (epoch {}, batch {batch}): {what}", epoch + 1)];
    lines.extend(samples.iter().take(SHOWN).map(|sample| format!("      {}", sample.place)));
    if samples.len() > SHOWN {
        lines.push(format!("      and {} more", samples.len() - SHOWN));
    }
    lines
}

/// What to look at first, then the rest.
fn epoch_lines(validated: &Validated<'_>) -> Vec<String> {
    let record = validated.record;
    let with_change = |of: fn(&crate::EpochRecord) -> f64| match validated.previous {
        Some(previous) => format!("{:.4} ({:+.4})", of(record), of(record) - of(previous)),
        None => format!("{:.4}", of(record)),
    };
    let figures: Vec<String> = record.figures.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
    vec![
        format!(
            "epoch {}/{}  score {}  train loss {}  validation loss {}",
            record.epoch + 1,
            validated.epochs,
            with_change(|record| record.score),
            with_change(|record| record.train_loss),
            with_change(|record| record.validation_loss),
        ),
        format!("  {}", figures.join("  ")),
        format!(
            "  learning rate {:.2e}  dropout {:.3}  {:.0} samples/s  training {}  validation {}",
            record.learning_rate,
            record.dropout,
            validated.samples_per_second,
            say_duration(validated.training_time),
            say_duration(validated.validation_time),
        ),
    ]
}

/// A nested configuration as `  model.d_model   128` lines.
fn flatten(path: &str, value: &serde_json::Value, lines: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, lines);
            }
        }
        serde_json::Value::String(text) => lines.push(format!("  {path:<34} {text}")),
        other => lines.push(format!("  {path:<34} {other}")),
    }
}

/// A duration as people say it: `1h 02m 03s`, `4m 05s`, `6.7s`.
fn say_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) => format!("{:.1}s", duration.as_secs_f64()),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, seconds) => format!("{hours}h {minutes:02}m {seconds:02}s"),
    }
}
