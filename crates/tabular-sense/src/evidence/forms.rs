//! What values of each type look like, for people to check an answer by. The model never sees it.

use crate::generate::is_known;
use crate::types::SemanticType;
use SemanticType as T;

/// A type's form: what can be said of its values, and a test of one value.
pub(super) struct Form {
    pub(super) label: SemanticType,
    pub(super) what: &'static str,
    pub(super) zh: &'static str,
    pub(super) holds: fn(&str) -> bool,
}

const fn form(label: SemanticType, what: &'static str, zh: &'static str, holds: fn(&str) -> bool) -> Form {
    Form { label, what, zh, holds }
}

/// To say more of a type, change its line.
pub(super) const FORMS: &[Form] = &[
    form(T::Name, "look like names of people", "像人名", is_name),
    form(T::Username, "are one word or a nickname", "像昵称", |value| {
        !value.contains(' ') && value.chars().count() <= 24
    }),
    form(T::Email, "are addresses with an @", "含 @ 的邮箱", |value| {
        value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    }),
    form(T::Url, "are links or hosts", "是链接或域名", is_url),
    form(T::Useragent, "name a program and its version", "含程序名与版本", |value| {
        value.contains('/') || value.to_lowercase().contains("bot")
    }),
    form(T::Job, "are known jobs", "是已知职业", |value| is_known(T::Job, value)),
    form(T::Gender, "are known genders", "是已知性别", |value| is_known(T::Gender, value)),
    form(T::Ethnicity, "are known ethnic groups", "是已知民族", |value| is_known(T::Ethnicity, value)),
    form(T::Education, "are known levels of education", "是已知学历", |value| is_known(T::Education, value)),
    form(T::State, "are known states", "是已知状态", |value| is_known(T::State, value)),
    form(T::Priority, "are known levels", "是已知级别", |value| {
        let lower = value.to_lowercase();
        let words =
            ["high", "low", "medium", "urgent", "critical", "normal", "高", "中", "低", "急", "一般", "普通", "重要"];
        words.iter().any(|word| lower.contains(word)) || value.chars().any(|c| c.is_ascii_digit()) && value.len() <= 12
    }),
    form(T::Boolean, "are one of two answers", "是两种回答之一", |value| {
        let answers = [
            "0", "1", "0.0", "1.0", "y", "n", "yes", "no", "true", "false", "t", "f", "on", "off", "是", "否", "有",
            "无", "对", "错", "真", "假", "√", "×", "启用", "禁用", "开", "关", "已", "未", "enabled", "disabled",
        ];
        answers.contains(&value.to_lowercase().as_str())
    }),
    form(T::Age, "are at most 120", "不超过 120", |value| {
        let years: String = value.chars().take_while(|c| c.is_ascii_digit() || ",./E".contains(*c)).collect();
        years.parse::<f64>().is_ok_and(|years| years <= 120.0) || value.contains('岁') || value.starts_with('<')
    }),
    form(T::IdCard, "have 15 or 18 characters", "为 15 或 18 位", |value| {
        let shown = value.chars().filter(|c| c.is_ascii_digit() || "*Xx#".contains(*c)).count();
        (14..=18).contains(&shown) && value.chars().count() <= 22
    }),
    form(T::Phone, "are 5 to 15 digits", "为 5–15 位号码", |value| {
        let digits = value.chars().filter(|c| c.is_ascii_digit() || *c == '*').count();
        (5..=15).contains(&digits) && !value.contains(['/', ':'])
    }),
    form(T::BankCard, "are 12 to 19 digits", "为 12–19 位", |value| {
        let shown = value.chars().filter(|c| c.is_ascii_digit() || "*x".contains(*c)).count();
        (12..=21).contains(&shown)
    }),
    form(T::Amount, "are sums", "是数额", |value| value.contains(|c: char| c.is_ascii_digit())),
    form(T::Coordinate, "are degrees up to 180", "是不超过 180 的度数", |value| {
        let first: String = value
            .trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-')
            .chars()
            .take_while(|c| c.is_ascii_digit() || "-.".contains(*c))
            .collect();
        first.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
    }),
    form(T::Plate, "have letters and digits as plates do", "为车牌长度的字母与数字", |value| {
        let signs = value.chars().filter(|c| c.is_alphanumeric() || *c == '*').count();
        (5..=9).contains(&signs) && value.contains(|c: char| c.is_ascii_digit())
    }),
    form(T::Date, "are days or months", "是日期", |value| is_day(value) && !is_clock(value)),
    form(T::Time, "are times of day", "是时刻", |value| is_clock(value) && !is_day(value)),
    form(T::Datetime, "hold a day and a time", "含日期与时刻", |value| {
        // Seconds since 1970, or all parts together.
        let is_number = value.len() >= 10 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_number || (is_day(value) && is_clock(value))
    }),
    form(T::Ip, "are network addresses", "是网络地址", |value| {
        let host = value.split(['/', '%']).next().unwrap_or(value);
        let bare = host.rsplit_once(':').filter(|_| host.contains('.')).map_or(host, |(host, _)| host);
        bare.trim_end_matches(".*").matches(['.', ':']).count() >= 2
            && bare.chars().all(|c| c.is_ascii_hexdigit() || ".:*".contains(c))
    }),
    form(T::Int, "are whole numbers", "是整数", |value| {
        let number = value.strip_prefix('-').unwrap_or(value);
        let digits = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
        // A unit may follow, as in 12人.
        number.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_alphabetic() || c == ' ')
    }),
    form(T::Float, "are decimal numbers", "是小数", |value| value.replace(',', "").parse::<f64>().is_ok()),
    form(T::Percent, "are shares", "是比例", |value| {
        value.contains(['%', '‰', '％']) || value.starts_with("百分之") || value.parse::<f64>().is_ok()
    }),
    form(T::Address, "hold a street, a number or a district", "含路、号或区", |value| {
        let ends = ["路", "街", "号", "村", "镇", "巷", "弄", "区", "道", "號"];
        ends.iter().any(|end| value.contains(end))
            || value.starts_with(|c: char| c.is_ascii_digit())
            || is_one_of_words(
                value,
                &["st", "ave", "rd", "blvd", "dr", "ln", "street", "avenue", "road", "box", "hwy", "ct"],
            )
    }),
    form(T::Residential, "end as names of estates do", "有小区的词尾", |value| {
        ends_with(
            value,
            &[
                "小区", "花园", "苑", "园", "公寓", "城", "府", "庭", "湾", "居", "里", "号院", "家园", "名邸", "郡",
                "轩",
            ],
        ) || is_one_of_words(
            value,
            &["apartments", "village", "residences", "court", "estates", "towers", "gardens", "homes"],
        )
    }),
    form(T::Company, "end as names of firms do", "有公司的词尾", |value| {
        ends_with(value, &["公司", "集团", "厂", "银行", "支行", "分行", "事务所", "店", "部", "中心", "企业"])
            || is_one_of_words(
                value,
                &["inc", "llc", "ltd", "corp", "co", "company", "group", "bank", "ag", "plc", "corporation"],
            )
    }),
    form(T::Hospital, "hold a word for a hospital", "有医院的词尾", |value| {
        ["医院", "诊所", "卫生", "门诊", "醫院", "診所"].iter().any(|word| value.contains(word))
            || is_one_of_words(value, &["hospital", "clinic", "medical", "health", "care", "center", "centre"])
    }),
    form(T::Recreation, "hold a word for a sight", "有景点的词尾", |value| {
        ["公园", "景区", "影城", "影院", "山", "寺", "湖", "馆", "故居", "乐园"].iter().any(|word| value.contains(word))
            || is_one_of_words(
                value,
                &["park", "museum", "garden", "gardens", "theatre", "theater", "zoo", "beach", "cinema"],
            )
    }),
    form(T::Shopping, "hold a word for a shop", "有商场的词尾", |value| {
        ["广场", "商场", "超市", "百货", "购物", "商城", "店", "汇", "天地"].iter().any(|word| value.contains(word))
            || is_one_of_words(value, &["mall", "plaza", "market", "store", "center", "supermarket", "outlets", "shop"])
    }),
];

fn ends_with(value: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| value.ends_with(end))
}

fn is_one_of_words(value: &str, words: &[&str]) -> bool {
    value.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

fn is_name(value: &str) -> bool {
    let letters = value.chars().count();
    let is_chinese = |value: &str| value.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c) || "*·".contains(c));
    (is_chinese(value) && (2..=5).contains(&letters))
        || (value.split(' ').count() <= 5 && !value.contains(|c: char| c.is_ascii_digit()))
}

fn is_url(value: &str) -> bool {
    let lower = value.to_lowercase();
    ["http://", "https://", "ftp://", "www.", "//"].iter().any(|start| lower.starts_with(start))
        || (lower.contains('.') && !lower.contains([' ', '@']) && lower.contains(|c: char| c.is_alphabetic()))
}

fn is_clock(value: &str) -> bool {
    value.contains(':') || value.contains(['时', '点'])
}

fn is_day(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (digits >= 3 && value.contains(['-', '/', '.', '年', '月']))
        || (6..=14).contains(&digits) && !value.contains(':')
        || (digits >= 1 && value.contains(|c: char| c.is_alphabetic()) && value.len() <= 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_of_what_they_say() {
        let holds =
            |label: SemanticType, value: &str| FORMS.iter().any(|form| form.label == label && (form.holds)(value));
        for (label, yes, no) in [
            (T::Age, "27岁", "12,000"),
            (T::Age, "25-34", "12/05/2024"),
            (T::Int, "1,204", "2024-03-01"),
            (T::Int, "12人", "12:30"),
            (T::Datetime, "2024-03-01T08:30:00", "2024-03-01"),
            (T::Datetime, "1709254800", "12345"),
            (T::Date, "2024-03-01", "08:30"),
        ] {
            assert!(holds(label, yes) && !holds(label, no), "{label}: {yes} {no}");
        }
    }

    #[test]
    fn every_type_has_a_form_and_no_text_makes_one_panic() {
        for label in SemanticType::ALL {
            let form = FORMS.iter().find(|form| form.label == label).unwrap_or_else(|| panic!("{label}"));
            for value in ["", "é", "中", "1", "-", "2024-03-01", "12:30", "a@b.c", "💬", "10.0.0.1:80", "::1"] {
                let _ = (form.holds)(value);
            }
        }
    }
}
