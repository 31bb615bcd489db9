//! Encoder layers on a CPU, forward and backward, and the optimizer's step, over plain slices. This crate depends neither on a
//! tensor library nor on `drivetrain-data`.
//!
//! - **No padding is computed.** A [`Ragged`] batch knows which positions are real; only those are gathered.
//! - **A fixed number of shards.** A batch is split into shards of whole sequences, and gradients are summed over the shards in
//!   order: the same bits with any number of threads.
//! - **The last layer of a classifier at `[CLS]` only** ([`Rows::Cls`]), which is exact.
//! - **Dropout without stored masks** ([`Dropout`]): the backward pass draws the same factors again.
//! - **Reused memory**: intermediate rows come from a pool.
//!
//! Names end in their shape: `b` sequences, `t` positions, `r` real rows of a shard, `s` sequences of a shard, `n` rows of
//! one sequence, `d` width, `h` heads, `k` width of a head, `f` feed-forward width.

mod adamw;
mod attention;
mod cls_layer;
mod dropout;
mod embedding;
mod feed_forward;
mod layer;
mod linear;
mod matmul;
mod params;
mod pool;
mod ragged;
mod row_gradient;
mod simd;

pub use adamw::{adamw, adamw_rows, sum_of_squares};
pub use dropout::{Dropout, dropout_site};
pub use embedding::{Input, InputGradient, Tokens};
pub use layer::{LayerGradients, Rows, SavedForBackward};
pub use matmul::multiplies_bf16;
pub use params::{Activation, Affine, Layer, LayerParams, LayerShape, PARAMS, Precision};
pub use ragged::Ragged;
pub use row_gradient::RowGradient;
pub use simd::AdamWStep;
