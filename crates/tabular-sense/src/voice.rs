//! How this process speaks to its user: set once, from the command line.

use std::sync::OnceLock;

use drivetrain::data::Stop;
use drivetrain::train::{Lang, TerminalProgress, Voice};

static VOICE: OnceLock<Voice> = OnceLock::new();

/// From here on the process speaks like this. Only the first call counts.
pub fn set_voice(voice: Voice) {
    let _ = VOICE.set(voice);
}

/// How the process speaks; before [`set_voice`], English lines.
#[must_use]
pub fn voice() -> Voice {
    VOICE.get().copied().unwrap_or_default()
}

/// The language that the process speaks.
#[must_use]
pub fn lang() -> Lang {
    voice().lang
}

/// Bars of long work that ends when `stop` is requested.
#[must_use]
pub fn progress(stop: &Stop) -> TerminalProgress {
    TerminalProgress::new(voice()).stopped_by(stop.clone())
}

/// The language of the user's locale.
#[must_use]
pub fn locale() -> Lang {
    sys_locale::get_locale().map_or(Lang::En, |locale| Lang::of_locale(&locale))
}
