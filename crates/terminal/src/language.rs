//! The languages of messages.

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

/// The same sentence in both languages, side by side; the compiler checks the placeholders.
///
/// ```
/// use drivetrain_terminal::{Lang, tr};
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
