//! Step 8: the best checkpoint as a model for `predict` and other programs.

use std::path::PathBuf;

use crate::decision::Decision;
use crate::error::Result;
use crate::model;

use super::best::Best;
use super::session::Session;

/// Writes the folder of the exported model; gives its path.
pub(super) fn export(session: &Session<'_>, best: &Best, decision: Decision) -> Result<PathBuf> {
    let (config, tokenizer) = (session.config, &session.prepared.tokenizer);
    let folder = session.run.file("export");
    let encoder = config.encoder(tokenizer.vocab_size());
    model::export(&folder, &encoder, &best.weights, tokenizer, config.predict, decision)?;
    Ok(folder)
}
