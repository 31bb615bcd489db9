//! Files of JSON in a run's folder.

use std::io::Write;
use std::path::Path;

use drivetrain::data::{DataError, read_bounded, write_atomically};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Larger files are not a run's.
const LARGEST: u64 = 64 << 20;

/// Writes `value` as JSON, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), DataError> {
    write_atomically(path, |writer| {
        serde_json::to_writer_pretty(&mut *writer, value)?;
        writeln!(writer)
    })?;
    Ok(())
}

/// What a file holds; none where there is nothing of that kind.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&read_bounded(path, LARGEST).ok()?).ok()
}
