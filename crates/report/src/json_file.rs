//! Small files of JSON in a run's folder.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;

/// Larger files are not a run's.
const LARGEST: u64 = 64 << 20;

/// What is in a file of JSON; none where there is no such file, or something else is in it.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
