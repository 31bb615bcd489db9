use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Event, Observer, describe};
use crate::Result;

/// Lines and a progress bar on stderr. Without a terminal there are only the lines.
pub struct Console {
    bar: ProgressBar,
    /// Mean loss of the recent steps, so that the number can be read.
    smooth_loss: Option<f64>,
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

impl Console {
    /// A console that has said nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { bar: ProgressBar::hidden(), smooth_loss: None }
    }

    fn start_bar(&mut self, name: String, batches: usize, done: usize) {
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}  {msg}  {per_sec} left {eta}");
        self.bar = ProgressBar::with_draw_target(Some(batches as u64), ProgressDrawTarget::stderr_with_hz(5));
        self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.bar.set_prefix(name);
        self.bar.set_position(done as u64);
        self.bar.reset_eta();
        self.bar.enable_steady_tick(Duration::from_millis(500));
    }

    fn say(&self, line: &str) {
        // `suspend` moves the bar out of the way; a hidden bar just lets the line through.
        self.bar.suspend(|| eprintln!("{line}"));
    }
}

impl Observer for Console {
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::EpochStart { epoch, epochs, batches, first_batch } => {
                self.start_bar(format!("epoch {}/{epochs}", epoch + 1), *batches, *first_batch);
            }
            Event::Step(step) => {
                let smooth = self.smooth_loss.map_or(step.loss, |smooth| 0.95 * smooth + 0.05 * step.loss);
                self.smooth_loss = Some(smooth);
                self.bar.set_position(step.batch as u64 + 1);
                self.bar.set_message(format!("loss {smooth:.4}  lr {:.2e}", step.learning_rate));
            }
            Event::ValidationStep { batch, batches } => {
                self.bar.set_message(format!("validating {}/{batches}", batch + 1));
            }
            Event::EpochEnd { .. } => self.bar.finish_and_clear(),
            _ => {}
        }
        describe(event).iter().for_each(|line| self.say(line));
        Ok(())
    }
}
