//! The head of a run's page: one sentence, and a row of facts.

use super::charts::{count, duration};
use super::content::{RunPage, State};
use super::frame::Fact;
use crate::history::metric_name;
use crate::language::{Language, text};

/// The most important facts in one sentence.
pub(super) fn lede(page: &RunPage, lang: Language) -> String {
    let Some(best) = page.history.best() else {
        return text!(lang, "No validation yet.");
    };
    let (goal, epoch) = (page.history.goal(), best.epoch + 1);
    let (name, value) = (metric_name(&goal.metric, lang), goal.value(best));
    let first = page.history.validations.first().map_or(value, |first| goal.value(first));
    let all = page.history.validations.len();
    let ends = match page.state {
        State::Running => text!(lang, "it is still running"),
        State::Completed => text!(lang, "it ended when all epochs were done"),
        State::StoppedEarly => {
            let count = page.history.validations.last().map_or(0, |last| last.early_stop_count);
            text!(lang, "it ended early, after {count} validations without improvement")
        }
        State::Stopped => text!(lang, "it was stopped and can be resumed"),
    };
    match (all, goal.lower_is_better) {
        (..2, _) => text!(lang, "The {name} is {value:.4} after the first validation; {ends}."),
        (_, false) => text!(lang, "The {name} rose from {first:.4} to {value:.4}, its best in epoch {epoch}; {ends}."),
        (_, true) => text!(lang, "The {name} fell from {first:.4} to {value:.4}, its best in epoch {epoch}; {ends}."),
    }
}

/// The row of facts.
pub(super) fn facts(page: &RunPage, lang: Language) -> Vec<Fact> {
    let history = &page.history;
    let mut facts: Vec<Fact> = Vec::new();
    let goal = history.goal();
    let name = metric_name(&goal.metric, lang);
    if let Some(best) = history.best() {
        let epoch = best.epoch + 1;
        let label = match goal.metric.as_str() {
            "score" => text!(lang, "best validation score"),
            "validation_loss" => text!(lang, "lowest validation loss"),
            _ => text!(lang, "best {name} in validation"),
        };
        facts.push((label, format!("{:.4}", goal.value(best)), text!(lang, "epoch {epoch}")));
    }
    if let Some(score) = page.test_score {
        let label = match goal.metric.as_str() {
            "score" => text!(lang, "test score"),
            "validation_loss" => text!(lang, "test loss"),
            _ => text!(lang, "{name} in the test"),
        };
        facts.push((label, format!("{score:.4}"), String::new()));
    }
    facts.push((text!(lang, "state"), lang.text(page.state.name()), String::new()));
    if let (Some(last), Some(session)) = (history.validations.last(), history.sessions.last()) {
        let of = text!(lang, "of at most {}", session.epochs);
        facts.push((text!(lang, "epochs"), (last.epoch + 1).to_string(), of));
    }
    let total = history.total();
    if total.training_s > 0.0 {
        let time = duration(total.training_s + total.validation_s);
        let speed = total.samples as f64 / total.training_s;
        let speed = text!(lang, "{speed:.0} samples/s");
        facts.push((text!(lang, "time"), time, speed));
    }
    if let Some(session) = history.sessions.last() {
        let threads = session.threads;
        let on = text!(lang, "{}, {threads} threads", session.instruction_set);
        facts.push((text!(lang, "parameters"), count(session.parameters), on));
        facts.push((text!(lang, "training samples"), count(session.train_samples), String::new()));
    }
    if let Some(first) = history.sessions.first() {
        let (date, time) = first.time.split_once('T').unwrap_or((&first.time, ""));
        let time = time.get(..5).unwrap_or(time);
        facts.push((text!(lang, "started (UTC)"), time.to_owned(), date.to_owned()));
    }
    facts
}
