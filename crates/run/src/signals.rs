//! SIGINT and SIGTERM: the first asks the work to end, the second ends it at once.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use drivetrain_data::Stop;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Listens to SIGINT (Ctrl-C) and SIGTERM until the process ends.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use drivetrain_run::{Run, RunOptions, Signals};
///
/// fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
///     let signals = Signals::listen()?;
///     let run = Run::open("runs/mine", RunOptions { stop: signals.stop(), ..RunOptions::new("mine") })?;
///     // … attach, fit …
///     # drop(run);
///     // 130 after SIGINT, 143 after SIGTERM.
///     Ok(signals.received().map_or(ExitCode::SUCCESS, ExitCode::from))
/// }
/// ```
#[derive(Debug)]
pub struct Signals {
    stop: Stop,
    received: Arc<AtomicUsize>,
}

/// A signal that asks a process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM: what `kill` and most schedulers send.
    Terminate,
}

impl Signal {
    /// `SIGINT` or `SIGTERM`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        }
    }

    /// The exit code that shells report for a program that this signal ended: 130 or 143.
    #[must_use]
    pub const fn exit_code(self) -> i32 {
        128 + match self {
            Self::Interrupt => SIGINT,
            Self::Terminate => SIGTERM,
        }
    }
}

/// The exit code of a `main` that a signal has ended.
impl From<Signal> for ExitCode {
    fn from(signal: Signal) -> Self {
        // 130 and 143.
        u8::try_from(signal.exit_code()).map_or(Self::FAILURE, Self::from)
    }
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        let (stop, received) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
        for signal in [Signal::Interrupt, Signal::Terminate] {
            let number = signal.exit_code() - 128;
            // The handlers run in the order of their registration: a second signal finds the flag set, and ends the process. Files
            // are written to temporary files first, so none is left half-written.
            flag::register_conditional_shutdown(number, signal.exit_code(), stop.flag())?;
            flag::register_usize(number, Arc::clone(&received), number as usize)?;
            flag::register(number, stop.flag())?;
        }
        Ok(Self { stop, received })
    }

    /// A [`Stop`] that the first signal requests.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The signal that was received, if one was.
    #[must_use]
    pub fn received(&self) -> Option<Signal> {
        match self.received.load(Ordering::SeqCst) as i32 {
            0 => None,
            SIGTERM => Some(Signal::Terminate),
            _ => Some(Signal::Interrupt),
        }
    }
}

/// A [`Stop`] that the first SIGINT (Ctrl-C) or SIGTERM requests: the step in progress is finished, everything is saved, and
/// [`Run::fit`](crate::Run::fit) returns [`Ended::Stopped`](crate::Ended::Stopped). A second signal ends the process at once and
/// damages no file.
///
/// # Errors
/// When the system refuses.
pub fn stop_on_signals() -> io::Result<Stop> {
    Signals::listen().map(|signals| signals.stop())
}
