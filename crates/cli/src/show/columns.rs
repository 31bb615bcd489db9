//! The metrics of a model on labelled columns.

use drivetrain::terminal::{Lang, counted, figure, grid};
use drivetrain::tr;
use tabular_sense::columns::{Changed, ColumnsReport, FindingsReport, LEAST_SUPPORT, PartReport};

use super::types::type_table;

/// All metrics, and the changes that the evidence made.
pub(crate) fn columns(report: &ColumnsReport, lang: Lang) -> String {
    let mut text: String = report.parts.iter().map(|part| headline(part, lang) + "\n").collect();
    text += &format!("\n{}", type_table(&report.types, true));
    if !report.findings.is_empty() {
        text += &format!("\n\n{}", findings(&report.findings));
    }
    text
}

fn findings(found: &[FindingsReport]) -> String {
    let cell = |changed: Changed| format!("{} of {}", changed.right, changed.columns);
    let head = ["type", "withheld, rightly", "contradicted, rightly", "settled, rightly"].map(str::to_owned).to_vec();
    let row = |one: &FindingsReport| {
        vec![one.r#type.to_owned(), cell(one.withheld), cell(one.contradicted), cell(one.settled)]
    };
    let rows: Vec<Vec<String>> = [head].into_iter().chain(found.iter().map(row)).collect();
    grid(&rows, &[1, 2, 3])
}

/// The metrics of a part in one line.
fn headline(part: &PartReport, lang: Lang) -> String {
    let [low, high] = part.micro_f1_interval;
    let PartReport { what, columns, micro_f1, precision, recall, macro_types, exact_match, no_type_columns, .. } = part;
    let (occurring, macro_f1) = (figure(part.macro_f1_occurring), figure(part.macro_f1));
    let (types, empty) = (part.macro_types_occurring, figure(part.no_type_left_empty));
    let counted = counted(types as u64, "type", "types");
    let occur = if types == 1 { "occurs" } else { "occur" };
    tr!(
        lang,
        "{what} ({columns}): micro-F1 {micro_f1:.4} [{low:.3}–{high:.3}]  precision {precision:.4}  recall {recall:.4}  \
         macro-F1 {occurring} over {counted} that {occur}, {macro_f1} over {macro_types} with {LEAST_SUPPORT} columns or \
         more  exact match {exact_match:.4}  no-type columns left empty {empty} of {no_type_columns}",
        "{what}（{columns} 列）：微平均 F1 {micro_f1:.4} [{low:.3}–{high:.3}]  精确率 {precision:.4}  召回率 {recall:.4}  \
         宏平均 F1 {occurring}（出现的 {types} 种类型），{macro_f1}（不少于 {LEAST_SUPPORT} 列的 {macro_types} 种）  \
         完全匹配 {exact_match:.4}  无类型的 {no_type_columns} 列中留空 {empty}"
    )
}
