//! The 32 things that a column may mean.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strsim::levenshtein;
use thiserror::Error;

use crate::type_called;

/// One meaning of a column. Several may hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is named by its code and its Chinese name below")]
pub enum SemanticType {
    Name,
    Username,
    Email,
    Url,
    Useragent,
    Job,
    Gender,
    Ethnicity,
    Education,
    State,
    Priority,
    Boolean,
    Age,
    IdCard,
    Phone,
    BankCard,
    Amount,
    Coordinate,
    Plate,
    Date,
    Time,
    Datetime,
    Ip,
    Int,
    Float,
    Percent,
    Address,
    Residential,
    Company,
    Hospital,
    Recreation,
    Shopping,
}

use SemanticType as T;

/// Type, code, Chinese name; in the order of the logits.
const NAMES: [(SemanticType, &str, &str); 32] = [
    (T::Name, "name", "姓名"),
    (T::Username, "username", "用户名"),
    (T::Email, "email", "邮箱"),
    (T::Url, "url", "网址"),
    (T::Useragent, "useragent", "浏览器标识"),
    (T::Job, "job", "职业"),
    (T::Gender, "gender", "性别"),
    (T::Ethnicity, "ethnicity", "民族"),
    (T::Education, "education", "学历"),
    (T::State, "state", "状态"),
    (T::Priority, "priority", "优先级"),
    (T::Boolean, "boolean", "是否"),
    (T::Age, "age", "年龄"),
    (T::IdCard, "id_card", "身份证号"),
    (T::Phone, "phone", "电话"),
    (T::BankCard, "bank_card", "银行卡号"),
    (T::Amount, "amount", "金额"),
    (T::Coordinate, "coordinate", "坐标"),
    (T::Plate, "plate", "车牌"),
    (T::Date, "date", "日期"),
    (T::Time, "time", "时间"),
    (T::Datetime, "datetime", "日期时间"),
    (T::Ip, "ip", "IP地址"),
    (T::Int, "int", "整数"),
    (T::Float, "float", "小数"),
    (T::Percent, "percent", "百分比"),
    (T::Address, "address", "地址"),
    (T::Residential, "residential", "小区"),
    (T::Company, "company", "公司"),
    (T::Hospital, "hospital", "医院"),
    (T::Recreation, "recreation", "休闲场所"),
    (T::Shopping, "shopping", "购物场所"),
];

/// A label that is none of the 32.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown label `{found}`{}", suggestion(.found))]
pub struct UnknownType {
    /// The label as it was written.
    pub found: String,
}

/// The type that somebody may have meant: by its code misspelt, by its Chinese name, or by what columns of it are called.
fn suggestion(found: &str) -> String {
    let closest = NAMES.iter().map(|(_, code, _)| (levenshtein(found, code), *code)).min();
    // A text that is as long as its distance from a code has nothing in common with it.
    let misspelt = closest.filter(|(distance, _)| *distance <= 2 && *distance < found.chars().count());
    let by_name = || NAMES.iter().find(|(_, _, zh)| *zh == found.trim()).map(|(_, code, _)| *code);
    let meant = by_name().or(misspelt.map(|(_, code)| code)).or_else(|| type_called(found).map(SemanticType::code));
    meant.map_or_else(
        || {
            let codes: Vec<&str> = NAMES.iter().map(|(_, code, _)| *code).collect();
            format!("; the labels are {}", codes.join(" "))
        },
        |code| format!("; did you mean `{code}`?"),
    )
}

impl SemanticType {
    /// Every type, in the order of the logits.
    pub const ALL: [Self; 32] = {
        let mut all = [Self::Name; 32];
        let mut i = 0;
        while i < 32 {
            all[i] = NAMES[i].0;
            i += 1;
        }
        all
    };

    /// The type's place in [`SemanticType::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name that samples and predictions use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        NAMES[self.index()].1
    }

    /// The name in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        NAMES[self.index()].2
    }

    /// The type of a code.
    ///
    /// # Errors
    /// Names the closest code.
    pub fn from_code(code: &str) -> Result<Self, UnknownType> {
        let found = NAMES.iter().find(|(_, known, _)| *known == code).map(|(label, ..)| *label);
        found.ok_or_else(|| UnknownType { found: code.to_owned() })
    }
}

impl fmt::Display for SemanticType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A set of types, in 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeSet(u32);

impl TypeSet {
    /// No type at all: what about one real column in six means.
    pub const EMPTY: Self = Self(0);

    /// The set of these types.
    #[must_use]
    pub fn of(types: &[SemanticType]) -> Self {
        types.iter().copied().collect()
    }

    /// Adds a type.
    pub const fn insert(&mut self, label: SemanticType) {
        self.0 |= 1 << label.index();
    }

    /// Takes a type away.
    pub const fn remove(&mut self, label: SemanticType) {
        self.0 &= !(1 << label.index());
    }

    /// Whether a type is in the set.
    #[must_use]
    pub const fn contains(self, label: SemanticType) -> bool {
        self.0 & (1 << label.index()) != 0
    }

    /// The types of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The types, in the order of [`SemanticType::ALL`].
    pub fn iter(self) -> impl Iterator<Item = SemanticType> {
        SemanticType::ALL.into_iter().filter(move |label| self.contains(*label))
    }
}

impl FromIterator<SemanticType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = SemanticType>>(types: I) -> Self {
        let mut set = Self::EMPTY;
        types.into_iter().for_each(|label| set.insert(label));
        set
    }
}

impl fmt::Display for TypeSet {
    /// `age,int`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(SemanticType::code).collect::<Vec<_>>().join(","))
    }
}

impl Serialize for SemanticType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for SemanticType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
    }
}

impl Serialize for TypeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for TypeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<SemanticType>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_indices_agree() {
        for (index, label) in SemanticType::ALL.into_iter().enumerate() {
            assert_eq!(label.index(), index);
            assert_eq!(SemanticType::from_code(label.code()), Ok(label));
        }
    }

    #[test]
    fn a_misspelt_label_is_corrected() {
        assert_eq!(
            SemanticType::from_code("adress").unwrap_err().to_string(),
            "unknown label `adress`; did you mean `address`?"
        );
        // By its Chinese name, its pinyin, another name, and a code that it has little in common with.
        for (found, meant) in [
            ("年龄", "age"),
            ("nianling", "age"),
            ("性别", "gender"),
            ("sex", "gender"),
            ("手机号", "phone"),
            ("shenfenzhenghao", "id_card"),
            ("telephone", "phone"),
        ] {
            let said = SemanticType::from_code(found).unwrap_err().to_string();
            assert_eq!(said, format!("unknown label `{found}`; did you mean `{meant}`?"));
        }
        assert!(SemanticType::from_code("重量").unwrap_err().to_string().contains("the labels are name"));
        assert!(SemanticType::from_code("weight").unwrap_err().to_string().contains("name username email"));
    }

    #[test]
    fn a_set_is_written_in_order() {
        let set = TypeSet::of(&[T::Int, T::Age]);
        assert_eq!((set.to_string(), set.len()), ("age,int".to_owned(), 2));
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["age","int"]"#);
    }
}
