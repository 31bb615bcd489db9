//! Access to the trained model, the optimizer, the configuration and the state of the run.

use super::{MODEL_IS_BACK, Trainer};
use crate::{ModelOptimizer, Result, RunState, TrainError, Trainable, TrainerConfig};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// The model as it is now, with the trained weights, not their average.
    ///
    /// # Panics
    /// If an optimizer of your own has panicked: the model is then lost.
    pub fn model(&self) -> &Model {
        self.model.as_ref().expect(MODEL_IS_BACK)
    }

    /// Consumes the trainer and returns the model as it is now, with the trained weights, not their average.
    ///
    /// # Panics
    /// As [`model`](Self::model) does.
    pub fn into_model(self) -> Model {
        self.model.expect(MODEL_IS_BACK)
    }

    /// The model with the average of its weights; `None` unless [`TrainerConfig::average`](crate::TrainerConfig::average) asks for
    /// an average and averaging has begun.
    pub fn averaged_model(&self) -> Option<Model> {
        self.average.as_ref().map(|average| average.put_into(self.statistics.copy(self.model())))
    }

    /// The model of the best validation so far, with the weights that were validated. They come from the best checkpoint if
    /// checkpoints are saved, and otherwise from memory.
    ///
    /// # Errors
    /// When no validation has had a finite loss and monitored value, or the checkpoint is damaged.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use burn::tensor::Device;
    /// # use drivetrain_data::*;
    /// # use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier};
    /// # use drivetrain_train::*;
    /// # let sample = |i: u32| TokenizedSample { input: vec![3 + i % 3, 4, 5], target: vec![u32::from(i % 3 == 0)] };
    /// # let loader = |samples: std::ops::Range<u32>| {
    /// #     let samples = MemoryDataset::new(samples.map(sample).collect());
    /// #     let batches = Batched::new(Shuffled::new(samples.len(), 7), 8, false)?;
    /// #     let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    /// #     Ok::<_, DataError>(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
    /// # };
    /// # let sizes = EncoderConfig { d_model: 8, d_feed_forward: 16, ..Preset::Micro.encoder(8, 4) };
    /// # let model = SequenceClassifier::new(&sizes, 2, 7, &Device::flex().autodiff())?;
    /// let config = TrainerConfig { epochs: 3, ..TrainerConfig::default() };
    /// let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config)?;
    /// let summary = trainer.fit(&loader(0..48)?, &loader(48..64)?)?;
    ///
    /// let best = trainer.best_model()?;
    /// let found = evaluate(&best, &CrossEntropy, MultiClassMetric::new(2), &loader(48..64)?, &mut |_, _| Ok(()))?;
    /// assert_eq!(summary.best.map(|best| best.score), Some(found.metrics.score()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn best_model(&self) -> Result<Model> {
        let weights = match (&self.saving, &self.best_weights) {
            (Some(saving), _) => saving.store.load_best()?.checkpoint.into_validated_weights(),
            (None, Some(weights)) => weights.clone(),
            (None, None) => return Err(TrainError::NothingValidated),
        };
        Ok(weights.load_into(self.statistics.copy(self.model()))?)
    }

    /// The optimizer as it is now.
    pub const fn optimizer(&self) -> &ModelOptimizer {
        &self.optimizer
    }

    /// The configuration.
    pub const fn config(&self) -> &TrainerConfig {
        &self.config
    }

    /// Where the run stands.
    pub const fn state(&self) -> &RunState {
        &self.state
    }
}
