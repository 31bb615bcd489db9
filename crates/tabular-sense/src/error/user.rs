//! Which errors of the training system are user errors: a wrong file, name or setting.

use std::io::ErrorKind;

use drivetrain::data::DataError;
use drivetrain::train::TrainError;

/// Whether an error in reading or preparing the data is a user error.
#[must_use]
pub fn is_user_data_error(error: &DataError) -> bool {
    match error {
        DataError::Io { source, .. } => {
            matches!(source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory)
        }
        DataError::Panicked { .. } => false,
        _ => true,
    }
}

/// Whether an error of training is a user error.
#[must_use]
pub fn is_user_train_error(error: &TrainError) -> bool {
    match error {
        TrainError::Data(error) => is_user_data_error(error),
        TrainError::Panicked { .. } => false,
        TrainError::Io { source, .. } => matches!(source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied),
        _ => true,
    }
}
