//! Small JSON files in a run's folder.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;

/// Maximum size in bytes; a run writes no larger files.
const LARGEST: u64 = 64 << 20;

/// The content of a JSON file; none if there is no such file, or it contains something else.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
