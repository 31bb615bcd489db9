//! A run's page, section by section.

use maud::html;

use super::charts::Charts;
use super::content::RunPage;
use super::frame::{Frame, document};
use super::sections;
use super::summary::{facts, lede};
use crate::diagnostics::diagnose;
use crate::language::{Language, text};

/// The page of a run, in a language.
#[must_use]
pub fn run_page(page: &RunPage, lang: Language) -> String {
    let mut charts = Charts::default();
    let diagnostics = diagnose(&page.history, page.data.as_ref(), page.analysis.as_ref(), lang);
    let sections = [
        sections::diagnostics(&diagnostics, lang),
        sections::curves(page, &mut charts, lang),
        sections::classes(page, &mut charts, lang),
        sections::confidence(page, &mut charts, lang),
        sections::data(page, &mut charts, lang),
        sections::time(page, &mut charts, lang),
        sections::samples(page, lang),
        sections::reproduce(page, lang),
    ];
    let frame = Frame {
        lang,
        is_live: page.is_live,
        kicker: text!(lang, "{} · run", page.program),
        title: page.name.clone(),
        lede: lede(page, lang),
        facts: facts(page, lang),
        footer: html! {
            (text!(lang, "This page works offline."))
        },
    };
    document(&frame, sections.into_iter().flatten().collect(), &charts)
}
