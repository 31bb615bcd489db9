//! Labels as written in samples and commands: the codes of types, and the error message for a code that does not exist.

use serde::{Deserialize, Deserializer};
use strsim::levenshtein;
use thiserror::Error;

use crate::name_match::type_called;
use crate::semantic_type::{SemanticType, TypeSet};

/// A label that is not the code of a type.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown label `{found}`{}", suggestion(.found))]
pub struct UnknownType {
    /// The label as it was written.
    pub found: String,
}

/// The type that was probably meant: by a misspelt code, by its Chinese name, or by one of its column names.
fn suggestion(found: &str) -> String {
    let all = || SemanticType::ALL.into_iter();
    let closest = all().map(|label| (levenshtein(found, label.code()), label.code())).min();
    // A text whose distance from a code is as large as its own length has nothing in common with the code.
    let misspelt = closest.filter(|(distance, _)| *distance <= 2 && *distance < found.chars().count());
    let by_name = all().find(|label| label.zh() == found.trim()).map(SemanticType::code);
    let meant = by_name.or(misspelt.map(|(_, code)| code)).or_else(|| type_called(found).map(SemanticType::code));
    meant.map_or_else(
        || format!("; the labels are {}", all().map(SemanticType::code).collect::<Vec<_>>().join(" ")),
        |code| format!("; did you mean `{code}`?"),
    )
}

impl SemanticType {
    /// The type with this code.
    ///
    /// # Errors
    /// Names the closest code.
    pub fn from_code(code: &str) -> Result<Self, UnknownType> {
        let found = Self::ALL.into_iter().find(|label| label.code() == code);
        found.ok_or_else(|| UnknownType { found: code.to_owned() })
    }
}

impl<'de> Deserialize<'de> for SemanticType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
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
    fn a_code_is_a_type() {
        for label in SemanticType::ALL {
            assert_eq!(SemanticType::from_code(label.code()), Ok(label));
        }
        let set: TypeSet = serde_json::from_str(r#"["int","age"]"#).unwrap();
        assert_eq!(set, TypeSet::of(&[SemanticType::Age, SemanticType::Int]));
    }

    #[test]
    fn a_misspelt_label_is_corrected() {
        assert_eq!(
            SemanticType::from_code("adress").unwrap_err().to_string(),
            "unknown label `adress`; did you mean `address`?"
        );
        // By Chinese name, by pinyin, and by another name of such columns.
        for (found, meant) in [
            ("年龄", "age"),
            ("nianling", "age"),
            ("性别", "gender"),
            ("sex", "gender"),
            ("手机号", "phone"),
            ("shenfenzhenghao", "id_card"),
            ("telephone", "phone"),
        ] {
            let message = SemanticType::from_code(found).unwrap_err().to_string();
            assert_eq!(message, format!("unknown label `{found}`; did you mean `{meant}`?"));
        }
        assert!(SemanticType::from_code("重量").unwrap_err().to_string().contains("the labels are name"));
        assert!(SemanticType::from_code("weight").unwrap_err().to_string().contains("name username email"));
    }
}
