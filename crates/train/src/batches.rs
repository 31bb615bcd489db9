//! What the loop asks of a loader.

use std::sync::Arc;

use drivetrain_data::{BatchSize, Collate, DataLoader, Dataset, EpochBatches, EpochPlan, MicroBatch, MicroBatching};

/// A [`DataLoader`], with any dataset and any collate that takes its samples: all that the loop has to know of their types
/// is what batches come out. See the methods of [`DataLoader`] for what each does.
pub trait Batches {
    /// What the collate makes.
    type Batch: Send + 'static;
    /// Where the samples are from.
    type Samples: Dataset + 'static;

    /// Which samples each batch of `epoch` holds.
    fn plan(&self, epoch: u64) -> Arc<EpochPlan>;

    /// The batches of `epoch` from `first_batch` on.
    fn epoch_from(&self, epoch: u64, first_batch: usize) -> EpochBatches<Self::Batch>;

    /// The same batches in parts.
    fn micro_batches_from(
        &self,
        epoch: u64,
        first_batch: usize,
        micro_batching: MicroBatching,
    ) -> EpochBatches<Vec<MicroBatch<Self::Batch>>>;

    /// Whether the plan of `epoch` is one of the dataset.
    ///
    /// # Errors
    /// When it names a sample that is not there, or passes over one.
    fn verify(&self, epoch: u64) -> drivetrain_data::Result<()>;

    /// How large a batch is, where the collate counts that.
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
