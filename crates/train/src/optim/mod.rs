//! From gradients to weights. [`ModelOptimizer`] traverses the model, clips the gradients and applies the parameter groups; an
//! [`Optimizer`] (AdamW, SGD, Lion, or one of your own) updates one parameter.

mod adamw;
mod algorithm;
mod clip;
mod common;
mod config;
mod config_fields;
mod gradient;
mod groups;
mod layer_decay;
mod lion;
mod model_optimizer;
mod optimizer;
mod param_state;
mod pattern;
mod plan;
mod saved_state;
mod sgd;

pub use adamw::{AdamW, AdamWConfig};
pub use algorithm::AlgorithmConfig;
pub use clip::GradientNorms;
pub use config::OptimizerConfig;
pub use gradient::Gradient;
pub use groups::{Decayed, ParamGroup};
pub use lion::{Lion, LionConfig};
pub use model_optimizer::ModelOptimizer;
pub use optimizer::{Optimizer, ParamStep};
pub use param_state::ParamState;
pub use sgd::{Sgd, SgdConfig};
