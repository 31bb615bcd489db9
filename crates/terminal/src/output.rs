//! How the program speaks on stderr: in which language, to whom, and how much.

use std::io::Write;
use std::time::SystemTime;

use console::{Style, StyledObject};
use serde_json::{Value, json};

use super::bar;
use super::time::timestamp;

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 中文
    Zh,
}

impl Lang {
    /// The language of a locale such as `zh_CN.UTF-8`.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The code that HTML knows it by.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// The same sentence in both languages, side by side; the compiler checks what stands in braces.
///
/// ```
/// use drivetrain_train::{Lang, tr};
/// let epochs = 3;
/// assert_eq!(tr!(Lang::Zh, "{epochs} epochs", "{epochs} 轮"), "3 轮");
/// ```
#[macro_export]
macro_rules! tr {
    ($lang:expr, $en:literal, $zh:literal $(, $($argument:tt)*)?) => {
        match $lang {
            $crate::Lang::En => format!($en $(, $($argument)*)?),
            $crate::Lang::Zh => format!($zh $(, $($argument)*)?),
        }
    };
}

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people, and bars where there is a terminal.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What a line is about, which is what it is coloured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Plain,
    /// A line that others belong to.
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
            // People find it by its first word.
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
    /// What it is about.
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

/// Speaks on stderr; stdout is for data. Colours only where there is a terminal, and not with `NO_COLOR`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    /// In this language.
    pub lang: Lang,
    /// To people or to programs.
    pub format: LogFormat,
    /// Says warnings only.
    pub is_quiet: bool,
}

impl Voice {
    /// Says something to know.
    pub fn say(&self, text: &str) {
        self.tell(&[Line::new(Tone::Plain, text)], Value::Null);
    }

    /// Says something to look at.
    pub fn warn(&self, text: &str) {
        self.tell(&[Line::new(Tone::Warning, text)], Value::Null);
    }

    /// Says why the program ends.
    pub fn fail(&self, text: &str) {
        self.tell(&[Line::new(Tone::Error, text)], Value::Null);
    }

    /// Whether there are bars.
    pub(crate) fn has_bars(&self) -> bool {
        !self.is_quiet && self.format == LogFormat::Text
    }

    /// Says lines that belong together; to programs with the fields of `record`, if that is an object.
    pub fn tell(&self, lines: &[Line], record: Value) {
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
        // Nobody may be listening any more; that is no reason to stop training.
        bar::suspended(|| drop(std::io::stderr().write_all(text.as_bytes())));
    }
}
