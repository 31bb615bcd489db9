//! Batches of one split of a run's samples.

use std::sync::Arc;

use drivetrain::data::{
    BatchSampler, Batched, DataLoader, EpochPlan, LengthGroups, LoaderConfig, MultiLabelCollate, Sequential, Subset,
    TokenBudget, TokenStore, choose_lengths,
};

use super::prepared::Prepared;
use crate::config::RunConfig;
use crate::error::Result;

/// The loader of one split.
pub type ColumnLoader = DataLoader<Subset<TokenStore>, MultiLabelCollate>;

impl Prepared {
    /// The loader of the training split: grouped by length, and shuffled anew in each epoch.
    ///
    /// # Errors
    /// When a sample exceeds the token budget.
    pub fn train_loader(&self, config: &RunConfig) -> Result<ColumnLoader> {
        let sampler = self.grouped(config, &self.split.train)?;
        self.loader(config, &self.split.train, sampler)
    }

    /// The loader of another split: it yields every sample once, in groups of similar length, in the same order each time.
    ///
    /// # Errors
    /// When the split does not belong to the samples.
    pub fn eval_loader(&self, config: &RunConfig, indices: &[usize]) -> Result<ColumnLoader> {
        let lengths = self.lengths(config, indices)?;
        let mut order: Vec<u32> = (0..indices.len() as u32).collect();
        order.sort_by_key(|&i| lengths[i as usize]);
        let mut plan = EpochPlan::with_capacity(order.len());
        order.chunks(config.data.batch_size).for_each(|batch| plan.push(batch.iter().copied()));
        self.loader(config, indices, Box::new(Fixed(plan)))
    }

    /// The plan of an epoch in file order, for comparison with grouped batches.
    ///
    /// # Errors
    /// When `batch_size` is 0.
    pub fn ungrouped_plan(&self, config: &RunConfig) -> Result<EpochPlan> {
        Ok(Batched::new(Sequential::new(self.split.train.len()), config.data.batch_size, false)?.plan(0))
    }

    /// The lengths that samples are grouped by.
    ///
    /// # Errors
    /// When there are no samples.
    pub fn lengths(&self, config: &RunConfig, indices: &[usize]) -> Result<Vec<u32>> {
        let inputs: Vec<u32> = indices.iter().map(|&i| self.store.input_len(i) as u32).collect();
        let targets: Vec<u32> = indices.iter().map(|&i| self.store.target_len(i) as u32).collect();
        let (_, lengths) = choose_lengths(config.data.group_by, &inputs, &targets)?;
        Ok(lengths.to_vec())
    }

    fn grouped(&self, config: &RunConfig, indices: &[usize]) -> Result<Box<dyn BatchSampler>> {
        let lengths = self.lengths(config, indices)?;
        let seed = config.trainer.seed;
        Ok(match config.data.token_budget {
            0 => Box::new(LengthGroups::new(&lengths, config.data.batch_size, seed, false)?),
            budget => Box::new(TokenBudget::new(&lengths, budget, seed)?),
        })
    }

    fn loader(&self, config: &RunConfig, indices: &[usize], sampler: Box<dyn BatchSampler>) -> Result<ColumnLoader> {
        let part = Subset::new(Arc::clone(&self.store), indices.to_vec())?;
        let collate = MultiLabelCollate { n_classes: self.labels.len(), pad_side: config.data.pad_side };
        let loading = LoaderConfig { workers: config.data.workers, prefetch: config.data.prefetch };
        Ok(DataLoader::new(Arc::new(part), collate, sampler, loading))
    }
}

/// The same batches every epoch.
struct Fixed(EpochPlan);

impl BatchSampler for Fixed {
    fn plan(&self, _epoch: u64) -> EpochPlan {
        self.0.clone()
    }
}
