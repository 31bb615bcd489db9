//! What hears of a run's events: each observer is one file behind one small trait.

mod console;
mod event;
mod incidents;
mod json_lines;
mod log_file;
mod progress;
mod tensorboard;
mod text;

pub use console::Console;
pub use event::{Event, Incident, Observer, RunStart, SampleOrigin, StepEnd, Summary, Validated};
pub use incidents::Incidents;
pub use json_lines::JsonLines;
pub use log_file::LogFile;
pub use progress::TerminalProgress;
pub use tensorboard::{TensorBoard, read_scalars};
pub use text::describe;
