//! What the metrics of the run mean.

use maud::html;

use crate::diagnostics::{Diagnostic, Severity};
use crate::language::{Language, text};
use crate::page::frame::Section;

pub(in crate::page) fn diagnostics(diagnostics: &[Diagnostic], lang: Language) -> Option<Section> {
    let word = |severity| match severity {
        Severity::Warning => ("warning", text!(lang, "warning: ")),
        Severity::Hint => ("hint", text!(lang, "hint: ")),
        Severity::Good => ("good", text!(lang, "good: ")),
    };
    (!diagnostics.is_empty()).then(|| Section {
        id: "diagnostics",
        name: text!(lang, "Diagnostics"),
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
