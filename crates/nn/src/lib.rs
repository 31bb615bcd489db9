//! Batch → model → loss: the modules of a transformer encoder, as [Burn](burn) modules.
//!
//! ```text
//! ids_bt ─ TokenEmbedding ─ Encoder ─┬─ row of `[CLS]` ─ Linear ─ logits_bc      SequenceClassifier
//!                                    └─ every row ──── Linear ─ logits_btc     TokenClassifier
//! ```
//!
//! Conventions of the whole crate: a tensor's name ends in its shape, with `b` batch, `t` position, `d` model width,
//! `h` head, `k` width of a head, `f` feed-forward width, `c` class. In a mask 1 (`true`) is a real position and 0
//! padding. [`Mode`] is passed down explicitly: no module carries a training flag or a random generator.

mod attention;
mod classifier;
mod config;
mod embedding;
mod encoder;
mod error;
mod feed_forward;
mod fused;
mod gradients;
mod init;
mod loss;
mod mask;
mod mode;
mod params;
mod partial;
mod positions;
mod running;
mod state;
mod unseeded;

pub use attention::Attention;
pub use classifier::{SequenceClassifier, TokenClassifier};
pub use config::{Activation, EncoderConfig, Precision, Preset};
pub use embedding::TokenEmbedding;
pub use encoder::{Encoder, EncoderLayer};
pub use error::NnError;
pub use feed_forward::FeedForward;
pub use gradients::{Gradients, backward};
pub use init::{initialise, replace_values, seeded};
pub use loss::{
    BceOptions, CrossEntropyOptions, bce_with_logits, bce_with_logits_with, cross_entropy, cross_entropy_with,
    token_cross_entropy, token_cross_entropy_with,
};
pub use mask::padding_to_additive;
pub use mode::Mode;
pub use params::{ParamMapper, ParamPath, ParamVisitor, map_params, visit_params};
pub use partial::PartialLoad;
pub use positions::SinusoidalPositions;
pub use running::RunningStatistics;
pub use state::{NamedTensor, StateDict};
pub use unseeded::unseeded_modules;

/// A sparse gradient of a table; see [`Gradients`].
pub use drivetrain_kernels::RowGradient;

/// The tensor library the modules are made of.
pub use burn;
