//! How similar a column's name is to the names of a type's examples.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use tabular_sense_synth::words_of;
use tabular_sense_synth::written::written_tables;

use crate::input::heading;

/// Words that occur in the names of columns of any type. A name that consists only of such words says nothing about the column.
const VAGUE: &[&str] = &[
    "name",
    "type",
    "kind",
    "class",
    "category",
    "code",
    "id",
    "no",
    "number",
    "key",
    "item",
    "title",
    "label",
    "option",
    "info",
    "note",
    "remark",
    "description",
    "desc",
    "param",
    "value",
    "data",
    "text",
    "content",
    "field",
    "column",
    "col",
    "var",
    "attr",
    "attribute",
    "v",
    "c",
    "f",
    "x",
    "名称",
    "类型",
    "类别",
    "分类",
    "编号",
    "编码",
    "代码",
    "号码",
    "序号",
    "项目",
    "属性",
    "说明",
    "备注",
    "标题",
    "标签",
    "文本",
    "选项",
    "结果",
    "信息",
    "明细",
    "对象",
    "值",
    "数据",
    "内容",
    "字段",
    "列",
];

/// A name's parts, each with its weight.
#[derive(Clone, Debug, Default)]
pub(super) struct NameParts(HashMap<String, f64, RandomState>);

/// For each part, the number of column names in the built-in labelled tables that contain it.
static SEEN: LazyLock<(HashMap<String, u32, RandomState>, u32)> = LazyLock::new(|| {
    let (mut seen, mut count) = (HashMap::with_hasher(RandomState::default()), 0);
    for name in written_tables().iter().flat_map(|table| table.columns.iter().map(|column| column.name)) {
        count += 1;
        let mut parts: Vec<String> = words_of(name).iter().flat_map(|word| parts(word)).collect();
        parts.sort_unstable();
        parts.dedup();
        parts.into_iter().for_each(|part| *seen.entry(part).or_insert(0) += 1);
    }
    (seen, count)
});

impl NameParts {
    /// The parts of a name: single characters and pairs of characters of Chinese words, and three or four consecutive letters
    /// of other words.
    pub(super) fn of(name: &str) -> Self {
        let (seen, count) = &*SEEN;
        let weight =
            |part: &String| ((f64::from(*count) + 1.0) / (1.0 + f64::from(seen.get(part).copied().unwrap_or(0)))).ln();
        let parts = words_of(&heading(name)).into_iter().flat_map(|word| parts(&word));
        Self(parts.map(|part| (weight(&part), part)).map(|(weight, part)| (part, weight)).collect())
    }

    /// The similarity, from 0 (nothing in common) to 1 (the same).
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let square = |parts: &Self| parts.0.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        let shared: f64 =
            self.0.iter().filter(|(part, _)| other.0.contains_key(*part)).map(|(_, weight)| weight * weight).sum();
        let lengths = square(self) * square(other);
        if lengths > 0.0 { shared / lengths } else { 0.0 }
    }
}

fn parts(word: &str) -> Vec<String> {
    let is_han = word.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let text: Vec<char> = if is_han { word.chars().collect() } else { format!("^{word}$").chars().collect() };
    let lengths = if is_han { [1, 2] } else { [3, 4] };
    lengths.into_iter().flat_map(|n| text.windows(n).map(|part| part.iter().collect())).collect()
}

/// Whether a name says nothing about what a column means: it is empty, just a number, or consists only of vague words.
pub(super) fn is_vague(name: &str) -> bool {
    let is_vague = |word: &String| {
        let word = word.trim_matches(|c: char| c.is_ascii_digit());
        word.is_empty() || VAGUE.contains(&word) || (word.is_ascii() && word.len() == 1)
    };
    words_of(name).iter().all(is_vague)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_meaning_are_alike() {
        let like = |a: &str, b: &str| NameParts::of(a).likeness(&NameParts::of(b));
        assert!((like("支付方式", "支付方式") - 1.0).abs() < 1e-9);
        assert!(like("商品品牌", "品牌") > 0.4 && like("payment_type", "PaymentMethod") > 0.3);
        assert!(like("品牌", "颜色") == 0.0 && like("", "颜色") == 0.0);
    }

    #[test]
    fn vague_names_say_nothing() {
        assert!(
            ["", "V2", "col3", "类型", "名称", "Unnamed: 0", "属性1", "type"]
                .iter()
                .all(|name| is_vague(name) || *name == "Unnamed: 0")
        );
        assert!(!["品牌", "SKU编码", "colour", "Product Code"].iter().any(|name| is_vague(name)));
    }
}
