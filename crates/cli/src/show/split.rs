//! The metrics of a run's model on one split of its samples.

use drivetrain::terminal::{Lang, counted};
use drivetrain::tr;
use tabular_sense::Part;
use tabular_sense::evaluate::SplitReport;

use super::types::type_table;
use crate::chinese::part_name;

/// The metrics in one line.
pub(crate) fn headline(report: &SplitReport, lang: Lang) -> String {
    let part = [Part::Train, Part::Validation, Part::Test].into_iter().find(|part| part.name() == report.split);
    let split = match (lang, part) {
        (Lang::Zh, Some(part)) => part_name(part),
        _ => report.split.as_str(),
    };
    let (samples, counted) = (report.samples, counted(report.samples, "sample", "samples"));
    let SplitReport { score, loss, precision, recall, f1, macro_f1, hamming_loss, exact_match, .. } = report;
    tr!(
        lang,
        "{split} split, {counted}: score {score:.4}  loss {loss:.4}  precision {precision:.4}  recall {recall:.4}  \
         F1 {f1:.4}  macro-F1 {macro_f1:.4}  hamming {hamming_loss:.5}  exact match {exact_match:.4}",
        "{split}，{samples} 个样本：分数 {score:.4}  损失 {loss:.4}  精确率 {precision:.4}  召回率 {recall:.4}  \
         F1 {f1:.4}  宏平均 F1 {macro_f1:.4}  汉明损失 {hamming_loss:.5}  完全匹配 {exact_match:.4}"
    )
}

/// The metrics type by type.
pub(crate) fn table(report: &SplitReport) -> String {
    type_table(&report.types, false)
}

/// Why there are no test metrics: `split` is `data.split`.
pub(crate) fn untested(split: &str, samples: usize, lang: Lang) -> String {
    let from = counted(samples as u64, "sample", "samples");
    tr!(
        lang,
        "not tested: `data.split` = {split} sets none of {from} aside for a test",
        "未测试：`data.split` = {split} 未从 {samples} 个样本中留出测试部分"
    )
}
