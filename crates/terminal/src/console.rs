use drivetrain_train::{Control, Event, Observer, Result, StepEnd, event_record};
use indicatif::ProgressBar;

use crate::events::describe;
use crate::output::{LogFormat, Terminal};
use crate::{bar, tr};

/// Lines and a progress bar on stderr. Without a terminal there are only the lines.
pub struct Console {
    terminal: Terminal,
    bar: ProgressBar,
    /// Moving average of the loss: the losses of single steps vary too much to be read.
    smooth_loss: Option<f64>,
}

impl Default for Console {
    fn default() -> Self {
        Self::new(Terminal::default())
    }
}

impl Console {
    /// A console that prints on `terminal`.
    #[must_use]
    pub fn new(terminal: Terminal) -> Self {
        Self { terminal, bar: ProgressBar::hidden(), smooth_loss: None }
    }

    fn start_bar(&mut self, name: String, batches: usize, done: usize) {
        if !self.terminal.has_bars() {
            return;
        }
        let left = tr!(self.terminal.lang, "left", "剩余");
        let template = format!("{{prefix}} {{wide_bar}} {{human_pos}}/{{human_len}}  {{msg}}  {{rate}} {left} {{eta}}");
        self.bar = bar::show(name, &template, batches as u64);
        self.bar.set_position(done as u64);
        self.bar.reset_eta();
    }

    fn step(&mut self, step: &StepEnd<'_>) {
        let smooth = self.smooth_loss.map_or(step.loss, |smooth| 0.95 * smooth + 0.05 * step.loss);
        self.smooth_loss = Some(smooth);
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_position(step.batch as u64 + 1);
        let rate = step.learning_rate;
        let text = tr!(self.terminal.lang, "loss {smooth:.4}  lr {rate:.2e}", "损失 {smooth:.4}  学习率 {rate:.2e}");
        self.bar.set_message(text);
    }
}

impl Observer for Console {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::EpochStart { epoch, epochs, batches, first_batch } => {
                let epoch = epoch + 1;
                let name = tr!(self.terminal.lang, "epoch {epoch}/{epochs}", "第 {epoch}/{epochs} 轮");
                self.start_bar(name, *batches, *first_batch);
            }
            Event::Step(step) => self.step(step),
            Event::ValidationStep { batch, batches } if !self.bar.is_hidden() => {
                let batch = batch + 1;
                self.bar.set_message(tr!(self.terminal.lang, "validating {batch}/{batches}", "验证 {batch}/{batches}"));
            }
            Event::EpochEnd { .. } => bar::clear(),
            _ => {}
        }
        let lines = describe(event, self.terminal.lang);
        if !lines.is_empty() {
            let fields = match self.terminal.format {
                LogFormat::Json => event_record(event).unwrap_or_default(),
                LogFormat::Text => serde_json::Value::Null,
            };
            self.terminal.print_lines(&lines, fields);
        }
        Ok(Control::Continue)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // A run that ended in an error leaves no bar behind.
        bar::clear();
    }
}
