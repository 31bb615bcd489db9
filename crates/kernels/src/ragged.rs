use std::ops::Range;

use crate::dropout::RowIds;

/// Shards that a batch is computed in. Their number does not depend on the machine: a weight's gradient is summed within
/// each shard and then over the shards in order, so the bits do not depend on the number of threads.
const SHARDS: usize = 8;

/// Which positions of a padded batch `[b, t]` are real. Nothing is computed for the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ragged {
    /// Sequences.
    pub b: usize,
    /// Positions of the longest, padding included.
    pub t: usize,
    /// The real positions as indices into `b · t`, sequence by sequence.
    rows: Vec<u32>,
    /// Where each sequence begins in `rows` and, as the last element, where the last one ends.
    starts: Vec<usize>,
}

impl Ragged {
    /// From a mask `[b, t]`, true where a position is real; the real ones may lie anywhere.
    ///
    /// # Panics
    /// When `mask_bt` is not `b · t` long.
    #[must_use]
    pub fn new(mask_bt: &[bool], b: usize, t: usize) -> Self {
        assert_eq!(mask_bt.len(), b * t, "the mask's length");
        let mut rows = Vec::with_capacity(mask_bt.len());
        let mut starts = vec![0];
        for sequence in 0..b {
            let at = sequence * t..(sequence + 1) * t;
            rows.extend(at.filter(|&i| mask_bt[i]).map(|i| i as u32));
            starts.push(rows.len());
        }
        Self { b, t, rows, starts }
    }

    /// The real positions of all sequences, as indices into `b · t`.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Where the first real row of a sequence stands among those of the batch.
    pub(crate) fn first(&self, sequence: usize) -> usize {
        self.starts[sequence]
    }

    /// Whether every sequence has a real position.
    pub(crate) fn has_first_rows(&self) -> bool {
        self.starts.windows(2).all(|ends| ends[0] < ends[1])
    }

    /// The shards, each with its own part of a tensor of `width` numbers per sequence.
    pub(crate) fn split<'a, 'b>(&'b self, data: &'a mut [f32], width: usize) -> Vec<(Shard<'b>, &'a mut [f32])> {
        parts(self.shards(), data, |shard| shard.sequences.len() * width)
    }

    /// The same sequences in smaller groups, for when nothing is summed over them. Each group has at most `rows` real rows, or is
    /// one longer sequence. A small batch is divided as well, into groups of a shard's size.
    pub(crate) fn split_small<'a, 'b>(
        &'b self,
        data: &'a mut [f32],
        width: usize,
        rows: usize,
    ) -> Vec<(Shard<'b>, &'a mut [f32])> {
        let rows = rows.min(self.rows.len().div_ceil(SHARDS));
        let mut start = 0;
        let groups = std::iter::from_fn(|| {
            let fits = |end: &usize| self.starts[*end] - self.starts[start] <= rows;
            let end = (start + 2..=self.b).take_while(fits).last().unwrap_or(start + 1);
            let sequences = std::mem::replace(&mut start, end)..end;
            (sequences.start < self.b).then_some(Shard { batch: self, sequences })
        });
        parts(groups, data, |shard| shard.sequences.len() * width)
    }

    /// The shards, each with its own part of a tensor of `width` numbers per real row.
    pub(crate) fn split_rows<'a, 'b>(&'b self, data: &'a mut [f32], width: usize) -> Vec<(Shard<'b>, &'a mut [f32])> {
        parts(self.shards(), data, |shard| shard.rows().len() * width)
    }

    /// The shards: ranges of sequences.
    pub(crate) fn shards(&self) -> impl Iterator<Item = Shard<'_>> {
        let n = SHARDS.min(self.b);
        (0..n).map(move |shard| Shard { batch: self, sequences: shard * self.b / n..(shard + 1) * self.b / n })
    }
}

fn parts<'a, 'b>(
    shards: impl Iterator<Item = Shard<'b>>,
    mut data: &'a mut [f32],
    len: impl Fn(&Shard<'b>) -> usize,
) -> Vec<(Shard<'b>, &'a mut [f32])> {
    shards.map(|shard| (shard.clone(), data.split_off_mut(..len(&shard)).unwrap_or_default())).collect()
}

/// Sequences that are computed together.
#[derive(Clone, Debug)]
pub(crate) struct Shard<'a> {
    batch: &'a Ragged,
    /// Their indices in the batch.
    pub(crate) sequences: Range<usize>,
}

impl Shard<'_> {
    /// Positions of the longest sequence of the batch.
    pub(crate) const fn t(&self) -> usize {
        self.batch.t
    }

    /// Where the shard's real rows stand among those of the batch.
    pub(crate) fn range(&self) -> Range<usize> {
        self.batch.starts[self.sequences.start]..self.batch.starts[self.sequences.end]
    }

    /// The shard's real rows, as indices into the batch's `b · t`.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.batch.rows[self.range()]
    }

    /// The same rows, as the row numbers that dropout uses.
    pub(crate) fn row_ids(&self) -> RowIds<'_> {
        RowIds { ids: self.rows(), per_sample: self.t() }
    }

    /// Each sequence of the shard: its index in the batch, and its real rows as a range of [`Shard::rows`].
    pub(crate) fn each(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let first = self.batch.starts[self.sequences.start];
        self.sequences.clone().map(move |i| (i, self.batch.starts[i] - first..self.batch.starts[i + 1] - first))
    }

    /// The padded positions of the shard, `sequences · t` of them, as a range of the batch's `b · t`.
    pub(crate) const fn padded(&self) -> Range<usize> {
        self.sequences.start * self.batch.t..self.sequences.end * self.batch.t
    }

    /// The real rows of the shard's part of a padded tensor, one after the other.
    pub(crate) fn gather(&self, padded_btd: &[f32], d: usize, rows_rd: &mut [f32]) {
        for (row, to) in self.rows().iter().zip(rows_rd.chunks_exact_mut(d)) {
            to.copy_from_slice(&padded_btd[*row as usize * d..][..d]);
        }
    }

    /// The inverse of [`Shard::gather`], into the shard's own part of a padded tensor of zeros.
    pub(crate) fn scatter(&self, rows_rd: &[f32], d: usize, own_part: &mut [f32]) {
        let before = self.padded().start;
        for (row, from) in self.rows().iter().zip(rows_rd.chunks_exact(d)) {
            own_part[(*row as usize - before) * d..][..d].copy_from_slice(from);
        }
    }
}
