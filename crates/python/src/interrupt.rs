//! Work that Ctrl-C can interrupt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use drivetrain::data::Stop;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::panic_text;
use crate::pool;

/// The longest time until a signal is handled.
const POLL: Duration = Duration::from_millis(30);

/// What happens to work that is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnInterrupt {
    /// It is left to finish by itself; its result is discarded.
    Leave,
    /// The caller waits for it, because it saves its state.
    Wait,
}

/// Runs `work` in another thread with the interpreter lock released, and handles signals as Python does in the meantime. `work`
/// should end soon after `stop` is requested.
///
/// # Errors
/// `KeyboardInterrupt`, or whatever else a signal handler raises; `RuntimeError` where `work` panics.
pub(crate) fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    stop: &Stop,
    on_interrupt: OnInterrupt,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = sync_channel(1);
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(|| pool::install(work)));
        // Nobody receives it where the work was interrupted.
        drop(sender.send(done));
    };
    std::thread::Builder::new().name("tabular-sense".to_owned()).spawn(work)?;
    let mut interrupted = None;
    loop {
        let received;
        (receiver, received) = py.detach(move || {
            let received = receiver.recv_timeout(POLL);
            (receiver, received)
        });
        match received {
            Ok(done) => {
                let done = done.map_err(|panic| PyRuntimeError::new_err(panic_text(panic.as_ref())));
                return interrupted.map_or(done, Err);
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the work ended without a result"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(signal) = py.check_signals() {
            stop.request();
            if on_interrupt == OnInterrupt::Leave {
                return Err(signal);
            }
            interrupted.get_or_insert(signal);
        }
    }
}
