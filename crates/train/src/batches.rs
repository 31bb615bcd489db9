//! What the training loop needs from a loader.

use std::sync::Arc;

use drivetrain_data::{BatchSize, Collate, DataLoader, Dataset, EpochBatches, EpochPlan, MicroBatch, MicroBatching};

/// A [`DataLoader`] with any dataset, and any collate function that takes its samples. The loop only has to know the type of the
/// batches. The methods are those of [`DataLoader`].
pub trait Batches {
    /// What the collate function makes.
    type Batch: Send + 'static;
    /// The dataset that the samples come from.
    type Samples: Dataset + 'static;

    /// The samples of each batch of `epoch`.
    fn plan(&self, epoch: u64) -> Arc<EpochPlan>;

    /// The batches of `epoch` from `first_batch` on.
    fn epoch_from(&self, epoch: u64, first_batch: usize) -> EpochBatches<Self::Batch>;

    /// The same batches, each split into micro-batches.
    fn micro_batches_from(
        &self,
        epoch: u64,
        first_batch: usize,
        micro_batching: MicroBatching,
    ) -> EpochBatches<Vec<MicroBatch<Self::Batch>>>;

    /// Checks that the plan of `epoch` fits the dataset.
    ///
    /// # Errors
    /// When it names a sample that does not exist, or neither visits a sample nor counts it as left out.
    fn verify(&self, epoch: u64) -> drivetrain_data::Result<()>;

    /// The size of a batch, if the collate function counts it.
    fn size(&self, batch: &Self::Batch) -> Option<BatchSize>;

    /// The dataset.
    fn samples(&self) -> &Self::Samples;
}

impl<D, C> Batches for DataLoader<D, C>
where
    D: Dataset + 'static,
    C: Collate<Sample = D::Sample> + 'static,
    C::Batch: Send + 'static,
{
    type Batch = C::Batch;
    type Samples = D;

    fn plan(&self, epoch: u64) -> Arc<EpochPlan> {
        self.plan(epoch)
    }

    fn epoch_from(&self, epoch: u64, first_batch: usize) -> EpochBatches<C::Batch> {
        self.epoch_from(epoch, first_batch)
    }

    fn micro_batches_from(
        &self,
        epoch: u64,
        first_batch: usize,
        micro_batching: MicroBatching,
    ) -> EpochBatches<Vec<MicroBatch<C::Batch>>> {
        self.micro_batches_from(epoch, first_batch, micro_batching)
    }

    fn verify(&self, epoch: u64) -> drivetrain_data::Result<()> {
        self.verify(epoch)
    }

    fn size(&self, batch: &C::Batch) -> Option<BatchSize> {
        self.size(batch)
    }

    fn samples(&self) -> &D {
        self.dataset()
    }
}
