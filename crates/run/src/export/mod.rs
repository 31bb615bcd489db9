//! The trained model as a folder that other programs read: `config.json`, `model.safetensors`, and `tokenizer.json` if the model
//! has a tokenizer.
//!
//! ```text
//! config ─ what config.json holds        write ─ the folder, complete or absent
//! files ─ its files, read                exported ─ the model in it, checked
//! pretrained ─ such a folder as the start of another training run
//! text ─ a sequence classifier with its tokenizer: texts to labels
//! ```

mod config;
mod exported;
mod files;
mod pretrained;
mod text;
mod write;

pub use config::{ExportConfig, NoExtra, ProblemType};
pub use exported::Exported;
pub use files::{ExportFiles, check_is_no_run};
pub use pretrained::Pretrained;
pub use text::{TextClassifier, logits_of};
pub use write::write_export;
