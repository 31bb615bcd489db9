//! An object of which some ranges are fetched before they are read.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::remote::{Ranges, Remote};

/// An object, and some ranges of it.
pub(crate) struct Prefetched {
    remote: Arc<Remote>,
    /// The ranges that were fetched, each with its position in the object.
    known: Vec<(u64, Bytes)>,
}

impl Prefetched {
    /// Fetches the ranges, each in one request. What lies beyond the end of the object is left out.
    pub(crate) fn fetch(remote: Arc<Remote>, ranges: &[Range<u64>]) -> io::Result<Self> {
        let known = ranges.iter().map(|range| {
            let begin = range.start.min(remote.size());
            Ok((begin, remote.range(begin..range.end.clamp(begin, remote.size()))?))
        });
        Ok(Self { known: known.collect::<io::Result<_>>()?, remote })
    }
}

impl Ranges for Prefetched {
    fn size(&self) -> u64 {
        self.remote.size()
    }

    fn range(&self, range: Range<u64>) -> io::Result<Bytes> {
        let end = |begin: u64, bytes: &Bytes| begin + bytes.len() as u64;
        let known = self.known.iter().find(|(begin, bytes)| (*begin..end(*begin, bytes)).contains(&range.start));
        let Some((begin, bytes)) = known else { return self.remote.range(range) };
        let from = (range.start - begin) as usize;
        if range.end <= end(*begin, bytes) {
            return Ok(bytes.slice(from..(range.end.max(range.start) - begin) as usize));
        }
        let mut joined = bytes[from..].to_vec();
        joined.extend_from_slice(&self.range(end(*begin, bytes)..range.end)?);
        Ok(joined.into())
    }
}
