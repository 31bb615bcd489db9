//! How this process prints messages: set once, from the command line.

use std::sync::OnceLock;

use drivetrain::data::Stop;
use drivetrain::terminal::{Lang, Terminal, TerminalProgress};

static TERMINAL: OnceLock<Terminal> = OnceLock::new();

/// From here on messages are printed like this. Only the first call counts.
pub fn set_terminal(terminal: Terminal) {
    let _ = TERMINAL.set(terminal);
}

/// How messages are printed; before [`set_terminal`], as English lines.
#[must_use]
pub fn terminal() -> Terminal {
    TERMINAL.get().copied().unwrap_or_default()
}

/// The language of messages.
#[must_use]
pub fn lang() -> Lang {
    terminal().lang
}

/// Progress bars of long work that ends when `stop` is requested.
#[must_use]
pub fn progress(stop: &Stop) -> TerminalProgress {
    TerminalProgress::new(terminal()).stopped_by(stop.clone())
}

/// The language of the user's locale.
#[must_use]
pub fn locale() -> Lang {
    sys_locale::get_locale().map_or(Lang::En, |locale| Lang::of_locale(&locale))
}
