//! Messages on stderr: their language, format and tone.

use std::io::Write;
use std::time::SystemTime;

use console::{Style, StyledObject};
use drivetrain_train::timestamp;
use serde_json::{Value, json};

use crate::bar;
use crate::language::Lang;

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people, and bars where there is a terminal.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The tone of a line, shown by its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Plain,
    /// The heading of other lines.
    Head,
    /// Of lesser interest.
    Faint,
    /// Something good.
    Good,
    /// Something changed.
    Change,
    /// Something to look at.
    Warning,
    /// Why the program ends.
    Error,
}

impl Tone {
    fn paint(self, text: &str) -> StyledObject<&str> {
        let style = Style::new().for_stderr();
        match self {
            // These are recognised by their first word.
            Self::Plain | Self::Error => style,
            Self::Head => style.bold(),
            Self::Faint => style.dim(),
            Self::Good => style.green(),
            Self::Change => style.cyan(),
            Self::Warning => style.yellow(),
        }
        .apply_to(text)
    }

    const fn level(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
            _ => "info",
        }
    }
}

/// A line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its tone.
    pub tone: Tone,
    /// The line.
    pub text: String,
}

impl Line {
    /// A line.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// Prints messages on stderr; stdout is for data. Coloured only on a terminal, and not with `NO_COLOR`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// The language of messages.
    pub lang: Lang,
    /// Lines for people, or JSON for programs.
    pub format: LogFormat,
    /// Prints warnings and errors only.
    pub is_quiet: bool,
}

impl Terminal {
    /// Prints a message.
    pub fn print(&self, text: &str) {
        self.print_lines(&[Line::new(Tone::Plain, text)], Value::Null);
    }

    /// Prints a warning.
    pub fn warn(&self, text: &str) {
        self.print_lines(&[Line::new(Tone::Warning, text)], Value::Null);
    }

    /// Prints why the program ends.
    pub fn error(&self, text: &str) {
        self.print_lines(&[Line::new(Tone::Error, text)], Value::Null);
    }

    /// Whether there are bars.
    pub(crate) fn has_bars(&self) -> bool {
        !self.is_quiet && self.format == LogFormat::Text
    }

    /// Prints lines that belong together; as JSON, one object with them and the fields of `record`, if that is an object.
    pub fn print_lines(&self, lines: &[Line], record: Value) {
        let grave = lines.iter().find(|line| matches!(line.tone, Tone::Warning | Tone::Error));
        let text: String = match self.format {
            _ if self.is_quiet && grave.is_none() => return,
            LogFormat::Text => lines.iter().map(|line| format!("{}\n", line.tone.paint(&line.text))).collect(),
            LogFormat::Json if lines.is_empty() && record.is_null() => return,
            LogFormat::Json => {
                let message: Vec<&str> = lines.iter().map(|line| line.text.trim_end()).collect();
                let level = grave.map_or("info", |line| line.tone.level());
                let mut object = json!({"time": timestamp(SystemTime::now()), "level": level});
                if !message.is_empty() {
                    object["message"] = json!(message.join("\n"));
                }
                if let (Some(object), Value::Object(fields)) = (object.as_object_mut(), record) {
                    object.extend(fields);
                }
                format!("{object}\n")
            }
        };
        // stderr may have been closed; that is no reason to stop training.
        bar::suspended(|| drop(std::io::stderr().write_all(text.as_bytes())));
    }
}
