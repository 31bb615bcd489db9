//! The metrics step by step.

use drivetrain_terminal::{Lang, tr};
use maud::html;
use serde_json::json;

use super::marks::marks;
use crate::history::{RunHistory, Validation};
use crate::page::charts::{Chart, Charts, Series, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

fn by_step(validations: &[Validation], of: impl Fn(&Validation) -> f64) -> Vec<(f64, f64)> {
    validations.iter().map(|validation| (validation.step as f64, of(validation))).collect()
}

pub(in crate::page) fn curves(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let RunHistory { validations, steps, .. } = &page.history;
    if validations.is_empty() && steps.is_empty() {
        return None;
    }
    let x = tr!(lang, "step", "步");
    let of_steps = |of: fn(&crate::Step) -> f64| steps.iter().map(|s| ((s.step + 1) as f64, of(s))).collect();
    let series = |name: String, points, style| Series { name, points, style };
    let row = |v: &Validation, cells: &[f64]| {
        let mut row = vec![count(v.step)];
        row.extend(cells.iter().map(|cell| format!("{cell:.4}")));
        row
    };
    let all_marks = marks(&page.history, lang);
    let loss = Chart {
        id: "chart-loss",
        title: tr!(lang, "Loss", "损失"),
        explanation: tr!(
            lang,
            "Lower is better. A training loss that falls while the validation loss rises is overfitting.",
            "越低越好。训练损失下降而验证损失上升即为过拟合。"
        ),
        summary: span_of(validations, |v| v.validation_loss, &tr!(lang, "validation loss", "验证损失"), lang),
        is_wide: false,
        drawn: Chart::lines(
            &x,
            json!({"label": tr!(lang, "loss (log scale)", "损失（对数刻度）"), "log": true}),
            &[
                series(tr!(lang, "single batches", "单个批次"), of_steps(|s| s.loss), "faint"),
                series(tr!(lang, "training", "训练"), by_step(validations, |v| v.train_loss), "solid"),
                series(tr!(lang, "validation", "验证"), by_step(validations, |v| v.validation_loss), "solid"),
            ],
            &all_marks,
        ),
        table: Some((
            vec![x.clone(), tr!(lang, "training", "训练"), tr!(lang, "validation", "验证")],
            validations.iter().map(|v| row(v, &[v.train_loss, v.validation_loss])).collect(),
        )),
    };
    let metric_names = ["f1", "precision", "recall", "macro_f1", "exact_match", "accuracy", "token_accuracy"];
    let named: Vec<&str> =
        metric_names.into_iter().filter(|name| validations.first().is_some_and(|v| v.metric(name).is_some())).collect();
    let mut score_series = vec![series(tr!(lang, "score", "得分"), by_step(validations, |v| v.score), "solid")];
    score_series.extend(named.iter().filter(|name| ["macro_f1", "exact_match"].contains(name)).map(|name| {
        let points = by_step(validations, |v| v.metric(name).unwrap_or(f64::NAN));
        series(metric_name(name, lang), points, "dashed")
    }));
    let mut head = vec![x.clone(), tr!(lang, "score", "得分")];
    head.extend(named.iter().map(|name| metric_name(name, lang)));
    let scores = |v: &Validation| {
        let mut cells = vec![v.score];
        cells.extend(named.iter().map(|name| v.metric(name).unwrap_or(f64::NAN)));
        row(v, &cells)
    };
    let score = Chart {
        id: "chart-score",
        title: tr!(lang, "Score on the validation set", "验证集得分"),
        explanation: tr!(lang, "Higher is better.", "越高越好。"),
        summary: span_of(validations, |v| v.score, &tr!(lang, "score", "得分"), lang),
        is_wide: false,
        drawn: Chart::lines(&x, json!({"label": tr!(lang, "share", "比例")}), &score_series, &all_marks),
        table: Some((head, validations.iter().map(scores).collect())),
    };
    let rate = Chart {
        id: "chart-rate",
        title: tr!(lang, "Learning rate", "学习率"),
        explanation: tr!(lang, "The size of a step.", "每一步的步长。"),
        summary: tr!(lang, "learning rate by step", "各步的学习率"),
        is_wide: false,
        drawn: Chart::lines(
            &x,
            json!({"label": tr!(lang, "learning rate", "学习率")}),
            &[series(tr!(lang, "learning rate", "学习率"), of_steps(|s| s.learning_rate), "solid")],
            &marks(&page.history, lang).into_iter().filter(|mark| mark.kind == "rate").collect::<Vec<_>>(),
        ),
        table: None,
    };
    let most_dropout = validations.iter().map(|v| v.dropout).fold(0.05, f64::max) * 1.2;
    let dropout = Chart {
        id: "chart-dropout",
        title: "Dropout".to_owned(),
        explanation: tr!(
            lang,
            "Raised when the training loss falls while the validation loss rises.",
            "当训练损失下降而验证损失上升时调高。"
        ),
        summary: tr!(lang, "dropout by step", "各步的 dropout"),
        is_wide: false,
        drawn: Chart::lines(
            &x,
            json!({"label": "dropout", "domain": [0.0, most_dropout]}),
            &[series("dropout".to_owned(), by_step(validations, |v| v.dropout), "solid")],
            &marks(&page.history, lang).into_iter().filter(|mark| mark.kind == "dropout").collect::<Vec<_>>(),
        ),
        table: None,
    };
    let mut norms = vec![series(tr!(lang, "all", "全部"), of_steps(|s| s.gradient_norm), "faint")];
    norms.extend(shown_components(steps.first()).into_iter().map(|name| {
        let points =
            steps.iter().map(|s| ((s.step + 1) as f64, s.gradient_norms.get(&name).copied().unwrap_or(f64::NAN)));
        series(name.clone(), points.collect(), "faint")
    }));
    let gradients = Chart {
        id: "chart-gradients",
        title: tr!(lang, "Gradient norms", "梯度范数"),
        explanation: tr!(
            lang,
            "Before clipping; embedding, first, middle and last layer, head. A jump often precedes divergence.",
            "裁剪之前；嵌入、首层、中层、末层与输出头。突增常是发散的先兆。"
        ),
        summary: tr!(lang, "gradient norms by step", "各步的梯度范数"),
        is_wide: false,
        drawn: Chart::lines(&x, json!({"label": tr!(lang, "norm", "范数"), "log": true}), &norms, &[]),
        table: None,
    };
    Some(Section {
        id: "curves",
        name: tr!(lang, "Curves", "曲线"),
        body: html! {
            div.grid {
                @if !validations.is_empty() { (figure(charts, loss, lang)) (figure(charts, score, lang)) }
                @if !steps.is_empty() { (figure(charts, rate, lang)) }
                @if !validations.is_empty() { (figure(charts, dropout, lang)) }
                @if !steps.is_empty() { (figure(charts, gradients, lang)) }
            }
        },
    })
}

/// The components that get a line: all, but of the numbered ones only the first, the middle and the last.
fn shown_components(step: Option<&crate::Step>) -> Vec<String> {
    let Some(step) = step else { return Vec::new() };
    let number = |name: &str| name.rsplit('.').next().and_then(|last| last.parse::<u64>().ok());
    let mut numbered: Vec<&String> = step.gradient_norms.keys().filter(|name| number(name).is_some()).collect();
    numbered.sort_by_key(|name| number(name));
    let last = numbered.len().saturating_sub(1);
    let is_shown = |name: &&String| match numbered.iter().position(|known| known == name) {
        Some(at) => at == 0 || at == last || at == last / 2,
        // What is left of an encoder beside its layers is a norm.
        None => !numbered.iter().any(|layer| layer.starts_with(&format!("{name}."))),
    };
    step.gradient_norms.keys().filter(is_shown).cloned().collect()
}

fn metric_name(name: &str, lang: Lang) -> String {
    match name {
        "f1" => "F1".to_owned(),
        "precision" => tr!(lang, "precision", "精确率"),
        "recall" => tr!(lang, "recall", "召回率"),
        "macro_f1" => tr!(lang, "macro F1", "宏 F1"),
        "exact_match" => tr!(lang, "exact match", "完全匹配"),
        "accuracy" => tr!(lang, "accuracy", "准确率"),
        other => other.replace('_', " "),
    }
}

fn span_of(validations: &[Validation], of: impl Fn(&Validation) -> f64, what: &str, lang: Lang) -> String {
    match (validations.first(), validations.last()) {
        (Some(first), Some(last)) => {
            let (first, last) = (of(first), of(last));
            tr!(lang, "{what} goes from {first:.4} to {last:.4}", "{what}从 {first:.4} 到 {last:.4}")
        }
        _ => what.to_owned(),
    }
}
