//! Loss and metrics of the validations, whatever the metrics are.

use serde_json::json;

use super::marks::marks;
use crate::history::{Goal, RunHistory, Validation, is_share, metric_name, metric_names};
use crate::language::{Language, text};
use crate::page::charts::{Chart, Series, count, loss_axis};

/// Shares that are close to the score, or far from it: they are in the table, and would only clutter the chart.
const TABLE_ONLY: [&str; 4] = ["f1", "precision", "recall", "hamming_loss"];

fn by_step(validations: &[Validation], of: impl Fn(&Validation) -> f64) -> Vec<(f64, f64)> {
    validations.iter().map(|validation| (validation.step as f64, of(validation))).collect()
}

fn series(name: String, points: Vec<(f64, f64)>, style: &'static str) -> Series {
    Series { name, points, style }
}

fn rows(validations: &[Validation], of: impl Fn(&Validation) -> Vec<f64>) -> Vec<Vec<String>> {
    let row = |v: &Validation| {
        let cells = of(v).into_iter().map(|cell| if cell.is_nan() { "–".to_owned() } else { format!("{cell:.4}") });
        std::iter::once(count(v.step)).chain(cells).collect()
    };
    validations.iter().map(row).collect()
}

pub(super) fn loss(history: &RunHistory, lang: Language) -> Chart {
    let RunHistory { validations, steps, .. } = history;
    let (x, training, validation) = (text!(lang, "step"), text!(lang, "training"), text!(lang, "validation"));
    let of_validations = validations.iter().flat_map(|v| [v.train_loss, v.validation_loss]);
    let axis = loss_axis(of_validations.chain(steps.iter().map(|s| s.loss)), lang);
    Chart {
        id: "chart-loss".into(),
        title: text!(lang, "Loss"),
        explanation: text!(
            lang,
            "Lower is better. A training loss that falls while the validation loss rises is overfitting."
        ),
        summary: span_of(validations, "validation_loss", lang),
        is_wide: false,
        drawn: Chart::lines(
            &x,
            axis,
            &[
                series(
                    text!(lang, "single batches"),
                    steps.iter().map(|s| ((s.step + 1) as f64, s.loss)).collect(),
                    "faint",
                ),
                series(training.clone(), by_step(validations, |v| v.train_loss), "solid"),
                series(validation.clone(), by_step(validations, |v| v.validation_loss), "solid"),
            ],
            &marks(history, lang),
        ),
        table: Some((
            vec![x.clone(), training, validation],
            rows(validations, |v| vec![v.train_loss, v.validation_loss]),
        )),
    }
}

/// First the metric that the run is compared by, together with the other shares if it is a share; then a chart for each other
/// metric.
pub(super) fn metrics(history: &RunHistory, lang: Language) -> Vec<Chart> {
    let validations = &history.validations;
    let goal = history.goal();
    // The losses have a chart of their own.
    let lead = if goal.metric.ends_with("_loss") && goal.metric != "hamming_loss" { "score" } else { &goal.metric };
    let values = |name: &str| by_step(validations, |v| v.metric(name).unwrap_or(f64::NAN));
    let is_share = |name: &str| is_share(values(name).into_iter().map(|(_, value)| value));
    let others = std::iter::once("score").chain(metric_names(validations)).filter(|name| *name != lead);
    let (beside, alone): (Vec<&str>, Vec<&str>) = others.partition(|name| is_share(lead) && is_share(name));
    let mut charts = vec![lead_chart(history, &goal, lead, &beside, lang)];
    let alone = alone.into_iter().filter(|name| !is_same(&values(lead), &values(name)));
    charts.extend(alone.enumerate().map(|(at, name)| own_chart(at, name, values(name), validations, lang)));
    charts
}

/// Whether two metrics are the same, or one the negative of the other: an error and the score made of it.
fn is_same(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    let measured = || a.iter().zip(b).filter(|(a, b)| !(a.1.is_nan() && b.1.is_nan()));
    measured().all(|(a, b)| a.1 == b.1) || measured().all(|(a, b)| a.1 == -b.1)
}

fn lead_chart(history: &RunHistory, goal: &Goal, lead: &str, beside: &[&str], lang: Language) -> Chart {
    let validations = &history.validations;
    let value = |name: &str, v: &Validation| v.metric(name).unwrap_or(f64::NAN);
    let of = |name: &str| by_step(validations, |v| value(name, v));
    let name = metric_name(lead, lang);
    let mut drawn = vec![series(name.clone(), of(lead), "solid")];
    let is_drawn = |other: &&&str| !TABLE_ONLY.contains(other) && !is_same(&of(lead), &of(other));
    drawn.extend(beside.iter().filter(is_drawn).map(|other| series(metric_name(other, lang), of(other), "dashed")));
    let mut head = vec![text!(lang, "step"), name.clone()];
    head.extend(beside.iter().map(|other| metric_name(other, lang)));
    let cells =
        |v: &Validation| std::iter::once(value(lead, v)).chain(beside.iter().map(|other| value(other, v))).collect();
    Chart {
        id: "chart-score".into(),
        title: match lead {
            "score" => text!(lang, "Score on the validation set"),
            _ => text!(lang, "{name} on the validation set"),
        },
        explanation: match (goal.metric == lead, goal.lower_is_better) {
            (true, true) => text!(lang, "Lower is better."),
            (true, false) => text!(lang, "Higher is better."),
            // For a metric that is only measured, it is not known whether higher or lower is better.
            (false, _) => String::new(),
        },
        summary: span_of(validations, lead, lang),
        is_wide: false,
        drawn: Chart::lines(
            &text!(lang, "step"),
            json!({"label": if drawn.len() > 1 { text!(lang, "share") } else { name }}),
            &drawn,
            &marks(history, lang),
        ),
        table: Some((head, rows(validations, cells))),
    }
}

fn own_chart(at: usize, metric: &str, points: Vec<(f64, f64)>, validations: &[Validation], lang: Language) -> Chart {
    let name = metric_name(metric, lang);
    Chart {
        id: format!("chart-metric-{at}"),
        title: text!(lang, "{name} on the validation set"),
        explanation: String::new(),
        summary: span_of(validations, metric, lang),
        is_wide: false,
        drawn: Chart::lines(
            &text!(lang, "step"),
            json!({"label": name}),
            &[series(name.clone(), points, "solid")],
            &[],
        ),
        table: Some((
            vec![text!(lang, "step"), name],
            rows(validations, |v| vec![v.metric(metric).unwrap_or(f64::NAN)]),
        )),
    }
}

fn span_of(validations: &[Validation], metric: &str, lang: Language) -> String {
    let name = metric_name(metric, lang);
    let value = |v: &Validation| v.metric(metric).unwrap_or(f64::NAN);
    match (validations.first().map(value), validations.last().map(value)) {
        (Some(first), Some(last)) => text!(lang, "{name} goes from {first:.4} to {last:.4}"),
        _ => name,
    }
}
