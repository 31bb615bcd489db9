//! A run that starts from the weights of a trained model (`init`).

use std::path::Path;

use drivetrain::burn::tensor::Device;
use drivetrain::nn::{EncoderConfig, SequenceClassifier};
use drivetrain::run::{Pretrained, RunFolder, check_is_no_run};

use crate::config::{ModelConfig, RunConfig};
use crate::error::{ConfigError, Result};
use crate::labels::Labels;

use super::host::Host;
use super::notice::Notice;

/// Sets the dimensions in `config` to those of the model in `folder`, except for the maximum input length and the precision.
pub(super) fn adopt_sizes(config: &mut RunConfig, folder: &Path) -> Result<()> {
    check_is_no_run(folder)?;
    let EncoderConfig { d_model, n_heads, n_layers, d_feed_forward, activation, .. } = Pretrained::encoder_of(folder)?;
    config.model = ModelConfig {
        d_model: Some(d_model),
        n_heads: Some(n_heads),
        n_layers: Some(n_layers),
        d_feed_forward: Some(d_feed_forward),
        activation: Some(activation),
        ..config.model
    };
    let invalid = |problem| ConfigError::Invalid { path: folder.join("config.json"), problem };
    Ok(config.validate().map_err(invalid)?)
}

/// The model that a new run starts from; `None` if there is a checkpoint to resume from, or if the run starts from random
/// weights. Whether the weights fit is checked here, before samples are generated.
pub(super) fn open(config: &RunConfig, run: &RunFolder) -> Result<Option<Pretrained>> {
    let Some(folder) = config.init.as_ref().filter(|_| run.checkpoints().is_empty()) else { return Ok(None) };
    let pretrained = Pretrained::open(folder)?;
    let encoder = config.encoder(pretrained.tokenizer.vocab_size());
    // The labels come from the samples, which are read later. Only the head depends on them.
    let n_labels = pretrained.labels.as_ref().map_or(1, Vec::len);
    let network = SequenceClassifier::zeroed(&encoder, n_labels.max(1), &Device::flex())?;
    pretrained.load_into(network, &["head"])?;
    Ok(Some(pretrained))
}

/// The parts that are not taken from the model: the head, unless the model has the same types in the same order.
fn new_parts(pretrained: &Pretrained, labels: &Labels) -> &'static [&'static str] {
    let is_ours = |found: &Vec<String>| !labels.is_single() && found.iter().map(String::as_str).eq(labels.names());
    if pretrained.labels.as_ref().is_some_and(is_ours) { &[] } else { &["head"] }
}

/// `network` with the weights of `pretrained`.
pub(super) fn load(
    pretrained: &Pretrained,
    network: SequenceClassifier,
    labels: &Labels,
    host: &dyn Host,
) -> Result<SequenceClassifier> {
    let new_parts = new_parts(pretrained, labels);
    let (network, report) = pretrained.load_into(network, new_parts)?;
    let folder = pretrained.folder.clone();
    host.notice(Notice::StartsFrom { folder, tensors: report.loaded.len(), is_head_new: !new_parts.is_empty() });
    Ok(network)
}
