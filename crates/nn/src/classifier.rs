use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Bool, Device, Int, Tensor};

use crate::{Encoder, EncoderConfig, Mode, NnError, TokenEmbedding, initialise};

/// Classifies a whole sequence: the head reads the row of `[CLS]`.
#[derive(Module, Debug)]
pub struct SequenceClassifier {
    embedding: TokenEmbedding,
    encoder: Encoder,
    head: Linear,
}

impl SequenceClassifier {
    /// A fresh model whose weights are a pure function of `seed`.
    ///
    /// # Errors
    /// When the configuration is impossible.
    pub fn new(config: &EncoderConfig, n_classes: usize, seed: u64, device: &Device) -> Result<Self, NnError> {
        Ok(initialise(Self::zeroed(config, n_classes, device)?, seed))
    }

    /// A model whose weights are still to be loaded.
    ///
    /// # Errors
    /// When the configuration is impossible.
    pub fn zeroed(config: &EncoderConfig, n_classes: usize, device: &Device) -> Result<Self, NnError> {
        check(config, n_classes)?;
        Ok(Self {
            embedding: TokenEmbedding::new(config, true, device),
            encoder: Encoder::new(config, device),
            head: head(config.d_model, n_classes, device),
        })
    }

    /// See [`Encoder::without_kernels`].
    #[must_use]
    pub fn without_kernels(self) -> Self {
        Self { encoder: self.encoder.without_kernels(), ..self }
    }

    /// The number of token ids: every id of an input must be below it.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.embedding.vocab_size()
    }

    /// The longest input in tokens, not counting `[CLS]`.
    #[must_use]
    pub fn max_len(&self) -> usize {
        self.embedding.max_len()
    }

    /// `ids_bt` and `mask_bt` (1 = real) to `logits_bc`.
    #[must_use]
    pub fn forward(&self, ids_bt: Tensor<2, Int>, mask_bt: Tensor<2, Bool>, mode: &Mode) -> Tensor<2> {
        let [b, _] = ids_bt.dims();
        // [CLS] is real in every sequence.
        let cls_b1 = Tensor::<2>::ones([b, 1], &mask_bt.device()).bool();
        let mask_bt = Tensor::cat(vec![cls_b1, mask_bt], 1);
        self.head.forward(self.encoder.forward_cls_of_tokens(&self.embedding, ids_bt, mask_bt, mode))
    }

    /// Multiplications and additions for one sequence of `len` rows, `[CLS]` among them.
    #[must_use]
    pub fn forward_flops(&self, len: usize) -> f64 {
        self.encoder.forward_flops(len, 1) + head_flops(&self.head)
    }
}

/// Labels every token of a sequence.
#[derive(Module, Debug)]
pub struct TokenClassifier {
    embedding: TokenEmbedding,
    encoder: Encoder,
    head: Linear,
}

impl TokenClassifier {
    /// A fresh model whose weights are a pure function of `seed`.
    ///
    /// # Errors
    /// When the configuration is impossible.
    pub fn new(config: &EncoderConfig, n_classes: usize, seed: u64, device: &Device) -> Result<Self, NnError> {
        Ok(initialise(Self::zeroed(config, n_classes, device)?, seed))
    }

    /// A model whose weights are still to be loaded.
    ///
    /// # Errors
    /// When the configuration is impossible.
    pub fn zeroed(config: &EncoderConfig, n_classes: usize, device: &Device) -> Result<Self, NnError> {
        check(config, n_classes)?;
        Ok(Self {
            embedding: TokenEmbedding::new(config, false, device),
            encoder: Encoder::new(config, device),
            head: head(config.d_model, n_classes, device),
        })
    }

    /// See [`Encoder::without_kernels`].
    #[must_use]
    pub fn without_kernels(self) -> Self {
        Self { encoder: self.encoder.without_kernels(), ..self }
    }

    /// The number of token ids: every id of an input must be below it.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.embedding.vocab_size()
    }

    /// The longest input in tokens, not counting `[CLS]`.
    #[must_use]
    pub fn max_len(&self) -> usize {
        self.embedding.max_len()
    }

    /// `ids_bt` and `mask_bt` (1 = real) to `logits_btc`. Rows of padding hold numbers without meaning.
    #[must_use]
    pub fn forward(&self, ids_bt: Tensor<2, Int>, mask_bt: Tensor<2, Bool>, mode: &Mode) -> Tensor<3> {
        self.head.forward(self.encoder.forward_tokens(&self.embedding, ids_bt, mask_bt, mode))
    }

    /// Multiplications and additions for one sequence of `len` rows.
    #[must_use]
    pub fn forward_flops(&self, len: usize) -> f64 {
        self.encoder.forward_flops(len, len) + len as f64 * head_flops(&self.head)
    }
}

fn head(d_model: usize, n_classes: usize, device: &Device) -> Linear {
    LinearConfig::new(d_model, n_classes).with_initializer(burn::nn::Initializer::Zeros).init(device)
}

fn head_flops(head: &Linear) -> f64 {
    let [d_model, n_classes] = head.weight.dims();
    2.0 * (d_model * n_classes) as f64
}

fn check(config: &EncoderConfig, n_classes: usize) -> Result<(), NnError> {
    config.validate()?;
    if n_classes == 0 {
        return Err(NnError::Config { field: "n_classes", found: "0".into(), expected: "at least 1".into() });
    }
    Ok(())
}
