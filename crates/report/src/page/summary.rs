//! The head of a run's page: one sentence, and a row of facts.

use std::time::Duration;

use drivetrain_terminal::{Lang, format_duration, tr};

use super::charts::count;
use super::content::{RunPage, State};
use super::frame::Fact;

/// The most important facts in one sentence.
pub(super) fn lede(page: &RunPage, lang: Lang) -> String {
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

/// The row of facts.
pub(super) fn facts(page: &RunPage, lang: Lang) -> Vec<Fact> {
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
