use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::write_atomically;
use drivetrain::report::{ComparedRun, Goal, Validation, common_goal, compare_page, differences};
use drivetrain::tr;

use drivetrain::terminal::{Lang, figure, grid, plot};
use tabular_sense::error::RunError;
use tabular_sense::report::{PROGRAM, compared};
use tabular_sense::run::RunFolder;

use crate::page::language;
use crate::terminal::lang;

/// Compare the configurations and curves of several runs.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Compare the runs in these folders.
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Also write the comparison as an HTML page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let runs: Vec<ComparedRun> =
        args.runs.iter().map(|path| compared(&RunFolder::new(path))).collect::<tabular_sense::Result<_>>()?;
    let lang = lang();
    let goal = common_goal(&runs).unwrap_or_default();
    say!("{}\n", results(&runs, &goal, lang));
    match configurations(&runs, lang) {
        Some(table) => say!("{table}\n"),
        None => say!("{}\n", tr!(lang, "their configurations are the same", "配置相同")),
    }
    for (title, metric) in curves(&goal, lang) {
        let series: Vec<Series> = letters().zip(&runs).map(|(letter, run)| (letter, curve(run, &metric))).collect();
        if let Some(picture) = plot(&series) {
            say!("{title}\n{picture}");
        }
    }
    if let Some(path) = &args.html {
        let page = compare_page(PROGRAM, &runs, language(lang));
        write_atomically(path, |writer| writer.write_all(page.as_bytes()))
            .map_err(|source| RunError::Write { path: path.clone(), source })
            .map_err(tabular_sense::Error::from)?;
        say!("{}", path.display());
    }
    Ok(())
}

/// The table of the runs' results.
fn results(runs: &[ComparedRun], goal: &Goal, lang: Lang) -> String {
    let [best_heading, test_heading] = headings(goal, lang);
    let mut table = vec![vec![
        String::new(),
        tr!(lang, "run", "训练"),
        best_heading,
        test_heading,
        tr!(lang, "validation loss", "验证损失"),
        tr!(lang, "epochs", "轮数"),
        tr!(lang, "training (s)", "训练（秒）"),
    ]];
    table.extend(runs.iter().zip(letters()).map(|(run, letter)| {
        let best = run.history.best();
        vec![
            letter.to_string(),
            run.name.clone(),
            figure(run.history.best_value()),
            figure(run.test_score),
            figure(best.map(|best| best.validation_loss)),
            run.history.validations.last().map_or(0, |last| last.epoch + 1).to_string(),
            format!("{:.1}", run.history.total().training_s),
        ]
    }));
    grid(&table, &[2, 3, 4, 5, 6])
}

/// A table of the fields in which the runs' configurations differ; `None` if there are no differences.
fn configurations(runs: &[ComparedRun], lang: Lang) -> Option<String> {
    let found = differences(runs);
    if found.is_empty() {
        return None;
    }
    let heading = std::iter::once(tr!(lang, "difference", "配置差异"));
    let letters = runs.iter().zip(letters()).map(|(_, letter)| letter.to_string());
    let mut rows: Vec<Vec<String>> = vec![heading.chain(letters).collect()];
    rows.extend(found.into_iter().map(|difference| {
        let values = difference.values.into_iter().map(|value| value.unwrap_or_else(|| "–".into()));
        std::iter::once(difference.field).chain(values).collect()
    }));
    Some(grid(&rows, &[]))
}

/// The metrics whose curves are drawn, each below its title.
fn curves(goal: &Goal, lang: Lang) -> Vec<(String, String)> {
    let loss = (tr!(lang, "validation loss by step", "各步验证损失"), "validation_loss".to_owned());
    match goal.metric.as_str() {
        "validation_loss" => vec![loss],
        "score" => vec![(tr!(lang, "score by step", "各步得分"), "score".to_owned()), loss],
        other => vec![(tr!(lang, "{other} by step", "各步 {other}"), other.to_owned()), loss],
    }
}

/// The letter of a run, and its curve.
type Series = (char, Vec<(f64, f64)>);

/// A metric of a run's validations, by step.
fn curve(run: &ComparedRun, metric: &str) -> Vec<(f64, f64)> {
    let value = |v: &Validation| v.metric(metric).unwrap_or(f64::NAN);
    run.history.validations.iter().map(|v| (v.step as f64, value(v))).collect()
}

/// The headings for a run's best value and for its value on the test split.
fn headings(goal: &Goal, lang: Lang) -> [String; 2] {
    match goal.metric.as_str() {
        "score" => [tr!(lang, "best score", "最佳得分"), tr!(lang, "test score", "测试得分")],
        "validation_loss" => [tr!(lang, "lowest loss", "最低损失"), tr!(lang, "test loss", "测试损失")],
        other => [tr!(lang, "best {other}", "最佳 {other}"), tr!(lang, "test {other}", "测试 {other}")],
    }
}

/// The letters that stand for the runs in tables and charts.
fn letters() -> impl Iterator<Item = char> {
    ('A'..='Z').chain('a'..='z').cycle()
}
