//! A configuration that cannot be used.

use tabular_sense::error::{ConfigError, ConfigProblem, FieldError};

use super::io::io_error;
use super::translate::translate;
use super::{data, fields, train};

pub(super) fn describe(error: &ConfigError) -> String {
    match error {
        ConfigError::Unreadable { path, source } => format!("配置 {}：{}", path.display(), io_error(source)),
        ConfigError::Renamed { name, .. } => format!("配置 {name}：这个预设已经改名"),
        ConfigError::Invalid { path, problem } => format!("配置 {}：{}", path.display(), describe_problem(problem)),
        ConfigError::Embedded => "程序内置的配置已损坏".to_owned(),
        ConfigError::NotWritable(_) => "配置无法写成 TOML".to_owned(),
    }
}

pub(super) fn hint(error: &ConfigError, presets: &[&str]) -> Option<String> {
    match error {
        ConfigError::Unreadable { .. } => Some(format!("请给出一个 TOML 文件，或以下名称之一：{}", presets.join("、"))),
        ConfigError::Renamed { now, .. } => Some(format!("请使用 --config {now}")),
        _ => None,
    }
}

fn describe_problem(problem: &ConfigProblem) -> String {
    match problem {
        ConfigProblem::Syntax(error) => translate(&error.to_string()).trim_end().to_owned(),
        ConfigProblem::Field(error) => describe_field(error),
        ConfigProblem::Split(error) => format!("`data.split`：{}", data::describe(error)),
        ConfigProblem::Model(error) => format!("`model`：{}", fields::describe_model(error)),
        ConfigProblem::Trainer(error) => format!("`trainer`：{}", train::describe(error)),
    }
}

pub(super) fn describe_field(FieldError { field, found, expected }: &FieldError) -> String {
    fields::problem(field, found, expected)
}
