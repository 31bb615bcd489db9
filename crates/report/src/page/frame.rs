//! What every page has around its sections.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::charts::Charts;
use crate::language::{Language, text};

const CSS: &str = include_str!("../../assets/report.css");
const PLOT: &str = include_str!("../../assets/plot.min.js");
const SCRIPT: &str = include_str!("../../assets/report.js");

/// A fact at the top of the page: name, value, and a note beside it.
pub(crate) type Fact = (String, String, String);

/// What stands above and below the sections.
pub(crate) struct Frame {
    pub(crate) lang: Language,
    pub(crate) is_live: bool,
    pub(crate) kicker: String,
    pub(crate) title: String,
    pub(crate) lede: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) footer: Markup,
}

/// A section of a page, with its name in the table of contents.
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) body: Markup,
}

/// A whole HTML file.
pub(crate) fn document(frame: &Frame, sections: Vec<Section>, charts: &Charts) -> String {
    let lang = frame.lang;
    let words = serde_json::json!({
        "copy": text!(lang, "copy"), "copied": text!(lang, "copied"),
    });
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code) data-live=(frame.is_live) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Everything is in this file, and nothing else is ever loaded.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
                title { (frame.title) " · " (frame.kicker) }
                style { (PreEscaped(CSS)) }
            }
            body data-words=(words) {
                a.skip href="#main" { (text!(lang, "Skip to the report")) }
                header {
                    p.kicker { (frame.kicker) }
                    h1 { (frame.title) }
                    p.lede { (frame.lede) }
                    dl.facts {
                        @for (i, (name, value, note)) in frame.facts.iter().enumerate() {
                            div.lead[i == 0] {
                                dt { (name) }
                                dd { (value) @if !note.is_empty() { " " small { (note) } } }
                            }
                        }
                    }
                }
                @if frame.is_live {
                    p.live role="status" data-waiting=(text!(lang, "reconnecting…"))
                        data-ended=(text!(lang, "the run has ended")) { (text!(lang, "live")) }
                }
                nav aria-label=(text!(lang, "contents")) {
                    ul { @for section in &sections { li { a href={"#" (section.id)} { (section.name) } } } }
                }
                main #main {
                    @for section in &sections {
                        section id=(section.id) { h2 { (section.name) } (section.body) }
                    }
                }
                footer { (frame.footer) }
                script type="application/json" id="charts" { (PreEscaped(charts.json())) }
                script { (PreEscaped(PLOT)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}
