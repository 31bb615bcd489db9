//! Where the training time went.

use serde_json::json;

use crate::history::Timing;
use crate::language::{Language, text};
use crate::page::charts::{Chart, Charts, count, duration, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn time(page: &RunPage, charts: &mut Charts, lang: Language) -> Option<Section> {
    let total = page.history.total();
    let whole = total.training_s + total.validation_s;
    if whole <= 0.0 {
        return None;
    }
    let steps = total.loading_s + total.forward_s + total.backward_s + total.optimizer_s + total.saving_s;
    let parts = [
        (text!(lang, "waiting for data"), total.loading_s),
        (text!(lang, "forward"), total.forward_s),
        (text!(lang, "backward"), total.backward_s),
        (text!(lang, "optimizer"), total.optimizer_s),
        (text!(lang, "validation"), total.validation_s),
        (text!(lang, "waiting for saves"), total.saving_s),
        (text!(lang, "logging and other work"), (total.training_s - steps).max(0.0)),
    ];
    let note = |seconds: f64| format!("{:.1}%  {}", seconds / whole * 100.0, duration(seconds));
    let bars: Vec<(String, f64, String)> =
        parts.iter().map(|(name, seconds)| (name.clone(), seconds / whole, note(*seconds))).collect();
    let chart = Chart {
        id: "chart-time".into(),
        title: text!(lang, "Training time"),
        explanation: speed(&total, lang),
        summary: bars.iter().map(|(name, _, note)| format!("{name} {note}")).collect::<Vec<_>>().join(", "),
        is_wide: true,
        drawn: Chart::bars(json!({"label": text!(lang, "share of the time"), "percent": true}), &bars),
        table: Some((
            vec![text!(lang, "part"), text!(lang, "time")],
            bars.iter().map(|(name, _, note)| vec![name.clone(), note.clone()]).collect(),
        )),
    };
    Some(Section { id: "time", name: text!(lang, "Time"), body: figure(charts, chart, lang) })
}

/// The whole time, and the speed in whatever is counted: not every model counts its tokens or its operations.
fn speed(total: &Timing, lang: Language) -> String {
    let all = duration(total.training_s + total.validation_s);
    let a_second = |counted: u64| count((counted as f64 / total.training_s) as u64);
    let gflops = total.gflop / (total.forward_s + total.backward_s);
    let (tokens, samples) = (a_second(total.tokens), a_second(total.samples));
    match (total.tokens > 0, total.gflop > 0.0) {
        (true, true) => text!(
            lang,
            "{all} in all: {tokens} tokens (without padding) and {gflops:.1} GFLOP a second, counted by the model's definition."
        ),
        (true, false) => text!(lang, "{all} in all: {tokens} tokens (without padding) a second."),
        (false, true) => text!(
            lang,
            "{all} in all: {samples} samples and {gflops:.1} GFLOP a second, counted by the model's definition."
        ),
        (false, false) => text!(lang, "{all} in all: {samples} samples a second."),
    }
}
