//! The objects in a folder.

use std::time::Duration;

use futures_util::StreamExt;

use super::errors::told;
use super::store::Store;
use crate::address::Address;
use crate::{ObjectProblem, TableError};

/// The maximum number of objects that are listed.
const MAX_LISTED: usize = 1_000_000;

/// The keys of the objects below an address, in order, relative to the folder: `2024/sales.csv`.
pub(crate) fn list(address: &Address, time_limit: Duration) -> Result<Vec<String>, TableError> {
    if address.scheme.starts_with("http") {
        let (path, problem) = (address.shown(), ObjectProblem::NoFolders);
        return Err(TableError::Object { path, problem, reason: String::new() });
    }
    let error = |error| told(&error, address);
    let store = Store::open(address, time_limit).map_err(error)?;
    let folder = address.path.trim_end_matches('/');
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut keys = store.wait(async {
        let mut found = store.client.list(Some(&store.path)).take(MAX_LISTED);
        let mut keys = Vec::new();
        while let Some(object) = found.next().await {
            keys.extend(object?.location.as_ref().strip_prefix(&prefix).map(str::to_owned));
        }
        Ok(keys)
    });
    keys.iter_mut().for_each(|keys: &mut Vec<String>| keys.sort_unstable());
    keys.map_err(error)
}
