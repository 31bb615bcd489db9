//! A run as a page, gathered from its folder; and what its figures mean, told while it trains.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use drivetrain::data::{read_bounded, write_atomically};
use drivetrain::report::{Analysis, ComparedRun, DataFacts, RunHistory, RunPage, State, Weight, remarks, run_page};
use drivetrain::terminal::{Line, Tone};
use drivetrain::tr;
use drivetrain::train::{Event, Observer, TrainError, flatten};
use serde::de::DeserializeOwned;

use crate::config::RunConfig;
use crate::run::{RunFolder, cannot_read, cannot_write, quoted};
use crate::terminal::{lang, terminal};

/// Larger files are not a run's.
const LARGEST: u64 = 64 << 20;

/// What the page calls the program.
pub const PROGRAM: &str = "Tabular Sense";

/// Writes a run's `report.html`, or another file; gives its path. `config` spares reading it.
///
/// # Errors
/// When the run cannot be read, or the file not written.
pub fn write_report(run: &RunFolder, config: Option<&RunConfig>, output: Option<&Path>) -> Result<PathBuf> {
    let mut page = gather(run, config)?;
    if config.is_some() {
        // It is this process that has the run in use, and it is done.
        page.state = state_of(&page.history);
    }
    let path = output.map_or_else(|| run.file("report.html"), Path::to_path_buf);
    let html = run_page(&page, lang());
    write_atomically(&path, |writer| writer.write_all(html.as_bytes())).with_context(|| cannot_write(&path))?;
    Ok(path)
}

/// Everything that a run's folder tells.
///
/// # Errors
/// When it is no run, or cannot be read.
pub fn gather(run: &RunFolder, config: Option<&RunConfig>) -> Result<RunPage> {
    let config = match config {
        Some(config) => config.clone(),
        None => run.existing_config()?,
    };
    let history = RunHistory::read(run.path()).with_context(|| cannot_read(run.path()))?;
    let state = state_now(run, &history);
    let data: Option<DataFacts> = json(&run.file("data.json"));
    // The page of a run in progress is made again and again: its tensors are not read for it.
    let meta = run.checkpoints().latest_meta();
    let mut versions = vec![("tabular-sense".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    if let Some(meta) = meta {
        versions.push((tr!(lang(), "instruction set", "指令集"), meta.instruction_set));
        versions.push((tr!(lang(), "seed", "种子"), meta.seed.to_string()));
        let facts = meta.identity.facts.into_iter().filter(|(name, _)| name != "labels");
        versions.extend(facts.map(|(name, fact)| (name.replace('_', " "), fact)));
    }
    let given = data.as_ref().map(|data| data.source.clone()).filter(|source| Path::new(source).is_file());
    Ok(RunPage {
        program: PROGRAM.to_owned(),
        name: run.path().display().to_string(),
        state,
        is_live: false,
        history,
        analysis: json::<Analysis>(&run.file("analysis.json")),
        test_score: test_score(run),
        config: fields_of(&config),
        versions,
        command: command(run, given.as_deref()),
        data,
    })
}

/// A run as one among others.
///
/// # Errors
/// When it is no run, or cannot be read.
pub fn compared(run: &RunFolder) -> Result<ComparedRun> {
    let config = run.existing_config()?;
    let history = RunHistory::read(run.path()).with_context(|| cannot_read(run.path()))?;
    let name = run.path().display().to_string();
    Ok(ComparedRun { name, config: fields_of(&config), history, test_score: test_score(run) })
}

/// The configuration, field by field.
#[must_use]
pub fn fields_of(config: &RunConfig) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    flatten("", &serde_json::to_value(config).unwrap_or_default(), &mut fields);
    fields
}

/// Where a run stands.
#[must_use]
pub fn state_now(run: &RunFolder, history: &RunHistory) -> State {
    if run.is_in_use() { State::Running } else { state_of(history) }
}

/// How a run that no process trains has ended.
fn state_of(history: &RunHistory) -> State {
    match history.sessions.last().and_then(|session| session.why_ended.as_deref()) {
        Some("completed") => State::Completed,
        Some("early_stop") => State::StoppedEarly,
        _ => State::Stopped,
    }
}

fn test_score(run: &RunFolder) -> Option<f64> {
    json::<serde_json::Value>(&run.file("test.json"))?["score"].as_f64()
}

/// What a file holds; none where there is nothing of that kind.
fn json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&read_bounded(path, LARGEST).ok()?).ok()
}

fn command(run: &RunFolder, samples: Option<&str>) -> String {
    let path = run.path().display().to_string();
    let config = quoted(&run.file("config.toml").display().to_string());
    let samples = samples.map_or_else(String::new, |samples| format!(" --samples {}", quoted(samples)));
    format!("tabular-sense train --config {config}{samples} --run {}", quoted(&format!("{path}-again")))
}

/// Says after each validation what its figures mean, where they say something new.
pub struct Remarks {
    run: RunFolder,
    told: HashSet<&'static str>,
}

impl Remarks {
    /// Has said nothing of `run` yet.
    #[must_use]
    pub fn new(run: RunFolder) -> Self {
        Self { run, told: HashSet::new() }
    }
}

impl Observer for Remarks {
    fn on(&mut self, event: &Event<'_>) -> drivetrain::train::Result<()> {
        if !matches!(event, Event::Validated(_)) {
            return Ok(());
        }
        let path = self.run.path();
        let history = RunHistory::read(path).map_err(|source| TrainError::Io { path: path.to_path_buf(), source })?;
        let data: Option<DataFacts> = json(&self.run.file("data.json"));
        let found = remarks(&history, data.as_ref(), None, lang());
        let mut lines = Vec::new();
        for remark in found.iter().filter(|remark| remark.weight != Weight::Good) {
            if self.told.insert(remark.topic) {
                let tone = if remark.weight == Weight::Warning { Tone::Warning } else { Tone::Plain };
                lines.push(Line::new(tone, format!("  ? {} {}", remark.claim, remark.evidence)));
            }
        }
        // What is no longer so may be said again when it is.
        self.told.retain(|topic| found.iter().any(|remark| remark.topic == *topic));
        if !lines.is_empty() {
            terminal().print_lines(&lines, serde_json::json!({"kind": "remark"}));
        }
        Ok(())
    }
}
