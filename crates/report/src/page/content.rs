//! The content of a run's page.

use std::io;
use std::path::Path;

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::{Goal, RunHistory};
use crate::json_file;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A process is training it.
    Running,
    /// All epochs are done.
    Completed,
    /// The patience ran out.
    StoppedEarly,
    /// It can be resumed.
    Stopped,
}

impl State {
    /// In a few English words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::StoppedEarly => "stopped early",
            Self::Stopped => "stopped, can be resumed",
        }
    }

    /// How a run has ended, if no process is training it.
    #[must_use]
    pub fn of(history: &RunHistory) -> Self {
        match history.sessions.last().and_then(|session| session.why_ended.as_deref()) {
            Some("completed") => Self::Completed,
            Some("early_stop") => Self::StoppedEarly,
            _ => Self::Stopped,
        }
    }
}

/// The content of a run's page. What is not known is left out of the page.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// Name of the program that trains, shown above the title.
    pub program: String,
    /// The run's name.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Whether the page follows the run: its server then serves `events` beside it.
    pub is_live: bool,
    /// Its metrics and timings.
    pub history: RunHistory,
    /// Statistics of its samples.
    pub data: Option<DataFacts>,
    /// What its best checkpoint gets right and wrong.
    pub analysis: Option<Analysis>,
    /// The value of the run's [`Goal`] that the best checkpoint has on the test split.
    pub test_score: Option<f64>,
    /// The configuration, field by field.
    pub config: Vec<(String, String)>,
    /// Versions and fingerprints.
    pub versions: Vec<(String, String)>,
    /// The command that repeats the run.
    pub command: String,
}

impl RunPage {
    /// Reads the files of the run in `folder`, whichever program trained it: `metrics.jsonl`, `timings.jsonl`, `data.json`,
    /// `analysis.json` and `test.json`, as far as they exist. The caller has to add whether a process is training the run now,
    /// its configuration and its command.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let history = RunHistory::read(folder)?;
        Ok(Self {
            program: "Drivetrain".to_owned(),
            name: folder.display().to_string(),
            state: State::of(&history),
            is_live: false,
            data: DataFacts::read(folder),
            analysis: Analysis::read(folder),
            test_score: test_score(folder, &history.goal()),
            config: Vec::new(),
            versions: Vec::new(),
            command: String::new(),
            history,
        })
    }
}

/// The value of `goal` in `test.json` of a run's folder; none where it was not measured.
#[must_use]
pub fn test_score(folder: &Path, goal: &Goal) -> Option<f64> {
    let measured: serde_json::Value = json_file::read(&folder.join("test.json"))?;
    let name = if goal.metric == "validation_loss" { "loss" } else { goal.metric.as_str() };
    measured[name].as_f64()
}
