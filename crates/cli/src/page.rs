//! A run's page in the user's language.

use drivetrain::report::{RunPage, run_page};
use drivetrain::terminal::Lang;
use drivetrain::tr;
use tabular_sense::facts::GENERATED;

/// A run's page as HTML.
pub(crate) fn page(mut content: RunPage, lang: Lang) -> String {
    if let Some(data) = content.data.as_mut().filter(|data| data.source == GENERATED) {
        data.source = tr!(lang, "generated samples", "生成的样本");
    }
    run_page(&content, lang)
}
