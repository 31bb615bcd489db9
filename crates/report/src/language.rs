//! The language of a page. This crate writes English; an application may translate it.

/// The language that texts for people are written in. Every text is made in English first, with its numbers and names in it;
/// `translate` may then replace it.
///
/// ```
/// use drivetrain_report::{Language, State};
///
/// fn translate(english: &str) -> String {
///     match english {
///         "completed" => "terminé".to_owned(),
///         other => other.to_owned(), // unknown texts stay in English
///     }
/// }
/// let french = Language { code: "fr", translate };
/// assert_eq!(french.text(State::Completed.name()), "terminé");
/// assert_eq!(Language::ENGLISH.text(State::Completed.name()), "completed");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Language {
    /// The language code as in HTML: `en`, `zh-CN`. Browsers format the numbers in charts for this language.
    pub code: &'static str,
    /// Translates an English text.
    pub translate: fn(&str) -> String,
}

impl Language {
    /// English: nothing is translated.
    pub const ENGLISH: Self = Self { code: "en", translate: str::to_owned };

    /// An English text in this language.
    #[must_use]
    pub fn text(self, english: &str) -> String {
        (self.translate)(english)
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::ENGLISH
    }
}

/// `text!(lang, "{count} epochs")`: the English text, formatted, in the language.
macro_rules! text {
    ($lang:expr, $($format:tt)*) => { $lang.text(&format!($($format)*)) };
}

pub(crate) use text;
