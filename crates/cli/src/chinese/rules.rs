//! Errors of types files in Chinese.

use tabular_sense_rules::{Problem, RuleError};

use super::translate::translate;

/// What is wrong with a types file, and where.
pub(super) fn describe(error: &RuleError) -> String {
    let RuleError { path, line, rule, problem } = error;
    let line = line.map_or_else(String::new, |line| format!("，第 {line} 行"));
    let rule = rule.as_ref().map_or_else(String::new, |rule| format!("，类型 `{rule}`"));
    format!("{}{line}{rule}：{}", path.display(), problem_text(problem))
}

fn problem_text(problem: &Problem) -> String {
    match problem {
        Problem::Unreadable(text) | Problem::Syntax(text) => translate(text),
        Problem::Empty => "没有定义任何 `[[type]]`".to_owned(),
        Problem::Name(name) => format!("`name` 为 `{name}`，只能使用各种文字的字母、数字、`_` 和 `-`"),
        Problem::Repeated(name, line) => format!("`name` 为 `{name}`，与第 {line} 行的类型重名"),
        Problem::BuiltIn(name) => format!("`name` 为 `{name}`，这是内置类型"),
        Problem::NoCondition => {
            "至少需要 `pattern`、`list`、`list_file`、`checksum`、`range`、`columns` 中的一项".to_owned()
        }
        Problem::Pattern { field, reason } => format!("`{field}`：{reason}"),
        Problem::TooLarge { field, limit } => format!("`{field}` 过大：编译后超过 {limit} KiB"),
        Problem::EmptyList(field) => format!("`{field}` 中没有内容"),
        Problem::Checksum { found, known } => format!("`checksum` 为 `{found}`，应为以下之一：{known}"),
        Problem::Range(least, most) => format!("`range` 为 [{least}, {most}]，应先写较小的数，再写较大的数"),
        Problem::Share(share) => format!("`share` 为 {share}，应大于 0 且不大于 1"),
        Problem::Over(text) => format!("`over`：{}", translate(text)),
        Problem::NeedsNameWithoutColumns => "`needs_name` 需要 `columns`".to_owned(),
        Problem::CompareWithoutList => "`compare` 需要 `list` 或 `list_file`".to_owned(),
    }
}

/// What to do about it.
pub(crate) fn hint(error: &RuleError) -> String {
    match error.problem {
        Problem::Unreadable(_) => "请检查路径；`list_file` 相对于类型文件所在的文件夹",
        Problem::Syntax(_) | Problem::Empty => "每个类型以 `[[type]]` 开头并有 `name`；各字段见 docs/own-types.md",
        Problem::Name(_) => "例如 `name = \"sku\"` 或 `name = \"发票号码\"`",
        Problem::Repeated(..) => "请为每个类型取不同的名称；一个类型的 `pattern` 可以有多个选项（`a|b`）",
        Problem::BuiltIn(_) => "请换一个名称；若要取代内置类型，请把它写进 `over`",
        Problem::NoCondition => "例如 `pattern = '^[A-Z]{3}-\\d{4}$'`",
        Problem::Pattern { .. } => "请用单引号书写正则表达式，反斜杠才会保持原样；不支持环视和反向引用",
        Problem::TooLarge { .. } => "请减少重复次数，或改用列表",
        Problem::EmptyList(_) => "请添加内容（文件中每行一项），或去掉该字段",
        Problem::Checksum { .. } => "请从中选择一个，或去掉 `checksum`",
        Problem::Range(..) => "例如 `range = [0, 120]`，两端都包含在内",
        Problem::Share(_) => "例如 `share = 0.8`：五个值中须有四个符合",
        Problem::Over(_) => "`over` 列出此类型所取代的内置类型",
        Problem::NeedsNameWithoutColumns => "请在 `columns` 中写上列名，或去掉 `needs_name`",
        Problem::CompareWithoutList => "请添加列表，或去掉 `compare`",
    }
    .to_owned()
}
