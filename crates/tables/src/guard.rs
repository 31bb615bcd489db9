//! Turns panics into errors, for libraries that were not written for hostile files.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// What error messages say if a library panicked.
pub(super) const PANICKED: &str = "its reader cannot cope with what it found";

thread_local! {
    /// Whether a panic of this thread is caught and becomes an error, so that it need not be reported.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `read`; returns `None` if it panics, and then prints nothing. What `read` was working on must not be used again.
pub(super) fn catch<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                before(info);
            }
        }));
    });
    let outer = IS_CAUGHT.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    IS_CAUGHT.set(outer);
    result.ok()
}
