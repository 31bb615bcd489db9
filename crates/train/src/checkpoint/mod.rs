//! The full state of a run as a folder that is whole or absent.
//!
//! ```text
//! checkpoints/
//!   latest                 names the newest checkpoint, with the hash of its manifest
//!   best                   the same for the one with the best score
//!   step-00001234/         `step-00001234-unvalidated` where a validation was due and had not ended
//!     model.safetensors    every parameter, in PyTorch's conventions
//!     optimizer.safetensors  both running means of every parameter
//!     state.json           position, schedules, best, early stop, history, seed, configuration
//!     manifest.json        format version and the hash of every file above, and of itself
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
