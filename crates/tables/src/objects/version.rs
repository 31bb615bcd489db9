//! Whether an object has changed, according to its store.

use std::time::Duration;

use object_store::ObjectStoreExt;

use super::store::Store;
use crate::address::Address;

/// What identifies the content of the object at an address: its size and its entity tag. `None` if the store returns no entity tag
/// or cannot be reached.
pub(crate) fn version(address: &Address, time_limit: Duration) -> Option<String> {
    let store = Store::open(address, time_limit).ok()?;
    let object = store.wait(store.client.head(&store.path)).ok()?;
    Some(format!("{} bytes, {}", object.size, object.e_tag?))
}
