//! What a field of a configuration must be.

use crate::chinese::phrase::Phrase;

/// What a field must be.
pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    ("a positive number", "是正数"),
    ("at least `initial` and below 1", "不小于 `initial` 且小于 1"),
    ("at least {} and below {}", "不小于 {0} 且小于 {1}"),
    ("above {} and below {}", "大于 {0} 且小于 {1}"),
    ("above {}", "大于 {0}"),
    ("a list of {}, one entry for each label", "{0} 项的列表（每个标签一项）"),
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
