//! The part of `config.json` that describes learned types.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::features::BlockWeights;

/// The part of `config.json` that describes learned types; their weights are in `learned.safetensors`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedConfig {
    /// The labels of the network in `model.safetensors`, in the order of its logits.
    pub network_labels: Vec<String>,
    /// The weight of each kind of feature.
    pub features: BlockWeights,
    /// How scores become probabilities. If `None`, each column has exactly one label, and the most likely one is assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// Each learned type.
    pub types: Vec<LearnedType>,
    /// Whether a column is read together with the other columns of its table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
}

/// For each built-in type that the network assigns to some of a type's examples, the share of these examples.
pub type GivenShares = BTreeMap<String, f64>;

/// A type that was learned from examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedType {
    /// The label.
    pub name: String,
    /// The names of the examples.
    pub columns: Vec<String>,
    /// The built-in types that the network assigns to some of its examples, with the share of these examples.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "shares_or_names")]
    pub given: GivenShares,
    /// Other labels that its examples also have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
}

/// Accepts shares, or just the names, as earlier versions wrote.
fn shares_or_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<GivenShares, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Shares(GivenShares),
        Names(Vec<String>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Shares(shares) => shares,
        Given::Names(names) => names.into_iter().map(|name| (name, 1.0)).collect(),
    })
}

/// How scores become probabilities: logistic regressions that all learned types share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// For columns whose name says something: a constant, and the weights of the score, of the similarity between the shapes of
    /// the column's values and those of the most similar example, and of the similarity between the names.
    pub named: [f64; 4],
    /// For other columns: the same, without the weight for the names.
    pub nameless: [f64; 3],
    /// The probability from which a learned type is assigned.
    pub threshold: f64,
    /// How much is subtracted from the probability on a column to which the network assigns a type that it assigns to none of
    /// the examples. If it assigns that type to some of them, less is subtracted.
    pub margin: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_earlier_versions_wrote_count_as_given_to_all_examples() {
        for (given, share) in [(r#"["url"]"#, 1.0), (r#"{"url": 0.2}"#, 0.2)] {
            let of: LearnedType =
                serde_json::from_str(&format!(r#"{{"name": "doi", "columns": [], "given": {given}}}"#))
                    .expect("a type");
            assert_eq!(of.given, GivenShares::from([("url".to_owned(), share)]));
        }
    }
}
