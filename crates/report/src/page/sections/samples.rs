//! The samples that the best checkpoint finds hardest.

use drivetrain_terminal::{Lang, tr};
use maud::{Markup, html};

use super::class_name::class_name;
use crate::analysis::{Analysis, Case};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn samples(page: &RunPage, lang: Lang) -> Option<Section> {
    let analysis = page.analysis.as_ref()?;
    let list = |cases: &[Case]| {
        html! {
            ol.samples {
                @for case in cases { (sample(case, analysis, lang)) }
            }
        }
    };
    (!analysis.uncertain.is_empty()).then(|| Section {
        id: "samples",
        name: tr!(lang, "Hardest samples", "最难的样本"),
        body: html! {
            div.grid {
                div {
                    h3 { (tr!(lang, "Wrong with the highest confidence", "错误且置信度最高")) }
                    @if analysis.wrong.is_empty() { p { (tr!(lang, "None: every sample is right.", "没有：全部正确。")) } }
                    (list(&analysis.wrong))
                }
                div { h3 { (tr!(lang, "Closest to the threshold", "最接近阈值")) } (list(&analysis.uncertain)) }
            }
        },
    })
}

fn sample(case: &Case, analysis: &Analysis, lang: Lang) -> Markup {
    let threshold = analysis.threshold as f32;
    html! {
        li {
            p.text { @match case.text.split_once(" | ") {
                Some((name, values)) => { b { (name) } " | " (values) }
                None => { (case.text) }
            } }
            p.verdict {
                span {
                    (tr!(lang, "true: ", "真实："))
                    @for code in &case.truth { span.label { (class_name(analysis, code, lang)) } " " }
                    @if case.truth.is_empty() { (tr!(lang, "none", "无")) }
                }
                " "
                span {
                    (tr!(lang, "given: ", "给出："))
                    @for (code, probability) in &case.given {
                        @let is_given = *probability >= threshold;
                        @let class = match (is_given, case.truth.contains(code)) {
                            (true, true) => "label right",
                            (true, false) => "label wrong",
                            (false, true) => "label missed",
                            (false, false) => "label",
                        };
                        span class=(class) { (class_name(analysis, code, lang)) } (format!(" {probability:.2} "))
                    }
                    @if case.given.is_empty() { (tr!(lang, "none", "无")) }
                }
            }
            p.place { (case.place) }
        }
    }
}
