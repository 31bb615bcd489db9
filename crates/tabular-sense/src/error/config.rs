//! A configuration that cannot be used.

use std::io;
use std::path::PathBuf;

use drivetrain::data::DataError;
use drivetrain::nn::NnError;
use drivetrain::train::TrainError;
use thiserror::Error;

use crate::presets;

/// A configuration that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// There is neither such a file nor such a preset.
    #[error("configuration {}: {source}", path.display())]
    Unreadable {
        /// As it was named.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A preset that has another name now.
    #[error("configuration {name}: this preset has another name now")]
    Renamed {
        /// As it was called.
        name: String,
        /// As it is called.
        now: &'static str,
    },
    /// Its text is no configuration, or a field has a value that no run can have.
    #[error("configuration {}: {problem}", path.display())]
    Invalid {
        /// As it was named.
        path: PathBuf,
        /// What is wrong with it.
        problem: ConfigProblem,
    },
    /// A preset that comes with the program cannot be read.
    #[error("the embedded configuration is damaged")]
    Embedded,
    /// It cannot be written.
    #[error("the configuration cannot be written as TOML")]
    NotWritable(#[from] toml::ser::Error),
}

/// What is wrong with the text of a configuration.
#[derive(Debug, Error)]
pub enum ConfigProblem {
    /// It is not TOML, or has unknown fields or values of another kind.
    #[error("{}", .0.to_string().trim_end())]
    Syntax(#[from] toml::de::Error),
    /// A field has an impossible value.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The split cannot work.
    #[error("`data.split`: {0}")]
    Split(DataError),
    /// The model's sizes do not fit together.
    #[error("`model`: {0}")]
    Model(NnError),
    /// The loop's settings cannot work.
    #[error("`trainer`: {0}")]
    Trainer(TrainError),
}

/// A field with an impossible value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{field}` is {found}, but it must be {expected}")]
pub struct FieldError {
    /// Its path in the configuration.
    pub field: String,
    /// Its value.
    pub found: String,
    /// What would be accepted.
    pub expected: String,
}

impl FieldError {
    /// A field, its value, and what would be accepted.
    pub fn new(field: impl Into<String>, found: impl ToString, expected: impl Into<String>) -> Self {
        Self { field: field.into(), found: found.to_string(), expected: expected.into() }
    }
}

impl ConfigError {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some(format!("give a TOML file, or one of {}", presets::names().join(", "))),
            Self::Renamed { now, .. } => Some(format!("use --config {now}")),
            Self::Invalid { .. } | Self::Embedded | Self::NotWritable(_) => None,
        }
    }

    pub(super) const fn is_user_error(&self) -> bool {
        !matches!(self, Self::Embedded | Self::NotWritable(_))
    }
}
