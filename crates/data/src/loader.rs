//! The loader: runs the sampler, the dataset and the collate function together, on any number of threads.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};

use crate::collate::{BatchSize, Collate};
use crate::dataset::{Dataset, SampleLengths, Subset};
use crate::error::{DataError, Result, panic_message};
use crate::micro_batch::{MicroBatch, MicroBatching};
use crate::sampler::{BatchSampler, EpochPlan, LengthGroups};

/// How batches are made ahead of the training loop. It changes the speed and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoaderConfig {
    /// The number of worker threads; 0 makes each batch in the caller's thread when it is asked for.
    pub workers: usize,
    /// How many finished batches each worker may hold ready (at least 1).
    pub prefetch: usize,
}

impl Default for LoaderConfig {
    fn default() -> Self {
        Self { workers: 2, prefetch: 4 }
    }
}

/// Yields the batches of an epoch, in the order its sampler planned, whatever the number of workers.
///
/// The collate function must accept what the dataset yields. This one does not, so the program does not compile:
///
/// ```compile_fail,E0271
/// # use std::sync::Arc;
/// use drivetrain_data::*;
/// // Yields numbers …
/// let dataset = Arc::new(MemoryDataset::new(vec![1, 2, 3]));
/// // … but this collate function takes tokenized samples.
/// let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
/// let sampler = Batched::new(Sequential::new(3), 2, false)?;
/// let loader = DataLoader::new(dataset, collate, sampler, LoaderConfig::default());
/// # Ok::<(), DataError>(())
/// ```
///
/// This one does:
///
/// ```
/// # use std::sync::Arc;
/// use drivetrain_data::*;
/// let sample = |id| TokenizedSample { input: vec![id; 4], target: vec![id % 2] };
/// let dataset = Arc::new(MemoryDataset::new(vec![sample(5), sample(6), sample(7)]));
/// let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
/// let sampler = Batched::new(Sequential::new(3), 2, false)?;
/// let loader = DataLoader::new(dataset, collate, sampler, LoaderConfig::default());
/// let sizes: Vec<usize> = loader.epoch(0).map(|batch| Ok(batch?.batch_size())).collect::<Result<_>>()?;
/// assert_eq!(sizes, [2, 1]);
/// # Ok::<(), DataError>(())
/// ```
pub struct DataLoader<D, C> {
    dataset: Arc<D>,
    collate: Arc<C>,
    sampler: Box<dyn BatchSampler>,
    config: LoaderConfig,
    /// The last plan that was requested, with its epoch: a run requests the same plan several times.
    planned: Mutex<Option<(u64, Arc<EpochPlan>)>>,
}

impl<D, C> DataLoader<D, C>
where
    D: Dataset + 'static,
    C: Collate<Sample = D::Sample> + 'static,
{
    /// Combines a dataset, a collate function and a sampler.
    pub fn new(dataset: Arc<D>, collate: C, sampler: impl BatchSampler + 'static, config: LoaderConfig) -> Self {
        let planned = Mutex::new(None);
        Self { dataset, collate: Arc::new(collate), sampler: Box::new(sampler), config, planned }
    }

    /// The samples of a dataset at `indices`, in shuffled batches of `batch_size` samples of similar length: [`LengthGroups`]
    /// over a [`Subset`].
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] for an index that the dataset does not have; [`DataError::Config`] when `batch_size` is 0.
    pub fn grouped(
        dataset: &Arc<D>,
        indices: &[usize],
        collate: C,
        batch_size: usize,
        seed: u64,
    ) -> Result<DataLoader<Subset<D>, C>>
    where
        D: SampleLengths,
    {
        let part = Subset::new(Arc::clone(dataset), indices.to_vec())?;
        let groups = LengthGroups::new(&part.input_lengths(), batch_size, seed, false)?;
        Ok(DataLoader::new(Arc::new(part), collate, groups, LoaderConfig::default()))
    }

    /// All batches of `epoch`.
    pub fn epoch(&self, epoch: u64) -> EpochBatches<C::Batch>
    where
        C::Batch: 'static,
    {
        self.epoch_from(epoch, 0)
    }

    /// The batches of `epoch` from `first_batch` on, for a resumed run. There are none beyond the last.
    pub fn epoch_from(&self, epoch: u64, first_batch: usize) -> EpochBatches<C::Batch>
    where
        C::Batch: 'static,
    {
        let (dataset, collate, plan) = (Arc::clone(&self.dataset), Arc::clone(&self.collate), self.plan(epoch));
        self.start(plan.len(), first_batch, move |batch| {
            make_batch(&*dataset, &plan, batch, |samples| collate.collate(samples))
        })
    }

    /// The same batches, divided into micro-batches.
    ///
    /// An item is [`DataError::Config`] if the size of micro-batches is limited in tokens, but the collate function does not
    /// count tokens.
    pub fn micro_batches_from(
        &self,
        epoch: u64,
        first_batch: usize,
        micro_batching: MicroBatching,
    ) -> EpochBatches<Vec<MicroBatch<C::Batch>>>
    where
        C::Batch: 'static,
    {
        let (dataset, collate, plan) = (Arc::clone(&self.dataset), Arc::clone(&self.collate), self.plan(epoch));
        self.start(plan.len(), first_batch, move |batch| {
            make_batch(&*dataset, &plan, batch, |samples| collate_parts(&*collate, samples, micro_batching))
        })
    }

    /// Starts to call `make` for the batches of an epoch of `end` batches, from `first_batch` on.
    fn start<T: Send + 'static>(
        &self,
        end: usize,
        first_batch: usize,
        make: impl Fn(usize) -> Result<T> + Send + Sync + 'static,
    ) -> EpochBatches<T> {
        let make: Make<T> = Arc::new(make);
        let next = first_batch.min(end);
        // Workers beyond the number of batches would have nothing to do.
        let count = self.config.workers.min(end - next);
        let workers = (0..count)
            .map_while(|w| Worker::start(Arc::clone(&make), (next + w..end).step_by(count), self.config.prefetch).ok())
            .collect::<Vec<_>>();
        // If a thread cannot be started, the caller's thread makes all batches.
        let workers = if workers.len() == count { workers } else { Vec::new() };
        EpochBatches { make, workers, first: next, next, end }
    }

    /// Which samples each batch of `epoch` holds.
    pub fn plan(&self, epoch: u64) -> Arc<EpochPlan> {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        match &*planned {
            Some((of, plan)) if *of == epoch => Arc::clone(plan),
            _ => {
                let plan = Arc::new(self.sampler.plan(epoch));
                *planned = Some((epoch, Arc::clone(&plan)));
                plan
            }
        }
    }

    /// The number of batches in `epoch`.
    pub fn batches(&self, epoch: u64) -> usize {
        self.plan(epoch).len()
    }

    /// Checks that the plan of `epoch` fits this dataset: it contains no sample that does not exist, and it visits every sample
    /// or notes how many it leaves out ([`EpochPlan::note_dropped`]).
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] or [`DataError::Config`], before any sample is read.
    pub fn verify(&self, epoch: u64) -> Result<()> {
        let (plan, len) = (self.plan(epoch), self.dataset.len());
        if let Some(&index) = plan.iter().flatten().find(|&&index| index as usize >= len) {
            return Err(DataError::OutOfRange { index: index as usize, len });
        }
        let (visited, dropped) = (plan.samples(), plan.dropped());
        if visited + dropped < len {
            // A sampler made for fewer samples, for example, never visits the last ones.
            let first =
                (0..len).zip(marks(&plan, len)).find(|(_, is_visited)| !is_visited).map_or(0, |(index, _)| index);
            return Err(DataError::Config(format!(
                "the sampler visits {visited} of the dataset's {len} samples in epoch {epoch} and passes over the others, \
                 such as {}; make the sampler for {len} samples, or count what it leaves out with `EpochPlan::note_dropped`",
                self.dataset.describe(first)
            )));
        }
        Ok(())
    }

    /// The size of a batch of this loader, if its collate function counts it.
    pub fn size(&self, batch: &C::Batch) -> Option<BatchSize> {
        self.collate.size(batch)
    }

    /// The dataset.
    pub fn dataset(&self) -> &Arc<D> {
        &self.dataset
    }
}

/// Which samples a plan visits.
fn marks(plan: &EpochPlan, len: usize) -> Vec<bool> {
    let mut visited = vec![false; len];
    plan.iter().flatten().for_each(|&index| visited[index as usize] = true);
    visited
}

/// Makes the batch at a position of the epoch, whole or in parts.
type Make<B> = Arc<dyn Fn(usize) -> Result<B> + Send + Sync>;

/// Reads the samples of one batch and collates them. Errors name the sample; a panic becomes an error, so that a bug in a dataset
/// or a collate function ends the epoch with a message, with or without workers.
fn make_batch<D: Dataset, T>(
    dataset: &D,
    plan: &EpochPlan,
    batch: usize,
    collate: impl FnOnce(Vec<D::Sample>) -> Result<T>,
) -> Result<T> {
    let indices = plan.batch(batch);
    let describe = |index: u32| dataset.describe(index as usize);
    let make = || {
        let get = |&index: &u32| {
            dataset.get(index as usize).map_err(|error| match error {
                // These already name the file or the sample.
                named @ (DataError::BadLine { .. } | DataError::FileChanged { .. } | DataError::Sample { .. }) => named,
                other => DataError::Sample { sample: describe(index), problem: other.to_string() },
            })
        };
        let samples = indices.iter().map(get).collect::<Result<Vec<_>>>()?;
        collate(samples).map_err(|error| match error {
            DataError::InBatch { position, problem } if position < indices.len() => {
                DataError::Sample { sample: describe(indices[position]), problem }
            }
            other => other,
        })
    };
    // Nothing of a failed batch is used again, so nothing half-changed can be seen.
    catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|panic| Err(DataError::Panicked { batch, message: panic_message(&*panic) }))
}

/// Collates the samples of a batch in parts.
fn collate_parts<C: Collate>(
    collate: &C,
    samples: Vec<C::Sample>,
    micro_batching: MicroBatching,
) -> Result<Vec<MicroBatch<C::Batch>>> {
    let n = samples.len();
    if micro_batching == MicroBatching::WHOLE {
        return Ok(vec![MicroBatch { batch: collate.collate(samples)?, samples: 0..n }]);
    }
    let lengths: Option<Vec<usize>> = samples.iter().map(|sample| collate.length(sample)).collect();
    if lengths.is_none() && micro_batching.max_tokens > 0 {
        return Err(DataError::Config(
            "micro-batches are to have a number of tokens, but the collate function does not tell the lengths of samples; implement \
             `Collate::length`, or cut batches by number only"
                .into(),
        ));
    }
    let longest = lengths.into_iter().flatten().max().unwrap_or(0);
    let mut left = samples.into_iter();
    let part = |rows: Range<usize>| {
        let samples = left.by_ref().take(rows.len()).collect();
        let batch = collate.collate_padded(samples, longest).map_err(|error| match error {
            DataError::InBatch { position, problem } => DataError::InBatch { position: rows.start + position, problem },
            other => other,
        })?;
        Ok(MicroBatch { batch, samples: rows })
    };
    micro_batching.cut(n, longest).into_iter().map(part).collect()
}

/// A thread that makes every W-th batch, and the channel its batches come through.
struct Worker<B> {
    batches: Receiver<Result<B>>,
    thread: JoinHandle<()>,
}

impl<B: Send + 'static> Worker<B> {
    fn start(
        make: Make<B>,
        positions: impl Iterator<Item = usize> + Send + 'static,
        prefetch: usize,
    ) -> std::io::Result<Self> {
        let (sender, batches) = sync_channel(prefetch.max(1));
        let work = move || {
            for position in positions {
                let batch = make(position);
                let failed = batch.is_err();
                // A closed channel means that the receiver is gone; after an error nothing more is needed either.
                if sender.send(batch).is_err() || failed {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("drivetrain-loader".into()).spawn(work)?;
        Ok(Self { batches, thread })
    }
}

/// The batches of one epoch, in order. The iterator ends after the first error. Dropping it stops the workers and waits for them.
pub struct EpochBatches<B> {
    make: Make<B>,
    workers: Vec<Worker<B>>,
    first: usize,
    next: usize,
    end: usize,
}

impl<B> EpochBatches<B> {
    /// The position in the epoch of the batch that comes next: where a resumed run would start.
    pub fn position(&self) -> usize {
        self.next
    }

    fn stop(&mut self) {
        // Closing all channels first wakes the workers that wait to send; only then can all be waited for.
        let threads: Vec<_> = self.workers.drain(..).map(|worker| worker.thread).collect();
        for thread in threads {
            // A worker's panics are caught where they happen; there is nothing else to receive from it.
            let _ = thread.join();
        }
    }
}

impl<B> Iterator for EpochBatches<B> {
    type Item = Result<B>;

    fn next(&mut self) -> Option<Result<B>> {
        if self.next >= self.end {
            self.stop();
            return None;
        }
        let position = self.next;
        let batch = if self.workers.is_empty() {
            (self.make)(position)
        } else {
            // Worker w made batches w, w + W, …: asking them in turn restores the order.
            let worker = &self.workers[(position - self.first) % self.workers.len()];
            worker.batches.recv().unwrap_or_else(|_| {
                Err(DataError::Panicked { batch: position, message: "the loader's worker ended early".into() })
            })
        };
        if batch.is_err() {
            self.end = position;
            self.stop();
        } else {
            self.next += 1;
        }
        Some(batch)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        // An error may end it sooner, but the error itself is an item.
        (left.min(1), Some(left))
    }
}

impl<B> Drop for EpochBatches<B> {
    fn drop(&mut self) {
        self.stop();
    }
}
