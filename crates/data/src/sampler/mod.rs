//! Which samples make a batch, and in which order: pure functions of (seed, epoch).

mod batch;
mod length_groups;
mod order;
mod token_budget;

pub use batch::{BatchSampler, Batched, EpochPlan, GroupBy, choose_lengths, padding_share};
pub use length_groups::LengthGroups;
pub use order::{Sampler, Sequential, Shuffled};
pub use token_budget::TokenBudget;
