use std::sync::Mutex;

use drivetrain_data::{Progress, Stop, Unit};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The data path's progress as a bar on stderr; nothing without a terminal.
#[derive(Default)]
pub struct TerminalProgress {
    bar: Mutex<Option<ProgressBar>>,
    stop: Stop,
}

impl Progress for TerminalProgress {
    fn start(&self, what: &str, total: u64, unit: Unit) {
        let template = match (unit, total) {
            (_, 0) => "{prefix} {spinner} {pos} ({per_sec})",
            (Unit::Bytes, _) => "{prefix} {wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}) left {eta}",
            _ => "{prefix} {wide_bar} {pos}/{len} ({per_sec}) left {eta}",
        };
        let bar = ProgressBar::with_draw_target((total > 0).then_some(total), ProgressDrawTarget::stderr_with_hz(5));
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what.to_owned());
        self.with(|slot| *slot = Some(bar));
    }

    fn advance(&self, by: u64) {
        self.with(|slot| {
            if let Some(bar) = slot {
                bar.inc(by);
            }
        });
    }

    fn finish(&self) {
        self.with(|slot| {
            if let Some(bar) = slot.take() {
                bar.finish_and_clear();
            }
        });
    }

    fn is_stop_requested(&self) -> bool {
        self.stop.is_requested()
    }
}

impl TerminalProgress {
    /// Work that is shown here ends when `stop` is requested.
    #[must_use]
    pub fn stopped_by(stop: Stop) -> Self {
        Self { stop, ..Self::default() }
    }

    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        // A panic elsewhere must not stop a bar from being drawn.
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}
