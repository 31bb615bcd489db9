use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use drivetrain_data::{DataError, Tokenizer};
use drivetrain_nn::StateDict;
use drivetrain_train::{read_safetensors, write_safetensors};
use serde::Serialize;

use super::ExportConfig;
use super::files::{CONFIG, TOKENIZER, WEIGHTS};
use crate::best::Best;
use crate::error::{Result, RunError};
use crate::folder::write_json;
use crate::run::Run;

/// Writes an exported model to `folder`, complete or absent: `config.json`, without which it is none, is removed first and
/// written last. A folder that holds this model already is not touched, nor are other files in it.
///
/// # Errors
/// When a file cannot be written.
pub fn write_export<Sizes: Serialize, Extra: Serialize>(
    folder: &Path,
    mut config: ExportConfig<Sizes, Extra>,
    weights: &StateDict,
    tokenizer: Option<&Tokenizer>,
) -> Result<()> {
    config.tokenizer = tokenizer.map(Tokenizer::fingerprint);
    if is_there(folder, &config, weights, tokenizer) {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(|source| DataError::Io { path: folder.to_path_buf(), source })?;
    remove(folder.join(CONFIG))?;
    write_safetensors(&folder.join(WEIGHTS), weights)?;
    match tokenizer {
        Some(tokenizer) => tokenizer.save(folder.join(TOKENIZER))?,
        None => remove(folder.join(TOKENIZER))?,
    }
    Ok(write_json(&folder.join(CONFIG), &config)?)
}

/// Whether `folder` holds this model already.
fn is_there(folder: &Path, config: &impl Serialize, weights: &StateDict, tokenizer: Option<&Tokenizer>) -> bool {
    let text = serde_json::to_string_pretty(config).map(|text| text + "\n").ok();
    let fingerprint = Tokenizer::load(folder.join(TOKENIZER)).ok().map(|found| found.fingerprint());
    text.is_some_and(|text| std::fs::read_to_string(folder.join(CONFIG)).is_ok_and(|found| found == text))
        && fingerprint == tokenizer.map(Tokenizer::fingerprint)
        && read_safetensors(&folder.join(WEIGHTS)).is_ok_and(|found| found == *weights)
}

fn remove(path: PathBuf) -> Result<()> {
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(RunError::Replace { path, source }),
        _ => Ok(()),
    }
}

impl Run {
    /// Exports the model of `best` to the run's folder `export`, complete or absent; gives its path.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn export<Sizes: Serialize, Extra: Serialize>(
        &self,
        best: &Best,
        config: ExportConfig<Sizes, Extra>,
        tokenizer: Option<&Tokenizer>,
    ) -> Result<PathBuf> {
        let folder = self.file("export");
        write_export(&folder, config, &best.weights, tokenizer)?;
        Ok(folder)
    }
}
