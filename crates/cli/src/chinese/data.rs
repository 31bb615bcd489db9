//! What goes wrong between a file and a batch.

use drivetrain::data::DataError;

use super::io::io_error;
use super::translate::translate;

pub(super) fn describe(error: &DataError) -> String {
    match error {
        DataError::Io { path, source } => format!("无法读写 {}：{}", path.display(), io_error(source)),
        DataError::EmptyFile { path } => {
            format!("{} 中没有样本：应为每行一个样本，但文件是空的或只有空行", path.display())
        }
        DataError::BadLine { path, line, offset, problem } => {
            format!("{} 第 {line} 行（字节 {offset}）：{}", path.display(), translate(problem))
        }
        DataError::AllLinesBad { path, skipped, line, problem } => format!(
            "{} 中没有可用的样本：{skipped} 行全部被跳过；其中第一处在第 {line} 行：{}",
            path.display(),
            translate(problem)
        ),
        DataError::FileChanged { path, problem } => {
            format!("{} 在使用中被改动（{}）；请重新开始，以便重建索引", path.display(), translate(problem))
        }
        DataError::InBatch { position, problem } => format!("批次中的样本 {position}：{}", translate(problem)),
        DataError::Sample { sample, problem } => format!("{}：{}", translate(sample), translate(problem)),
        DataError::OutOfRange { index, len } => {
            format!("没有样本 {index}：数据集共有 {len} 个样本，从 0 开始编号")
        }
        DataError::Config(problem) => translate(problem),
        DataError::TokenizerFile { path, problem } => {
            format!("{} 不是可用的分词器：{}", path.display(), translate(problem))
        }
        DataError::Tokenizer(problem) => format!("分词器出错：{}", translate(problem)),
        DataError::Stopped => "已按要求停止，尚未完成".to_owned(),
        DataError::Panicked { batch, message } => format!("生成批次 {batch} 时程序崩溃：`{message}`"),
        // The enumeration may grow.
        other => translate(&other.to_string()),
    }
}
