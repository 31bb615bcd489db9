//! A run's page in the user's language.

use drivetrain::report::{Language, RunPage, run_page};
use drivetrain::terminal::Lang;
use drivetrain::tr;
use tabular_sense::facts::GENERATED;
use tabular_sense_synth::types::SemanticType;

use crate::chinese::page_text;

/// The language of pages and diagnostics.
pub(crate) fn language(lang: Lang) -> Language {
    match lang {
        Lang::En => Language::ENGLISH,
        Lang::Zh => Language { code: lang.code(), translate: page_text },
    }
}

/// A run's page as HTML.
pub(crate) fn page(mut content: RunPage, lang: Lang) -> String {
    if let Some(data) = content.data.as_mut().filter(|data| data.source == GENERATED) {
        data.source = tr!(lang, "generated samples", "生成的样本");
    }
    if lang == Lang::Zh {
        for label in content.analysis.iter_mut().flat_map(|analysis| &mut analysis.labels) {
            let known = SemanticType::ALL.into_iter().find(|known| known.code() == label.code);
            label.name = known.map_or_else(String::new, |known| format!("{} {}", label.code, known.zh()));
        }
    }
    run_page(&content, language(lang))
}
