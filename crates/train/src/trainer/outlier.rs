//! Outliers: losses that must not reach the weights, and whether the model has diverged.

use drivetrain_data::Dataset;
use drivetrain_nn::{Mode, backward};

use super::Trainer;
use crate::error::ModelAtEnd;
use crate::outliers::{MOST_IN_A_ROW, OnNonFinite};
use crate::place::Place;
use crate::{Batches, Event, Incident, Outlier, Position, Result, SampleOrigin, TrainError, Trainable};

/// The number of batches tried for a finite loss. One may be damaged; several at the start of a loader hardly are.
const PROBED: usize = 4;

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Reports a batch that must not be trained on, and skips it or ends the run. A model that has diverged is not saved then,
    /// so that the run can be resumed from before it.
    pub(super) fn skip_or_end<D: Dataset>(
        &mut self,
        outlier: Outlier,
        place: &Place<'_, D>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let Position { epoch, step, .. } = self.state.position;
        let (batch, origins) = (place.batch, place.origins());
        let is_skipped =
            self.config.outliers.on_nonfinite == OnNonFinite::Skip && self.state.skipped_in_a_row < MOST_IN_A_ROW;
        let incident = Incident { outlier, epoch, batch, step, samples: &origins, is_skipped };
        let reported = self.emit(&Event::Incident(&incident));
        if is_skipped {
            self.state.skipped_batches += 1;
            self.state.skipped_in_a_row += 1;
            return reported;
        }
        // From here on, the non-finite loss is the error of the run, whether it can be reported or not.
        let model = match self.is_finite_on("validation", validation) {
            true => {
                self.save_before_error();
                ModelAtEnd::Sound
            }
            false => self.leave_unsaved(),
        };
        let skipped_in_a_row = self.state.skipped_in_a_row;
        Err(TrainError::Outlier { outlier, epoch, batch, step, first: first_of(origins), skipped_in_a_row, model })
    }

    /// A validation whose loss or monitored value is not finite: reported with the samples of its first such batch. It
    /// ends the run where no batch has a finite loss, unless such batches are to be skipped: the model has diverged then, and
    /// is not saved, so that the run can be resumed from before it. Where only some have none, samples are at fault, and training
    /// continues. One batch alone may be damaged: where it is the only one, training batches decide.
    pub(super) fn report_non_finite(
        &mut self,
        outlier: Outlier,
        non_finite: &[usize],
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let (epoch, step) = (self.epoch_of_validation(), self.state.position.step);
        let plan = validation.plan(0);
        let batch = non_finite.first().copied().unwrap_or(0);
        let origins = Place::new("validation", validation.samples(), &plan, batch).origins();
        let has_diverged = non_finite.len() == plan.len() && (plan.len() > 1 || !self.is_finite_on("training", train));
        let is_skipped = !has_diverged || self.config.outliers.on_nonfinite == OnNonFinite::Skip;
        let incident = Incident { outlier, epoch, batch, step, samples: &origins, is_skipped };
        let reported = self.emit(&Event::Incident(&incident));
        if is_skipped {
            return reported;
        }
        let model = self.leave_unsaved();
        Err(TrainError::Outlier { outlier, epoch, batch, step, first: first_of(origins), skipped_in_a_row: 0, model })
    }

    /// Whether loss and gradient of any of the loader's first batches are finite. A batch that cannot be computed at all proves
    /// nothing against the model.
    fn is_finite_on(&self, part: &'static str, loader: &impl Batches<Batch = Batch>) -> bool {
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
        loader.epoch_from(0, 0).take(PROBED).enumerate().any(|one| is_finite(one).unwrap_or(true))
    }

    /// Lets saves in flight end and makes none of the model that has diverged.
    fn leave_unsaved(&mut self) -> ModelAtEnd {
        // A save that fails takes nothing from the checkpoints that there are.
        let _ = self.wait_for_saves();
        let step = self.state.position.step;
        match self.saving.as_ref().and_then(|saving| saving.on_disk) {
            Some(saved) if saved.step == step && step > 0 => ModelAtEnd::DivergedAfterSave,
            _ => ModelAtEnd::Diverged,
        }
    }
}

/// Where the first sample of a batch is from.
fn first_of(origins: Vec<SampleOrigin>) -> String {
    origins.into_iter().next().map_or_else(String::new, |origin| origin.place)
}
