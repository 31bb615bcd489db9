//! The sections of a run's page. One without anything to show is left out.

mod classes;
mod curves;
mod data;

use drivetrain_terminal::{Lang, tr};
use maud::html;

pub(super) use classes::{confidence, samples, types};
pub(super) use curves::curves;
pub(super) use data::{data, time};

use super::charts::table;
use super::{RunPage, Section, State, count};
use crate::remarks::{Remark, Weight};

pub(super) fn remarks(remarks: &[Remark], lang: Lang) -> Option<Section> {
    let word = |weight| match weight {
        Weight::Warning => ("warning", tr!(lang, "warning: ", "警告：")),
        Weight::Hint => ("hint", tr!(lang, "hint: ", "提示：")),
        Weight::Good => ("good", tr!(lang, "good: ", "良好：")),
    };
    (!remarks.is_empty()).then(|| Section {
        id: "remarks",
        name: tr!(lang, "What it means", "解读"),
        body: html! {
            ul.remarks {
                @for remark in remarks {
                    @let (class, said) = word(remark.weight);
                    li class=(class) {
                        span.vh { (said) }
                        strong { (remark.claim) } " "
                        span.evidence { (remark.evidence) } " "
                        @if !remark.advice.is_empty() { span.advice { (remark.advice) } }
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
                None => tr!(lang, "(not over, or killed)", "（未结束，或被终止）"),
            };
            vec![session.time.clone(), count(session.step), why, session.ended.clone().unwrap_or_default()]
        })
        .collect();
    Some(Section {
        id: "reproduce",
        name: tr!(lang, "How to get it again", "如何复现"),
        body: html! {
            h3 { (tr!(lang, "Command", "命令")) }
            pre tabindex="0" { code { (page.command) } }
            div.grid {
                div { h3 { (tr!(lang, "Configuration", "配置")) } (rows(&page.config)) }
                div {
                    h3 { (tr!(lang, "Versions and fingerprints", "版本与指纹")) } (rows(&page.versions))
                    h3 { (tr!(lang, "When it was trained", "训练时间")) }
                    div.scroll tabindex="0" role="region" aria-label=(tr!(lang, "when it was trained", "训练时间")) { (table(&[
                        tr!(lang, "began (UTC)", "开始 (UTC)"), tr!(lang, "at step", "起始步"),
                        tr!(lang, "ended", "结束方式"), tr!(lang, "at (UTC)", "结束 (UTC)"),
                    ], &sessions)) }
                }
            }
        },
    })
}
