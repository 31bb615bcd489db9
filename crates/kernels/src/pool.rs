//! A pool of memory that is reused: a fresh large allocation costs a page fault for every 4 KiB of it, in every step.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Free buffers of 2ⁿ numbers, by n.
static UNUSED: [Mutex<Vec<Vec<f32>>>; usize::BITS as usize] = [const { Mutex::new(Vec::new()) }; usize::BITS as usize];

/// Numbers from the pool; they go back to it when the buffer is dropped.
#[derive(Debug)]
pub(crate) struct Buffer {
    /// As long as its size class, so that nothing has to be filled when it is reused.
    data: Vec<f32>,
    len: usize,
}

impl Buffer {
    /// `len` numbers with arbitrary values, which must be written before they are read.
    pub(crate) fn dirty(len: usize) -> Self {
        let size = len.max(1).next_power_of_two();
        let unused = UNUSED[class(size)].lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        Self { data: unused.unwrap_or_else(|| vec![0.0; size]), len }
    }

    /// The numbers, which do not go back to the pool.
    pub(crate) fn into_vec(mut self) -> Vec<f32> {
        self.data.truncate(self.len);
        std::mem::take(&mut self.data)
    }

    /// `len` zeros.
    pub(crate) fn zeros(len: usize) -> Self {
        let mut buffer = Self::dirty(len);
        buffer.fill(0.0);
        buffer
    }
}

/// Which list of unused buffers holds those of a size.
const fn class(size: usize) -> usize {
    size.trailing_zeros() as usize
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let data = std::mem::take(&mut self.data);
        if !data.is_empty() {
            UNUSED[class(data.len())].lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(data);
        }
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.data[..self.len]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.data[..self.len]
    }
}
