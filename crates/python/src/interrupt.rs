//! Work that Ctrl-C ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use drivetrain::data::Stop;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::panic_text;
use crate::pool;

/// How long a signal may wait for an answer.
const POLL: Duration = Duration::from_millis(30);

/// What happens to work that is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnInterrupt {
    /// It is left to end by itself: its result is not wanted any more.
    Leave,
    /// It is waited for: it saves what it has.
    Wait,
}

/// Does `work` in another thread without holding the interpreter, and meanwhile handles signals as Python does. `work` should end
/// soon when `stop` is requested.
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
