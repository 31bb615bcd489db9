//! Files that this program writes and reads back: whole or absent, of bounded size, known by their content.

mod atomic;
mod bounded;
mod fingerprint;

pub use atomic::{AtomicFile, remove_abandoned, write_atomically};
pub use bounded::read_bounded;
pub use fingerprint::{Fingerprint, Hasher};
