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
    (
        "the label `{}`: expected a name of 1 to 64 characters without commas, `|`, line breaks, or space around it",
        "标签 `{0}` 无效：应为 1 到 64 个字符，不含逗号、`|` 和换行，首尾没有空格",
    ),
    (
        "`{}` is no built-in type, and too rare for one of your own: {} sample, expected at least {}; did you mean `{}`?",
        "`{0}` 不是内置类型，作为自定义类型又太少：{1} 个样本，至少需要 {2} 个；是否想写 `{3}`？",
    ),
    (
        "`{}` is no built-in type, and too rare for one of your own: {} samples, expected at least {}; did you mean `{}`?",
        "`{0}` 不是内置类型，作为自定义类型又太少：{1} 个样本，至少需要 {2} 个；是否想写 `{3}`？",
    ),
    (
        "`{}` is no built-in type, and too rare for one of your own: {} sample, expected at least {}",
        "`{0}` 不是内置类型，作为自定义类型又太少：{1} 个样本，至少需要 {2} 个",
    ),
    (
        "`{}` is no built-in type, and too rare for one of your own: {} samples, expected at least {}",
        "`{0}` 不是内置类型，作为自定义类型又太少：{1} 个样本，至少需要 {2} 个",
    ),
    ("{} labels, expected exactly one: the labels are single", "有 {0} 个标签，应恰好有一个：每列只能有一个标签"),
    ("the heading has no column `{}`; expected {}", "表头中没有 `{0}` 列；应为 {1}"),
    (
        "`column` is `{}`, expected the number of a column, counted from 1",
        "`column` 为 `{0}`，应为列的序号（从 1 开始）",
    ),
    (
        "`correct` holds `{}`, expected types apart by `;`, or `-` for none",
        "`correct` 中有 `{0}`，应为以 `;` 分隔的类型，没有类型则写 `-`",
    ),
    ("there are no labels", "没有标签"),
    ("`{}` cannot be a label", "`{0}` 不能用作标签"),
    ("the label `{}` comes twice", "标签 `{0}` 重复"),
    ("it is of other types", "其中的类型不同"),
    ("its tensors are of other sizes", "张量的大小不同"),
    ("`{}` is of other sizes", "`{0}` 的大小不同"),
    ("the tensor `{}` is missing", "缺少张量 `{0}`"),
    ("the tensor `{}` holds numbers that are not finite", "张量 `{0}` 中有非有限数"),
    ("a quote is not closed", "引号没有闭合"),
    (
        "the table `{}` is not in {}: give the folder that holds it with --from",
        "表格 `{0}` 不在 {1} 中：请用 --from 给出它所在的文件夹",
    ),
    ("the table `{}` has no column {}; it has {}", "表格 `{0}` 没有第 {1} 列；它共有 {2} 列"),
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
