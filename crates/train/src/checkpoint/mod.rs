//! The full state of a run as a folder that is whole or absent.
//!
//! ```text
//! checkpoints/
//!   latest                 names the newest checkpoint, with the hash of its manifest
//!   best                   the same for the one with the best score
//!   step-00001234/         `…-unvalidated` if a validation was due and had not ended; `…-r2` if the same step was saved
//!                          again with different content (by a run resumed with other settings) while `latest` named the first
//!     model.safetensors    every parameter, in PyTorch's conventions
//!     optimizer.safetensors  the optimizer's state: with AdamW, both running means of every parameter
//!     average.safetensors  the average of the weights, if one is kept
//!     state.json           position, schedules, best, early stop, history, seed, the optimizer's name and step, configuration and
//!                          facts of the run, instruction set
//!     manifest.json        version of the format and of the program, position, the hash of every file above, and of itself
//! ```

mod config;
mod contents;
mod disk;
mod files;
mod lock;
mod manifest;
mod names;
mod resume_plan;
mod run_identity;
mod saver;
mod store;

pub use config::CheckpointConfig;
pub(crate) use contents::SavePoint;
pub use contents::{Checkpoint, CheckpointMeta};
pub use disk::{Disk, DiskFile, SystemDisk};
pub use lock::StoreLock;
pub use manifest::Manifest;
pub use resume_plan::{ResumePlan, ResumeStrategy};
pub use run_identity::{Change, RunIdentity};
pub(crate) use saver::{SaveOutcome, Saver};
pub use store::{CheckpointStore, Loaded};
