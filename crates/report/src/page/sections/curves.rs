//! The metrics step by step.

use maud::html;

use super::step_curves::{dropout, gradients, learning_rate};
use super::validation_curves::{loss, metrics};
use crate::language::{Language, text};
use crate::page::charts::{Charts, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn curves(page: &RunPage, charts: &mut Charts, lang: Language) -> Option<Section> {
    let history = &page.history;
    let mut all = Vec::new();
    if !history.validations.is_empty() {
        all.push(loss(history, lang));
        all.extend(metrics(history, lang));
    }
    all.extend(learning_rate(history, lang));
    all.extend(dropout(history, lang));
    all.extend(gradients(history, lang));
    (!all.is_empty()).then(|| Section {
        id: "curves",
        name: text!(lang, "Curves"),
        body: html! { div.grid { @for chart in all { (figure(charts, chart, lang)) } } },
    })
}
