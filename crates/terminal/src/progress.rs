use drivetrain_data::{Progress, Stop, Unit, Work};

use crate::language::Lang;
use crate::output::Terminal;
use crate::{bar, tr};

/// Shows the progress of the data pipeline as a bar on stderr; shows nothing without a terminal.
#[derive(Default)]
pub struct TerminalProgress {
    stop: Stop,
    terminal: Terminal,
}

impl Progress for TerminalProgress {
    fn start(&self, work: Work<'_>, total: u64, unit: Unit) {
        if !self.terminal.has_bars() {
            return;
        }
        let left = tr!(self.terminal.lang, "left", "剩余");
        let template = match (unit, total) {
            (_, 0) => "{prefix} {spinner} {human_pos} ({rate}) {msg}".to_owned(),
            (Unit::Bytes, _) => {
                format!("{{prefix}} {{wide_bar}} {{bytes}}/{{total_bytes}} ({{bytes_per_sec}}) {left} {{eta}} {{msg}}")
            }
            _ => format!("{{prefix}} {{wide_bar}} {{human_pos}}/{{human_len}} ({{rate}}) {left} {{eta}} {{msg}}"),
        };
        bar::show(name(work, self.terminal.lang), &template, total);
    }

    fn advance(&self, by: u64) {
        if let Some(bar) = bar::current() {
            bar.inc(by);
        }
    }

    fn finish(&self) {
        bar::clear();
    }

    fn is_stop_requested(&self) -> bool {
        self.stop.is_requested()
    }
}

impl TerminalProgress {
    /// Shows progress on `terminal`.
    #[must_use]
    pub fn new(terminal: Terminal) -> Self {
        Self { terminal, ..Self::default() }
    }

    /// Shows `text` after the bar, such as what was found so far. The text is made only if there is a bar.
    pub fn note(&self, text: impl FnOnce() -> String) {
        if let Some(bar) = bar::current() {
            bar.set_message(text());
        }
    }

    /// Work that is shown here ends when `stop` is requested.
    #[must_use]
    pub fn stopped_by(self, stop: Stop) -> Self {
        Self { stop, ..self }
    }
}

fn name(work: Work<'_>, lang: Lang) -> String {
    match work {
        Work::Checking(file) => tr!(lang, "checking {file}", "校验 {file}"),
        Work::Indexing(file) => tr!(lang, "indexing {file}", "建立索引 {file}"),
        Work::Tokenising(file) => tr!(lang, "tokenising {file}", "分词 {file}"),
        Work::CountingWords => tr!(lang, "counting words", "统计词频"),
        Work::LearningMerges => tr!(lang, "learning merges", "学习合并规则"),
        Work::Named(name) => name.to_owned(),
    }
}
