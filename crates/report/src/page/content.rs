//! The content of a run's page.

use drivetrain_terminal::{Lang, tr};

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::RunHistory;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A process trains it.
    Running,
    /// All epochs are done.
    Completed,
    /// The patience ran out.
    StoppedEarly,
    /// It can be resumed.
    Stopped,
}

impl State {
    /// In a few words.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        match self {
            Self::Running => tr!(lang, "running", "进行中"),
            Self::Completed => tr!(lang, "completed", "已完成"),
            Self::StoppedEarly => tr!(lang, "stopped early", "已早停"),
            Self::Stopped => tr!(lang, "stopped, can be resumed", "已停止，可继续"),
        }
    }
}

/// The content of a run's page.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The program that trains.
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
    /// The best checkpoint's score on the test split.
    pub test_score: Option<f64>,
    /// The configuration, field by field.
    pub config: Vec<(String, String)>,
    /// Versions and fingerprints.
    pub versions: Vec<(String, String)>,
    /// The command that trains the same again.
    pub command: String,
}
