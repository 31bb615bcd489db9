//! A run's folder as the content of a page.

use std::io::Write;
use std::path::PathBuf;

use drivetrain_data::write_atomically;
use drivetrain_report::{ComparedRun, RunHistory, RunPage, State};
use drivetrain_train::flatten;
use serde::Serialize;

use crate::command::command_line;
use crate::error::{Result, RunError};
use crate::folder::RunFolder;
use crate::record;
use crate::run::Run;

/// What a page says about a run that is not in its files.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The name of the program on the page.
    pub program: String,
    /// The configuration, field by field: see [`fields_of`].
    pub config: Vec<(String, String)>,
    /// Versions to list before those in the checkpoint.
    pub versions: Vec<(String, String)>,
    /// The command that repeats the training.
    pub command: String,
}

impl RunFolder {
    /// Metrics and timings.
    ///
    /// # Errors
    /// When a file of the run cannot be read.
    pub fn history(&self) -> Result<RunHistory> {
        RunHistory::read(self.path()).map_err(|source| RunError::Read { path: self.path().to_path_buf(), source })
    }

    /// Where the run stands now.
    #[must_use]
    pub fn state(&self, history: &RunHistory) -> State {
        if self.is_in_use() { State::Running } else { State::of(history) }
    }

    /// The content of the run's page: everything in the run's folder.
    ///
    /// # Errors
    /// When a file of the run cannot be read.
    pub fn page(&self, context: PageContext) -> Result<RunPage> {
        let PageContext { program, config, mut versions, command } = context;
        let page = self.read_page()?;
        // The page of a run in progress is made again and again: its tensors are not read for it.
        if let Some(meta) = self.checkpoints().latest_meta() {
            versions.push(("instruction set".to_owned(), meta.instruction_set));
            versions.push(("seed".to_owned(), meta.seed.to_string()));
            let facts = meta.identity.facts.into_iter().filter(|(name, _)| name != "labels");
            versions.extend(facts.map(|(name, fact)| (name.replace('_', " "), fact)));
        }
        let state = self.state(&page.history);
        Ok(RunPage { program, state, config, versions, command, ..page })
    }

    fn read_page(&self) -> Result<RunPage> {
        RunPage::read(self.path()).map_err(|source| RunError::Read { path: self.path().to_path_buf(), source })
    }

    /// The run for a comparison with others; `config` is its configuration, field by field.
    ///
    /// # Errors
    /// When a file of the run cannot be read.
    pub fn compared(&self, config: Vec<(String, String)>) -> Result<ComparedRun> {
        let RunPage { name, history, test_score, .. } = self.read_page()?;
        Ok(ComparedRun { name, config, history, test_score })
    }
}

impl Run {
    /// Writes `report.html`, which `render` makes from the content of the run's page: pass `run_page` of the report crate, with a
    /// language. Returns the path.
    ///
    /// # Errors
    /// When a file of the run cannot be read, or the page cannot be written.
    pub fn report(&self, render: impl FnOnce(RunPage) -> String) -> Result<PathBuf> {
        let config = record::identity(&self.folder).map(|identity| fields_of(&identity.config)).unwrap_or_default();
        let program = self.options.program.clone();
        self.report_with(PageContext { program, config, versions: Vec::new(), command: command_line() }, render)
    }

    /// The same, with a context that the program provides.
    ///
    /// # Errors
    /// Those of [`Run::report`].
    pub fn report_with(&self, context: PageContext, render: impl FnOnce(RunPage) -> String) -> Result<PathBuf> {
        let mut page = self.folder.page(context)?;
        // The run counts as in use only because of this process, which has finished training.
        page.state = State::of(&page.history);
        let (html, path) = (render(page), self.file("report.html"));
        write_atomically(&path, |writer| writer.write_all(html.as_bytes()))
            .map_err(|source| RunError::Write { path: path.clone(), source })?;
        Ok(path)
    }
}

/// A configuration, field by field: `model.d_model` and its value.
#[must_use]
pub fn fields_of(config: &impl Serialize) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    flatten("", &serde_json::to_value(config).unwrap_or_default(), &mut fields);
    fields
}
