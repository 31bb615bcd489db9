//! The compute threads, which are created anew in a forked process.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads of one process.
struct Pool {
    process: u32,
    threads: ThreadPool,
}

/// The pool in use. A fork copies this pointer but not the threads, which is why the pool stores the id of its process. There is no
/// lock, since another thread might hold it at the moment of a fork.
static POOL: AtomicPtr<Pool> = AtomicPtr::new(null_mut());

/// Runs `work` on this process's threads.
pub(crate) fn install<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match pool() {
        Some(threads) => threads.install(work),
        // The system cannot create threads: the work runs on those that rayon has.
        None => work(),
    }
}

fn pool() -> Option<&'static ThreadPool> {
    let found = POOL.load(Ordering::Acquire);
    // SAFETY: the pointer is null, or from `Box::leak` below and never freed.
    if let Some(pool) = unsafe { found.as_ref() }.filter(|pool| pool.process == std::process::id()) {
        return Some(&pool.threads);
    }
    let threads = ThreadPoolBuilder::new().thread_name(|index| format!("tabular-sense-{index}")).build().ok()?;
    let new = Box::leak(Box::new(Pool { process: std::process::id(), threads }));
    match POOL.compare_exchange(found, new, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Some(&new.threads),
        // Another thread was faster; its pool serves all.
        Err(_) => pool(),
    }
}
