//! A run as one HTML file that needs nothing else: text and tables are in it, the charts are drawn from data in it.

mod charts;
mod frame;
mod sections;

use std::time::Duration;

use drivetrain_terminal::{Lang, format_duration, tr};
use maud::html;

pub(crate) use charts::{Chart, Charts, Mark, Series, count, figure};
pub(crate) use frame::{Frame, Section, document};

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::diagnostics::diagnose;
use crate::history::RunHistory;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A process trains it.
    Running,
    /// All epochs are done.
    Completed,
    /// The patience ran out.
    StoppedEarly,
    /// It can be resumed.
    Stopped,
}

impl State {
    /// In a few words.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        match self {
            Self::Running => tr!(lang, "running", "进行中"),
            Self::Completed => tr!(lang, "completed", "已完成"),
            Self::StoppedEarly => tr!(lang, "stopped early", "已早停"),
            Self::Stopped => tr!(lang, "stopped, can be resumed", "已停止，可继续"),
        }
    }
}

/// The content of a run's page.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The program that trains.
    pub program: String,
    /// The run's name.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Whether the page follows the run: its server then serves `events` beside it.
    pub is_live: bool,
    /// Its metrics and timings.
    pub history: RunHistory,
    /// Statistics of its samples.
    pub data: Option<DataFacts>,
    /// What its best checkpoint gets right and wrong.
    pub analysis: Option<Analysis>,
    /// The best checkpoint's score on the test split.
    pub test_score: Option<f64>,
    /// The configuration, field by field.
    pub config: Vec<(String, String)>,
    /// Versions and fingerprints.
    pub versions: Vec<(String, String)>,
    /// The command that trains the same again.
    pub command: String,
}

/// The page of a run, in a language.
#[must_use]
pub fn run_page(page: &RunPage, lang: Lang) -> String {
    let mut charts = Charts::default();
    let diagnostics = diagnose(&page.history, page.data.as_ref(), page.analysis.as_ref(), lang);
    let sections = [
        sections::diagnostics(&diagnostics, lang),
        sections::curves(page, &mut charts, lang),
        sections::classes(page, &mut charts, lang),
        sections::confidence(page, &mut charts, lang),
        sections::data(page, &mut charts, lang),
        sections::time(page, &mut charts, lang),
        sections::samples(page, lang),
        sections::reproduce(page, lang),
    ];
    let frame = Frame {
        lang,
        is_live: page.is_live,
        kicker: tr!(lang, "{} · run", "{} · 训练", page.program),
        title: page.name.clone(),
        lede: lede(page, lang),
        facts: facts(page, lang),
        footer: html! {
            (tr!(lang, "This page works offline.", "本页可离线查看。"))
        },
    };
    document(&frame, sections.into_iter().flatten().collect(), &charts)
}

/// The most important facts in one sentence.
fn lede(page: &RunPage, lang: Lang) -> String {
    let Some(best) = page.history.best() else {
        return tr!(lang, "No validation yet.", "尚未进行任何验证。");
    };
    let (score, epoch) = (best.score, best.epoch + 1);
    let first = page.history.validations.first().map_or(score, |first| first.score);
    let all = page.history.validations.len();
    let ends = match page.state {
        State::Running => tr!(lang, "it is still running", "训练仍在进行"),
        State::Completed => tr!(lang, "it ended when all epochs were done", "全部轮数完成后结束"),
        State::StoppedEarly => {
            let count = page.history.validations.last().map_or(0, |last| last.early_stop_count);
            tr!(
                lang,
                "it ended early, after {count} validations without improvement",
                "连续 {count} 次验证没有提升后早停"
            )
        }
        State::Stopped => tr!(lang, "it was stopped and can be resumed", "训练中途停止，可以继续"),
    };
    if all < 2 {
        return tr!(
            lang,
            "The score is {score:.4} after the first validation; {ends}.",
            "首次验证后得分 {score:.4}；{ends}。"
        );
    }
    tr!(
        lang,
        "The score rose from {first:.4} to {score:.4}, its best in epoch {epoch}; {ends}.",
        "得分从 {first:.4} 升至 {score:.4}（最佳在第 {epoch} 轮）；{ends}。"
    )
}

/// A fact above the page: name, value, and a word beside it.
pub(crate) type Fact = (String, String, String);

fn facts(page: &RunPage, lang: Lang) -> Vec<Fact> {
    let history = &page.history;
    let mut facts: Vec<Fact> = Vec::new();
    if let Some(best) = history.best() {
        let epoch = best.epoch + 1;
        let at = tr!(lang, "epoch {epoch}", "第 {epoch} 轮");
        facts.push((tr!(lang, "best validation score", "最佳验证得分"), format!("{:.4}", best.score), at));
    }
    if let Some(score) = page.test_score {
        facts.push((tr!(lang, "test score", "测试得分"), format!("{score:.4}"), String::new()));
    }
    facts.push((tr!(lang, "state", "状态"), page.state.name(lang), String::new()));
    if let (Some(last), Some(session)) = (history.validations.last(), history.sessions.last()) {
        let of = tr!(lang, "of at most {}", "最多 {}", session.epochs);
        facts.push((tr!(lang, "epochs", "轮数"), (last.epoch + 1).to_string(), of));
    }
    let total = history.total();
    if total.training_s > 0.0 {
        let time = Duration::from_secs_f64(total.training_s + total.validation_s);
        let speed = total.samples as f64 / total.training_s;
        let speed = tr!(lang, "{speed:.0} samples/s", "{speed:.0} 样本/秒");
        facts.push((tr!(lang, "time", "用时"), format_duration(time), speed));
    }
    if let Some(session) = history.sessions.last() {
        let threads = session.threads;
        let on = tr!(lang, "{}, {threads} threads", "{}，{threads} 线程", session.instruction_set);
        facts.push((tr!(lang, "parameters", "参数量"), count(session.parameters), on));
        facts.push((tr!(lang, "training samples", "训练样本"), count(session.train_samples), String::new()));
    }
    if let Some(first) = history.sessions.first() {
        let (date, time) = first.time.split_once('T').unwrap_or((&first.time, ""));
        let time = time.get(..5).unwrap_or(time);
        facts.push((tr!(lang, "started (UTC)", "开始 (UTC)"), time.to_owned(), date.to_owned()));
    }
    facts
}
