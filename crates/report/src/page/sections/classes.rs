//! The best checkpoint's metrics, class by class.

use std::cmp::Ordering;

use maud::{Markup, html};

use super::confusions::confusions;
use crate::analysis::{Analysis, ClassRow, Task};
use crate::class_names::class_names;
use crate::language::{Language, text};
use crate::page::charts::{Charts, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

/// A class that is neither true nor predicted has no F1, so it comes last. One that is predicted but never true has an F1 of 0,
/// so it comes first.
fn weakest_first(a: &ClassRow, b: &ClassRow) -> Ordering {
    (!a.occurs()).cmp(&!b.occurs()).then(a.f1.total_cmp(&b.f1))
}

/// Recall or F1 of a class, where it has one.
fn share(value: f64, row: &ClassRow) -> String {
    if row.occurs() { format!("{value:.4}") } else { "–".to_owned() }
}

/// A table of classes: what is in it, its rows, and what the classes are counted in.
struct Group<'a> {
    id: &'static str,
    intro: String,
    rows: Vec<(String, &'a ClassRow)>,
    counted: String,
}

/// The classes of the analysis, and those of the best validation where there is no analysis, or where the metric counts something
/// other than the model's classes, such as entities. No section where there are none.
pub(in crate::page) fn classes(page: &RunPage, charts: &mut Charts, lang: Language) -> Option<Section> {
    let analysis = page.analysis.as_ref();
    let groups: Vec<Group<'_>> = [analysis.map(|analysis| of_analysis(analysis, lang)), of_validation(page, lang)]
        .into_iter()
        .flatten()
        .filter(|group| !group.rows.is_empty())
        .collect();
    let confusions = analysis.and_then(|analysis| confusions(analysis, lang));
    (!groups.is_empty()).then(|| Section {
        id: "classes",
        name: text!(lang, "Metrics by class"),
        body: html! {
            @for group in &groups {
                p.intro { (group.intro) }
                div.scroll tabindex="0" role="region" aria-label=(text!(lang, "metrics by class")) { (class_table(group, lang)) }
            }
            @if let Some(confusions) = confusions { div.grid { (figure(charts, confusions, lang)) } }
        },
    })
}

fn of_analysis(analysis: &Analysis, lang: Language) -> Group<'_> {
    let names = analysis.labels.iter().map(|label| label.display().to_owned());
    let counted = match analysis.task {
        Task::Tokens => text!(lang, "tokens"),
        Task::MultiLabel | Task::MultiClass => text!(lang, "samples"),
    };
    group("table-classes", intro(analysis, lang), names.zip(&analysis.classes), counted)
}

fn of_validation(page: &RunPage, lang: Language) -> Option<Group<'_>> {
    let best = page.history.best()?;
    let is_shown = page.analysis.as_ref().is_none_or(|analysis| {
        let codes = analysis.labels.iter().map(|label| &label.code);
        !best.class_names.is_empty() && !codes.eq(&best.class_names)
    });
    let names = class_names(best, None, page.data.as_ref());
    let intro = text!(lang, "The best validation; the weakest class first.");
    is_shown.then(|| group("table-validation", intro, names.into_iter().zip(&best.classes), text!(lang, "support")))
}

fn group<'a>(
    id: &'static str,
    intro: String,
    rows: impl Iterator<Item = (String, &'a ClassRow)>,
    counted: String,
) -> Group<'a> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| weakest_first(a.1, b.1));
    Group { id, intro, rows, counted }
}

fn intro(analysis: &Analysis, lang: Language) -> String {
    let Analysis { split, samples, .. } = analysis;
    match count(*samples) {
        one if *samples == 1 => {
            text!(lang, "The best checkpoint on the {split} split, {one} sample; the weakest class first.")
        }
        many => text!(lang, "The best checkpoint on the {split} split, {many} samples; the weakest class first."),
    }
}

fn class_table(group: &Group<'_>, lang: Language) -> Markup {
    let Group { id, rows, counted, .. } = group;
    // Bars that all look full show nothing, so they begin near the F1 of the weakest class.
    let floor = rows
        .first()
        .filter(|(_, row)| row.occurs())
        .map_or(0.0, |(_, weakest)| (weakest.f1 * 10.0).floor() / 10.0)
        .min(0.9);
    let bar = |f1: f64| format!("{:.4}", (f1 - floor) / (1.0 - floor));
    html! {
        table.sortable id=(id) {
            thead { tr {
                th scope="col" { (text!(lang, "class")) }
                th.num scope="col" { (text!(lang, "precision")) }
                th.num scope="col" { (text!(lang, "recall")) }
                th scope="col" { "F1 " (text!(lang, "(bar from {floor:.1})")) }
                th.num scope="col" { (counted) }
            } }
            tbody { @for (name, row) in rows { tr {
                th scope="row" { (name) }
                td.num { (format!("{:.4}", row.precision)) }
                td.num { (share(row.recall, row)) }
                td.bar style={"--v:" (bar(row.f1.max(floor)))} { (share(row.f1, row)) }
                td.num { (count(row.support)) }
            } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_is_given_and_never_true_is_the_weakest_and_one_that_does_not_occur_has_no_rates() {
        let row = |f1, support, given_in_vain| ClassRow { f1, support, given_in_vain, ..ClassRow::default() };
        let mut rows = [row(0.0, 0, 0), row(0.9, 5, 0), row(0.0, 0, 3), row(0.5, 5, 0)];
        rows.sort_by(weakest_first);
        let shown: Vec<String> = rows.iter().map(|row| share(row.f1, row)).collect();
        assert_eq!(shown, ["0.0000", "0.5000", "0.9000", "–"]);
    }
}
