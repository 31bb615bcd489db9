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
        /// The path as it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The name of the preset has changed.
    #[error("configuration {name}: this preset has another name now")]
    Renamed {
        /// The old name.
        name: String,
        /// The new name.
        now: &'static str,
    },
    /// The text is not a configuration, or a field has a value that no run can have.
    #[error("configuration {}: {problem}", path.display())]
    Invalid {
        /// The path as it was given.
        path: PathBuf,
        /// What is wrong with the configuration.
        problem: ConfigProblem,
    },
    /// A built-in preset cannot be read.
    #[error("the embedded configuration is damaged")]
    Embedded,
    /// The configuration cannot be written as TOML.
    #[error("the configuration cannot be written as TOML")]
    NotWritable(#[from] toml::ser::Error),
}

/// What is wrong with the text of a configuration.
#[derive(Debug, Error)]
pub enum ConfigProblem {
    /// The text is not valid TOML, has an unknown field, or has a value of the wrong type.
    #[error("{}", .0.to_string().trim_end())]
    Syntax(#[from] toml::de::Error),
    /// A field has an impossible value.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The split is not possible.
    #[error("`data.split`: {0}")]
    Split(DataError),
    /// The model's dimensions do not fit together.
    #[error("`model`: {0}")]
    Model(NnError),
    /// The settings of the training loop are not possible.
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
