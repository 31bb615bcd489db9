//! Step 8: the best checkpoint as a model for `predict` and other programs.

use std::path::PathBuf;

use crate::decision::Decision;
use crate::error::Result;
use crate::model::export_config;

use super::best::Best;
use super::session::Session;

/// Writes the folder of the exported model; returns its path.
pub(super) fn export(session: &Session<'_>, best: &Best, decision: Decision) -> Result<PathBuf> {
    let (config, tokenizer) = (session.config, &session.prepared.tokenizer);
    let exported =
        export_config(config.encoder(tokenizer.vocab_size()), config.predict, decision, &session.prepared.labels);
    Ok(session.run.export(&best.checkpoint, exported, Some(tokenizer))?)
}
