//! Words that tables use as names of columns.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::lists::entries;

/// Names of columns are no longer, in bytes.
const LIMIT: usize = 48;

/// Whether a text is a word that tables commonly use as a name of a column, or ends in one, as names of columns do:
/// `city`, `Hospital Name`, `list_date`, `price (USD)`, `number of rooms`, `联系电话`.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.split(['(', '（', '[', '【', '/', ':', '：']).next().unwrap_or(text).trim();
    let text = text.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_' || char == '#' || char == '*');
    if text.is_empty() || text.len() > LIMIT {
        return false;
    }
    if !text.is_ascii() {
        let short = text.chars().count() <= 8;
        let lower = text.to_lowercase();
        return CHINESE.contains(text)
            || FOREIGN.contains(lower.as_str())
            || (short && ends_in_caseless(text))
            || begins_foreign(&lower);
    }
    let words = Words::of(text);
    let known = |word: &str| {
        let one = |word: &str| ENGLISH.contains(word) || (word.len() > 6 && ends_in_english(word));
        one(word) || word.strip_suffix('s').is_some_and(one)
    };
    match (0..words.len()).find(|at| is_joining(words.bytes(*at))) {
        Some(at) if at > 0 => known(words.get(at - 1)) || FOREIGN.contains(words.get(at - 1)),
        _ if words.len() == 1 => known(words.get(0)) || FOREIGN.contains(words.get(0)),
        _ => (1..=5).contains(&words.len()) && known(words.get(words.len() - 1)),
    }
}

/// Whether the word before it is the one that a name is about: `date of birth`, `date de naissance`.
const fn is_joining(word: &[u8]) -> bool {
    matches!(
        word,
        b"of"
            | b"in"
            | b"per"
            | b"for"
            | b"at"
            | b"by"
            | b"de"
            | b"du"
            | b"des"
            | b"di"
            | b"del"
            | b"da"
            | b"do"
            | b"van"
            | b"von"
    )
}

/// Whether the first of a few words is one that names columns: `дата рождения`, `número de teléfono`.
fn begins_foreign(lower: &str) -> bool {
    let mut words = lower.split([' ', '_']);
    words.next().is_some_and(|first| FOREIGN.contains(first)) && (1..=3).contains(&words.count())
}

/// The words of a short ASCII text in lower case, parted at white space, punctuation and humps.
struct Words {
    text: [u8; LIMIT],
    /// Where each word ends; the next one begins there.
    ends: [u8; LIMIT],
    count: usize,
}

impl Words {
    /// Of a text of at most [`LIMIT`] bytes of ASCII.
    fn of(text: &str) -> Self {
        let mut words = Self { text: [0; LIMIT], ends: [0; LIMIT], count: 0 };
        let (mut length, mut begin, mut after_lower) = (0, 0, false);
        for byte in text.bytes().take(LIMIT) {
            let begins = after_lower && byte.is_ascii_uppercase();
            after_lower = byte.is_ascii_lowercase();
            let is_part = byte.is_ascii_alphanumeric();
            if (begins || !is_part) && length > begin {
                words.end(length);
                begin = length;
            }
            if is_part {
                words.text[length] = byte.to_ascii_lowercase();
                length += 1;
            }
        }
        if length > begin {
            words.end(length);
        }
        words
    }

    fn end(&mut self, length: usize) {
        self.ends[self.count] = length as u8;
        self.count += 1;
    }

    const fn len(&self) -> usize {
        self.count
    }

    /// A word; empty beyond the last one.
    fn bytes(&self, index: usize) -> &[u8] {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends[..self.count].get(index).map_or(&[], |end| &self.text[begin.into()..(*end).into()])
    }

    fn get(&self, index: usize) -> &str {
        std::str::from_utf8(self.bytes(index)).unwrap_or_default()
    }
}

/// A list of words, read once.
type List = LazyLock<HashSet<&'static str, FixedState>>;

/// Whether words that are not parted end as names do: `mailingaddress`, `orderdate`.
fn ends_in_english(word: &str) -> bool {
    let endings: &[&str] = match word.as_bytes().last() {
        Some(b'e') => &["code", "date", "name", "phone", "time", "type"],
        Some(b's') => &["address"],
        Some(b't') => &["count"],
        Some(b'l') => &["email"],
        Some(b'r') => &["number"],
        _ => &[],
    };
    endings.iter().any(|ending| word.ends_with(ending))
}

/// Names without upper and lower case that are too short, or too likely at the end of a value, to count as endings.
static CASELESS: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    "\
    专业 产品 企业 作者 值 備註 公司 内容 区 区域 医院 區域 单位 县 合计 名 品牌 商品 單位 国家 國家 地区 坐标 \
    城市 备注 姓 婚姻 学历 学校 學校 學歷 客户 密码 尺寸 岗位 市 年 年级 年齡 年龄 序号 序號 得分 微信 性別 性别 \
    总计 排名 描述 日 昵称 月 来源 标签 标题 標題 民族 班级 生日 用户 省 省份 科目 籍贯 經度 緯度 纬度 经度 职业 \
    职务 職業 行业 订单 评分 说明 课程 身份證 身份证 车牌 邮箱 部門 部门 郵箱 醫院 重量 银行卡 面积 颜色 \
    "
    .split_whitespace()
    .collect()
});

/// Whether a text ends as names without upper and lower case do.
fn ends_in_caseless(text: &str) -> bool {
    let mut endings = text.char_indices().rev().take(LONGEST_ENDING).map(|(at, _)| &text[at..]);
    endings.any(|ending| CASELESS_ENDINGS.contains(ending))
}

/// Characters of the longest of [`CASELESS_ENDINGS`].
const LONGEST_ENDING: usize = 3;

/// Words without upper and lower case that stand alone or last in a name.
static CASELESS_ENDINGS: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    "\
    名 名称 名稱 姓名 编号 編號 号码 號碼 代码 代碼 编码 类型 類型 类别 分类 状态 狀態 日期 时间 時間 年份 月份 \
    金额 金額 价格 價格 单价 总价 工资 薪资 薪水 数量 數量 总数 人数 次数 比例 占比 比率 地址 住址 位置 电话 \
    電話 手机 手机号 邮箱 网址 链接 职位 职称 等级 级别 学号 工号 卡号 账号 车牌号 证号 型号 规格 成绩 分数 度数 \
    年限 备注 要求 情况 方式 信息 \
    "
    .split_whitespace()
    .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ending_is_longer_than_is_looked_at() {
        assert_eq!(CASELESS_ENDINGS.iter().map(|ending| ending.chars().count()).max(), Some(LONGEST_ENDING));
        assert!(
            ends_in_caseless("联系手机号")
                && ends_in_caseless("金额")
                && !ends_in_caseless("号外")
                && !ends_in_caseless("")
        );
    }

    #[test]
    fn words_part_at_marks_and_humps() {
        for (text, expected) in [
            ("unitPrice", "unit price"),
            ("HTTPServer 2x", "httpserver 2x"),
            ("a__b", "a b"),
            (" -x- ", "x"),
            ("--", ""),
            ("", ""),
            (&"aB".repeat(24), &format!("a {}b", "ba ".repeat(23))),
        ] {
            let words = Words::of(text);
            assert_eq!((0..words.len()).map(|at| words.get(at)).collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
