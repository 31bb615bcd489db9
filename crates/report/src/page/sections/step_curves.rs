//! Learning rate, dropout and gradient norms, each where there is one.

use serde_json::json;

use super::marks::marks;
use crate::history::{RunHistory, Step};
use crate::language::{Language, text};
use crate::page::charts::{Chart, Mark, Series};

fn by_step(steps: &[Step], of: impl Fn(&Step) -> f64) -> Vec<(f64, f64)> {
    steps.iter().map(|step| ((step.step + 1) as f64, of(step))).collect()
}

fn marks_of(kind: &str, history: &RunHistory, lang: Language) -> Vec<Mark> {
    marks(history, lang).into_iter().filter(|mark| mark.kind == kind).collect()
}

pub(super) fn learning_rate(history: &RunHistory, lang: Language) -> Option<Chart> {
    let name = text!(lang, "learning rate");
    let series = Series { name: name.clone(), points: by_step(&history.steps, |s| s.learning_rate), style: "solid" };
    let marks = marks_of("rate", history, lang);
    (!history.steps.is_empty()).then(|| Chart {
        id: "chart-rate".into(),
        title: text!(lang, "Learning rate"),
        explanation: text!(lang, "The size of a step."),
        summary: text!(lang, "learning rate by step"),
        is_wide: false,
        drawn: Chart::lines(&text!(lang, "step"), json!({"label": name}), &[series], &marks),
        table: None,
    })
}

/// None where there never was any dropout.
pub(super) fn dropout(history: &RunHistory, lang: Language) -> Option<Chart> {
    let validations = &history.validations;
    let most = validations.iter().map(|v| v.dropout).fold(0.0, f64::max);
    let points = validations.iter().map(|v| (v.step as f64, v.dropout)).collect();
    let series = Series { name: "dropout".to_owned(), points, style: "solid" };
    (most > 0.0).then(|| Chart {
        id: "chart-dropout".into(),
        title: "Dropout".to_owned(),
        explanation: text!(lang, "Raised when the training loss falls while the validation loss rises."),
        summary: text!(lang, "dropout by step"),
        is_wide: false,
        drawn: Chart::lines(
            &text!(lang, "step"),
            json!({"label": "dropout", "domain": [0.0, most.max(0.05) * 1.2]}),
            &[series],
            &marks_of("dropout", history, lang),
        ),
        table: None,
    })
}

pub(super) fn gradients(history: &RunHistory, lang: Language) -> Option<Chart> {
    let steps = &history.steps;
    let components = shown_components(steps.first()?);
    let series = |name: String, points| Series { name, points, style: "faint" };
    let mut norms = vec![series(text!(lang, "all"), by_step(steps, |s| s.gradient_norm))];
    norms.extend(components.into_iter().map(|name| {
        let points = by_step(steps, |s| s.gradient_norms.get(&name).copied().unwrap_or(f64::NAN));
        series(name, points)
    }));
    Some(Chart {
        id: "chart-gradients".into(),
        title: text!(lang, "Gradient norms"),
        explanation: if is_layered(&steps[0]) {
            text!(
                lang,
                "Before clipping; embedding, first, middle and last layer, head. A jump often precedes divergence."
            )
        } else {
            text!(lang, "Before clipping, of all gradients and of each part. A jump often precedes divergence.")
        },
        summary: text!(lang, "gradient norms by step"),
        is_wide: false,
        drawn: Chart::lines(&text!(lang, "step"), json!({"label": text!(lang, "norm"), "log": true}), &norms, &[]),
        table: None,
    })
}

/// The number at the end of the name of a component: that of a layer.
fn number(name: &str) -> Option<u64> {
    name.rsplit('.').next()?.parse().ok()
}

fn is_layered(step: &Step) -> bool {
    step.gradient_norms.keys().any(|name| number(name).is_some())
}

/// The components that get a line: all, but of the numbered ones only the first, the middle and the last.
fn shown_components(step: &Step) -> Vec<String> {
    let mut numbered: Vec<&String> = step.gradient_norms.keys().filter(|name| number(name).is_some()).collect();
    numbered.sort_by_key(|name| number(name));
    let last = numbered.len().saturating_sub(1);
    let is_shown = |name: &&String| match numbered.iter().position(|known| known == name) {
        Some(at) => at == 0 || at == last || at == last / 2,
        // What remains of an encoder apart from its layers is a norm.
        None => !numbered.iter().any(|layer| layer.starts_with(&format!("{name}."))),
    };
    step.gradient_norms.keys().filter(is_shown).cloned().collect()
}
