//! Where the bytes of a Parquet file are: on this machine, or in a bucket.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
#[cfg(feature = "object-stores")]
use std::sync::Arc;

use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

use crate::TableError;
use crate::input::{Input, OnDisk};
#[cfg(feature = "object-stores")]
use crate::objects::{Prefetched, Ranges, Remote, RemoteReader};

pub(super) enum Place {
    OnDisk(OnDisk),
    #[cfg(feature = "object-stores")]
    Remote(Arc<Remote>),
}

impl Place {
    pub(super) fn of(input: &Input) -> std::result::Result<Self, TableError> {
        #[cfg(feature = "object-stores")]
        if let Some(remote) = input.remote() {
            return Ok(Self::Remote(Arc::clone(remote)));
        }
        input.on_disk().map(Self::OnDisk)
    }

    /// Opens the file; of a remote object, fetches these ranges at once.
    #[cfg_attr(not(feature = "object-stores"), expect(unused_variables, reason = "as with the feature"))]
    pub(super) fn open(&self, ranges: &[Range<u64>]) -> io::Result<Bytes> {
        match self {
            Self::OnDisk(on_disk) => on_disk.open().map(Bytes::File),
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => Ok(Bytes::Remote(Arc::new(Prefetched::fetch(Arc::clone(remote), ranges)?))),
        }
    }

    pub(super) const fn is_remote(&self) -> bool {
        match self {
            Self::OnDisk(_) => false,
            #[cfg(feature = "object-stores")]
            Self::Remote(_) => true,
        }
    }

    /// The error that kept the bytes from being read, if it is known, instead of the damage that seems to follow from
    /// it.
    pub(super) fn or_failure(&self, damage: TableError) -> TableError {
        match self {
            Self::OnDisk(_) => damage,
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => remote.take_failure().unwrap_or(damage),
        }
    }
}

/// The bytes of a file that was opened.
pub(super) enum Bytes {
    File(File),
    #[cfg(feature = "object-stores")]
    Remote(Arc<Prefetched>),
}

impl Bytes {
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        match self {
            Self::File(file) => file.try_clone().map(Self::File),
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => Ok(Self::Remote(Arc::clone(remote))),
        }
    }
}

impl Length for Bytes {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => Length::len(file),
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => remote.size(),
        }
    }
}

impl ChunkReader for Bytes {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        match self {
            Self::File(file) => file.get_read(start).map(|reader: BufReader<File>| Box::new(reader) as Self::T),
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => Ok(Box::new(RemoteReader { remote: Arc::clone(remote), at: start })),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes> {
        match self {
            Self::File(file) => file.get_bytes(start, length),
            #[cfg(feature = "object-stores")]
            Self::Remote(remote) => Ok(remote.range(start..start.saturating_add(length as u64))?),
        }
    }
}
