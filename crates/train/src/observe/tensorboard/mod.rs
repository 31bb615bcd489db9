//! TensorBoard's event files: `file.rs` writes one, `proto.rs` encodes and decodes its bytes, and `plugins.rs` makes the values for
//! the pages other than Scalars.

mod file;
mod plugins;
mod proto;

use std::path::{Path, PathBuf};

use self::file::EventFile;
use self::proto::{Frame, frames};
use super::{Control, Event, Observer, StepEnd, Validated};
use crate::Result;

/// The prefix of the tags of single steps; all other tags belong to validations.
const OF_STEPS: &str = "step/";

/// Writes scalars to three TensorBoard runs, so that related curves share a chart: `train` and `validation` hold the two losses,
/// `validation` and `patience` the early-stop count and its limit. In addition, it writes changes of the run as text, histograms if
/// the trainer is asked for them, and the hyperparameters with the final metrics. The horizontal axis is the number of steps.
///
/// A resumed run appends to the same files, after removing the steps that it will take again: no chart has an overlap or a gap.
pub struct TensorBoard {
    folder: PathBuf,
    files: Option<Files>,
    every: u64,
}

struct Files {
    train: EventFile,
    validation: EventFile,
    patience: EventFile,
    /// In the folder itself; the HParams page reads it.
    hparams: EventFile,
}

impl Files {
    fn all(&mut self) -> [&mut EventFile; 4] {
        [&mut self.train, &mut self.validation, &mut self.patience, &mut self.hparams]
    }
}

impl TensorBoard {
    /// Writes below `folder`; of the training steps, only every `every`-th (0: none).
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, every: u64) -> Self {
        Self { folder: folder.into(), files: None, every }
    }

    /// Notes in the files below `folder` that their run has ended, if the process that trained it was killed before it could do so.
    /// Otherwise, the HParams page would show the run as running forever.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn close(folder: impl AsRef<Path>) -> Result<()> {
        let Some(mut hparams) = EventFile::reopen(folder.as_ref())? else { return Ok(()) };
        if hparams.has_tag(plugins::SESSION_END)? {
            return Ok(());
        }
        hparams.values(0, [plugins::hparams_end(plugins::Status::Success)])?;
        hparams.sync()
    }
}

impl Drop for TensorBoard {
    /// Marks a run that ends with an error as failed.
    fn drop(&mut self) {
        if let Some(files) = &mut self.files {
            // The error that ended the run is reported by `fit`.
            let _ = files.hparams.values(0, [plugins::hparams_end(plugins::Status::Failure)]);
            let _ = files.hparams.flush();
        }
    }
}

impl Observer for TensorBoard {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if let Event::RunStart(start) = event {
            let step = start.resumed_at.map_or(0, |at| at.step);
            let open = |part: &str| EventFile::open(&self.folder.join(part), step, start.validated_at);
            let mut files = Files {
                train: open("train")?,
                validation: open("validation")?,
                patience: open("patience")?,
                hparams: EventFile::open(&self.folder, 0, 0)?,
            };
            files.hparams.values(0, plugins::hparams_start(&start.config))?;
            self.files = Some(files);
        }
        let Some(files) = &mut self.files else { return Ok(Control::Continue) };
        match event {
            Event::Step(step) if self.every > 0 && step.step.is_multiple_of(self.every) => step_scalars(files, step)?,
            Event::Tensors { step, weights, gradients } => {
                for (kind, state) in [("weights", weights), ("gradients", gradients)] {
                    let histograms = state
                        .tensors
                        .iter()
                        .map(|(name, tensor)| plugins::histogram(&format!("{kind}/{name}"), &tensor.values));
                    files.train.values(step + 1, histograms)?;
                }
            }
            Event::Validated(validated) => validation_scalars(files, validated)?,
            Event::Incident(incident) => write_text(files, incident.step, event)?,
            Event::NewBest { step, .. }
            | Event::LearningRate { step, .. }
            | Event::Dropout { step, .. }
            | Event::NearEarlyStop { step, .. }
            | Event::EarlyStop { step, .. } => write_text(files, *step, event)?,
            Event::Saving { .. } => files.all().into_iter().try_for_each(EventFile::sync)?,
            Event::RunEnd(_) => files.hparams.values(0, [plugins::hparams_end(plugins::Status::Success)])?,
            _ => {}
        }
        match event {
            Event::RunStart(_) | Event::Validated(_) | Event::RunEnd(_) => {
                files.all().into_iter().try_for_each(EventFile::flush)?;
            }
            _ => {}
        }
        if matches!(event, Event::RunEnd(_)) {
            self.files = None;
        }
        Ok(Control::Continue)
    }
}

fn step_scalars(files: &mut Files, step: &StepEnd<'_>) -> Result<()> {
    let components = &step.gradient_norms.components;
    let names: Vec<String> = components.iter().map(|(name, _)| format!("step/gradient_norm/{name}")).collect();
    let mut scalars = vec![
        ("step/loss", step.loss),
        ("step/gradient_norm", step.gradient_norms.total),
        ("step/learning_rate", step.learning_rate),
    ];
    scalars.extend(names.iter().zip(components).map(|(name, (_, norm))| (name.as_str(), *norm)));
    files.train.scalars(step.step + 1, &scalars)
}

fn validation_scalars(files: &mut Files, validated: &Validated<'_>) -> Result<()> {
    let (record, throughput) = (validated.record, &validated.throughput);
    let mut scalars = vec![
        ("loss", record.train_loss),
        ("learning_rate", record.learning_rate),
        ("dropout", record.dropout),
        ("speed/samples_per_second", throughput.samples_per_second()),
        ("speed/loader_stall_share", throughput.loader_stall_share()),
    ];
    if throughput.size.positions > 0 {
        scalars.push(("speed/tokens_per_second", throughput.tokens_per_second()));
        scalars.push(("speed/padding_share", throughput.padding_share()));
    }
    if throughput.flops > 0.0 {
        scalars.push(("speed/gflops", throughput.gflops()));
    }
    // If the run was resumed within this interval, there may be nothing left of it to measure.
    scalars.retain(|(_, value)| value.is_finite());
    files.train.scalars(record.step, &scalars)?;

    let (count, patience) = validated.early_stop;
    let names: Vec<String> = record.metrics.iter().map(|(name, _)| format!("metrics/{name}")).collect();
    let mut scalars =
        vec![("loss", record.validation_loss), ("score", record.score), ("early_stop_count", count as f64)];
    scalars.extend(names.iter().zip(&record.metrics).map(|(name, (_, value))| (name.as_str(), *value)));
    files.validation.scalars(record.step, &scalars)?;
    if patience > 0 { files.patience.scalars(record.step, &[("early_stop_count", patience as f64)]) } else { Ok(()) }
}

/// A change of the run as text.
fn write_text(files: &mut Files, step: u64, event: &Event<'_>) -> Result<()> {
    let mut text = event.to_string();
    if let Event::Incident(incident) = event {
        let (places, more) = incident.first_places();
        places.iter().for_each(|place| text += &format!("\n{place}"));
        if more > 0 {
            text += &format!("\nand {more} more");
        }
    }
    files.validation.values(step, [plugins::text("events", &text)])
}

/// The scalars of an event file written by [`TensorBoard`], as (step, tag, value), with every checksum verified.
///
/// # Errors
/// Says what is wrong and at which byte.
pub fn read_scalars(file: &[u8]) -> std::result::Result<Vec<(u64, String, f32)>, String> {
    let mut found = Vec::new();
    for frame in frames(file) {
        let Frame { step, scalars, .. } = frame?;
        found.extend(scalars.into_iter().filter_map(|(tag, value)| Some((step, tag.into_owned(), value?))));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = EventFile::create(folder.path()).unwrap();
        file.scalars(300, &[("loss", 0.25), ("metrics/f1", 0.5)]).unwrap();
        file.scalars(70_000, &[("loss", 0.125)]).unwrap();
        file.flush().unwrap();
        let mut bytes = std::fs::read(&file.path).unwrap();
        let scalar = |step, tag: &str, value| (step, tag.to_owned(), value);
        let expected = vec![scalar(300, "loss", 0.25), scalar(300, "metrics/f1", 0.5), scalar(70_000, "loss", 0.125)];
        assert_eq!(read_scalars(&bytes), Ok(expected));
        let last = bytes.len() - 6;
        bytes[last] ^= 1;
        assert!(read_scalars(&bytes).unwrap_err().contains("checksum"));
    }
}
