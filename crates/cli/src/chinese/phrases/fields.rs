//! What a field of a configuration must be.

use crate::chinese::phrase::Phrase;

/// What a field must be.
pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    ("a positive number; `frozen = true` stops an update", "是正数；`frozen = true` 可停止更新"),
    ("a positive number", "是正数"),
    ("called after `resume`", "在 `resume` 之后调用"),
    ("called after `fit`", "在 `fit` 之后调用"),
    ("called after `attach`", "在 `attach` 之后调用"),
    (
        "called before: the optimizer's state would be lost, now or when the run is resumed",
        "在此之前调用，否则优化器的状态会丢失（现在或继续训练时）",
    ),
    ("lost, since the optimizer panicked", "因优化器崩溃而丢失"),
    ("resumed from the latest checkpoint, in a new trainer", "在新的 `Trainer` 中从最新检查点恢复"),
    ("a list of at least one pattern", "至少含一个模式的列表"),
    ("above {} and at most {}", "大于 {0} 且不大于 {1}"),
    ("false unless `momentum` is above 0 and `dampening` is 0", "是 false，除非 `momentum` 大于 0 且 `dampening` 为 0"),
    (
        "1 for a model without numbered layers, such as `encoder.layers.0`",
        "是 1，因为模型没有带编号的层（如 `encoder.layers.0`）",
    ),
    ("at least `initial` and below 1", "不小于 `initial` 且小于 1"),
    ("at least {} and below {}", "不小于 {0} 且小于 {1}"),
    ("above {} and below {}", "大于 {0} 且小于 {1}"),
    ("above {}", "大于 {0}"),
    ("a list of {}, one entry for each label", "{0} 项的列表（每个标签一项）"),
    ("other weights", "其他权重"),
    ("{} finite weights of features and at most {} of types", "是 {0} 个特征权重和不超过 {1} 个类型权重，且都是有限值"),
    ("a list of {}", "{0} 项的列表"),
    ("between {} and {}", "在 {0} 到 {1} 之间"),
    ("0 or more", "不小于 0"),
    ("1 or more", "不小于 1"),
    ("even (positions are pairs of sine and cosine)", "是偶数（位置编码由成对的正弦和余弦组成）"),
    ("a divisor of {}", "能整除 {0}"),
    ("such that there are at most {} parameters", "使参数总数不超过 {0}"),
    ("{}, which together with the other sizes makes too large a model", "{0}（与其他尺寸合在一起，模型过大）"),
    ("at most {} at this d_model", "不大于 {0}（在当前的 d_model 下）"),
    ("at least {}: every byte is an id", "不小于 {0}：每个字节都占一个编号"),
    ("at least {}", "不小于 {0}"),
    ("at most {}", "不大于 {0}"),
];
