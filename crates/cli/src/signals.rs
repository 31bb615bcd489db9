//! SIGINT and SIGTERM: the first asks the work to end, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use drivetrain::data::Stop;
use drivetrain::tr;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::Interrupted;
use crate::terminal::lang;

/// Listens until the process ends.
#[derive(Debug)]
pub(crate) struct Signals {
    stop: Stop,
    received: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn listen() -> Result<Self> {
        let (stop, received) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
        for signal in [SIGINT, SIGTERM] {
            // In the order of their registration: a second signal finds the flag set, and ends the process. All that is
            // being written is written beside its place, so nothing half-written is left in it.
            let listen = || {
                flag::register_conditional_shutdown(signal, exit_code(signal), stop.flag())?;
                flag::register_usize(signal, Arc::clone(&received), signal as usize)?;
                flag::register(signal, stop.flag())
            };
            listen().with_context(|| tr!(lang(), "cannot listen to signals", "无法接收信号"))?;
        }
        Ok(Self { stop, received })
    }

    /// Requested by the first signal.
    #[must_use]
    pub(crate) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The error to end with after a signal: `what` the user may want to know follows its name.
    #[must_use]
    pub(crate) fn interrupted(&self, what: &str) -> Option<Interrupted> {
        let signal = self.received.load(Ordering::SeqCst) as i32;
        let name = match signal {
            0 => return None,
            SIGTERM => "SIGTERM",
            _ => "SIGINT",
        };
        let message = tr!(lang(), "stopped by {name}; {what}", "收到 {name}，已停止；{what}");
        Some(Interrupted { message, exit_code: exit_code(signal) })
    }
}

/// As shells say that a signal ended a program.
const fn exit_code(signal: i32) -> i32 {
    128 + signal
}
