//! An object as a temporary file, for formats that are read as a whole.

use std::io::{self, Write};
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, pin_mut};
use object_store::Error;
use tempfile::NamedTempFile;

use super::errors::told;
use super::remote::{Ranges, Remote};
use crate::TableError;
use crate::address::Address;

/// The maximum size of an object that is fetched, in bytes.
pub(super) const MAX_FETCHED: u64 = 2 << 30;
/// How many bytes are requested at a time, because each request has a time limit.
const PART: u64 = 8 << 20;

pub(super) fn too_large(path: PathBuf) -> TableError {
    TableError::TooLarge { path, what: "what has to be fetched", limit: "2 GiB" }
}

fn not_written(source: io::Error, path: PathBuf) -> TableError {
    TableError::Io { path, source }
}

/// Fetches an object, one range after the other.
pub(crate) fn fetch(remote: &Remote) -> Result<NamedTempFile, TableError> {
    let not_written = |source| not_written(source, remote.shown());
    if remote.size() > MAX_FETCHED {
        return Err(too_large(remote.shown()));
    }
    let mut file = NamedTempFile::new().map_err(not_written)?;
    let mut begin = 0;
    while begin < remote.size() {
        let end = (begin + PART).min(remote.size());
        let bytes =
            remote.range(begin..end).map_err(|source| remote.take_failure().unwrap_or_else(|| not_written(source)))?;
        file.write_all(&bytes).map_err(not_written)?;
        begin = end;
    }
    file.flush().map_err(not_written)?;
    Ok(file)
}

/// Saves what a server sends in one answer.
pub(super) async fn keep(
    parts: impl Stream<Item = Result<Bytes, Error>>,
    address: &Address,
) -> Result<NamedTempFile, TableError> {
    let not_written = |source| not_written(source, address.shown());
    let mut file = NamedTempFile::new().map_err(not_written)?;
    let mut size = 0;
    pin_mut!(parts);
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| told(&error, address))?;
        size += part.len() as u64;
        if size > MAX_FETCHED {
            return Err(too_large(address.shown()));
        }
        file.write_all(&part).map_err(not_written)?;
    }
    file.flush().map_err(not_written)?;
    Ok(file)
}
