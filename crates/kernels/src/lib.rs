//! Encoder layers on a CPU, forward and backward, and the optimizer's step, over plain slices. This crate knows neither tensors nor data.
//!
//! - **No padding is computed.** A [`Ragged`] batch says which positions are real; only those are gathered.
//! - **Fixed lanes.** Sequences are computed in a fixed number of lanes, and gradients summed over the lanes in order:
//!   the same bits with any number of threads.
//! - **The last layer of a classifier at its first row only** ([`Rows::First`]), which is exact.
//! - **Dropout without stored masks** ([`Dropout`]): the backward pass draws the same factors again.
//! - **Memory used again**: intermediate rows come from a pool.
//!
//! Names end in their shape: `b` sequences, `t` positions, `r` real rows of a lane, `s` sequences of a lane, `n` rows of
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
mod simd;

pub use adamw::{AdamWStep, adamw, adamw_rows, sum_of_squares};
pub use dropout::Dropout;
pub use embedding::{Input, InputGradient, RowGradient, Tokens};
pub use layer::{Gradients, Layer, Rows, Saved};
pub use matmul::multiplies_bf16;
pub use params::{Activation, Affine, LayerParams, LayerShape, PARAMS, Precision};
pub use ragged::Ragged;
