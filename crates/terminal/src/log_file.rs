use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use drivetrain_train::{Control, Event, Observer, Result, TrainError, timestamp};

use crate::events::describe;
use crate::language::Lang;

/// The console's lines in a file, each with the time in UTC. A resumed run appends.
pub struct LogFile {
    path: PathBuf,
    file: File,
    lang: Lang,
}

impl LogFile {
    /// Opens `path` for appending, in a language.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn append(path: impl AsRef<Path>, lang: Lang) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(TrainError::io(&path))?;
        Ok(Self { path, file, lang })
    }
}

impl Observer for LogFile {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let now = timestamp(SystemTime::now());
        let text: String = describe(event, self.lang).iter().map(|line| format!("{now} {}\n", line.text)).collect();
        self.file.write_all(text.as_bytes()).map_err(TrainError::io(&self.path))?;
        Ok(Control::Continue)
    }
}
