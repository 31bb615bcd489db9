use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;
use drivetrain::tr;
use drivetrain::train::timestamp;
use serde::Serialize;

use drivetrain::terminal::{figure, grid};
use tabular_sense::report::compared;
use tabular_sense::run::{RunFolder, existing_config};

use crate::error::{UserError, in_words};
use crate::page::language;
use crate::terminal::lang;

fn make_one() -> String {
    tr!(lang(), "`tabular-sense train --run FOLDER` makes one", "`tabular-sense train --run FOLDER` 可开始一次训练")
}

/// List the runs in a folder, with state, epochs, best score, test score, last change and size.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// List the runs in this folder.
    #[arg(value_name = "FOLDER", default_value = "runs")]
    folder: PathBuf,
    /// Print one JSON object per run.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    run: String,
    state: String,
    epochs: u64,
    most_epochs: u64,
    best_score: Option<f64>,
    test_score: Option<f64>,
    /// When something was last written, in UTC.
    last_written: String,
    bytes: u64,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let folder = args.folder.display();
    let entries = std::fs::read_dir(&args.folder).map_err(|error| {
        let error = in_words(&error);
        UserError::new(tr!(lang(), "no runs in {folder}: {error}", "{folder} 中没有训练：{error}")).hint(make_one())
    })?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    if args.folder.join("config.toml").exists() {
        paths = vec![args.folder.clone()];
    }
    paths.retain(|path| path.join("config.toml").exists());
    let mut rows = paths.iter().map(|path| row(path)).collect::<Result<Vec<Row>>>()?;
    if rows.is_empty() {
        return Err(UserError::new(tr!(lang(), "{folder} holds no runs", "{folder} 中没有训练"))
            .hint(make_one())
            .into());
    }
    // The newest first.
    rows.sort_by(|a, b| b.last_written.cmp(&a.last_written).then_with(|| a.run.cmp(&b.run)));
    if args.json {
        for row in &rows {
            say!("{}", serde_json::to_string(row)?);
        }
        return Ok(());
    }
    let lang = lang();
    let mut table = vec![vec![
        tr!(lang, "run", "训练"),
        tr!(lang, "state", "状态"),
        tr!(lang, "epochs", "轮数"),
        tr!(lang, "best score", "最佳得分"),
        tr!(lang, "test score", "测试得分"),
        tr!(lang, "last written (UTC)", "最后写入 (UTC)"),
        tr!(lang, "size", "大小"),
    ]];
    table.extend(rows.iter().map(|row| {
        vec![
            row.run.clone(),
            row.state.clone(),
            format!("{}/{}", row.epochs, row.most_epochs),
            figure(row.best_score),
            figure(row.test_score),
            row.last_written.clone(),
            size(row.bytes),
        ]
    }));
    say!("{}", grid(&table, &[2, 3, 4, 6]));
    Ok(())
}

fn row(path: &Path) -> Result<Row> {
    let run = RunFolder::new(path);
    let config = existing_config(&run)?;
    let known = compared(&run)?;
    let state = run.state(&known.history);
    let (bytes, written) = measure(path);
    Ok(Row {
        run: path.display().to_string(),
        state: language(lang()).text(state.name()),
        epochs: known.history.validations.last().map_or(0, |last| last.epoch + 1),
        most_epochs: config.trainer.epochs,
        best_score: known.history.best_value(),
        test_score: known.test_score,
        last_written: timestamp(written),
        bytes,
    })
}

/// Size of a folder, and when something in it was last written.
fn measure(folder: &Path) -> (u64, SystemTime) {
    let mut open = vec![folder.to_path_buf()];
    let (mut bytes, mut written) = (0, SystemTime::UNIX_EPOCH);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(known) if known.is_dir() => open.push(entry.path()),
                Ok(known) => {
                    bytes += known.len();
                    written = written.max(known.modified().unwrap_or(SystemTime::UNIX_EPOCH));
                }
                Err(_) => {}
            }
        }
    }
    (bytes, written)
}

/// `12.3 MB`
fn size(bytes: u64) -> String {
    match bytes as f64 {
        small if small < 1e6 => format!("{:.0} kB", small / 1e3),
        medium if medium < 1e9 => format!("{:.1} MB", medium / 1e6),
        large => format!("{:.1} GB", large / 1e9),
    }
}
