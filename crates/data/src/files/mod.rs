//! Files that this program writes and reads back: atomic writes, reads of bounded size, and content hashes.

mod atomic;
mod bounded;
mod fingerprint;

pub use atomic::{AtomicFile, remove_abandoned, write_atomically};
pub use bounded::read_bounded;
pub use fingerprint::{Fingerprint, Hasher};
