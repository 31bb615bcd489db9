//! An object that is read in ranges.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use object_store::{Error, GetOptions, GetRange, ObjectStoreExt};
use tempfile::NamedTempFile;

use super::errors::told;
use super::fetch::{keep, too_large};
use super::store::Store;
use crate::TableError;
use crate::address::Address;

/// How many bytes are fetched when an object is opened: enough to recognise its format.
const START: u64 = 256 << 10;
/// How many bytes are fetched at a time if fewer are requested.
const BLOCK: u64 = 64 << 10;
/// How many blocks are kept.
const BLOCKS: usize = 64;

/// An object that was opened.
pub(crate) enum Opened {
    Remote(Arc<Remote>),
    /// The server does not support ranges, so the whole object was fetched.
    Whole(NamedTempFile),
}

/// An object, whose beginning is known.
pub(crate) struct Remote {
    pub(super) store: Store,
    pub(super) address: Address,
    size: u64,
    start: Bytes,
    /// Blocks that were read, the newest last.
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
    /// The last error: the library that reads the object may report it as something else.
    failure: Mutex<Option<TableError>>,
}

/// Opens the object at an address.
pub(crate) fn open(address: Address, time_limit: Duration) -> Result<Opened, TableError> {
    let store = Store::open(&address, time_limit).map_err(|error| told(&error, &address))?;
    let range = GetOptions { range: Some(GetRange::Bounded(0..START)), ..GetOptions::default() };
    let begun = store.wait(async {
        let found = store.client.get_opts(&store.path, range).await?;
        let size = found.meta.size;
        Ok((size, found.bytes().await?))
    });
    match begun {
        Ok((size, start)) => {
            let (blocks, failure) = (Mutex::default(), Mutex::default());
            Ok(Opened::Remote(Arc::new(Remote { store, address, size, start, blocks, failure })))
        }
        Err(error @ (Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. })) => {
            Err(told(&error, &address))
        }
        // Servers that do not support ranges return the whole object, and an empty object has no range.
        Err(error) => whole(&store, &address).map(Opened::Whole).map_err(|other| match other {
            TableError::TooLarge { .. } => other,
            _ => told(&error, &address),
        }),
    }
}

/// Fetches the whole object in one answer.
fn whole(store: &Store, address: &Address) -> Result<NamedTempFile, TableError> {
    store.wait(async {
        let error = |error: Error| told(&error, address);
        let found = store.client.get(&store.path).await.map_err(error)?;
        if found.meta.size > super::fetch::MAX_FETCHED {
            return Err(too_large(address.shown()));
        }
        keep(found.into_stream(), address).await
    })
}

impl Remote {
    /// What messages call it.
    pub(crate) fn shown(&self) -> PathBuf {
        self.address.shown()
    }

    /// What went wrong when it was read last.
    pub(crate) fn take_failure(&self) -> Option<TableError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A block, which is cached for later reads.
    fn block(&self, number: u64) -> io::Result<Bytes> {
        let known = |blocks: &VecDeque<(u64, Bytes)>| {
            blocks.iter().find(|(known, _)| *known == number).map(|(_, block)| block.clone())
        };
        let lock = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = known(&lock()) {
            return Ok(block);
        }
        let begin = number * BLOCK;
        let block = self.fetched(begin..(begin + BLOCK).min(self.size))?;
        let mut blocks = lock();
        if blocks.len() >= BLOCKS {
            blocks.pop_front();
        }
        blocks.push_back((number, block.clone()));
        Ok(block)
    }

    fn fetched(&self, range: Range<u64>) -> io::Result<Bytes> {
        let bytes = self.store.wait(self.store.client.get_range(&self.store.path, range.clone()));
        match bytes {
            Ok(bytes) if bytes.len() as u64 == range.end - range.start => Ok(bytes),
            Ok(_) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server gave less than was asked for")),
            Err(error) => {
                let error = told(&error, &self.address);
                let text = error.to_string();
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(io::Error::other(text))
            }
        }
    }
}

/// Bytes of which any range can be read.
pub(crate) trait Ranges {
    /// How many there are.
    fn size(&self) -> u64;

    /// The bytes of a range, fetched from the server unless they are cached.
    fn range(&self, range: Range<u64>) -> io::Result<Bytes>;
}

impl Ranges for Remote {
    fn size(&self) -> u64 {
        self.size
    }

    fn range(&self, range: Range<u64>) -> io::Result<Bytes> {
        if range.start > range.end || range.end > self.size {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends before that"));
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        if range.end <= self.start.len() as u64 {
            return Ok(self.start.slice(range.start as usize..range.end as usize));
        }
        if range.end - range.start >= BLOCK {
            return self.fetched(range);
        }
        let (first, last) = (range.start / BLOCK, (range.end - 1) / BLOCK);
        let mut bytes = Vec::with_capacity((range.end - range.start) as usize);
        for number in first..=last {
            let block = self.block(number)?;
            let begin = number * BLOCK;
            let from = range.start.saturating_sub(begin) as usize;
            let to = (range.end - begin).min(block.len() as u64) as usize;
            bytes.extend_from_slice(&block[from..to]);
        }
        Ok(bytes.into())
    }
}

/// Reads an object from a position on.
pub(crate) struct RemoteReader<R> {
    pub(crate) remote: Arc<R>,
    pub(crate) at: u64,
}

impl<R: Ranges> Read for RemoteReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begin = self.at.min(self.remote.size());
        // Less than a block at a time, so that the cache of blocks is used.
        let length = (buffer.len() as u64).min(BLOCK - 1).min(self.remote.size() - begin);
        let bytes = self.remote.range(begin..begin + length)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.at = begin + bytes.len() as u64;
        Ok(bytes.len())
    }
}
