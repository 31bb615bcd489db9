//! What is wrong with a line of a sample file.

use crate::chinese::phrase::Phrase;

pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    ("not a sample in JSON: {*}; expected {}", "不是 JSON 格式的样本：{0}；格式应为 `{1}`"),
    (
        "found `{}`, expected TYPE[,TYPE…]|column name|value<sep>value…, or a JSON object",
        "此行是 `{0}`，应为 `类型[,类型…]|列名|值<sep>值…` 或 JSON 对象",
    ),
    ("unknown label `{}`; did you mean `{}`?", "未知标签 `{0}`；是否想写 `{1}`？"),
    ("unknown label `{}`; the labels are { }", "未知标签 `{0}`；可用的标签有：{1}"),
    ("the column `{}` has no values, expected at least one", "列 `{0}` 没有值，至少要有一个"),
    (
        "the name holds `{}`, which the plain form cannot write: use JSON",
        "列名含有 `{0}`，普通格式无法表示：请改用 JSON",
    ),
    (
        "a value holds `{}`, which the plain form cannot write: use JSON",
        "有的值含有 `{0}`，普通格式无法表示：请改用 JSON",
    ),
    (
        "the only value holds `{}`, which the plain form cannot write: use JSON",
        "唯一的值是 `{0}`，普通格式无法表示：请改用 JSON",
    ),
];
