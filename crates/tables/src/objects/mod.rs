//! Objects in buckets, and files behind HTTP: they are read in ranges, or fetched to a temporary file.
//!
//! ```text
//! store ─ a client for an address   remote ─ an object that is read in ranges   list ─ the objects in a folder
//! errors ─ what the server says     fetch ─ an object as a temporary file
//! version ─ whether it has changed   prefetched ─ an object of which some ranges are fetched before they are read
//! ```

mod errors;
mod fetch;
mod list;
#[cfg(feature = "columnar")]
mod prefetched;
mod remote;
mod store;
mod version;

pub(super) use fetch::fetch;
pub(super) use list::list;
#[cfg(feature = "columnar")]
pub(super) use prefetched::Prefetched;
#[cfg(feature = "columnar")]
pub(super) use remote::Ranges;
pub(super) use remote::{Opened, Remote, RemoteReader, open};
pub(super) use version::version;
