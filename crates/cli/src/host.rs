//! The command line as the host of a training run.

use std::path::Path;

use drivetrain::data::{Progress, Stop};
use drivetrain::report::{DiagnosticsObserver, RunPage};
use drivetrain::terminal::{Console, LogFile};
use drivetrain::train::{self, Control, Event, Observer};
use tabular_sense::run::RunFolder;
use tabular_sense::train::{Host, Notice};

use crate::notices;
use crate::page::{language, page};
use crate::progress::Bars;
use crate::terminal::{lang, terminal};

/// Prints the messages of a training run, in the user's language.
pub(crate) struct CommandLine {
    stop: Stop,
    bars: Bars,
}

impl CommandLine {
    /// A host whose training run ends when `stop` is requested.
    pub(crate) fn new(stop: Stop) -> Self {
        Self { bars: Bars::new(&stop), stop }
    }
}

impl Host for CommandLine {
    fn progress(&self) -> &dyn Progress {
        &self.bars
    }

    fn stop(&self) -> &Stop {
        &self.stop
    }

    fn notice(&self, notice: Notice) {
        notices::print(&notice);
    }

    fn observers(&self, run: &RunFolder) -> tabular_sense::Result<Vec<Box<dyn Observer>>> {
        let folder: &Path = run.path();
        Ok(vec![
            Box::new(TrainingConsole(Console::new(terminal()))),
            Box::new(LogFile::append(run.file("train.log"), lang())?),
            Box::new(DiagnosticsObserver::new(folder, terminal()).in_language(language(lang()))),
        ])
    }

    fn page(&self, content: RunPage) -> String {
        page(content, lang())
    }
}

/// The console, without the notices that [`CommandLine::notice`] printed when the samples were prepared.
struct TrainingConsole(Console);

impl Observer for TrainingConsole {
    fn on(&mut self, event: &Event<'_>) -> drivetrain::train::Result<Control> {
        match event {
            Event::Notice { notice: train::Notice::SkippedLines(_) | train::Notice::Truncated(_), .. } => {
                Ok(Control::Continue)
            }
            event => self.0.on(event),
        }
    }
}
