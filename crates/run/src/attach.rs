//! A trainer in a run: its checkpoint, its logs, its stop request.

use drivetrain_train::{Incidents, JsonLines, RunIdentity, TensorBoard, Timings, Trainable, Trainer};

use crate::error::Result;
use crate::record::{self, PROGRAM};
use crate::run::Run;

impl Run {
    /// Gives a new trainer what makes it part of this run: the checkpoint to resume from, the folder for its checkpoints, the
    /// standard observers (`metrics.jsonl`, TensorBoard, `timings.jsonl`, incidents) and the run's stop request. `identity` is
    /// compared with the checkpoint's, field by field; allowed changes are added to the [notices](Run::take_notices). Register
    /// further observers on the returned trainer: they are called after the run's own. Set an optimizer of your own before this
    /// call, since its state is restored from the checkpoint.
    ///
    /// # Errors
    /// [`ChangeError`](crate::ChangeError) when the run is not what it was when it was saved, or `allow_change` names a field
    /// that no run has; when the checkpoint does not fit the model, or a log cannot be opened.
    pub fn attach<Batch, Model, Loss, Metric>(
        &mut self,
        trainer: Trainer<Batch, Model, Loss, Metric>,
        identity: RunIdentity,
    ) -> Result<Trainer<Batch, Model, Loss, Metric>>
    where
        Model: Trainable<Batch, Loss, Metric>,
    {
        let identity = self.named(identity);
        self.check(&identity)?;
        if self.options.own_config.is_none() {
            record::note(&self.folder, &self.options.program, &identity)?;
        }
        let mut trainer = trainer;
        if let Some(checkpoint) = self.checkpoint.take() {
            // The trainer compares once more, with its own rules; differences that were accepted here must be allowed there.
            let changes = checkpoint.meta.identity.changes(&identity).into_iter().map(|change| change.field);
            let allowed: Vec<String> = changes.chain(self.options.allow_change.iter().cloned()).collect();
            trainer = trainer.resume(checkpoint, self.options.plan)?.allow_changes(allowed);
        }
        let log_every = self.options.log_every;
        Ok(trainer
            .lock_optimizer("attach")
            .stop_after(self.options.stop_after)
            .stop_when(self.options.stop.clone())
            .checkpoints(self.folder.checkpoints(), identity)
            .observe(JsonLines::new(self.file("metrics.jsonl"), log_every))
            .observe(TensorBoard::new(self.file("tensorboard"), log_every))
            .observe(Timings::append(self.file("timings.jsonl"))?)
            .observe(Incidents::new(self.file("incidents"))))
    }

    /// The identity, with the program among its facts unless the program keeps the configuration itself.
    fn named(&self, identity: RunIdentity) -> RunIdentity {
        match self.options.own_config {
            None => identity.with(PROGRAM, &self.options.program),
            Some(_) => identity,
        }
    }

    fn check(&mut self, identity: &RunIdentity) -> Result<()> {
        let (rules, allowed) = (self.options.changes, &self.options.allow_change);
        let saved = self.checkpoint.as_ref().map(|checkpoint| &checkpoint.meta.identity);
        rules.check_names(allowed, identity, saved)?;
        let Some(saved) = saved else { return Ok(()) };
        let changes = rules.check(self.folder.path(), saved, identity, allowed)?;
        self.tell(changes);
        Ok(())
    }
}
