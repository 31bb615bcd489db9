use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use drivetrain_data::{DataError, Fingerprint, Tokenizer, write_atomically};
use drivetrain_nn::StateDict;
use drivetrain_train::safetensors_of;
use serde::Serialize;

use super::ExportConfig;
use super::files::{CONFIG, TOKENIZER, WEIGHTS};
use crate::best::Best;
use crate::error::{Result, RunError};
use crate::run::Run;

/// Writes an exported model to `folder`, complete or absent: `config.json`, without which a folder does not count as a model, is
/// removed first and written last. If the folder already holds this model, nothing is written; other files in the folder are kept.
///
/// # Errors
/// [`ExportError::FieldClash`](crate::ExportError::FieldClash) before anything is written; when a file cannot be written.
pub fn write_export<Sizes: Serialize, Extra: Serialize>(
    folder: &Path,
    mut config: ExportConfig<Sizes, Extra>,
    weights: &StateDict,
    tokenizer: Option<&Tokenizer>,
) -> Result<()> {
    config.check_fields()?;
    let weights = safetensors_of(&folder.join(WEIGHTS), weights)?;
    let tokenizer_json = tokenizer.map(Tokenizer::to_json).transpose()?;
    let files = [(WEIGHTS, Some(&weights[..])), (TOKENIZER, tokenizer_json.as_deref().map(str::as_bytes))];
    config.tokenizer = tokenizer.map(Tokenizer::fingerprint);
    config.file_hashes =
        files.iter().filter_map(|(name, bytes)| Some(((*name).to_owned(), Fingerprint::of_bytes((*bytes)?)))).collect();
    let path = folder.join(CONFIG);
    let text = serde_json::to_string_pretty(&config).map_err(|error| DataError::io(&path)(error.into()))? + "\n";
    if is_there(folder, &text, &files) {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(DataError::io(folder))?;
    remove(path.clone())?;
    for (name, bytes) in files {
        match bytes {
            Some(bytes) => write(&folder.join(name), bytes)?,
            None => remove(folder.join(name))?,
        }
    }
    write(&path, text.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    Ok(write_atomically(path, |writer| writer.write_all(bytes))?)
}

/// Whether `folder` holds this model already.
fn is_there(folder: &Path, config: &str, files: &[(&str, Option<&[u8]>)]) -> bool {
    let is_same = |(name, bytes): &(&str, Option<&[u8]>)| {
        Fingerprint::of_file(folder.join(name)).ok() == bytes.map(Fingerprint::of_bytes)
    };
    std::fs::read_to_string(folder.join(CONFIG)).is_ok_and(|found| found == config) && files.iter().all(is_same)
}

fn remove(path: PathBuf) -> Result<()> {
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(RunError::Replace { path, source }),
        _ => Ok(()),
    }
}

impl Run {
    /// Exports the model of `best` to the run's folder `export`, complete or absent; returns the path.
    ///
    /// # Errors
    /// Those of [`write_export`].
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
