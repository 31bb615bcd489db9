//! The best checkpoint of a run.

use std::path::PathBuf;

use drivetrain_data::Fingerprint;
use drivetrain_nn::StateDict;
use drivetrain_train::Loaded;

use crate::error::Result;
use crate::run::Run;

/// The best checkpoint of a run: the one with the best monitored value on the validation samples.
#[derive(Debug)]
pub struct Best {
    /// Its folder.
    pub path: PathBuf,
    /// The weights that were validated: the average if validations use it.
    pub weights: StateDict,
    /// Steps taken by then.
    pub step: u64,
    /// Its score.
    pub score: f64,
    /// The monitored value, by which it is the best: the score, unless the trainer's `monitor` names another value.
    pub value: f64,
}

impl Best {
    /// Changes with any weight.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let bytes: Vec<u8> = self
            .weights
            .tensors
            .iter()
            .flat_map(|(name, tensor)| {
                let values = tensor.values.iter().flat_map(|value| value.to_le_bytes());
                name.bytes().chain(values)
            })
            .collect();
        Fingerprint::of_bytes(&bytes)
    }
}

impl Run {
    /// The best checkpoint.
    ///
    /// # Errors
    /// When nothing was validated yet, no validation was finite, or the checkpoint is damaged.
    pub fn best(&self) -> Result<Best> {
        let Loaded { path, checkpoint, .. } = self.folder.checkpoints().load_best()?;
        let state = &checkpoint.meta.state;
        let (step, best) = (state.position.step, state.best.as_ref());
        let (score, value) = best.map_or((f64::NAN, f64::NAN), |best| (best.score, best.value));
        Ok(Best { path, weights: checkpoint.into_validated_weights(), step, score, value })
    }
}
