//! The name of a class in the user's language.

use drivetrain_terminal::Lang;

use crate::analysis::Analysis;

/// A class's name for a reader of the language.
pub(super) fn class_name(analysis: &Analysis, code: &str, lang: Lang) -> String {
    match (lang, analysis.zh_of(code)) {
        (Lang::Zh, Some(zh)) => format!("{code} {zh}"),
        _ => code.to_owned(),
    }
}
