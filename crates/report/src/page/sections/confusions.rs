//! Which classes are confused with which.

use serde_json::json;

use crate::analysis::{Analysis, Confusion, Task};
use crate::language::{Language, text};
use crate::page::charts::{Chart, count};

/// Maximum number of pairs of classes in the picture.
const PAIRS: usize = 20;
/// Up to this many classes are shown as a whole table, where a decision has one class.
const WHOLE: usize = 20;

/// A true class, the one predicted in its place, and how often.
type Pair = (String, String, u64);

/// The confusions; none where nothing was confused.
pub(super) fn confusions(analysis: &Analysis, lang: Language) -> Option<Chart> {
    let is_wrong = |pair: &&Confusion| pair.truth != pair.given;
    if !analysis.confusions.iter().any(|pair| is_wrong(&pair)) {
        return None;
    }
    let pair = |pair: &Confusion| {
        (name(analysis, pair.truth.as_deref(), lang), name(analysis, pair.given.as_deref(), lang), pair.count)
    };
    Some(match analysis.task {
        Task::MultiClass | Task::Tokens if analysis.labels.len() <= WHOLE => {
            whole_table(analysis, &analysis.confusions.iter().map(pair).collect::<Vec<_>>(), lang)
        }
        _ => {
            let wrong = analysis.confusions.iter().filter(is_wrong).take(PAIRS);
            frequent_pairs(analysis.task, &wrong.map(pair).collect::<Vec<_>>(), lang)
        }
    })
}

/// What the page calls the class with this code.
pub(super) fn name(analysis: &Analysis, code: Option<&str>, lang: Language) -> String {
    let Some(code) = code else { return text!(lang, "(none)") };
    let label = analysis.labels.iter().find(|label| label.code == code);
    label.map_or(code, |label| label.display()).to_owned()
}

/// Every class against every class: each decision is in it once.
fn whole_table(analysis: &Analysis, pairs: &[Pair], lang: Language) -> Chart {
    let names: Vec<&str> = analysis.labels.iter().map(|label| label.display()).collect();
    let cell = |truth: &str, given: &str| {
        let found = pairs.iter().find(|(t, g, _)| t == truth && g == given);
        count(found.map_or(0, |(.., n)| *n))
    };
    let mut head = vec![text!(lang, "true ↓ predicted →")];
    head.extend(names.iter().map(|name| (*name).to_owned()));
    let row = |truth: &&str| std::iter::once((*truth).to_owned()).chain(names.iter().map(|g| cell(truth, g))).collect();
    let table = (head, names.iter().map(row).collect());
    let explanation = match analysis.task {
        Task::Tokens => text!(lang, "Tokens by their true class (rows) and the class predicted (columns)."),
        _ => text!(lang, "Samples by their true class (rows) and the class predicted (columns)."),
    };
    matrix(pairs, (&names, &names), (explanation, text!(lang, "predicted")), table, lang)
}

/// The most frequent pairs only.
fn frequent_pairs(task: Task, pairs: &[Pair], lang: Language) -> Chart {
    let (mut rows, mut columns): (Vec<&str>, Vec<&str>) =
        (pairs.iter().map(|pair| pair.0.as_str()).collect(), pairs.iter().map(|pair| pair.1.as_str()).collect());
    for names in [&mut rows, &mut columns] {
        names.sort_unstable();
        names.dedup();
    }
    let head = vec![text!(lang, "true → given"), text!(lang, "times")];
    let listed = pairs.iter().map(|(truth, given, n)| vec![format!("{truth} → {given}"), count(*n)]).collect();
    let explanation = match task {
        Task::MultiLabel => text!(
            lang,
            "Samples of one class (rows) that were given another class, or none (columns). The most frequent pairs."
        ),
        _ => text!(lang, "One class (rows) taken for another (columns). The most frequent pairs."),
    };
    matrix(pairs, (&rows, &columns), (explanation, text!(lang, "given")), (head, listed), lang)
}

fn matrix(
    pairs: &[Pair],
    (rows, columns): (&[&str], &[&str]),
    (explanation, given): (String, String),
    table: (Vec<String>, Vec<Vec<String>>),
    lang: Language,
) -> Chart {
    let cells: Vec<_> = pairs.iter().map(|(truth, given, n)| json!([truth, given, n])).collect();
    let mut wrong = pairs.iter().filter(|(truth, given, _)| truth != given).collect::<Vec<_>>();
    wrong.sort_by_key(|(.., n)| std::cmp::Reverse(*n));
    Chart {
        id: "chart-confusions".into(),
        title: text!(lang, "Confusions"),
        explanation,
        summary: wrong.iter().take(3).map(|(t, g, n)| format!("{t} → {g}: {n}")).collect::<Vec<_>>().join("; "),
        is_wide: true,
        drawn: json!({
            "kind": "matrix", "x": {"label": given}, "y": {"label": text!(lang, "true")},
            "rows": rows, "columns": columns, "cells": cells,
        }),
        table: Some(table),
    }
}
