//! An exported model that cannot be used.

use drivetrain::run::ExportError;
use tabular_sense::error::ModelError;

use super::io::io_error;
use super::translate::translate;
use super::{config, fields};

pub(super) fn describe(error: &ModelError) -> String {
    match error {
        ModelError::Export(error) => describe_export(error),
        ModelError::Field { path, problem } => {
            format!("{} 不是导出模型的配置：{}", path.display(), config::describe_field(problem))
        }
        ModelError::Labels { path, problem } => format!("{}：{}", path.display(), translate(&problem.to_string())),
        ModelError::Problem { path } => {
            format!("{}：`problem_type` 属于另一类模型，应为整列的标签", path.display())
        }
        ModelError::NoTokenizer { path } => format!("{}：模型没有分词器", path.display()),
        ModelError::Network { path, problem } => format!("{}：{}", path.display(), fields::describe_model(problem)),
        ModelError::Learned { path, problem } => {
            format!("{} 与旁边的模型不匹配：{}", path.display(), translate(problem))
        }
        ModelError::InputVersion { path, found, expected } => {
            format!("{}：模型读取的列文本是版本 {found}，本程序写出的是版本 {expected}", path.display())
        }
    }
}

/// An exported folder that the library cannot use.
pub(super) fn describe_export(error: &ExportError) -> String {
    let quoted = |label: Option<&str>| label.map_or_else(|| "空".to_owned(), |label| format!("`{label}`"));
    match error {
        ExportError::IsRun { folder, .. } => format!("{} 是训练文件夹，不是模型", folder.display()),
        ExportError::Unreadable { folder, path, source } => {
            format!("{} 中没有模型：{}：{}", folder.display(), path.display(), io_error(source))
        }
        ExportError::Syntax { path, problem } => {
            format!("{} 不是导出模型的配置：{}", path.display(), translate(&problem.to_string()))
        }
        ExportError::Labels { path, at, found, expected } => format!(
            "{}：其标签与本程序的不同：标签 {at} 为 {}，应为 {}",
            path.display(),
            quoted(found.as_deref()),
            quoted(expected.as_deref())
        ),
        ExportError::Tokenizer { path, found, expected } => {
            format!("{} 与模型不匹配：其指纹为 {found}，而模型训练时用的是 {expected}", path.display())
        }
        ExportError::Altered { path, found, expected } => {
            format!("{} 已损坏，或不是导出的那个文件：其哈希为 {found}，而 config.json 中是 {expected}", path.display())
        }
        ExportError::FieldClash { field, part, of } => {
            let part = if *part == "sizes" { "尺寸" } else { "附加字段" };
            let of = if *of == "its sizes" { "模型的尺寸" } else { "每个导出的模型" };
            format!("无法导出模型：{part}中的 `{field}` 与{of}的字段同名，而 config.json 中只有一处")
        }
        ExportError::Pretrained { path, problem } => {
            format!("无法从 {} 开始训练：{}", path.display(), translate(problem))
        }
        ExportError::PretrainedWeights { path, problem } => {
            format!("无法从 {} 开始训练：{}", path.display(), fields::describe_model(problem))
        }
        ExportError::Network { path, problem } => format!("{}：{}", path.display(), fields::describe_model(problem)),
    }
}

pub(super) fn hint(error: &ModelError) -> Option<String> {
    Some(match error {
        ModelError::Export(ExportError::IsRun { export: Some(model), .. }) => {
            format!("请使用它导出的模型：{}", model.display())
        }
        ModelError::Export(ExportError::IsRun { folder, export: None }) => {
            format!("它还没有导出模型：`tabular-sense train --run {}` 完成后会导出", folder.display())
        }
        ModelError::Export(ExportError::Unreadable { .. }) => {
            "`tabular-sense train` 可训练一个；不加 --model 时使用程序自带的模型".to_owned()
        }
        ModelError::Export(ExportError::Tokenizer { .. }) => {
            "请复制整个导出的文件夹，不要只复制其中的个别文件".to_owned()
        }
        ModelError::Export(ExportError::Altered { .. }) => "请重新导出模型，或重新复制整个导出的文件夹".to_owned(),
        ModelError::Export(ExportError::FieldClash { .. }) => "请给该字段换一个名字".to_owned(),
        ModelError::InputVersion { .. } => "请用本程序重新训练，或使用训练该模型的程序".to_owned(),
        ModelError::Learned { .. } => "请重新学习：`tabular-sense learn`".to_owned(),
        ModelError::Export(_)
        | ModelError::Field { .. }
        | ModelError::Labels { .. }
        | ModelError::Problem { .. }
        | ModelError::NoTokenizer { .. }
        | ModelError::Network { .. } => return None,
    })
}
