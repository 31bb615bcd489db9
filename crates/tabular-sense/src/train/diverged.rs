//! From which checkpoint a run can be resumed after a loss or gradient that is not finite or far above the previous ones.

use drivetrain::run::RunFolder;
use drivetrain::train::{ModelAtEnd, RunState, TrainError, ValidationRecord};

use crate::error::{DivergedError, Error, NewestCheckpoint};

/// Turns a training error into a [`DivergedError`](crate::error::DivergedError), with the state of the run, if the run
/// diverged.
pub(super) fn diverged(error: TrainError, run: &RunFolder, state: &RunState) -> Error {
    let TrainError::Outlier { outlier, model, .. } = &error else { return error.into() };
    DivergedError {
        in_validation: outlier.is_of_validation(),
        is_model_sound: *model == ModelAtEnd::Sound,
        incidents: run.file("incidents"),
        checkpoints: run.file("checkpoints"),
        newest: newest(state, *model),
        error,
    }
    .into()
}

fn newest(state: &RunState, model: ModelAtEnd) -> NewestCheckpoint {
    let is_sound = |record: &ValidationRecord| record.as_best(&state.monitored).is_some();
    if state.history.last().is_some_and(|record| !is_sound(record)) {
        let sound = state.history.iter().rev().find(|record| is_sound(record));
        return NewestCheckpoint::Diverged { last_sound: sound.map(|record| record.step) };
    }
    match model {
        ModelAtEnd::DivergedAfterSave => NewestCheckpoint::SavedAfter { step: state.position.step },
        _ => NewestCheckpoint::Sound,
    }
}
