use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::write_atomically;
use drivetrain::report::{ComparedRun, Validation, compare_page, differences};
use drivetrain::tr;

use drivetrain::terminal::plot;
use drivetrain::terminal::{figure, grid};
use tabular_sense::error::RunError;
use tabular_sense::report::{PROGRAM, compared};
use tabular_sense::run::RunFolder;

use crate::terminal::lang;

/// Compare the configurations and the curves of runs.
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
    let mut table = vec![vec![
        String::new(),
        tr!(lang, "run", "训练"),
        tr!(lang, "best score", "最佳得分"),
        tr!(lang, "test score", "测试得分"),
        tr!(lang, "validation loss", "验证损失"),
        tr!(lang, "epochs", "轮数"),
        tr!(lang, "training (s)", "训练（秒）"),
    ]];
    table.extend(runs.iter().zip(letters()).map(|(run, letter)| {
        let best = run.history.best();
        vec![
            letter.to_string(),
            run.name.clone(),
            figure(best.map(|best| best.score)),
            figure(run.test_score),
            figure(best.map(|best| best.validation_loss)),
            run.history.validations.last().map_or(0, |last| last.epoch + 1).to_string(),
            format!("{:.1}", run.history.total().training_s),
        ]
    }));
    say!("{}\n", grid(&table, &[2, 3, 4, 5, 6]));

    let found = differences(&runs);
    if found.is_empty() {
        say!("{}\n", tr!(lang, "their configurations are the same", "配置相同"));
    } else {
        let mut rows = vec![vec![tr!(lang, "difference", "配置差异")]];
        rows[0].extend(runs.iter().zip(letters()).map(|(_, letter)| letter.to_string()));
        rows.extend(found.into_iter().map(|difference| {
            let values = difference.values.into_iter().map(|value| value.unwrap_or_else(|| "–".into()));
            std::iter::once(difference.field).chain(values).collect()
        }));
        say!("{}\n", grid(&rows, &[]));
    }
    let curves: [(String, Curve); 2] = [
        (tr!(lang, "score by step", "各步得分"), |v| v.score),
        (tr!(lang, "validation loss by step", "各步验证损失"), |v| v.validation_loss),
    ];
    for (title, of) in curves {
        let series: Vec<(char, Vec<(f64, f64)>)> = letters()
            .zip(&runs)
            .map(|(letter, run)| (letter, run.history.validations.iter().map(|v| (v.step as f64, of(v))).collect()))
            .collect();
        if let Some(picture) = plot(&series) {
            say!("{title}\n{picture}");
        }
    }
    if let Some(path) = &args.html {
        let page = compare_page(PROGRAM, &runs, lang);
        write_atomically(path, |writer| writer.write_all(page.as_bytes()))
            .map_err(|source| RunError::Write { path: path.clone(), source })
            .map_err(tabular_sense::Error::from)?;
        say!("{}", path.display());
    }
    Ok(())
}

/// What a curve shows of a validation.
type Curve = fn(&Validation) -> f64;

/// What the runs are called in tables and pictures.
fn letters() -> impl Iterator<Item = char> {
    ('A'..='Z').chain('a'..='z').cycle()
}
