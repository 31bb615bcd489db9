//! What is needed to train the same run again, as far as it is known.

use maud::{Markup, html};

use crate::history::Session;
use crate::language::{Language, text};
use crate::page::charts::{count, table};
use crate::page::content::{RunPage, State};
use crate::page::frame::Section;

pub(in crate::page) fn reproduce(page: &RunPage, lang: Language) -> Option<Section> {
    let RunPage { command, config, versions, history, .. } = page;
    let has_facts = !versions.is_empty() || !history.sessions.is_empty();
    (!command.is_empty() || !config.is_empty() || has_facts).then(|| Section {
        id: "reproduce",
        name: text!(lang, "Reproduce this run"),
        body: html! {
            @if !command.is_empty() {
                h3 { (text!(lang, "Command")) }
                pre tabindex="0" { code { (command) } }
            }
            div.grid {
                @if !config.is_empty() { div { h3 { (text!(lang, "Configuration")) } (pairs(config, lang)) } }
                @if has_facts { div {
                    @if !versions.is_empty() { h3 { (text!(lang, "Versions and fingerprints")) } (pairs(versions, lang)) }
                    @if !history.sessions.is_empty() { (sessions(&history.sessions, lang)) }
                } }
            }
        },
    })
}

/// Names and values; names that have a translation are shown in the page's language.
fn pairs(pairs: &[(String, String)], lang: Language) -> Markup {
    html! {
        table.config { tbody { @for (name, value) in pairs {
            tr { th scope="row" { (lang.text(name)) } td { code { (value) } } }
        } } }
    }
}

fn sessions(sessions: &[Session], lang: Language) -> Markup {
    let row = |session: &Session| {
        let why = match session.why_ended.as_deref() {
            Some("completed") => lang.text(State::Completed.name()),
            Some("early_stop") => lang.text(State::StoppedEarly.name()),
            Some(_) => lang.text(State::Stopped.name()),
            None => text!(lang, "(running, or killed)"),
        };
        vec![session.time.clone(), count(session.step), why, session.ended.clone().unwrap_or_default()]
    };
    let head = [text!(lang, "started (UTC)"), text!(lang, "at step"), text!(lang, "ended"), text!(lang, "at (UTC)")];
    html! {
        h3 { (text!(lang, "Sessions")) }
        div.scroll tabindex="0" role="region" aria-label=(text!(lang, "sessions")) {
            (table(&head, &sessions.iter().map(row).collect::<Vec<_>>()))
        }
    }
}
