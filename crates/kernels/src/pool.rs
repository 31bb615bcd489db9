//! Memory that is used again: a fresh large allocation costs a page fault for every 4 KiB of it, in every step.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Buffers of 2ⁿ numbers that nobody uses, by n.
static UNUSED: [Mutex<Vec<Vec<f32>>>; usize::BITS as usize] = [const { Mutex::new(Vec::new()) }; usize::BITS as usize];

/// Numbers from the pool; they go back to it when the buffer is dropped.
#[derive(Debug)]
pub(crate) struct Buffer {
    data: Vec<f32>,
    class: usize,
}

impl Buffer {
    /// `len` numbers, whatever they are: to be written before they are read.
    pub(crate) fn dirty(len: usize) -> Self {
        let class = len.max(1).next_power_of_two().trailing_zeros() as usize;
        let unused = UNUSED[class].lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let mut data = unused.unwrap_or_else(|| Vec::with_capacity(1 << class));
        // Only grows within the capacity; what it held before stays where it was.
        data.resize(len, 0.0);
        Self { data, class }
    }

    /// The numbers, which do not go back to the pool.
    pub(crate) fn into_vec(mut self) -> Vec<f32> {
        std::mem::take(&mut self.data)
    }

    /// `len` zeros.
    pub(crate) fn zeros(len: usize) -> Self {
        let mut buffer = Self::dirty(len);
        buffer.fill(0.0);
        buffer
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let data = std::mem::take(&mut self.data);
        if data.capacity() == 0 {
            return;
        }
        UNUSED[self.class].lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(data);
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.data
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }
}
