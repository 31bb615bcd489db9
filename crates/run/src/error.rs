//! What can go wrong. Every message names the file and the field, what was found and what was expected; `hint` says what to do.

use std::io;
use std::path::PathBuf;

use drivetrain_data::DataError;
use drivetrain_nn::NnError;
use drivetrain_train::{Change, TrainError};
use thiserror::Error;

/// The result of this crate's functions.
pub type Result<T, E = RunError> = std::result::Result<T, E>;

/// A run that cannot be opened, trained, reported or exported.
#[derive(Debug, Error)]
pub enum RunError {
    /// No run was started here.
    #[error("{} is not a run: it holds no {file}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// The file that every run has.
        file: &'static str,
    },
    /// A run was started here, and a new one was asked for.
    #[error("{} holds a run already", path.display())]
    HoldsRun {
        /// The folder.
        path: PathBuf,
    },
    /// The run was started by another program.
    #[error("{} holds a run of {}, not of {expected}", path.display(), found.as_deref().unwrap_or("another program"))]
    OtherProgram {
        /// The folder.
        path: PathBuf,
        /// The program that started it, where it is known.
        found: Option<String>,
        /// This program.
        expected: String,
    },
    /// Another process trains in it.
    #[error("the run folder {} is in use by {}", path.display(), holder.as_deref().unwrap_or("another process"))]
    InUse {
        /// The folder.
        path: PathBuf,
        /// `process 12 (its command)`, where the lock file names it.
        holder: Option<String>,
    },
    /// The newest checkpoint is damaged, and an older one must not be used instead.
    #[error("{problem}")]
    DamagedCheckpoint {
        /// What is wrong with it.
        problem: Box<TrainError>,
        /// The checkpoint before it.
        older: PathBuf,
    },
    /// The folder cannot be created.
    #[error("cannot create the run folder {}", path.display())]
    Create {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing can be written in the folder.
    #[error("cannot write in the run folder {}", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system refuses to lock the folder.
    #[error("cannot lock {}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the run cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system or a parser says.
        source: io::Error,
    },
    /// A file of the run cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: DataError,
    },
    /// A file of the run cannot be removed to make room for a new one.
    #[error("cannot replace {}", path.display())]
    Replace {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The run is not what it was when it was saved. The message itself says what to do, since programs that print it rarely print
    /// the hint.
    #[error("{0}\n{hint}", hint = .0.hint())]
    Changes(#[from] ChangeError),
    /// An exported model cannot be used.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// Training, saving or resuming failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The data path failed.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl RunError {
    /// What to do about it, where there is more to say than the message does.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotARun { .. } => Some("start a run there first, or choose another folder".to_owned()),
            Self::HoldsRun { .. } | Self::OtherProgram { .. } => Some("choose another folder".to_owned()),
            Self::InUse { .. } => Some("wait for it to end, or choose another folder".to_owned()),
            Self::DamagedCheckpoint { older, .. } => {
                Some(format!("unless `is_strict` is set, the run resumes from {}", older.display()))
            }
            Self::Export(error) => error.hint(),
            _ => None,
        }
    }
}

/// A run that is not what it was when it was saved.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// A field that no run has was allowed to change.
    #[error("`{name}` cannot be allowed to change: a run has no such field")]
    UnknownField {
        /// The name that was given.
        name: String,
        /// The field that was probably meant, if there is a close one.
        closest: Option<String>,
        /// All fields that can be named.
        known: Vec<String>,
    },
    /// Fields that were not allowed to change have changed.
    #[error("the run in {} was saved with other settings or data:{}", path.display(), listed(changes))]
    Refused {
        /// The run's folder.
        path: PathBuf,
        /// The changes.
        changes: Vec<Change>,
    },
}

fn listed(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("\n  {change}")).collect()
}

impl ChangeError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownField { closest: Some(field), .. } => format!("did you mean `{field}`?"),
            Self::UnknownField { closest: None, known, .. } => {
                format!("name one of these, or a part of its path: {}", known.join(", "))
            }
            Self::Refused { changes, .. } => {
                let fields: Vec<String> = changes.iter().map(|change| format!("`{}`", change.field)).collect();
                let strategy = if needs_new_optimizer(changes) {
                    " and `ResumeStrategy::WithoutOptimization` in `RunOptions::plan`"
                } else {
                    ""
                };
                format!(
                    "undo the change, choose another folder, or resume nevertheless with {} in `RunOptions::allow_change`{strategy}",
                    fields.join(", ")
                )
            }
        }
    }
}

/// Whether a resumed run with these changes cannot keep the optimizer's state: another optimizer has no use for it.
#[must_use]
pub fn needs_new_optimizer(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.is_named("optimizer.kind"))
}

/// An exported model that cannot be used.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A run's folder was given in place of the model that it exported.
    #[error("{} is a run, not a model", folder.display())]
    IsRun {
        /// The folder.
        folder: PathBuf,
        /// Its exported model, where there is one.
        export: Option<PathBuf>,
    },
    /// A file of it cannot be read.
    #[error("no model in {}: {}: {source}", folder.display(), path.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its configuration is not that of an exported model of this type.
    #[error("{} is not an exported model's configuration: {problem}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        problem: serde_json::Error,
    },
    /// It was trained for other labels.
    #[error(
        "{}: its labels are not this program's: label {at} is {}, expected {}",
        path.display(), quoted(found.as_deref()), quoted(expected.as_deref())
    )]
    Labels {
        /// The file.
        path: PathBuf,
        /// The first label that differs.
        at: usize,
        /// The model's.
        found: Option<String>,
        /// This program's.
        expected: Option<String>,
    },
    /// Its tokenizer is another model's.
    #[error(
        "{} does not match the model: its fingerprint is {found}, the model was trained with {expected}",
        path.display()
    )]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// The file's fingerprint.
        found: String,
        /// The fingerprint in the model's configuration.
        expected: String,
    },
    /// A file of it is not the one that was exported.
    #[error(
        "{} is damaged or not the file that was exported: its hash is {found}, config.json has {expected}",
        path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// The file's hash.
        found: String,
        /// The hash in the model's configuration.
        expected: String,
    },
    /// A folder that training cannot start from.
    #[error("training cannot start from {}: {problem}", path.display())]
    Pretrained {
        /// The file or folder at fault.
        path: PathBuf,
        /// What was found and expected.
        problem: String,
    },
    /// The pretrained weights do not fit the model that was to start from them.
    #[error("training cannot start from {}: {problem}", path.display())]
    PretrainedWeights {
        /// The file.
        path: PathBuf,
        /// The tensor or size at fault.
        problem: Box<NnError>,
    },
    /// Two of its fields would have the same name in `config.json`.
    #[error(
        "the model cannot be exported: `{field}` of its {part} is also a field of {of}, and config.json has one place for it"
    )]
    FieldClash {
        /// The name.
        field: String,
        /// `sizes` or `extra fields`.
        part: &'static str,
        /// What else has this field.
        of: &'static str,
    },
    /// Its sizes or weights do not fit.
    #[error("{}: {problem}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: NnError,
    },
}

fn quoted(label: Option<&str>) -> String {
    label.map_or_else(|| "none".to_owned(), |label| format!("`{label}`"))
}

impl ExportError {
    /// What to do about it, where there is more to say than the message does.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::IsRun { export: Some(model), .. } => format!("name its exported model: {}", model.display()),
            Self::IsRun { export: None, .. } => "it has not exported a model yet: train it to its end".to_owned(),
            Self::Unreadable { .. } => "name the folder that a run exported, `export` in the run's folder".to_owned(),
            Self::Tokenizer { .. } => "copy the whole exported folder, not single files of it".to_owned(),
            Self::Altered { .. } => "export the model again, or copy the whole exported folder again".to_owned(),
            Self::FieldClash { .. } => {
                "give the field another name, such as with `#[serde(rename = \"…\")]`".to_owned()
            }
            Self::Syntax { .. }
            | Self::Labels { .. }
            | Self::Network { .. }
            | Self::Pretrained { .. }
            | Self::PretrainedWeights { .. } => return None,
        })
    }
}
