//! A run's page in one call.

use std::io;
use std::path::Path;

use super::content::RunPage;
use super::run_page::run_page;
use crate::language::Language;

/// What a page shows in addition to the content of the run's files.
#[derive(Clone, Debug, Default)]
pub struct ReportOptions {
    /// Name of the program that trains, shown above the title; if empty, `Drivetrain` is shown.
    pub program: String,
    /// The configuration, field by field: [`flatten`](drivetrain_train::flatten) makes such pairs.
    pub config: Vec<(String, String)>,
    /// The command that repeats the run.
    pub command: String,
    /// The language of the page.
    pub language: Language,
}

/// The page of the run in `folder`: one HTML file that needs nothing else. [`JsonLines`](drivetrain_train::JsonLines) must have
/// written `metrics.jsonl` in the folder; the content of all other files is added if they exist.
///
/// ```
/// use drivetrain_report::{ReportOptions, report};
///
/// let folder = tempfile::tempdir()?;
/// let validation = r#"{"kind": "validation", "epoch": 0, "step": 10, "train_loss": 0.5, "validation_loss": 0.25, "score": 0.75}"#;
/// std::fs::write(folder.path().join("metrics.jsonl"), validation)?; // as `JsonLines` writes it
///
/// let page = report(folder.path(), &ReportOptions { program: "My program".into(), ..ReportOptions::default() })?;
/// assert!(page.contains("The score is 0.7500 after the first validation"));
/// std::fs::write(folder.path().join("report.html"), page)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When there is no such folder, or a file in it cannot be read.
pub fn report(folder: &Path, options: &ReportOptions) -> io::Result<String> {
    let at_folder = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    std::fs::read_dir(folder).map_err(at_folder)?;
    let mut page = RunPage::read(folder).map_err(at_folder)?;
    if !options.program.is_empty() {
        page.program.clone_from(&options.program);
    }
    (page.config, page.command) = (options.config.clone(), options.command.clone());
    Ok(run_page(&page, options.language))
}
