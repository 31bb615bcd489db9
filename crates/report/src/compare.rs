//! Several runs side by side: the differences between their configurations, and their curves on one chart.

use std::collections::BTreeMap;

use maud::html;
use serde_json::json;

use crate::history::{Goal, RunHistory, Validation, metric_name};
use crate::language::{Language, text};
use crate::page::{Chart, Charts, Frame, Section, Series, document, figure, loss_axis};

/// One of the runs that are compared.
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
pub fn compare_page(program: &str, runs: &[ComparedRun], lang: Language) -> String {
    let mut charts = Charts::default();
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    let frame = Frame {
        lang,
        is_live: false,
        kicker: text!(lang, "{program} · comparison"),
        title: names.join(" · "),
        lede: lede(runs, lang),
        facts: Vec::new(),
        footer: html! {},
    };
    let sections = vec![results(runs, lang), configurations(runs, lang), curves(runs, &mut charts, lang)];
    document(&frame, sections, &charts)
}

/// The metric that all these runs are compared by; none where they differ in it.
#[must_use]
pub fn common_goal(runs: &[ComparedRun]) -> Option<Goal> {
    let goal = runs.first()?.history.goal();
    runs.iter().all(|run| run.history.goal() == goal).then_some(goal)
}

fn lede(runs: &[ComparedRun], lang: Language) -> String {
    let Some(goal) = common_goal(runs) else {
        return text!(lang, "These runs were not trained for the same metric.");
    };
    let measured = runs.iter().filter_map(|run| Some((run, run.history.best_value()?)));
    let best = measured.reduce(|best, run| if goal.gain(best.1, run.1) > 0.0 { run } else { best });
    let Some((ComparedRun { name: run, .. }, value)) = best else { return text!(lang, "No validation yet.") };
    match goal.metric.as_str() {
        "score" => text!(lang, "{run} has the best validation score: {value:.4}."),
        other => {
            let metric = metric_name(other, lang);
            text!(lang, "{run} has the best {metric} in validation: {value:.4}.")
        }
    }
}

/// The heading of the best value of each run, and of its value on the test split.
fn headings(runs: &[ComparedRun], lang: Language) -> [String; 2] {
    match common_goal(runs) {
        Some(goal) if goal.metric != "score" => {
            let metric = metric_name(&goal.metric, lang);
            [text!(lang, "best {metric}"), text!(lang, "{metric} in the test")]
        }
        _ => [text!(lang, "best score"), text!(lang, "test score")],
    }
}

fn results(runs: &[ComparedRun], lang: Language) -> Section {
    let [best_heading, test_heading] = headings(runs, lang);
    let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
    Section {
        id: "results",
        name: text!(lang, "Results"),
        body: html! {
            div.scroll tabindex="0" role="region" aria-label=(text!(lang, "results")) {
                table.sortable id="table-results" {
                    thead { tr {
                        th scope="col" { (text!(lang, "run")) }
                        th.num scope="col" { (best_heading) }
                        th.num scope="col" { (test_heading) }
                        th.num scope="col" { (text!(lang, "validation loss")) }
                        th.num scope="col" { (text!(lang, "epochs")) }
                        th.num scope="col" { (text!(lang, "training (s)")) }
                    } }
                    tbody { @for (i, run) in runs.iter().enumerate() { tr {
                        @let best = run.history.best();
                        th scope="row" { span class={"swatch s" (i % 8 + 1)} {} " " (run.name) }
                        td.num { (cell(run.history.best_value())) }
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

fn configurations(runs: &[ComparedRun], lang: Language) -> Section {
    let found = differences(runs);
    Section {
        id: "configuration",
        name: text!(lang, "Differences"),
        body: html! {
            @if found.is_empty() {
                p { (text!(lang, "None: the configurations are the same.")) }
            } @else {
                div.scroll tabindex="0" role="region" aria-label=(text!(lang, "differences")) {
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

fn curves(runs: &[ComparedRun], charts: &mut Charts, lang: Language) -> Section {
    let of = |metric: &str| -> Vec<Series> {
        let value = |v: &Validation| (v.step as f64, v.metric(metric).unwrap_or(f64::NAN));
        let series = |run: &ComparedRun| Series {
            name: run.name.clone(),
            points: run.history.validations.iter().map(value).collect(),
            style: "solid",
        };
        runs.iter().map(series).collect()
    };
    let x = text!(lang, "step");
    let chart = |id: &str, title: String, y, series: &[Series]| Chart {
        id: id.to_owned(),
        summary: title.clone(),
        title,
        explanation: String::new(),
        is_wide: false,
        drawn: Chart::lines(&x, y, series, &[]),
        table: None,
    };
    let loss = |id, title, metric| {
        let series = of(metric);
        let axis = loss_axis(series.iter().flat_map(|series| series.points.iter().map(|point| point.1)), lang);
        chart(id, title, axis, &series)
    };
    let goal = common_goal(runs).map_or_else(|| Goal::default().metric, |goal| goal.metric);
    let metric = if goal.ends_with("_loss") { "score" } else { goal.as_str() };
    let rates = of("learning_rate");
    let name = metric_name(metric, lang);
    let title = match metric {
        "score" => text!(lang, "Score on the validation set"),
        _ => text!(lang, "{name} on the validation set"),
    };
    let all = [
        chart("chart-score", title, json!({"label": name}), &of(metric)),
        loss("chart-validation-loss", text!(lang, "Validation loss"), "validation_loss"),
        loss("chart-train-loss", text!(lang, "Training loss"), "train_loss"),
        chart("chart-rate", text!(lang, "Learning rate"), json!({"label": text!(lang, "learning rate")}), &rates),
    ];
    Section {
        id: "curves",
        name: text!(lang, "Curves"),
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

    fn measured(name: &str, mode: &str, values: &[f64]) -> ComparedRun {
        let validation = |value: &f64| {
            let record = serde_json::json!({
                "epoch": 0, "step": 1, "train_loss": 1.0, "validation_loss": 1.0, "score": 0.0, "rmse": value,
                "monitor": "rmse", "mode": mode,
            });
            serde_json::from_value(record).unwrap()
        };
        let history = RunHistory { validations: values.iter().map(validation).collect(), ..RunHistory::default() };
        ComparedRun { history, ..run(name, &[]) }
    }

    #[test]
    fn of_errors_the_lowest_is_the_best() {
        let page =
            compare_page("P", &[measured("a", "min", &[3.0, 2.5]), measured("b", "min", &[2.0])], Language::ENGLISH);
        assert!(page.contains("b has the best rmse in validation: 2.0000."), "{page}");
        assert!(page.contains("best rmse") && !page.contains("best score"));
    }

    #[test]
    fn runs_of_different_goals_have_no_best_one() {
        let page = compare_page("P", &[measured("a", "min", &[3.0]), measured("b", "max", &[2.0])], Language::ENGLISH);
        assert!(page.contains("These runs were not trained for the same metric."));
    }
}
