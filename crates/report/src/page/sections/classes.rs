//! What the best checkpoint gets right and wrong, class by class and sample by sample.

use std::cmp::Ordering;

use drivetrain_terminal::{Lang, tr};
use maud::{Markup, html};
use serde_json::json;

use crate::analysis::{Analysis, Case, ClassRow};
use crate::page::{Chart, Charts, Mark, RunPage, Section, Series, count, figure};

/// Most pairs of types in the picture of confusions.
const PAIRS: usize = 20;

/// A class's name for a reader of the language.
fn class_name(analysis: &Analysis, code: &str, lang: Lang) -> String {
    match (lang, analysis.zh_of(code)) {
        (Lang::Zh, Some(zh)) => format!("{code} {zh}"),
        _ => code.to_owned(),
    }
}

/// A class that is neither true nor given has no F1: it comes last. One that is given and never true has an F1 of 0: it comes first.
fn weakest_first(a: &ClassRow, b: &ClassRow) -> Ordering {
    (!a.occurs()).cmp(&!b.occurs()).then(a.f1.total_cmp(&b.f1))
}

/// Recall or F1 of a class, where it has one.
fn share(value: f64, row: &ClassRow) -> String {
    if row.occurs() { format!("{value:.4}") } else { "–".to_owned() }
}

pub(in crate::page) fn types(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let split = &analysis.split;
    let samples = count(analysis.samples);
    let in_samples = if analysis.samples == 1 { "1 sample".to_owned() } else { format!("{samples} samples") };
    let none = tr!(lang, "(none)", "（无）");
    let name =
        |code: &Option<String>| code.as_ref().map_or_else(|| none.clone(), |code| class_name(analysis, code, lang));
    let shown = &analysis.confusions[..analysis.confusions.len().min(PAIRS)];
    let pairs: Vec<(String, String, u64)> =
        shown.iter().map(|pair| (name(&pair.truth), name(&pair.given), pair.count)).collect();
    let (mut rows, mut columns): (Vec<&str>, Vec<&str>) =
        (pairs.iter().map(|pair| pair.0.as_str()).collect(), pairs.iter().map(|pair| pair.1.as_str()).collect());
    for names in [&mut rows, &mut columns] {
        names.sort_unstable();
        names.dedup();
    }
    let cells: Vec<_> = pairs.iter().map(|(truth, given, n)| json!([truth, given, n])).collect();
    let confusions = Chart {
        id: "chart-confusions",
        title: tr!(lang, "What is taken for what", "何者被误认为何者"),
        explanation: tr!(
            lang,
            "Columns that are one thing (rows) and were given another, or none. The most frequent pairs.",
            "本是某类型（行）而被给出另一类型或未给出的列。仅列最常见者。"
        ),
        summary: pairs.iter().take(3).map(|(t, g, n)| format!("{t} → {g}: {n}")).collect::<Vec<_>>().join("; "),
        is_wide: true,
        drawn: json!({
            "kind": "matrix", "x": {"label": tr!(lang, "given", "给出")}, "y": {"label": tr!(lang, "true", "真实")},
            "rows": rows, "columns": columns, "cells": cells,
        }),
        table: Some((
            vec![tr!(lang, "true → given", "真实 → 给出"), tr!(lang, "times", "次数")],
            pairs.iter().map(|(truth, given, n)| vec![format!("{truth} → {given}"), count(*n)]).collect(),
        )),
    };
    let mut classes: Vec<_> = analysis.labels.iter().zip(&analysis.classes).collect();
    classes.sort_by(|a, b| weakest_first(a.1, b.1));
    // Bars that all look full say nothing: they begin where the weakest is.
    let floor = classes
        .first()
        .filter(|(_, row)| row.occurs())
        .map_or(0.0, |(_, weakest)| (weakest.f1 * 10.0).floor() / 10.0)
        .min(0.9);
    let bar = |f1: f64| format!("{:.4}", (f1 - floor) / (1.0 - floor));
    Some(Section {
        id: "types",
        name: tr!(lang, "Type by type", "逐个类型"),
        body: html! {
            p.intro { (tr!(lang, "The best checkpoint on the {split} split, {in_samples}; the weakest first.",
                "最佳检查点在 {split} 部分（{samples} 个样本）上的表现；最弱者在前。")) }
            div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "figures by type", "各类型数据")) {
                table.sortable id="table-types" {
                    thead { tr {
                        th scope="col" { (tr!(lang, "type", "类型")) }
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
            @if !pairs.is_empty() { div.grid { (figure(charts, confusions, lang)) } }
        },
    })
}

pub(in crate::page) fn confidence(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let (bins, error) = (&analysis.calibration.bins, analysis.calibration.error);
    let points: Vec<_> = bins
        .iter()
        .map(|bin| json!({"predicted": bin.predicted, "observed": bin.observed, "count": bin.count}))
        .collect();
    let calibration = Chart {
        id: "chart-calibration",
        title: tr!(lang, "Does 90 % mean 90 %?", "90 % 真是 90 % 吗？"),
        explanation: tr!(
            lang,
            "On the diagonal, what is said with a probability is true that often. Expected calibration error {error:.4}.",
            "落在对角线上，概率即为实际比例。期望校准误差 {error:.4}。"
        ),
        summary: tr!(lang, "expected calibration error {error:.4}", "期望校准误差 {error:.4}"),
        is_wide: false,
        drawn: json!({
            "kind": "calibration", "x": {"label": tr!(lang, "probability given", "给出的概率")},
            "y": {"label": tr!(lang, "share that is true", "实际为真的比例")},
            "size": {"label": tr!(lang, "decisions", "判断数")}, "points": points,
        }),
        table: Some((
            vec![tr!(lang, "given", "给出"), tr!(lang, "true", "实际"), tr!(lang, "decisions", "判断数")],
            bins.iter()
                .map(|bin| vec![format!("{:.3}", bin.predicted), format!("{:.3}", bin.observed), count(bin.count)])
                .collect(),
        )),
    };
    let curve =
        |of: fn(&crate::ThresholdRow) -> f64| analysis.thresholds.iter().map(|r| (r.threshold, of(r))).collect();
    let series = |name, points| Series { name, points, style: "solid" };
    let at = analysis.threshold;
    let mark = Mark { x: at, label: tr!(lang, "in use: {at}", "当前：{at}"), kind: "best" };
    let lowest = analysis.thresholds.iter().map(|row| row.precision.min(row.recall)).fold(1.0, f64::min);
    let threshold = Chart {
        id: "chart-threshold",
        title: tr!(lang, "Where to draw the line", "阈值取在哪里"),
        explanation: tr!(
            lang,
            "A type is given from this probability on: higher is surer, lower finds more.",
            "概率达到阈值即给出该类型：越高越准，越低越全。"
        ),
        summary: tr!(lang, "precision, recall and F1 by threshold", "精确率、召回率与 F1 随阈值的变化"),
        is_wide: false,
        drawn: Chart::lines(
            &tr!(lang, "threshold", "阈值"),
            json!({"label": tr!(lang, "share", "比例"), "domain": [(lowest * 10.0).floor() / 10.0, 1.0]}),
            &[
                series(tr!(lang, "precision", "精确率"), curve(|row| row.precision)),
                series(tr!(lang, "recall", "召回率"), curve(|row| row.recall)),
                series("F1".to_owned(), curve(|row| row.f1)),
            ],
            &[mark],
        ),
        table: Some((
            [
                tr!(lang, "threshold", "阈值"),
                tr!(lang, "precision", "精确率"),
                tr!(lang, "recall", "召回率"),
                "F1".into(),
            ]
            .to_vec(),
            analysis
                .thresholds
                .iter()
                .map(|r| [r.threshold, r.precision, r.recall, r.f1].map(|value| format!("{value:.4}")).to_vec())
                .collect(),
        )),
    };
    Some(Section {
        id: "calibration",
        name: tr!(lang, "Confidence", "置信度"),
        body: html! { div.grid { (figure(charts, calibration, lang)) (figure(charts, threshold, lang)) } },
    })
}

pub(in crate::page) fn samples(page: &RunPage, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let list = |cases: &[Case]| {
        html! {
            ol.samples {
                @for case in cases { (sample(case, analysis, lang)) }
            }
        }
    };
    (!analysis.uncertain.is_empty()).then(|| Section {
        id: "samples",
        name: tr!(lang, "Samples to look at", "值得一看的样本"),
        body: html! {
            div.grid {
                div {
                    h3 { (tr!(lang, "Wrong, and sure of it", "错得最笃定")) }
                    @if analysis.wrong.is_empty() { p { (tr!(lang, "None: every sample is right.", "没有：全部正确。")) } }
                    (list(&analysis.wrong))
                }
                div { h3 { (tr!(lang, "Least certain", "最拿不准")) } (list(&analysis.uncertain)) }
            }
        },
    })
}

fn sample(case: &Case, analysis: &Analysis, lang: Lang) -> Markup {
    let threshold = analysis.threshold as f32;
    html! {
        li {
            p.text { @match case.text.split_once(" | ") {
                Some((name, values)) => { b { (name) } " | " (values) }
                None => { (case.text) }
            } }
            p.verdict {
                span {
                    (tr!(lang, "true: ", "真实："))
                    @for code in &case.truth { span.label { (class_name(analysis, code, lang)) } " " }
                    @if case.truth.is_empty() { (tr!(lang, "none", "无")) }
                }
                " "
                span {
                    (tr!(lang, "given: ", "给出："))
                    @for (code, probability) in &case.given {
                        @let is_given = *probability >= threshold;
                        @let class = match (is_given, case.truth.contains(code)) {
                            (true, true) => "label right",
                            (true, false) => "label wrong",
                            (false, true) => "label missed",
                            (false, false) => "label",
                        };
                        span class=(class) { (class_name(analysis, code, lang)) } (format!(" {probability:.2} "))
                    }
                    @if case.given.is_empty() { (tr!(lang, "none", "无")) }
                }
            }
            p.place { (case.place) }
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
