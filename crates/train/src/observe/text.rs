use std::time::Duration;

use super::{Event, Validated};
use crate::trainer::say_duration;

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
                format!("  parameters           {}", start.parameters),
                format!("  training samples     {} in {} batches", start.train_samples, start.batches),
                format!("  validation samples   {}", start.validation_samples),
                format!(
                    "  starting at          learning rate {:.2e}, dropout {:.3}",
                    start.learning_rate, start.dropout
                ),
                format!("  instruction set      {}", start.instruction_set),
            ]);
            if let Some(best) = start.best {
                lines.push(format!("  best so far          score {:.5} (epoch {})", best.score, best.epoch + 1));
            }
            lines
        }
        Event::Validated(validated) => vec![epoch_line(validated)],
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
        Event::RunEnd(summary) => {
            let time = say_duration(Duration::from_secs_f64(summary.seconds));
            let best = summary.best.map_or("no validation yet".to_owned(), |best| {
                format!("best score {:.5} in epoch {}", best.score, best.epoch + 1)
            });
            vec![format!("training ends after {} epochs, {} steps, {time}: {best}", summary.epochs, summary.steps)]
        }
        _ => Vec::new(),
    }
}

fn epoch_line(validated: &Validated<'_>) -> String {
    let record = validated.record;
    let change = |of: fn(&crate::EpochRecord) -> f64| match validated.previous {
        Some(previous) => format!(" ({:+.4})", of(record) - of(previous)),
        None => String::new(),
    };
    let figures: String = record.figures.iter().map(|(name, value)| format!("  {name} {value:.4}")).collect();
    format!(
        "epoch {:>2}/{}  train {:.4}{}  val {:.4}{}  score {:.4}{}{figures}  lr {:.2e}  dropout {:.3}  {:.0} samples/s  val {}",
        record.epoch + 1,
        validated.epochs,
        record.train_loss,
        change(|record| record.train_loss),
        record.validation_loss,
        change(|record| record.validation_loss),
        record.score,
        change(|record| record.score),
        record.learning_rate,
        record.dropout,
        validated.samples_per_second,
        say_duration(validated.validation_time),
    )
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
