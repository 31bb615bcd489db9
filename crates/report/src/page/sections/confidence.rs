//! How far the best checkpoint's probabilities can be trusted.

use drivetrain_terminal::{Lang, tr};
use maud::html;
use serde_json::json;

use crate::page::charts::{Chart, Charts, Mark, Series, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn confidence(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let (bins, error) = (&analysis.calibration.bins, analysis.calibration.error);
    let points: Vec<_> = bins
        .iter()
        .map(|bin| json!({"predicted": bin.predicted, "observed": bin.observed, "count": bin.count}))
        .collect();
    let calibration = Chart {
        id: "chart-calibration",
        title: tr!(lang, "Calibration", "校准"),
        explanation: tr!(
            lang,
            "On the diagonal, a predicted probability equals the observed frequency. Expected calibration error {error:.4}.",
            "在对角线上，预测的概率等于实际频率。期望校准误差 {error:.4}。"
        ),
        summary: tr!(lang, "expected calibration error {error:.4}", "期望校准误差 {error:.4}"),
        is_wide: false,
        drawn: json!({
            "kind": "calibration", "x": {"label": tr!(lang, "predicted probability", "预测概率")},
            "y": {"label": tr!(lang, "observed frequency", "实际频率")},
            "size": {"label": tr!(lang, "decisions", "判断数")}, "points": points,
        }),
        table: Some((
            vec![tr!(lang, "predicted", "预测"), tr!(lang, "observed", "实际"), tr!(lang, "decisions", "判断数")],
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
        title: tr!(lang, "Threshold", "阈值"),
        explanation: tr!(
            lang,
            "A class is given from this probability on: a higher threshold is more precise, a lower one finds more.",
            "概率达到阈值即给出该类别：阈值越高越准，越低越全。"
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
