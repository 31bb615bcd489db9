//! What is wrong with a field of a configuration, or with a model's weights.

use drivetrain::nn::NnError;

use super::after_chinese;
use super::phrase::{Phrase, translate};

pub(super) fn describe_model(error: &NnError) -> String {
    match error {
        NnError::Config { field, found, expected } => problem(field, found, expected),
        NnError::MissingTensor { name } => format!("权重中没有张量 `{name}`：它们属于另一个模型"),
        NnError::UnknownTensor { name } => format!("本模型没有权重中的张量 `{name}`：它们属于另一个模型"),
        NnError::Shape { name, found, expected } => {
            format!("张量 `{name}` 的形状是 {found:?}，而本模型的配置需要 {expected:?}")
        }
    }
}

pub(super) fn problem(field: &str, found: &str, expected: &str) -> String {
    format!("`{field}` 为 {}，但必须{}", translate(found), after_chinese(&translate(expected)))
}

/// What a field must be.
pub(super) const PHRASES: &[Phrase] = &[
    ("a positive number", "是正数"),
    ("at least `initial` and below 1", "不小于 `initial` 且小于 1"),
    ("at least {} and below {}", "不小于 {0} 且小于 {1}"),
    ("above {} and below {}", "大于 {0} 且小于 {1}"),
    ("between {} and {}", "在 {0} 到 {1} 之间"),
    ("0 or more", "不小于 0"),
    ("1 or more", "不小于 1"),
    ("even (positions are pairs of sine and cosine)", "是偶数（位置编码由成对的正弦和余弦组成）"),
    ("a divisor of {}", "能整除 {0}"),
    ("such that there are at most {} parameters", "使参数总数不超过 {0}"),
    ("{}, which together with the other sizes makes too large a model", "{0}（与其他尺寸合在一起，模型过大）"),
    ("at most {} at this d_model", "不大于 {0}（在当前的 d_model 下）"),
    ("at least {}", "不小于 {0}"),
    ("at most {}", "不大于 {0}"),
];

#[cfg(test)]
mod tests {
    use drivetrain::train::TrainerConfig;

    use crate::chinese::describe;
    use crate::chinese::tests::is_chinese;
    use crate::config::RunConfig;

    /// Each wrong value of a configuration that the libraries know of.
    #[test]
    fn fields_of_configurations() {
        let wrong = |change: fn(&mut TrainerConfig)| {
            let mut config = RunConfig::embedded("default").expect("the default configuration").trainer;
            change(&mut config);
            config.validate().expect_err("refused")
        };
        for error in [
            wrong(|config| config.epochs = 0),
            wrong(|config| config.optimizer.learning_rate = -1.0),
            wrong(|config| config.optimizer.beta1 = 1.0),
            wrong(|config| config.optimizer.clip_norm = -1.0),
            wrong(|config| config.early_stop.min_delta = -1.0),
            wrong(|config| config.dropout.initial = 1.0),
            wrong(|config| config.dropout.max = 1.0),
            wrong(|config| config.dropout.factor = 0.5),
            wrong(|config| config.dropout.window = 1),
            wrong(|config| config.guard.spike_z = -1.0),
            wrong(|config| config.guard.spike_window = 1),
            wrong(|config| config.checkpoint.keep_last = 0),
            wrong(|config| config.checkpoint.minutes = -1.0),
        ] {
            let (told, english) = (describe(&error), error.to_string());
            let expected = english.split_once("but it must be ").map_or("", |(_, expected)| expected);
            assert!(is_chinese(&told) && !expected.is_empty() && !told.contains(expected), "{told}");
        }
        let sizes = |d_model, n_heads, max_len| {
            let mut model = RunConfig::embedded("micro").expect("micro").model;
            (model.d_model, model.n_heads) = (Some(d_model), Some(n_heads));
            model.encoder(400, max_len).validate().expect_err("refused")
        };
        for error in [sizes(0, 1, 8), sizes(3, 1, 8), sizes(16, 3, 8), sizes(1 << 30, 1, 8), sizes(16, 1, 1 << 40)] {
            let told = describe(&error);
            assert!(is_chinese(&told) && !told.contains("at least") && !told.contains("that"), "{told}");
        }
    }
}
