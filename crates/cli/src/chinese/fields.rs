//! What is wrong with a field of a configuration, or with a model's weights.

use drivetrain::nn::NnError;

use super::spacing::after_chinese;
use super::translate::translate;

pub(super) fn describe_model(error: &NnError) -> String {
    match error {
        NnError::Config { field, found, expected } => problem(field, found, expected),
        NnError::MissingTensor { name } => format!("权重中没有张量 `{name}`：它们属于另一个模型"),
        NnError::UnknownTensor { name } => format!("本模型没有权重中的张量 `{name}`：它们属于另一个模型"),
        NnError::Shape { name, found, expected } => {
            format!("张量 `{name}` 的形状是 {found:?}，而本模型的配置需要 {expected:?}")
        }
        NnError::UnknownPart { name, known } => {
            format!("没有 `{name}` 这一部分：模型和权重中都没有；模型的各部分是 {}", known.replace(", ", "、"))
        }
    }
}

pub(super) fn problem(field: &str, found: &str, expected: &str) -> String {
    format!("`{field}` 为 {}，但必须{}", translate(found), after_chinese(&translate(expected)))
}
