//! How this process prints messages: set once, from the command line.

use std::sync::OnceLock;

use drivetrain::terminal::{Lang, Terminal};

static TERMINAL: OnceLock<Terminal> = OnceLock::new();

/// Sets how messages are printed from here on. Only the first call has an effect.
pub(crate) fn set_terminal(terminal: Terminal) {
    let _ = TERMINAL.set(terminal);
}

/// How messages are printed; before [`set_terminal`], as English lines.
#[must_use]
pub(crate) fn terminal() -> Terminal {
    TERMINAL.get().copied().unwrap_or_default()
}

/// The language of messages.
#[must_use]
pub(crate) fn lang() -> Lang {
    terminal().lang
}

/// The language of the user's locale.
#[must_use]
pub(crate) fn locale() -> Lang {
    sys_locale::get_locale().map_or(Lang::En, |locale| Lang::of_locale(&locale))
}
