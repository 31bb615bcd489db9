//! The one progress bar of the terminal. Messages are printed above it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A bar of `total` (0: not known), shown from now on in place of any other. In `template`, `{rate}` is how many are done a
/// second.
pub(crate) fn show(name: String, template: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target((total > 0).then_some(total), ProgressDrawTarget::stderr_with_hz(5));
    bar.set_style(style(template));
    bar.set_prefix(name);
    bar.enable_steady_tick(Duration::from_millis(500));
    if let Some(former) = replace(Some(bar.clone())) {
        former.finish_and_clear();
    }
    bar
}

/// Takes the bar away.
pub(crate) fn clear() {
    if let Some(bar) = replace(None) {
        bar.finish_and_clear();
    }
}

/// Does something on stderr while the bar is hidden.
pub(crate) fn suspended(act: impl FnOnce()) {
    match current() {
        Some(bar) => bar.suspend(act),
        None => act(),
    }
}

/// The bar that is shown.
pub(crate) fn current() -> Option<ProgressBar> {
    // A panic elsewhere must not stop a bar from being drawn.
    BAR.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn replace(bar: Option<ProgressBar>) -> Option<ProgressBar> {
    std::mem::replace(&mut *BAR.lock().unwrap_or_else(PoisonError::into_inner), bar)
}

fn style(template: &str) -> ProgressStyle {
    let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let per_second = state.per_sec();
        let decimals = if per_second < 10.0 { 1 } else { 0 };
        // An error of stderr itself cannot be reported.
        let _ = write!(out, "{per_second:.decimals$}/s");
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate)
}
