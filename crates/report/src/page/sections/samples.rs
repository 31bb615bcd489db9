//! The samples that the best checkpoint finds hardest.

use maud::{Markup, html};

use super::confusions::name;
use crate::analysis::{Analysis, Case, Task};
use crate::language::{Language, text};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn samples(page: &RunPage, lang: Language) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let list = |cases: &[Case]| {
        html! {
            ol.samples {
                @for case in cases { (sample(case, analysis, lang)) }
            }
        }
    };
    let least_sure = match analysis.task {
        Task::MultiLabel => text!(lang, "Closest to the threshold"),
        Task::MultiClass | Task::Tokens => text!(lang, "Smallest margin between two classes"),
    };
    (!analysis.uncertain.is_empty()).then(|| Section {
        id: "samples",
        name: text!(lang, "Hardest samples"),
        body: html! {
            div.grid {
                div {
                    h3 { (text!(lang, "Wrong with the highest confidence")) }
                    @if analysis.wrong.is_empty() { p { (text!(lang, "None: every sample is right.")) } }
                    (list(&analysis.wrong))
                }
                div { h3 { (least_sure) } (list(&analysis.uncertain)) }
            }
        },
    })
}

fn sample(case: &Case, analysis: &Analysis, lang: Language) -> Markup {
    let token = case.token.map(|token| text!(lang, "token {}", token + 1));
    let place: Vec<&str> = [case.place.as_str(), token.as_deref().unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    // With a threshold, the classes that reach it are predicted; without one, the most probable class, which comes
    // first.
    let is_given = |rank: usize, probability: f32| match analysis.threshold {
        Some(threshold) => probability >= threshold as f32,
        None => rank == 0,
    };
    html! {
        li {
            p.text { @if !case.title.is_empty() { b { (case.title) } " | " } (case.text) }
            p.verdict {
                span {
                    (text!(lang, "true: "))
                    @for code in &case.truth { span.label { (name(analysis, Some(code), lang)) } " " }
                    @if case.truth.is_empty() { (text!(lang, "none")) }
                }
                " "
                span {
                    (text!(lang, "given: "))
                    @for (rank, (code, probability)) in case.given.iter().enumerate() {
                        @let class = match (is_given(rank, *probability), case.truth.contains(code)) {
                            (true, true) => "label right",
                            (true, false) => "label wrong",
                            (false, true) => "label missed",
                            (false, false) => "label",
                        };
                        span class=(class) { (name(analysis, Some(code), lang)) } (format!(" {probability:.2} "))
                    }
                    @if case.given.is_empty() { (text!(lang, "none")) }
                }
            }
            p.place { (place.join(", ")) }
        }
    }
}
