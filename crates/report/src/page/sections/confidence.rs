//! How far the best checkpoint's probabilities can be trusted.

use maud::html;
use serde_json::json;

use crate::analysis::{Analysis, Calibration, Task, ThresholdRow};
use crate::language::{Language, text};
use crate::page::charts::{Chart, Charts, Mark, Series, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn confidence(page: &RunPage, charts: &mut Charts, lang: Language) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let all: Vec<Chart> = [calibration(analysis, lang), threshold(analysis, lang)].into_iter().flatten().collect();
    (!all.is_empty()).then(|| Section {
        id: "calibration",
        name: text!(lang, "Confidence"),
        body: html! { div.grid { @for chart in all { (figure(charts, chart, lang)) } } },
    })
}

/// None where there was nothing to decide.
fn calibration(analysis: &Analysis, lang: Language) -> Option<Chart> {
    let Calibration { bins, error } = &analysis.calibration;
    let points: Vec<_> = bins
        .iter()
        .map(|bin| json!({"predicted": bin.predicted, "observed": bin.observed, "count": bin.count}))
        .collect();
    (!bins.is_empty()).then(|| Chart {
        id: "chart-calibration".into(),
        title: text!(lang, "Calibration"),
        explanation: match analysis.task {
            Task::MultiLabel => text!(
                lang,
                "On the diagonal, a predicted probability equals the observed frequency. Expected calibration error {error:.4}."
            ),
            Task::MultiClass | Task::Tokens => text!(
                lang,
                "On the diagonal, the probability of the predicted class equals the share of right predictions. \
                 Expected calibration error {error:.4}."
            ),
        },
        summary: text!(lang, "expected calibration error {error:.4}"),
        is_wide: false,
        drawn: json!({
            "kind": "calibration", "x": {"label": text!(lang, "predicted probability")},
            "y": {"label": text!(lang, "observed frequency")},
            "size": {"label": text!(lang, "decisions")}, "points": points,
        }),
        table: Some((
            vec![text!(lang, "predicted"), text!(lang, "observed"), text!(lang, "decisions")],
            bins.iter()
                .map(|bin| vec![format!("{:.3}", bin.predicted), format!("{:.3}", bin.observed), count(bin.count)])
                .collect(),
        )),
    })
}

/// None where no threshold decides.
fn threshold(analysis: &Analysis, lang: Language) -> Option<Chart> {
    let (at, rows) = (analysis.threshold?, &analysis.thresholds);
    let curve = |of: fn(&ThresholdRow) -> f64| rows.iter().map(|r| (r.threshold, of(r))).collect();
    let series = |name, points| Series { name, points, style: "solid" };
    let mark = Mark { x: at, label: text!(lang, "in use: {at}"), kind: "best" };
    let lowest = rows.iter().map(|row| row.precision.min(row.recall)).fold(1.0, f64::min);
    (!rows.is_empty()).then(|| Chart {
        id: "chart-threshold".into(),
        title: text!(lang, "Threshold"),
        explanation: text!(
            lang,
            "A class is given from this probability on: a higher threshold is more precise, a lower one finds more."
        ),
        summary: text!(lang, "precision, recall and F1 by threshold"),
        is_wide: false,
        drawn: Chart::lines(
            &text!(lang, "threshold"),
            json!({"label": text!(lang, "share"), "domain": [(lowest * 10.0).floor() / 10.0, 1.0]}),
            &[
                series(text!(lang, "precision"), curve(|row| row.precision)),
                series(text!(lang, "recall"), curve(|row| row.recall)),
                series("F1".to_owned(), curve(|row| row.f1)),
            ],
            &[mark],
        ),
        table: Some((
            vec![text!(lang, "threshold"), text!(lang, "precision"), text!(lang, "recall"), "F1".into()],
            rows.iter()
                .map(|r| [r.threshold, r.precision, r.recall, r.f1].map(|value| format!("{value:.4}")).to_vec())
                .collect(),
        )),
    })
}
