//! The sections of a run's page. One without anything to show is left out.

mod class_name;
mod classes;
mod confidence;
mod confusions;
mod curves;
mod data;
mod marks;
mod samples;
mod time;

use drivetrain_terminal::{Lang, tr};
use maud::html;

pub(super) use classes::classes;
pub(super) use confidence::confidence;
pub(super) use curves::curves;
pub(super) use data::data;
pub(super) use samples::samples;
pub(super) use time::time;

use super::charts::{count, table};
use super::content::{RunPage, State};
use super::frame::Section;
use crate::diagnostics::{Diagnostic, Severity};

pub(super) fn diagnostics(diagnostics: &[Diagnostic], lang: Lang) -> Option<Section> {
    let word = |severity| match severity {
        Severity::Warning => ("warning", tr!(lang, "warning: ", "警告：")),
        Severity::Hint => ("hint", tr!(lang, "hint: ", "提示：")),
        Severity::Good => ("good", tr!(lang, "good: ", "良好：")),
    };
    (!diagnostics.is_empty()).then(|| Section {
        id: "diagnostics",
        name: tr!(lang, "Diagnostics", "诊断"),
        body: html! {
            ul.diagnostics {
                @for one in diagnostics {
                    @let (class, heading) = word(one.severity);
                    li class=(class) {
                        span.vh { (heading) }
                        strong { (one.claim) } " "
                        span.evidence { (one.evidence) } " "
                        @if !one.advice.is_empty() { span.advice { (one.advice) } }
                    }
                }
            }
        },
    })
}

pub(super) fn reproduce(page: &RunPage, lang: Lang) -> Option<Section> {
    let rows = |pairs: &[(String, String)]| {
        html! { table.config { tbody { @for (name, value) in pairs { tr { th scope="row" { (name) } td { code { (value) } } } } } } }
    };
    let sessions: Vec<Vec<String>> = page
        .history
        .sessions
        .iter()
        .map(|session| {
            let why = match session.why_ended.as_deref() {
                Some("completed") => State::Completed.name(lang),
                Some("early_stop") => State::StoppedEarly.name(lang),
                Some(_) => State::Stopped.name(lang),
                None => tr!(lang, "(running, or killed)", "（进行中，或被终止）"),
            };
            vec![session.time.clone(), count(session.step), why, session.ended.clone().unwrap_or_default()]
        })
        .collect();
    Some(Section {
        id: "reproduce",
        name: tr!(lang, "Reproduce this run", "复现"),
        body: html! {
            h3 { (tr!(lang, "Command", "命令")) }
            pre tabindex="0" { code { (page.command) } }
            div.grid {
                div { h3 { (tr!(lang, "Configuration", "配置")) } (rows(&page.config)) }
                div {
                    h3 { (tr!(lang, "Versions and fingerprints", "版本与指纹")) } (rows(&versions(page, lang)))
                    h3 { (tr!(lang, "Sessions", "训练时段")) }
                    div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "sessions", "训练时段")) { (table(&[
                        tr!(lang, "started (UTC)", "开始 (UTC)"), tr!(lang, "at step", "起始步"),
                        tr!(lang, "ended", "结束方式"), tr!(lang, "at (UTC)", "结束 (UTC)"),
                    ], &sessions)) }
                }
            }
        },
    })
}

/// Versions and fingerprints, by names in the user's language where they are known.
fn versions(page: &RunPage, lang: Lang) -> Vec<(String, String)> {
    let name = |name: &str| match name {
        "instruction set" => tr!(lang, "instruction set", "指令集"),
        "seed" => tr!(lang, "seed", "种子"),
        other => other.to_owned(),
    };
    page.versions.iter().map(|(known, value)| (name(known), value.clone())).collect()
}
