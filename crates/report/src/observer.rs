//! Diagnostics while a run trains.

use std::collections::HashSet;
use std::path::PathBuf;

use drivetrain_terminal::{Line, Terminal, Tone};
use drivetrain_train::{Control, Event, Observer, Result, TrainError};

use crate::data_facts::DataFacts;
use crate::diagnostics::{Severity, diagnose};
use crate::history::RunHistory;
use crate::language::Language;

/// Prints new diagnostics after each validation. It reads what other observers write, so it must come after them.
pub struct DiagnosticsObserver {
    folder: PathBuf,
    terminal: Terminal,
    language: Language,
    printed: HashSet<&'static str>,
}

impl DiagnosticsObserver {
    /// Prints the diagnostics of the run in `folder`, in English.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, terminal: Terminal) -> Self {
        Self { folder: folder.into(), terminal, language: Language::ENGLISH, printed: HashSet::new() }
    }

    /// Prints them in this language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }
}

impl Observer for DiagnosticsObserver {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if !matches!(event, Event::Validated(_)) {
            return Ok(Control::Continue);
        }
        let history =
            RunHistory::read(&self.folder).map_err(|source| TrainError::Io { path: self.folder.clone(), source })?;
        let data = DataFacts::read(&self.folder);
        let found = diagnose(&history, data.as_ref(), None, self.language);
        let mut lines = Vec::new();
        for one in found.iter().filter(|one| one.severity != Severity::Good) {
            if self.printed.insert(one.name) {
                let tone = if one.severity == Severity::Warning { Tone::Warning } else { Tone::Plain };
                lines.push(Line::new(tone, format!("  ? {} {}", one.claim, one.evidence)));
            }
        }
        // A diagnostic that no longer holds is printed again if it comes back.
        self.printed.retain(|name| found.iter().any(|one| one.name == *name));
        if !lines.is_empty() {
            self.terminal.print_lines(&lines, serde_json::json!({"kind": "diagnostic"}));
        }
        Ok(Control::Continue)
    }
}
