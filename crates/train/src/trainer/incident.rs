//! What happens after an outlier: the batch is skipped or the run ends. This also finds out whether the model has diverged.

use drivetrain_data::Dataset;
use drivetrain_nn::{Mode, backward};

use super::Trainer;
use crate::error::ModelAtEnd;
use crate::outliers::{MOST_IN_A_ROW, OnNonFinite};
use crate::place::Place;
use crate::{Batches, Event, Incident, Outlier, Position, Result, TrainError, Trainable};

/// The number of batches tried for a finite loss. One batch may be damaged, but hardly several at the start of a loader.
const PROBED_BATCHES: usize = 4;

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Reports a batch that must not be trained on, and skips it or ends the run. If the run ends and the model has diverged, it is
    /// not saved, so that the run can be resumed from an earlier state.
    pub(super) fn skip_or_end_batch<D: Dataset>(
        &mut self,
        outlier: Outlier,
        place: &Place<'_, D>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let Position { epoch, step, .. } = self.state.position;
        let is_skipped =
            self.config.outliers.on_nonfinite == OnNonFinite::Skip && self.state.skipped_in_a_row < MOST_IN_A_ROW;
        let samples = &place.origins();
        let incident = Incident { outlier, epoch, batch: place.batch, step, samples, is_skipped };
        if is_skipped {
            self.state.skipped_batches += 1;
            self.state.skipped_in_a_row += 1;
            self.finish_batch(place.plan);
            return self.emit(&Event::Incident(&incident));
        }
        // The outlier is the error of the run, whether it can be reported or not.
        let _ = self.emit(&Event::Incident(&incident));
        let model = match self.has_finite_batch("validation", validation) {
            true => {
                self.save_before_error();
                ModelAtEnd::Sound
            }
            false => self.end_without_saving(),
        };
        Err(outlier_error(&incident, self.state.skipped_in_a_row, model))
    }

    /// Reports a validation whose loss or monitored value is not finite, with the samples of the first batch at fault, and
    /// continues or ends the run. If only some of the batches have a non-finite loss, their samples are at fault, and training
    /// continues. If all of them do, the model has diverged: the run ends, unless outliers are to be skipped, and the model is not
    /// saved, so that the run can be resumed from an earlier state. A validation set of a single batch proves nothing, since the
    /// batch may be damaged: in this case, training batches decide.
    pub(super) fn continue_or_end_after_validation(
        &mut self,
        outlier: Outlier,
        non_finite: &[usize],
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let (epoch, step) = (self.epoch_of_validation(), self.state.position.step);
        let plan = validation.plan(0);
        let has_diverged =
            non_finite.len() == plan.len() && (plan.len() > 1 || !self.has_finite_batch("training", train));
        let is_skipped = !has_diverged || self.config.outliers.on_nonfinite == OnNonFinite::Skip;
        let batch = non_finite.first().copied().unwrap_or(0);
        let samples = &Place::new("validation", validation.samples(), &plan, batch).origins();
        let incident = Incident { outlier, epoch, batch, step, samples, is_skipped };
        if is_skipped {
            return self.emit(&Event::Incident(&incident));
        }
        // As above: the outlier is the error of the run.
        let _ = self.emit(&Event::Incident(&incident));
        let model = self.end_without_saving();
        Err(outlier_error(&incident, 0, model))
    }

    /// Whether any of the loader's first batches has a finite loss and gradient. A batch that cannot be computed at all proves
    /// nothing against the model, and counts as finite.
    fn has_finite_batch(&self, part: &'static str, loader: &impl Batches<Batch = Batch>) -> bool {
        let plan = loader.plan(0);
        // A copy: these passes must not change the model's running statistics.
        let model = self.statistics.copy(self.model());
        let is_finite = |(batch, loaded): (usize, drivetrain_data::Result<Batch>)| -> Result<bool> {
            let place = Place::new(part, loader.samples(), &plan, batch);
            let (loss_1, loss) = model.loss_of(&self.loss, &self.metric, &loaded?, &Mode::Eval, &place)?;
            if !loss.is_finite() {
                return Ok(false);
            }
            let gradients = place.computing("the backward pass", || Ok(backward(&loss_1)))?;
            Ok(self.optimizer.norms(&model, &gradients).total.is_finite())
        };
        loader.epoch_from(0, 0).take(PROBED_BATCHES).enumerate().any(|one| is_finite(one).unwrap_or(true))
    }

    /// Waits for saves in progress, and does not save the model, which has diverged. Returns whether the newest checkpoint contains
    /// it.
    fn end_without_saving(&mut self) -> ModelAtEnd {
        // A save that fails does not affect the existing checkpoints.
        let _ = self.wait_for_saves();
        let step = self.state.position.step;
        match self.saving.as_ref().and_then(|saving| saving.newest_known) {
            Some(newest) if newest.step == step && step > 0 => ModelAtEnd::DivergedAfterSave,
            _ => ModelAtEnd::Diverged,
        }
    }
}

/// The error of a run that ends at an incident.
fn outlier_error(incident: &Incident<'_>, skipped_in_a_row: u64, model: ModelAtEnd) -> TrainError {
    let Incident { outlier, epoch, batch, step, samples, .. } = *incident;
    let first = samples.first().map_or_else(String::new, |origin| origin.place.clone());
    TrainError::Outlier { outlier, epoch, batch, step, first, skipped_in_a_row, model }
}
