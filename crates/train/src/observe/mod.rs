//! What hears of a run's events: each observer is one file behind one small trait.

mod bar;
mod console;
mod event;
mod incidents;
mod json_lines;
mod log_file;
mod progress;
mod tensorboard;
mod text;
mod time;
mod timings;
mod voice;

pub use console::Console;
pub use event::{
    Event, Incident, Interval, Observer, Rescheduled, RunStart, SampleOrigin, StepEnd, StepTime, Summary, Validated,
};
pub use incidents::Incidents;
pub use json_lines::JsonLines;
use json_lines::record;
pub use log_file::LogFile;
pub use progress::TerminalProgress;
pub use tensorboard::{TensorBoard, read_scalars};
pub use text::{counted, describe, flatten};
pub use time::{say_duration, timestamp};
pub use timings::Timings;
pub use voice::{Lang, Line, LogFormat, Tone, Voice};
