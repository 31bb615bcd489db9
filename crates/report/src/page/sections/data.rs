//! The samples that a run was trained on.

use maud::html;
use serde_json::json;

use crate::data_facts::DataFacts;
use crate::language::{Language, text};
use crate::page::charts::{Chart, Charts, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn data(page: &RunPage, charts: &mut Charts, lang: Language) -> Option<Section> {
    let data = page.data.as_ref()?;
    let charts_of_data: Vec<Chart> =
        [lengths(data, lang), padding(data, lang), labels(data, lang)].into_iter().flatten().collect();
    let intro = intro(data, lang);
    (!intro.is_empty() || !charts_of_data.is_empty()).then(|| Section {
        id: "data",
        name: text!(lang, "Data"),
        body: html! {
            p.intro { (intro) }
            div.grid { @for chart in charts_of_data { (figure(charts, chart, lang)) } }
        },
    })
}

/// `samples.jsonl: training 800 · validation 200`
fn intro(data: &DataFacts, lang: Language) -> String {
    let split = |name: &str, samples| format!("{} {}", split_name(name, lang), count(samples));
    let mut parts: Vec<String> = data.splits.iter().map(|one| split(&one.name, one.samples)).collect();
    parts.extend(match data.skipped_lines {
        0 => None,
        1 => Some(text!(lang, "1 line was no sample and was skipped")),
        lines => Some(text!(lang, "{lines} lines were no samples and were skipped")),
    });
    let parts = parts.join(" · ");
    match (data.source.is_empty(), parts.is_empty()) {
        (true, _) => parts,
        (false, true) => data.source.clone(),
        (false, false) => format!("{}: {parts}", data.source),
    }
}

/// None where samples have no length.
fn lengths(data: &DataFacts, lang: Language) -> Option<Chart> {
    let max_len = data.max_len;
    let bins: Vec<_> = data.lengths.iter().map(|b| json!({"from": b.from, "to": b.to, "count": b.count})).collect();
    let longest = data.lengths.last()?.to;
    Some(Chart {
        id: "chart-lengths".into(),
        title: text!(lang, "Lengths"),
        explanation: match (max_len, data.truncated_samples) {
            (0, _) => text!(lang, "Tokens in a training sample."),
            (_, 0) => text!(lang, "Tokens in a training sample; none is longer than max_len ({max_len})."),
            (_, cut) => {
                text!(lang, "Tokens in a training sample; {cut} samples were truncated at max_len ({max_len}).")
            }
        },
        summary: text!(lang, "up to {longest} tokens"),
        is_wide: false,
        drawn: json!({
            "kind": "histogram", "x": {"label": "tokens"}, "y": {"label": text!(lang, "samples")}, "bins": bins,
        }),
        table: Some((
            vec!["tokens".to_owned(), text!(lang, "samples")],
            data.lengths.iter().map(|b| vec![format!("{}–{}", b.from, b.to - 1.0), count(b.count)]).collect(),
        )),
    })
}

/// None where nothing is padded.
fn padding(data: &DataFacts, lang: Language) -> Option<Chart> {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let (grouped, ungrouped) = (data.padding.grouped, data.padding.ungrouped);
    (grouped > 0.0 || ungrouped > 0.0).then(|| Chart {
        id: "chart-padding".into(),
        title: text!(lang, "Padding with length groups"),
        explanation: text!(
            lang,
            "Share of a batch's positions that are padding. (On a CPU, padding is never computed.)"
        ),
        summary: format!("{} → {}", percent(ungrouped), percent(grouped)),
        is_wide: false,
        drawn: Chart::bars(
            json!({"label": text!(lang, "share of positions"), "percent": true}),
            &[
                (text!(lang, "in file order"), ungrouped, percent(ungrouped)),
                (text!(lang, "this run"), grouped, percent(grouped)),
            ],
        ),
        table: None,
    })
}

/// None where samples have no labels that are counted.
fn labels(data: &DataFacts, lang: Language) -> Option<Chart> {
    let mut counts = data.labels.clone();
    if data.unlabelled > 0 {
        counts.push((text!(lang, "(none)"), data.unlabelled));
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let training = data.splits.iter().find(|split| split.name == "train").map(|split| split.samples);
    let has_one_label_each = training == Some(counts.iter().map(|(_, n)| n).sum());
    (!data.labels.is_empty()).then(|| Chart {
        id: "chart-labels".into(),
        title: text!(lang, "Labels"),
        explanation: if has_one_label_each {
            text!(lang, "Training samples with each label.")
        } else {
            text!(lang, "Training samples with each label; a sample may have several.")
        },
        summary: counts.iter().take(3).map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", "),
        is_wide: true,
        drawn: Chart::bars(
            json!({"label": text!(lang, "training samples")}),
            &counts.iter().map(|(name, n)| (name.clone(), *n as f64, count(*n))).collect::<Vec<_>>(),
        ),
        table: None,
    })
}

fn split_name(name: &str, lang: Language) -> String {
    match name {
        "train" => text!(lang, "training"),
        "validation" => text!(lang, "validation"),
        "test" => text!(lang, "test"),
        other => other.to_owned(),
    }
}
