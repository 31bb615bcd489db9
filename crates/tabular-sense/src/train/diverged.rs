//! What there is to resume from after a loss or gradient that is not finite.

use drivetrain::run::RunFolder;
use drivetrain::train::{ModelAtEnd, RunState, TrainError, ValidationRecord};

use crate::error::{DivergedError, Error, NewestCheckpoint};

/// The error of training, with what is known of the run where its loss or gradient was not finite.
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
