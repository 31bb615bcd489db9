use std::path::{Path, PathBuf};

use drivetrain_data::Tokenizer;
use drivetrain_nn::burn::module::Module;
use drivetrain_nn::burn::tensor::Device;
use drivetrain_nn::{EncoderConfig, NnError, SequenceClassifier, StateDict, TokenClassifier};
use serde::de::DeserializeOwned;

use super::files::{CONFIG, TOKENIZER};
use super::text::TextClassifier;
use super::{ExportConfig, ExportFiles, NoExtra};
use crate::error::{ExportError, Result};

/// An exported model, to use or to train further.
#[derive(Clone)]
pub struct Exported<Sizes = EncoderConfig, Extra = NoExtra> {
    /// Sizes and labels.
    pub config: ExportConfig<Sizes, Extra>,
    /// Text to ids, if the model has a tokenizer.
    pub tokenizer: Option<Tokenizer>,
    /// The parameters by path, in PyTorch's conventions.
    pub weights: StateDict,
    /// For error messages.
    pub(super) weights_path: PathBuf,
}

impl Exported {
    /// Loads the exported folder of one of the library's classifiers, and checks that its files belong together. Additional fields
    /// in `config.json` are ignored.
    ///
    /// # Errors
    /// [`ExportError`] when a file is missing or damaged or belongs to another model, or the folder is that of a run. An export of
    /// an earlier version has no hashes, so damage within its weights is not detected.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self> {
        Self::load_as(folder)
    }
}

impl<Sizes: DeserializeOwned, Extra: DeserializeOwned> Exported<Sizes, Extra> {
    /// Loads the exported folder of a model whose `config.json` has sizes of its own type or additional fields.
    ///
    /// # Errors
    /// Those of [`Exported::load`].
    pub fn load_as(folder: impl AsRef<Path>) -> Result<Self> {
        let files = ExportFiles::read(folder.as_ref())?;
        let config = files.config()?;
        files.parse(config)
    }
}

impl<Sizes, Extra> Exported<Sizes, Extra> {
    /// Loads the weights into a model of the same sizes, and returns the model.
    ///
    /// # Errors
    /// When a tensor is missing, unknown or of another shape.
    pub fn load_into<Network: Module>(self, network: Network) -> Result<Network, ExportError> {
        loaded(self.weights, self.weights_path, network)
    }

    /// The path of another file of the same folder.
    fn beside(&self, name: &str) -> PathBuf {
        self.weights_path.with_file_name(name)
    }

    fn of_config(&self) -> impl FnOnce(NnError) -> ExportError {
        let path = self.beside(CONFIG);
        |problem| ExportError::Network { path, problem }
    }
}

fn loaded<Network: Module>(weights: StateDict, path: PathBuf, network: Network) -> Result<Network, ExportError> {
    weights.load_into(network).map_err(|problem| ExportError::Network { path, problem })
}

impl<Extra> Exported<EncoderConfig, Extra> {
    /// The exported sequence classifier, on a device: with autodiff for further training, without autodiff for inference.
    ///
    /// # Errors
    /// When sizes or weights do not fit.
    pub fn sequence_classifier(&self, device: &Device) -> Result<SequenceClassifier, ExportError> {
        let network = SequenceClassifier::zeroed(&self.config.encoder, self.config.labels.len(), device);
        loaded(self.weights.clone(), self.weights_path.clone(), network.map_err(self.of_config())?)
    }

    /// The exported token classifier, on a device.
    ///
    /// # Errors
    /// When sizes or weights do not fit.
    pub fn token_classifier(&self, device: &Device) -> Result<TokenClassifier, ExportError> {
        let network = TokenClassifier::zeroed(&self.config.encoder, self.config.labels.len(), device);
        loaded(self.weights.clone(), self.weights_path.clone(), network.map_err(self.of_config())?)
    }

    /// The sequence classifier with its tokenizer, for use on texts.
    ///
    /// # Errors
    /// When sizes or weights do not fit, or it was exported without a tokenizer.
    pub fn into_text_classifier(self) -> Result<TextClassifier<Extra>, ExportError> {
        let network = SequenceClassifier::zeroed(&self.config.encoder, self.config.labels.len(), &Device::flex());
        let (network, path) = (network.map_err(self.of_config())?, self.beside(TOKENIZER));
        let without = || {
            let source = std::io::Error::new(std::io::ErrorKind::NotFound, "the model has no tokenizer");
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            ExportError::Unreadable { folder, path: path.clone(), source }
        };
        let tokenizer = self.tokenizer.ok_or_else(without)?;
        let network = loaded(self.weights, self.weights_path, network)?;
        Ok(TextClassifier { network, tokenizer, config: self.config })
    }
}
