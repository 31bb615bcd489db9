//! Metrics by their names.

use std::collections::BTreeSet;

use super::records::Validation;
use crate::language::{Language, text};

/// These come first, in this order; the others follow by name.
const KNOWN: [&str; 8] =
    ["f1", "precision", "recall", "macro_f1", "exact_match", "accuracy", "token_accuracy", "sequence_accuracy"];

/// The names of the further metrics of a run.
pub(crate) fn metric_names(validations: &[Validation]) -> Vec<&str> {
    let is_number = |v: &Validation, name: &str| v.metrics.get(name).is_some_and(serde_json::Value::is_number);
    let names: BTreeSet<&str> = validations
        .iter()
        .flat_map(|v| v.metrics.keys().map(String::as_str).filter(move |name| is_number(v, name)))
        .collect();
    let further = names.iter().copied().filter(|name| !KNOWN.contains(name));
    KNOWN.into_iter().filter(|name| names.contains(name)).chain(further).collect()
}

/// What a page calls a metric.
pub(crate) fn metric_name(name: &str, lang: Language) -> String {
    match name {
        "score" => text!(lang, "score"),
        "validation_loss" => text!(lang, "validation loss"),
        "train_loss" => text!(lang, "training loss"),
        "f1" => "F1".to_owned(),
        "precision" => text!(lang, "precision"),
        "recall" => text!(lang, "recall"),
        "macro_f1" => text!(lang, "macro F1"),
        "exact_match" => text!(lang, "exact match"),
        "accuracy" => text!(lang, "accuracy"),
        "token_accuracy" => text!(lang, "token accuracy"),
        "sequence_accuracy" => text!(lang, "sequence accuracy"),
        "hamming_loss" => text!(lang, "Hamming loss"),
        other => lang.text(&other.replace('_', " ")),
    }
}

/// Whether all finite values lie in 0..=1; false if there are none.
pub(crate) fn is_share(values: impl Iterator<Item = f64>) -> bool {
    let mut finite = values.filter(|value| value.is_finite()).peekable();
    finite.peek().is_some() && finite.all(|value| (0.0..=1.0).contains(&value))
}
