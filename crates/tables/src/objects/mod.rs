//! Objects in buckets, and files behind HTTP: they are read in ranges, or fetched to a temporary file.
//!
//! ```text
//! store ─ a client for an address   remote ─ an object that ranges are read of   list ─ the objects in a folder
//! errors ─ what the server says     fetch ─ an object as a temporary file
//! ```

mod errors;
mod fetch;
mod list;
mod remote;
mod store;

pub(super) use fetch::fetch;
pub(super) use list::list;
pub(super) use remote::{Opened, Remote, RemoteReader, open};
