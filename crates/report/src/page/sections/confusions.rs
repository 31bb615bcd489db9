//! Which classes are confused with which.

use drivetrain_terminal::{Lang, tr};
use serde_json::json;

use super::class_name::class_name;
use crate::analysis::Analysis;
use crate::page::charts::{Chart, count};

/// Most pairs of classes in the picture.
const PAIRS: usize = 20;

/// The most frequent confusions; none where every sample is right.
pub(super) fn confusions(analysis: &Analysis, lang: Lang) -> Option<Chart> {
    let none = tr!(lang, "(none)", "（无）");
    let name =
        |code: &Option<String>| code.as_ref().map_or_else(|| none.clone(), |code| class_name(analysis, code, lang));
    let shown = &analysis.confusions[..analysis.confusions.len().min(PAIRS)];
    let pairs: Vec<(String, String, u64)> =
        shown.iter().map(|pair| (name(&pair.truth), name(&pair.given), pair.count)).collect();
    let (mut rows, mut columns): (Vec<&str>, Vec<&str>) =
        (pairs.iter().map(|pair| pair.0.as_str()).collect(), pairs.iter().map(|pair| pair.1.as_str()).collect());
    for names in [&mut rows, &mut columns] {
        names.sort_unstable();
        names.dedup();
    }
    let cells: Vec<_> = pairs.iter().map(|(truth, given, n)| json!([truth, given, n])).collect();
    (!pairs.is_empty()).then(|| Chart {
        id: "chart-confusions",
        title: tr!(lang, "Confusions", "混淆"),
        explanation: tr!(
            lang,
            "Samples of one class (rows) that were given another class, or none (columns). The most frequent pairs.",
            "真实类别（行）被判为另一类别、或未给出类别（列）的样本。仅列最常见的组合。"
        ),
        summary: pairs.iter().take(3).map(|(t, g, n)| format!("{t} → {g}: {n}")).collect::<Vec<_>>().join("; "),
        is_wide: true,
        drawn: json!({
            "kind": "matrix", "x": {"label": tr!(lang, "given", "给出")}, "y": {"label": tr!(lang, "true", "真实")},
            "rows": rows, "columns": columns, "cells": cells,
        }),
        table: Some((
            vec![tr!(lang, "true → given", "真实 → 给出"), tr!(lang, "times", "次数")],
            pairs.iter().map(|(truth, given, n)| vec![format!("{truth} → {given}"), count(*n)]).collect(),
        )),
    })
}
