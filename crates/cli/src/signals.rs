//! The error to end with after SIGINT or SIGTERM.

use drivetrain::run::Signals;
use drivetrain::tr;

use crate::error::Interrupted;
use crate::terminal::lang;

/// The error with which to exit, if a signal was received. `what` follows the signal's name in the message.
#[must_use]
pub(crate) fn interrupted(signals: &Signals, what: &str) -> Option<Interrupted> {
    let signal = signals.received()?;
    let name = signal.name();
    let message = tr!(lang(), "stopped by {name}; {what}", "收到 {name}，已停止；{what}");
    Some(Interrupted { message, exit_code: signal.exit_code() })
}
