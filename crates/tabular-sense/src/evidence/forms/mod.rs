//! What values of each type look like: strict enough that a type whose form no value has is doubtful, and wide enough that
//! its real columns have it. The model never sees it.

pub(super) mod calendar;
pub(super) mod numbers;
mod people;
pub(super) mod web;

use super::lexicon::Lexicon;
use SemanticType as T;
use tabular_sense_synth::types::SemanticType;

pub(super) use people::is_answer;

/// A type's form: what can be said of its values, and tests of one value.
pub(super) struct Form {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the forms in the order of the types"))]
    label: SemanticType,
    pub(super) what: &'static str,
    pub(super) zh: &'static str,
    /// Whether a value is written as values of the type are.
    pub(super) holds: fn(&str) -> bool,
    /// Whether it tells the type under any name. A bare number may be a sum of money; only a name can say so.
    pub(super) is_evident: fn(&str) -> bool,
    /// The probability from which on values that may be many things are taken for the type under a name that has no cue.
    pub(super) sure: f32,
}

/// How sure a model must be of what only a name tells: of bare sums of money that were taken from it below, under names
/// without a cue, three of four were none.
const SURE: f32 = 0.8;

const fn form(label: SemanticType, what: &'static str, zh: &'static str, holds: fn(&str) -> bool) -> Form {
    Form { label, what, zh, holds, is_evident: holds, sure: SURE }
}

impl Form {
    const fn evident(self, is_evident: fn(&str) -> bool) -> Self {
        Self { is_evident, ..self }
    }

    /// However sure the model is, a name must tell.
    const fn only_by_name(self) -> Self {
        Self { sure: f32::INFINITY, ..self }
    }
}

/// In the order of [`SemanticType::ALL`]. To say more of a type, change its line.
const FORMS: [Form; SemanticType::ALL.len()] = [
    form(T::Name, "look like names of people", "像人名", people::is_name),
    form(T::Username, "are one word or a nickname", "像昵称", people::is_username),
    form(T::Email, "are addresses with an @", "含 @ 的邮箱", web::is_email),
    form(T::Url, "are links or hosts", "是链接或域名", web::is_url),
    form(T::Useragent, "name a program and its version", "含程序名与版本", web::is_useragent),
    form(T::Job, "hold a word for a job", "含职业用词", people::is_job),
    form(T::Gender, "are known genders", "是已知性别", people::is_gender),
    form(T::Ethnicity, "hold a word for an ethnic group", "含民族用词", people::is_ethnicity),
    form(T::Education, "hold a word for a level of education", "含学历用词", people::is_education),
    form(T::State, "hold a word for a state", "含状态用词", people::is_state),
    form(T::Priority, "hold a word or code for a level", "含级别用词或代码", people::is_priority)
        .evident(people::is_evident_priority),
    form(T::Boolean, "are one of two answers", "是两种回答之一", people::is_answer),
    form(T::Age, "are years of a life or a stage of it", "是年龄或年龄段", numbers::is_age)
        .evident(numbers::is_evident_age),
    form(T::IdCard, "have 15 or 18 characters", "为 15 或 18 位", numbers::is_id_card),
    form(T::Phone, "are 5 to 15 digits", "为 5–15 位号码", numbers::is_phone)
        .evident(numbers::is_evident_phone)
        .only_by_name(),
    form(T::BankCard, "are 12 to 19 digits or an IBAN", "为 12–19 位或 IBAN", numbers::is_bank_card),
    form(T::Amount, "are sums", "是数额", numbers::is_amount).evident(numbers::is_evident_amount),
    form(T::Coordinate, "are degrees up to 180", "是不超过 180 的度数", numbers::is_coordinate),
    form(T::Plate, "have letters and digits as plates do", "为车牌长度的字母与数字", numbers::is_plate),
    form(T::Date, "are days or months", "是日期", calendar::is_date),
    form(T::Time, "are times of day", "是时刻", calendar::is_time).evident(calendar::is_evident_time),
    form(T::Datetime, "hold a day and a time", "含日期与时刻", calendar::is_datetime)
        .evident(calendar::is_evident_datetime),
    form(T::Ip, "are network addresses", "是网络地址", web::is_ip),
    form(T::Int, "are whole numbers", "是整数", numbers::is_int),
    form(T::Float, "are decimal numbers", "是小数", numbers::is_float),
    form(T::Percent, "are shares", "是比例", numbers::is_percent).evident(numbers::is_evident_percent),
    form(T::Address, "hold a street, a number or a district", "含路、号或区", |value| {
        let has = |kind: fn(&char) -> bool| value.chars().any(|c| kind(&c));
        (has(char::is_ascii_digit) && has(|c| c.is_alphabetic())) || holds_word("address_word", value)
    }),
    form(T::Residential, "hold a word for a housing estate", "含小区用词", |value| {
        holds_word("residential_word", value)
    }),
    form(T::Company, "hold a word for a firm", "含公司用词", |value| holds_word("company_word", value)),
    form(T::Hospital, "hold a word for a hospital", "含医院用词", |value| holds_word("hospital_word", value)),
    form(T::Recreation, "hold a word for a sight", "含景点用词", |value| holds_word("recreation_word", value)),
    form(T::Shopping, "hold a word for a shop", "含商场用词", |value| holds_word("shopping_word", value)),
];

/// The form of a type.
pub(super) const fn form_of(label: SemanticType) -> &'static Form {
    &FORMS[label.index()]
}

fn holds_word(key: &str, value: &str) -> bool {
    Lexicon::of(key).is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_of_what_they_say() {
        let holds = |label: SemanticType, value: &str| (form_of(label).holds)(value);
        for (label, yes, no) in [
            (T::Age, "27岁", "12,000"),
            (T::Age, "25-34", "12/05/2024"),
            (T::Age, "27", "2_15_3"),
            (T::Int, "1,204", "2024-03-01"),
            (T::Int, "12人", "12:30"),
            (T::Int, "+12", "1.5.2"),
            (T::Float, "50,03", "abc"),
            (T::Datetime, "2024-03-01T08:30:00", "12345"),
            (T::Date, "2024-03-01", "08:30"),
            (T::Phone, "+7 912 345-67-89", "+12"),
            (T::IdCard, "110105********002X", "x"),
            (T::BankCard, "DE89370400440532013000", "356568"),
            (T::Gender, "女", "требуется замена"),
            (T::State, "已发货", "Москва"),
            (T::Address, "Kastanjelaan 12", "Paris"),
            (T::Company, "Acme Corp.", "Paris"),
            (T::Education, "本科", "红色"),
            (T::Email, "a@b.cn", "a@b"),
        ] {
            assert!(holds(label, yes) && !holds(label, no), "{label}: {yes} {no}");
        }
    }

    #[test]
    fn every_type_has_a_form_and_no_text_makes_one_panic() {
        for label in SemanticType::ALL {
            assert_eq!(form_of(label).label, label);
            for value in [
                "",
                "é",
                "中",
                "1",
                "-",
                "2024-03-01",
                "12:30",
                "a@b.c",
                "💬",
                "10.0.0.1:80",
                "::1",
                "年月",
                "99999999999999999999",
            ] {
                let _ = (form_of(label).holds)(value);
            }
        }
    }
}
