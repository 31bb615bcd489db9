use std::io::Write;
use std::path::PathBuf;

use drivetrain_data::write_atomically;
use serde_json::json;

use super::{Control, Event, Observer};
use crate::{Result, TrainError};

/// Writes the samples of each batch with an outlier: `step-00000123.json` says what happened and where the samples come from;
/// `step-00000123.samples` contains their texts, one per line, like a sample file.
pub struct Incidents {
    folder: PathBuf,
}

impl Incidents {
    /// Writes to `folder`, which is created when there is something to write.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Observer for Incidents {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let Event::Incident(incident) = event else { return Ok(Control::Continue) };
        std::fs::create_dir_all(&self.folder).map_err(TrainError::io(&self.folder))?;
        // A step and the validation before it have the same number.
        let suffix = if incident.outlier.is_of_validation() { "-validation" } else { "" };
        let name = format!("step-{:08}{suffix}", incident.step);
        let record = json!({
            "what": incident.outlier.to_string(),
            "epoch": incident.epoch, "batch": incident.batch, "step": incident.step,
            "skipped": incident.is_skipped,
            "samples": incident.samples.iter().map(|sample| &sample.place).collect::<Vec<_>>(),
        });
        write_atomically(self.folder.join(format!("{name}.json")), |writer| writeln!(writer, "{record:#}"))?;
        let texts: String =
            incident.samples.iter().filter_map(|sample| sample.text.as_ref()).map(|text| format!("{text}\n")).collect();
        if !texts.is_empty() {
            write_atomically(self.folder.join(format!("{name}.samples")), |writer| writer.write_all(texts.as_bytes()))?;
        }
        Ok(Control::Continue)
    }
}
