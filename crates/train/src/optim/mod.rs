//! From gradients to weights: clipping by global norm, then AdamW.

mod adamw;
mod clip;
mod config;
mod state;
mod update;

pub use adamw::AdamW;
pub use clip::GradientNorms;
pub use config::AdamWConfig;
