//! What a run's samples and tokenizer were made from: `prepared.json`.

use std::path::PathBuf;

use drivetrain::data::{Fingerprint, read_bounded};
use drivetrain::run::RunFolder;
use serde::{Deserialize, Serialize};

use crate::config::{SamplesConfig, TokenizerConfig};
use crate::error::{Result, RunError};

const FILE: &str = "prepared.json";

/// The generator's version and settings.
pub(super) type Generated = (u32, SamplesConfig);

/// What the run's samples and tokenizer were made from. As long as this does not change, they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Origins {
    /// The generator's version and settings, if the run generated its samples itself.
    pub(super) generated: Option<Generated>,
    /// The sample file.
    pub(super) samples: PathBuf,
    /// Its content.
    pub(super) content: Fingerprint,
    /// The tokenizer's settings.
    pub(super) tokenizer: TokenizerConfig,
    /// The tokenizer's content.
    pub(super) vocabulary: Fingerprint,
    /// The labels, where they are not the built-in types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) labels: Option<Vec<String>>,
}

impl Origins {
    /// The origins of a run; `None` if nothing has been prepared yet.
    ///
    /// # Errors
    /// When the file of a run that was trained cannot be read.
    pub(super) fn of(run: &RunFolder) -> Result<Option<Self>> {
        let path = run.file(FILE);
        let read = || -> std::io::Result<Self> { Ok(serde_json::from_slice(&read_bounded(&path, 1 << 20)?)?) };
        match read() {
            Ok(origins) => Ok(Some(origins)),
            Err(_) if run.checkpoints().is_empty() => Ok(None),
            Err(source) => Err(RunError::Read { path, source }.into()),
        }
    }

    /// Writes them to a run's folder, unless they are there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, run: &RunFolder) -> Result<()> {
        if Self::of(run)?.as_ref() == Some(self) {
            return Ok(());
        }
        Ok(run.write_json(FILE, self)?)
    }
}

/// The earlier state of a run's preparation.
pub(super) struct Earlier {
    origins: Option<Origins>,
    pub(super) is_trained: bool,
}

impl Earlier {
    /// # Errors
    /// As [`Origins::of`].
    pub(super) fn of(run: &RunFolder) -> Result<Self> {
        Ok(Self { origins: Origins::of(run)?, is_trained: !run.checkpoints().is_empty() })
    }

    /// Whether existing samples are kept, given what would be `generated` now. The samples of a trained model are kept even if
    /// a newer version of the generator would produce others.
    pub(super) fn keeps_samples(&self, generated: Generated) -> bool {
        let before = self.origins.as_ref().and_then(|origins| origins.generated);
        before.is_some_and(|before| before == generated || (self.is_trained && before.1 == generated.1))
    }

    /// The tokenizer to keep, given these settings and the content of the samples. A trained model depends on the ids of its
    /// tokenizer, so its tokenizer is kept even if the samples have changed.
    pub(super) fn kept_tokenizer(&self, settings: TokenizerConfig, content: Fingerprint) -> Option<Fingerprint> {
        let is_kept =
            |origins: &&Origins| origins.tokenizer == settings && (self.is_trained || origins.content == content);
        self.origins.as_ref().filter(is_kept).map(|origins| origins.vocabulary)
    }
}
