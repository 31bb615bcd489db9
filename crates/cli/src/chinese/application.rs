//! Errors of Tabular Sense, and what to do about them.

use tabular_sense::error::{ChangeError, ColumnsError, Error, RunError, SamplesError, change_flags};
use tabular_sense::{Part, presets};

use super::io::io_error;
use super::translate::translate;
use super::{config, data, diverged, fields, learn, model, train};

pub(super) fn describe(error: &Error) -> String {
    match error {
        Error::Config(error) => config::describe(error),
        Error::Run(error) => describe_run(error),
        Error::Changes(error) => describe_changes(error),
        Error::Samples(error) => describe_samples(error),
        Error::Model(error) => model::describe(error),
        Error::Columns(error) => describe_columns(error),
        Error::Learn(error) => learn::describe(error),
        Error::Diverged(error) => train::describe(&error.error),
        Error::Data(error) => data::describe(error),
        Error::Train(error) => train::describe(error),
        Error::Network(error) => fields::describe_model(error),
    }
}

/// What to do about an error.
pub(crate) fn hint(error: &Error) -> Option<String> {
    Some(match error {
        Error::Config(error) => return config::hint(error, &presets::names()),
        Error::Run(error) => return hint_for_run(error),
        Error::Changes(error) => hint_for_changes(error),
        Error::Samples(error) => hint_for_samples(error).to_owned(),
        Error::Model(error) => return model::hint(error),
        Error::Columns(ColumnsError::Unreadable { .. }) => {
            "每行一列，与样本文件相同；每行还可以有哪些字段，见 docs/formats.md".to_owned()
        }
        Error::Learn(error) => learn::hint(error).to_owned(),
        Error::Diverged(error) => diverged::hint(error),
        Error::Columns(_) | Error::Data(_) | Error::Train(_) | Error::Network(_) => return None,
    })
}

fn describe_run(error: &RunError) -> String {
    match error {
        RunError::NotARun { path, file } => format!("{} 不是训练文件夹：其中没有 {file}", path.display()),
        RunError::HoldsRun { path } => format!("{} 中已有一次训练", path.display()),
        RunError::OtherProgram { path, found, expected } => {
            let found = found.as_deref().unwrap_or("另一个程序");
            format!("{} 中是 {found} 的训练，不是 {expected} 的", path.display())
        }
        RunError::InUse { path, holder } => {
            let holder = match holder.as_deref() {
                None => "另一个进程".to_owned(),
                Some(holder) => {
                    holder.strip_prefix("process ").map_or(holder.to_owned(), |process| format!("进程 {process}"))
                }
            };
            format!("训练文件夹 {} 正被占用：{holder}", path.display())
        }
        RunError::DamagedCheckpoint { problem, .. } => train::describe(problem),
        RunError::Create { path, .. } => format!("无法创建训练文件夹 {}", path.display()),
        RunError::Open { path, .. } => format!("无法在训练文件夹 {} 中写入", path.display()),
        RunError::Lock { path, .. } => format!("无法锁定 {}", path.display()),
        RunError::Read { path, .. } => format!("无法读取 {}", path.display()),
        RunError::Write { path, .. } => format!("无法写入 {}", path.display()),
        RunError::Replace { path, .. } => format!("无法替换 {}", path.display()),
        RunError::Changes(error) => describe_changes(error),
        RunError::Export(error) => model::describe_export(error),
        RunError::Train(error) => train::describe(error),
        RunError::Data(error) => data::describe(error),
    }
}

fn hint_for_run(error: &RunError) -> Option<String> {
    Some(match error {
        RunError::NotARun { .. } => "`tabular-sense train --run FOLDER` 可开始一次训练".to_owned(),
        RunError::HoldsRun { .. } => "请用 --run 换一个文件夹；若要继续那次训练，请去掉 --resume=never".to_owned(),
        RunError::OtherProgram { .. } => "请用 --run 换一个文件夹".to_owned(),
        RunError::Changes(error) => hint_for_changes(error),
        RunError::InUse { .. } => "请等它结束，或用 --run 换一个文件夹".to_owned(),
        RunError::DamagedCheckpoint { older, .. } => {
            format!("不加 --strict 时，训练会从 {} 继续", older.display())
        }
        _ => return None,
    })
}

fn describe_changes(error: &ChangeError) -> String {
    match error {
        ChangeError::UnknownField { name, .. } => format!("不能允许 `{name}` 改变：没有这个配置项"),
        ChangeError::Refused { path, changes } => {
            let lines: String = changes.iter().map(|change| format!("\n  {}", train::change(change))).collect();
            format!("{} 中的训练保存时与现在不同：{lines}", path.display())
        }
    }
}

fn hint_for_changes(error: &ChangeError) -> String {
    match error {
        ChangeError::UnknownField { closest: Some(field), .. } => format!("是否想写 `{field}`？"),
        ChangeError::UnknownField { closest: None, known, .. } => {
            format!("--allow-change 可用以下配置项，或其路径的一部分：{}", known.join("、"))
        }
        ChangeError::Refused { changes, .. } => {
            format!("请改回原样，或用 --run 换一个文件夹；若仍要继续，请加上 {}", change_flags(changes))
        }
    }
}

fn describe_samples(error: &SamplesError) -> String {
    match error {
        SamplesError::Unreadable { path, source } => format!("样本文件 {}：{}", path.display(), io_error(source)),
        SamplesError::NoneFor { part, split, samples } => {
            format!("{}没有样本：按 `data.split` = `{split}`，{samples} 个样本一个也没有分给它", part_name(*part))
        }
        SamplesError::EmptyPart { part, samples } => {
            format!("{}没有样本：按 `data.split`，{samples} 个样本一个也没有分给它", part_name(*part))
        }
    }
}

const fn hint_for_samples(error: &SamplesError) -> &'static str {
    match error {
        SamplesError::Unreadable { .. } => {
            "`tabular-sense generate -o FILE` 可生成一个；不加 --samples 时，`train` 自己生成样本"
        }
        SamplesError::NoneFor { .. } => "请增加样本，或在配置中调大它的比例；只有 `test` 可以为空",
        SamplesError::EmptyPart { .. } => "请用 --split 评估其他部分，或用 --columns 评估自己的列",
    }
}

fn describe_columns(error: &ColumnsError) -> String {
    match error {
        ColumnsError::Unreadable { path, source } => {
            format!("无法读取 {} 中带标签的列：{}", path.display(), io_error(source))
        }
        ColumnsError::Line { path, line, problem } => {
            format!("{}:{line}：{}", path.display(), translate(&problem.to_string()))
        }
        ColumnsError::Label { path, line, problem } => format!("{}:{line}：{}", path.display(), translate(problem)),
        ColumnsError::Empty { path } => format!("{} 中没有列", path.display()),
    }
}

/// The Chinese name of a split.
pub(crate) const fn part_name(part: Part) -> &'static str {
    match part {
        Part::Train => "训练集",
        Part::Validation => "验证集",
        Part::Test => "测试集",
    }
}
