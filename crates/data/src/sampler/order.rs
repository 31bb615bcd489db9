//! Samplers: the order of the samples in an epoch, as a pure function of (seed, epoch).

use drivetrain_random::Random;

/// The order in which an epoch visits the samples.
pub trait Sampler: Send + Sync {
    /// The number of samples.
    fn len(&self) -> usize;

    /// Every index of `0..len()` once, in the order of this epoch. The same epoch always has the same order.
    fn order(&self, epoch: u64) -> Vec<usize>;

    /// Whether there is nothing to visit.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// First to last, every epoch: for validation and test.
#[derive(Clone, Copy, Debug)]
pub struct Sequential {
    len: usize,
}

impl Sequential {
    /// Over `len` samples.
    #[must_use]
    pub const fn new(len: usize) -> Self {
        Self { len }
    }
}

impl Sampler for Sequential {
    fn len(&self) -> usize {
        self.len
    }

    fn order(&self, _epoch: u64) -> Vec<usize> {
        (0..self.len).collect()
    }
}

/// A new permutation in each epoch; all permutations are equally likely.
#[derive(Clone, Copy, Debug)]
pub struct Shuffled {
    len: usize,
    seed: u64,
}

impl Shuffled {
    /// Over `len` samples.
    #[must_use]
    pub const fn new(len: usize, seed: u64) -> Self {
        Self { len, seed }
    }
}

impl Sampler for Shuffled {
    fn len(&self) -> usize {
        self.len
    }

    fn order(&self, epoch: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len).collect();
        Random::new(self.seed, "sample order").at(epoch).shuffle(&mut order);
        order
    }
}
