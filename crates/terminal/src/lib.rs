//! Everything that is shown to a person in a terminal: messages in two languages, progress bars, tables, curves.
//!
//! ```text
//! output ─ messages on stderr            language ─ English or Chinese, side by side (`tr!`)
//! console ─ a run's events as lines and a progress bar      log_file ─ the same lines in a file
//! events ─ an event as lines             progress ─ the data pipeline's progress as a bar
//! grid ─ aligned tables                  plot ─ curves drawn with characters
//! ```
//!
//! stdout is for data; all messages go to stderr.

mod bar;
mod console;
mod events;
mod grid;
mod language;
mod log_file;
mod output;
mod plot;
mod progress;
mod text;

pub use console::Console;
pub use events::{describe, notice_text};
pub use grid::{figure, grid, is_printable, shorten};
pub use language::Lang;
pub use log_file::LogFile;
pub use output::{Line, LogFormat, Terminal, Tone};
pub use plot::plot;
pub use progress::TerminalProgress;
pub use text::{counted, format_duration};
