//! The best checkpoint's metrics, class by class.

use std::cmp::Ordering;

use drivetrain_terminal::{Lang, tr};
use maud::html;

use super::class_name::class_name;
use super::confusions::confusions;
use crate::analysis::ClassRow;
use crate::page::charts::{Charts, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

/// A class that is neither true nor given has no F1: it comes last. One that is given and never true has an F1 of 0: it comes first.
fn weakest_first(a: &ClassRow, b: &ClassRow) -> Ordering {
    (!a.occurs()).cmp(&!b.occurs()).then(a.f1.total_cmp(&b.f1))
}

/// Recall or F1 of a class, where it has one.
fn share(value: f64, row: &ClassRow) -> String {
    if row.occurs() { format!("{value:.4}") } else { "–".to_owned() }
}

pub(in crate::page) fn classes(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let split = &analysis.split;
    let samples = count(analysis.samples);
    let in_samples = if analysis.samples == 1 { "1 sample".to_owned() } else { format!("{samples} samples") };
    let confusions = confusions(analysis, lang);
    let mut classes: Vec<_> = analysis.labels.iter().zip(&analysis.classes).collect();
    classes.sort_by(|a, b| weakest_first(a.1, b.1));
    // Bars that all look full show nothing: they begin where the weakest is.
    let floor = classes
        .first()
        .filter(|(_, row)| row.occurs())
        .map_or(0.0, |(_, weakest)| (weakest.f1 * 10.0).floor() / 10.0)
        .min(0.9);
    let bar = |f1: f64| format!("{:.4}", (f1 - floor) / (1.0 - floor));
    Some(Section {
        id: "classes",
        name: tr!(lang, "Metrics by class", "各类别指标"),
        body: html! {
            p.intro { (tr!(lang, "The best checkpoint on the {split} split, {in_samples}; the weakest class first.",
                "最佳检查点在 {split} 部分（{samples} 个样本）上的表现；最弱者在前。")) }
            div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "metrics by class", "各类别指标")) {
                table.sortable id="table-classes" {
                    thead { tr {
                        th scope="col" { (tr!(lang, "class", "类别")) }
                        th.num scope="col" { (tr!(lang, "precision", "精确率")) }
                        th.num scope="col" { (tr!(lang, "recall", "召回率")) }
                        th scope="col" { "F1 " (tr!(lang, "(bar from {floor:.1})", "（条形自 {floor:.1} 起）")) }
                        th.num scope="col" { (tr!(lang, "samples", "样本")) }
                    } }
                    tbody { @for (label, row) in &classes { tr {
                        th scope="row" { (class_name(analysis, &label.code, lang)) }
                        td.num { (format!("{:.4}", row.precision)) }
                        td.num { (share(row.recall, row)) }
                        td.bar style={"--v:" (bar(row.f1.max(floor)))} { (share(row.f1, row)) }
                        td.num { (count(row.support)) }
                    } } }
                }
            }
            @if let Some(confusions) = confusions { div.grid { (figure(charts, confusions, lang)) } }
        },
    })
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
