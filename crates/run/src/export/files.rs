use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use drivetrain_data::{Fingerprint, Tokenizer, read_bounded};
use drivetrain_nn::StateDict;
use drivetrain_train::safetensors_from;
use serde::de::DeserializeOwned;

use super::config::FileHashes;
use super::{ExportConfig, Exported};
use crate::error::{ExportError, Result};

/// The configuration, written last and removed first: a folder without it does not count as a model.
pub(super) const CONFIG: &str = "config.json";
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const TOKENIZER: &str = "tokenizer.json";

/// The largest `config.json` that is read, in bytes.
const LARGEST_CONFIG: u64 = 1 << 20;

/// The largest of the other files that is read, in bytes.
const LARGEST_PART: u64 = 1 << 32;

/// The files of an exported model: read from its folder, or compiled into a program.
pub struct ExportFiles<'a> {
    pub(super) folder: PathBuf,
    pub(super) config: Cow<'a, [u8]>,
    pub(super) weights: Cow<'a, [u8]>,
    /// A model may have none.
    pub(super) tokenizer: io::Result<Cow<'a, [u8]>>,
}

impl<'a> ExportFiles<'a> {
    /// Reads the files of a folder.
    ///
    /// # Errors
    /// When one is missing, or the folder is a run's.
    pub fn read(folder: &Path) -> Result<Self, ExportError> {
        check_is_no_run(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            config: Cow::Owned(read_config(folder)?),
            tokenizer: read_bounded(folder.join(TOKENIZER), LARGEST_PART).map(Cow::Owned),
            weights: Cow::Owned(read(folder, WEIGHTS, LARGEST_PART)?),
        })
    }

    /// Files in memory; `folder` is the name that errors give them.
    pub fn in_memory(folder: impl Into<PathBuf>, config: &'a [u8], tokenizer: &'a [u8], weights: &'a [u8]) -> Self {
        let (config, tokenizer, weights) = (Cow::Borrowed(config), Cow::Borrowed(tokenizer), Cow::Borrowed(weights));
        Self { folder: folder.into(), config, weights, tokenizer: Ok(tokenizer) }
    }

    /// The path of `config.json`, for error messages.
    #[must_use]
    pub fn config_path(&self) -> PathBuf {
        self.folder.join(CONFIG)
    }

    /// The fingerprint of the content of all files: it changes with anything that the model's outputs depend on.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let tokenizer = self.tokenizer.as_deref().unwrap_or_default();
        let files = [&*self.config, tokenizer, &*self.weights];
        Fingerprint::of_bytes(files.map(|bytes| Fingerprint::of_bytes(bytes).to_string()).concat().as_bytes())
    }

    /// Parses `config.json`.
    ///
    /// # Errors
    /// When it is not a configuration of this type.
    pub fn config<Sizes: DeserializeOwned, Extra: DeserializeOwned>(
        &self,
    ) -> Result<ExportConfig<Sizes, Extra>, ExportError> {
        let syntax = |problem| ExportError::Syntax { path: self.config_path(), problem };
        serde_json::from_slice(&self.config).map_err(syntax)
    }

    /// Parses the other files, and checks that they belong to `config`.
    ///
    /// # Errors
    /// When one is damaged or missing, or belongs to another model.
    pub fn parse<Sizes, Extra>(self, config: ExportConfig<Sizes, Extra>) -> Result<Exported<Sizes, Extra>> {
        let weights_path = self.folder.join(WEIGHTS);
        let weights = weights_from(&weights_path, &self.weights, &config.file_hashes)?;
        let tokenizer = match config.tokenizer {
            Some(expected) => Some(tokenizer_from(&self.folder, self.tokenizer, Some(expected), &config.file_hashes)?),
            None => None,
        };
        Ok(Exported { config, tokenizer, weights, weights_path })
    }
}

/// The content of `config.json`.
pub(super) fn read_config(folder: &Path) -> Result<Vec<u8>, ExportError> {
    read(folder, CONFIG, LARGEST_CONFIG)
}

fn read(folder: &Path, name: &str, largest: u64) -> Result<Vec<u8>, ExportError> {
    let path = folder.join(name);
    read_bounded(&path, largest).map_err(|source| ExportError::Unreadable { folder: folder.into(), path, source })
}

/// The weights in `bytes`, the content of the file at `path`.
pub(super) fn weights_from(path: &Path, bytes: &[u8], hashes: &FileHashes) -> Result<StateDict> {
    check_hash(path, bytes, hashes)?;
    Ok(safetensors_from(path, bytes)?)
}

/// The tokenizer in `bytes`. It must have the fingerprint `expected`, if that is known: that of the tokenizer that the model was
/// trained with.
pub(super) fn tokenizer_from(
    folder: &Path,
    bytes: io::Result<Cow<'_, [u8]>>,
    expected: Option<Fingerprint>,
    hashes: &FileHashes,
) -> Result<Tokenizer> {
    let path = folder.join(TOKENIZER);
    let unreadable = |source| ExportError::Unreadable { folder: folder.into(), path: path.clone(), source };
    let bytes = bytes.map_err(unreadable)?;
    let whole = check_hash(&path, &bytes, hashes);
    let found = match Tokenizer::from_bytes(&path, &bytes) {
        Ok(found) => found,
        // That a file is damaged says more than why it cannot be parsed.
        Err(problem) => return Err(whole.err().map_or(problem.into(), Into::into)),
    };
    if let Some(expected) = expected.filter(|expected| *expected != found.fingerprint()) {
        let (found, expected) = (found.fingerprint().short(), expected.short());
        return Err(ExportError::Tokenizer { path, found, expected }.into());
    }
    whole?;
    Ok(found)
}

/// Checks that a file is the one that was exported, as far as that is known.
fn check_hash(path: &Path, bytes: &[u8], hashes: &FileHashes) -> Result<(), ExportError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(expected) = hashes.get(&*name) else { return Ok(()) };
    let found = Fingerprint::of_bytes(bytes);
    if *expected == found {
        return Ok(());
    }
    let (path, found, expected) = (path.to_path_buf(), found.short(), expected.short());
    Err(ExportError::Altered { path, found, expected })
}

/// Checks that `folder` is not the folder of a run, which is easily mistaken for that of its exported model.
///
/// # Errors
/// When it is the folder of a run.
pub fn check_is_no_run(folder: &Path) -> Result<(), ExportError> {
    let is_run = ["config.toml", "run.json", "checkpoints"].iter().any(|name| folder.join(name).exists());
    if !is_run || folder.join(CONFIG).exists() {
        return Ok(());
    }
    let export = folder.join("export");
    let export = export.join(CONFIG).exists().then_some(export);
    Err(ExportError::IsRun { folder: folder.to_path_buf(), export })
}
