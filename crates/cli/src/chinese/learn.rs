//! Errors of `learn` in Chinese.

use tabular_sense::error::LearnError;

use super::io::io_error;
use super::translate::translate;

pub(super) fn describe(error: &LearnError) -> String {
    match error {
        LearnError::Unreadable { path, source } => format!("无法读取 {}：{}", path.display(), io_error(source)),
        LearnError::Line { path, line, problem } | LearnError::Correction { path, line, problem } => {
            format!("{}:{line}：{}", path.display(), translate(problem))
        }
        LearnError::Empty { path } => format!("{} 中没有列", path.display()),
        LearnError::NoCorrections { path } => format!("{}：`correct` 列中没有填写任何类型", path.display()),
        LearnError::Folder { path } => format!("{} 是文件夹", path.display()),
        LearnError::NothingNew { path } => {
            format!("{}：没有要学习的内容，所有标签都是内置类型", path.display())
        }
        LearnError::TooFew { path, line, label, found, expected, meant } => {
            let meant = meant.as_ref().map(|meant| format!("；是否想写 `{meant}`？")).unwrap_or_default();
            format!("{}:{line}：类型 `{label}` 有 {found} 列，至少需要 {expected} 列{meant}", path.display())
        }
        LearnError::NotSingle { path, line, found } => {
            format!("{}:{line}：该列有 {found} 个标签，应恰好有一个", path.display())
        }
    }
}

/// What to do about it.
pub(super) fn hint(error: &LearnError) -> &'static str {
    match error {
        LearnError::Unreadable { .. } => "应为样本文件，或者表格文件夹并加上 --corrections FILE",
        LearnError::Line { .. } | LearnError::Empty { .. } => {
            "每行一列，例如 {\"name\": \"货号\", \"values\": [\"YRF-01\", \"YRF-02\"], \"labels\": [\"sku\"]}"
        }
        LearnError::Correction { .. } => "`predict --corrections FILE` 会写出这种格式的文件",
        LearnError::NoCorrections { .. } => "请把正确的类型写进去，例如 `sku`、`sku;int`，没有类型则写 `-`",
        LearnError::Folder { .. } => {
            "请用 --corrections FILE 给出其中表格各列的正确类型；`predict --corrections FILE` 会写出这样的文件"
        }
        LearnError::NothingNew { .. } => "新类型可以任意命名；若要重新训练内置类型，请用 `train --samples`",
        LearnError::TooFew { .. } => "请改正标签，或增加该类型的列：每种类型五列即可",
        LearnError::NotSingle { .. } => "请改正该行，或去掉 --single-label",
    }
}
