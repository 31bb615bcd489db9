//! File → sample → batch for a run: creates what is missing, and keeps what exists and is valid.
//!
//! ```text
//! prepared ─ what a run trains on, prepared or reopened
//! origins ─ what it was made from: `prepared.json`      samples ─ generated samples
//! labels ─ the labels of a sample file                  tokenizer ─ given, kept or trained
//! split ─ training, validation and test split           loaders ─ batches of one split
//! ```

mod labels;
mod loaders;
mod origins;
mod prepared;
mod samples;
mod split;
mod tokenizer;

pub use loaders::ColumnLoader;
pub use prepared::Prepared;
pub(crate) use prepared::known_labels;
pub use samples::generate_samples;
pub use split::split_of;
