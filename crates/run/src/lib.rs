//! A training run in a folder. [`Run`] guarantees what a user can rely on: one process at a time, the same configuration and data
//! unless a change is allowed, resuming from the newest undamaged checkpoint, stopping on a signal with everything saved, logs
//! without gaps, a report, and an exported model that is complete or absent.
//!
//! ```text
//! folder ─ the files of a run            lock ─ who may write in it
//! run ─ a run that this process holds    options ─ how it is opened
//! attach, fit ─ a trainer in a run       notice ─ what the user should know
//! changes ─ is it still the same run?    signals ─ SIGINT and SIGTERM
//! data ─ statistics of its samples       page ─ its report
//! best ─ its best checkpoint             export ─ the trained model as a folder, written and loaded
//! ```
//!
//! Nothing here prints: notices and errors are types with an English text.

mod attach;
mod best;
mod changes;
mod command;
mod data;
mod error;
mod export;
mod fit;
mod folder;
mod lock;
mod notice;
mod options;
mod page;
mod record;
mod run;
mod signals;

pub use best::Best;
pub use changes::ChangeRules;
pub use command::{command_line, quoted};
pub use data::DataDescription;
pub use error::{ChangeError, ExportError, Result, RunError, needs_new_optimizer};
pub use export::{
    ExportConfig, ExportFiles, Exported, NoExtra, Pretrained, ProblemType, TextClassifier, check_is_no_run, logits_of,
    write_export,
};
pub use fit::Ended;
pub use folder::RunFolder;
pub use lock::RunLock;
pub use notice::RunNotice;
pub use options::{Resume, RunOptions};
pub use page::{PageContext, fields_of};
pub use run::Run;
pub use signals::{Signal, Signals, stop_on_signals};
