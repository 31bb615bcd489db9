//! Several runs side by side: the differences between their configurations, and their curves on one chart.

use std::collections::BTreeMap;

use drivetrain_terminal::{Lang, tr};
use maud::html;
use serde_json::json;

use crate::history::{RunHistory, Validation};
use crate::page::{Chart, Charts, Frame, Section, Series, document, figure};

/// A run among others.
#[derive(Clone, Debug)]
pub struct ComparedRun {
    /// Its name.
    pub name: String,
    /// Its configuration, field by field.
    pub config: Vec<(String, String)>,
    /// Its metrics and timings.
    pub history: RunHistory,
    /// Its best checkpoint's score on the test split.
    pub test_score: Option<f64>,
}

/// A field that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `model.d_model`
    pub field: String,
    /// Run by run; none where it has no such field.
    pub values: Vec<Option<String>>,
}

/// The fields of the configurations that are not the same in all runs.
#[must_use]
pub fn differences(runs: &[ComparedRun]) -> Vec<Difference> {
    let mut fields: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        for (field, value) in &run.config {
            fields.entry(field).or_insert_with(|| vec![None; runs.len()])[at] = Some(value.clone());
        }
    }
    fields
        .into_iter()
        .filter(|(_, values)| values.windows(2).any(|pair| pair[0] != pair[1]))
        .map(|(field, values)| Difference { field: field.to_owned(), values })
        .collect()
}

/// A page of several runs.
#[must_use]
pub fn compare_page(program: &str, runs: &[ComparedRun], lang: Lang) -> String {
    let mut charts = Charts::default();
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    let score = |run: &ComparedRun| run.history.best().map(|best| best.score);
    let best = runs
        .iter()
        .filter(|run| score(run).is_some())
        .max_by(|a, b| score(a).unwrap_or(f64::NAN).total_cmp(&score(b).unwrap_or(f64::NAN)));
    let frame = Frame {
        lang,
        is_live: false,
        kicker: tr!(lang, "{program} · comparison", "{program} · 对比"),
        title: names.join(" · "),
        lede: best.map_or_else(
            || tr!(lang, "No validation yet.", "尚未进行任何验证。"),
            |run| {
                let (name, score) = (&run.name, score(run).unwrap_or(f64::NAN));
                tr!(lang, "{name} has the best validation score: {score:.4}.", "{name} 的验证得分最高：{score:.4}。")
            },
        ),
        facts: Vec::new(),
        footer: html! {},
    };
    let sections = vec![results(runs, lang), configurations(runs, lang), curves(runs, &mut charts, lang)];
    document(&frame, sections, &charts)
}

fn results(runs: &[ComparedRun], lang: Lang) -> Section {
    let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
    Section {
        id: "results",
        name: tr!(lang, "Results", "结果"),
        body: html! {
            div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "results", "结果")) {
                table.sortable id="table-results" {
                    thead { tr {
                        th scope="col" { (tr!(lang, "run", "训练")) }
                        th.num scope="col" { (tr!(lang, "best score", "最佳得分")) }
                        th.num scope="col" { (tr!(lang, "test score", "测试得分")) }
                        th.num scope="col" { (tr!(lang, "validation loss", "验证损失")) }
                        th.num scope="col" { (tr!(lang, "epochs", "轮数")) }
                        th.num scope="col" { (tr!(lang, "training (s)", "训练（秒）")) }
                    } }
                    tbody { @for (i, run) in runs.iter().enumerate() { tr {
                        @let best = run.history.best();
                        th scope="row" { span class={"swatch s" (i % 8 + 1)} {} " " (run.name) }
                        td.num { (cell(best.map(|best| best.score))) }
                        td.num { (cell(run.test_score)) }
                        td.num { (cell(best.map(|best| best.validation_loss))) }
                        td.num { (run.history.validations.last().map_or(0, |last| last.epoch + 1)) }
                        td.num { (format!("{:.1}", run.history.total().training_s)) }
                    } } }
                }
            }
        },
    }
}

fn configurations(runs: &[ComparedRun], lang: Lang) -> Section {
    let found = differences(runs);
    Section {
        id: "configuration",
        name: tr!(lang, "Differences", "配置差异"),
        body: html! {
            @if found.is_empty() {
                p { (tr!(lang, "None: the configurations are the same.", "没有差异：配置相同。")) }
            } @else {
                div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "differences", "配置差异")) {
                    table.config {
                        thead { tr { th scope="col" {} @for run in runs { th scope="col" { (run.name) } } } }
                        tbody { @for Difference { field, values } in &found { tr {
                            th scope="row" { (field) }
                            @for value in values {
                                td.differs[value != &values[0]] { code { (value.as_deref().unwrap_or("–")) } }
                            }
                        } } }
                    }
                }
            }
        },
    }
}

fn curves(runs: &[ComparedRun], charts: &mut Charts, lang: Lang) -> Section {
    let of = |of: fn(&Validation) -> f64| -> Vec<Series> {
        let series = |run: &ComparedRun| Series {
            name: run.name.clone(),
            points: run.history.validations.iter().map(|v| (v.step as f64, of(v))).collect(),
            style: "solid",
        };
        runs.iter().map(series).collect()
    };
    let x = tr!(lang, "step", "步");
    let chart = |id, title: String, y, series: &[Series]| Chart {
        id,
        summary: title.clone(),
        title,
        explanation: String::new(),
        is_wide: false,
        drawn: Chart::lines(&x, y, series, &[]),
        table: None,
    };
    let all = [
        chart(
            "chart-score",
            tr!(lang, "Score on the validation set", "验证集得分"),
            json!({"label": tr!(lang, "score", "得分")}),
            &of(|v| v.score),
        ),
        chart(
            "chart-validation-loss",
            tr!(lang, "Validation loss", "验证损失"),
            json!({"label": tr!(lang, "loss (log scale)", "损失（对数刻度）"), "log": true}),
            &of(|v| v.validation_loss),
        ),
        chart(
            "chart-train-loss",
            tr!(lang, "Training loss", "训练损失"),
            json!({"label": tr!(lang, "loss (log scale)", "损失（对数刻度）"), "log": true}),
            &of(|v| v.train_loss),
        ),
        chart(
            "chart-rate",
            tr!(lang, "Learning rate", "学习率"),
            json!({"label": tr!(lang, "learning rate", "学习率")}),
            &of(|v| v.learning_rate),
        ),
    ];
    Section {
        id: "curves",
        name: tr!(lang, "Curves", "曲线"),
        body: html! { div.grid { @for chart in all { (figure(charts, chart, lang)) } } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, config: &[(&str, &str)]) -> ComparedRun {
        let config = config.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        ComparedRun { name: name.into(), config, history: RunHistory::default(), test_score: None }
    }

    #[test]
    fn only_what_differs_is_shown() {
        let runs = [
            run("a", &[("model.preset", "small"), ("trainer.seed", "1")]),
            run("b", &[("model.preset", "small"), ("trainer.seed", "2"), ("model.d_model", "64")]),
        ];
        let values = |a: Option<&str>, b: &str| vec![a.map(str::to_owned), Some(b.to_owned())];
        let expected = [
            Difference { field: "model.d_model".into(), values: values(None, "64") },
            Difference { field: "trainer.seed".into(), values: values(Some("1"), "2") },
        ];
        assert_eq!(differences(&runs), expected);
    }
}
